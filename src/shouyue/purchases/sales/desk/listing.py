"""The list of products: its columns, and the product that is open beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouyue.customers.public import customer_sources
from shouyue.kernel.money import from_e4
from shouyue.purchases.catalogue.public import Product, entry_choices
from shouyue.purchases.sales.forms import ProductFilters
from shouyue.purchases.sales.queries.products import listed_products, sold_of
from shouyue.purchases.sales.rules.selling import Sold
from shouyue.web.format import count, money, percent
from shouyue.web.habits.lists import Column, Listing, declare
from shouyue.web.sources import source_name
from shouyue.web.staff import is_party_a

_ORDER = ("code", "id")


def filters_of(asked: QueryDict) -> ProductFilters:
    """The filters that an address asks for, with the sources and categories that there are."""
    return ProductFilters(asked, sources=customer_sources(), categories=entry_choices()["category"])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    product: Product
    sold: Sold

    @property
    def pk(self) -> UUID:
        return self.product.pk


def dressed(products: Sequence[Product]) -> list[Row]:
    """The products with what was sold of them; one statement."""
    sold = sold_of([one.pk for one in products])
    return [Row(one, sold[one.pk]) for one in products]


def _row_of(key: str) -> Row | None:
    try:
        product = Product.objects.select_related("category").filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return dressed([product])[0] if product else None


def _price(row: Row) -> str:
    return money(row.product.list_price_e4, row.product.currency or "CNY") if row.product.list_price_e4 else ""


PRODUCTS = declare(
    Listing(
        name="purchases.products",
        heading=gettext_lazy("Products"),
        columns=[
            Column(
                name="code",
                title=gettext_lazy("Code"),
                value=lambda row: row.product.code,
                template="purchases/_cell_product.html",
                is_lead=True,
            ),
            Column(name="name", title=pgettext_lazy("of a product", "Name"), value=lambda row: _name(row.product)),
            Column(
                name="category",
                title=gettext_lazy("Category"),
                value=lambda row: row.product.category.label if row.product.category else "",
            ),
            Column(
                name="price",
                title=gettext_lazy("List price"),
                value=lambda row: from_e4(row.product.list_price_e4) if row.product.list_price_e4 else "",
                show=_price,
                is_number=True,
            ),
            Column(name="unit", title=gettext_lazy("Unit"), value=lambda row: row.product.unit, is_extra=True),
            Column(
                name="source",
                title=gettext_lazy("Source"),
                value=lambda row: source_name(row.product.source),
                is_extra=True,
            ),
            Column(
                name="pieces",
                title=gettext_lazy("Pieces sold"),
                value=lambda row: row.sold.pieces,
                show=lambda row: count(row.sold.pieces),
                is_number=True,
            ),
            Column(
                name="amount",
                title=gettext_lazy("Net sales"),
                value=lambda row: from_e4(row.sold.amount_e4),
                show=lambda row: money(row.sold.amount_e4, row.sold.currency) if row.sold.currency else "",
                is_number=True,
            ),
            Column(
                name="buyers",
                title=gettext_lazy("Buyers"),
                value=lambda row: row.sold.buyers,
                show=lambda row: count(row.sold.buyers),
                is_number=True,
            ),
            Column(
                name="returned",
                title=gettext_lazy("Return rate"),
                value=lambda row: "" if row.sold.return_share is None else round(row.sold.return_share, 4),
                show=lambda row: "" if row.sold.return_share is None else f"{percent(row.sold.return_share)}%",
                is_number=True,
            ),
        ],
        order=_ORDER,
        key=lambda row: str(row.pk),
        row_of=_row_of,
        title_of=lambda row: row.product.label,
        url_of=lambda row: reverse("purchases:product", args=[row.pk]),
        peek="purchases/_peek_product.html",
        path=lambda: reverse("purchases:products"),
        dressed=dressed,
        filters=filters_of,
        chosen=lambda asked: (listed_products(**filters_of(asked).chosen), _ORDER),
    )
)


def listing_for(request: HttpRequest) -> Listing:
    """The list as this reader has it: who keeps the catalogue changes the category of many."""
    return replace(PRODUCTS, bulk=lambda: reverse("purchases:products-bulk")) if is_party_a(request) else PRODUCTS


def _name(product: Product) -> str:
    return "" if product.label == product.code else product.label


def title_of(product: Product) -> str:
    """The heading of a product's page."""
    return product.label if product.name or product.name_en else _("Product %(code)s") % {"code": product.code}
