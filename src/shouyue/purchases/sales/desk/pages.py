"""Pages of products, categories and stores."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouyue.purchases.catalogue.public import Channel, Product, Store
from shouyue.purchases.sales.desk.listing import filters_of, listing_for, title_of
from shouyue.purchases.sales.queries import places, products
from shouyue.purchases.sales.rules.selling import Month, without_gaps
from shouyue.web.charts import Bar, Chart, bar_chart, column_chart
from shouyue.web.format import money, month
from shouyue.web.habits.lists import answer
from shouyue.web.staff import is_party_a

_MONTHS = 24
_TOP = 12
_CHANNELS_MAX = 100


@require_safe
def product_list(request: HttpRequest) -> HttpResponseBase:
    """Products by code with what was sold of them; as=csv gives the whole list as a file."""
    filters = filters_of(request.GET)
    context = {"filters": filters, "is_filtered": bool(filters.chosen)}
    found = products.listed_products(**filters.chosen)
    return answer(request, listing_for(request), found, template="purchases/products.html", context=context)


@require_safe
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product: what was sold of it by month, how much came back, who bought it."""
    found = get_object_or_404(Product.objects.select_related("category__parent"), pk=product_id)
    sold = products.sold_of([found.pk])[found.pk]
    months = products.months_of(found.pk, currency=sold.currency, zone=_zone())
    context = {
        "product": found,
        "title": title_of(found),
        "sold": sold,
        "chart": _by_month(months, sold.currency),
        "may_edit": is_party_a(request),
        "buyers": products.buyers_of_product(found.pk, currency=sold.currency),
    }
    return render(request, "purchases/product.html", context)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories with what was sold in each, and its share."""
    page = places.sales_by_category()
    tops = sorted((row for row in page.rows if row.depth == 0 and row.amount_e4 > 0), key=lambda row: -row.amount_e4)
    bars = [
        Bar(
            label=row.category.label if row.category else _("without a category"),
            value=row.amount_e4 / 10_000,
            shown=money(row.amount_e4, page.currency),
        )
        for row in tops[:_TOP]
    ]
    chart = bar_chart(bars, title=_("Net sales by category"), label=_("Category"), value=_("Net sales"))
    context = {"page": page, "chart": chart if bars else None, "may_edit": is_party_a(request)}
    return render(request, "purchases/categories.html", context)


@require_safe
def store_list(request: HttpRequest) -> HttpResponse:
    """Stores with what they sold, the largest first."""
    channels = Channel.objects.order_by("source", "code")[:_CHANNELS_MAX]
    context = {"rows": places.sales_by_store(), "channels": channels, "may_edit": is_party_a(request)}
    return render(request, "purchases/stores.html", context)


@require_safe
def store(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """One store: its orders by month, and by which channels they came."""
    found = get_object_or_404(Store, pk=store_id)
    row = next(one for one in places.sales_by_store() if one.store.pk == found.pk)
    months = places.months_of_store(found.pk, currency=row.currency, zone=_zone())
    by_channel = places.channels_of_store(found.pk, currency=row.currency)
    labels = {one.pk: one.label for one in Channel.objects.filter(pk__in=[key for key, *_rest in by_channel if key])}
    channels = [(key, labels.get(key) if key else None, amount, orders) for key, amount, orders in by_channel]
    context = {
        "may_edit": is_party_a(request),
        "store": found,
        "row": row,
        "chart": _by_month(months, row.currency),
        "channels": channels,
    }
    return render(request, "purchases/store.html", context)


def _zone() -> str:
    return timezone.get_current_timezone_name()


def _by_month(months: Sequence[Month], currency: str) -> Chart | None:
    shown = without_gaps(months, most=_MONTHS)
    if not shown:
        return None
    # A month in which more went back than was sold stands at nothing; the table has its amount.
    bars = [
        Bar(label=month(one.first), value=max(one.amount_e4, 0) / 10_000, shown=money(one.amount_e4, currency))
        for one in shown
    ]
    return column_chart(bars, title=_("Net sales by month"), label=_("Month"), value=_("Net sales"))
