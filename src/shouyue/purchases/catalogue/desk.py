"""Changing the catalogue by hand: one product, or the category of many with a preview; both with an undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shouyue.kernel import clock
from shouyue.kernel.edits import TooManyRowsError
from shouyue.purchases.catalogue.actions.editing import edit_categories, edit_product, undo_edit
from shouyue.purchases.catalogue.forms import CategoryForm, ProductForm
from shouyue.purchases.catalogue.models import Category, Product, ProductEdit
from shouyue.purchases.catalogue.queries import category_choices, values_of
from shouyue.purchases.catalogue.rules.editing import ROWS_MAX, ChangedMeanwhileError, Values
from shouyue.web.habits import lists, undo
from shouyue.web.staff import is_party_a, staff_name

UNDO = "purchases.product_edit"
LISTING = "purchases.products"
_PREVIEWED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product by hand. 422: cannot be used; 409: somebody else changed the same field since it was opened."""
    _must_edit(request)
    product = get_object_or_404(Product, pk=product_id)
    categories = category_choices()
    if request.method != "POST":
        return _form(
            request, product, ProductForm(initial=ProductForm.started(values_of(product)), categories=categories)
        )
    form = ProductForm(request.POST, categories=categories)
    if not form.is_valid():
        return _form(request, product, form, status=422)
    wanted, seen = form.wanted, form.cleaned_data["seen"]
    try:
        edit = edit_product(
            product.pk,
            wanted,
            is_seen=lambda now: all(now[name] == seen[name] for name in wanted),
            by=staff_name(request),
            at=clock.now(),
        )
    except ChangedMeanwhileError as other:
        shown = ProductForm.started({**other.current, **wanted})
        mine = ProductForm(initial={**shown, "seen": ProductForm.started(other.current)["seen"]}, categories=categories)
        theirs = _theirs(other.current, [name for name in wanted if other.current[name] != seen[name]])
        return _form(request, product, mine, status=409, theirs=theirs)
    if edit:
        _offer_undo(request, edit)
    return redirect("purchases:product", product.pk)


@require_POST
def products_bulk(request: HttpRequest) -> HttpResponse:
    """Put many products into one category: first what will change, then the change itself."""
    _must_edit(request)
    ids = _chosen(request)
    if not ids or len(ids) > ROWS_MAX:
        text = _("At most %(most)s products are changed at once. Narrow the list first.") % {"most": ROWS_MAX}
        messages.error(request, text if ids else _("Choose rows first: tick them, or press Space on a box."))
        return redirect(_back(request))
    form = CategoryForm(request.POST if "category" in request.POST else None, categories=category_choices())
    if "apply" in request.POST and form.is_valid():
        return _applied(request, ids, form.cleaned_data["category"])
    return _preview(request, ids, form)


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of both."""
    _must_edit(request)
    undone = undo_edit(UUID(kept["edit"]), by=staff_name(request), at=clock.now())
    text = ngettext("%(count)s product is as before.", "%(count)s products are as before.", undone.restored)
    return undo.said(text % {"count": undone.restored}, kept=undone.kept)


def _form(
    request: HttpRequest, product: Product, form: ProductForm, *, status: int = 200, theirs: list[str] | None = None
) -> HttpResponse:
    context = {"product": product, "form": form, "theirs": theirs}
    return render(request, "purchases/product_edit.html", context, status=status)


def _theirs(current: Values, names: list[str]) -> list[str]:
    """What somebody else set: "Name: 茶壶"."""
    shown = ProductForm.started(current)
    category = Category.objects.filter(pk=current["category_id"]).first() if current["category_id"] else None
    shown |= {
        "category_id": category.label if category else "",
        "list_price_e4": shown["list_price"],
        "is_active": _("yes") if current["is_active"] else _("no"),
    }
    labels = {**ProductForm.base_fields, "list_price_e4": ProductForm.base_fields["list_price"]}
    return [f"{labels[name].label}: {shown[name] or '–'}" for name in names]


def _applied(request: HttpRequest, ids: list[UUID], category: str) -> HttpResponse:
    wanted = UUID(category) if category else None
    try:
        edit = edit_categories(ids, wanted, by=staff_name(request), at=clock.now())
    except TooManyRowsError:
        raise Http404 from None
    if edit:
        _offer_undo(request, edit)
    else:
        messages.success(request, _("All of them are in this category already. Nothing was changed."))
    return redirect(_back(request))


def _preview(request: HttpRequest, ids: list[UUID], form: CategoryForm) -> HttpResponse:
    chosen = Product.objects.filter(pk__in=ids)
    rows = list(chosen.select_related("category").order_by("code", "id")[:_PREVIEWED])
    is_told = form.is_bound and form.is_valid()
    wanted = form.cleaned_data["category"] if is_told else ""
    there = chosen.filter(category_id=wanted) if wanted else chosen.filter(category=None)
    context = {
        "form": form,
        "ids": ids,
        "scope": request.POST.get("scope", "chosen"),
        "query": request.POST.get("query", ""),
        "rows": rows,
        "count": len(ids),
        "more": len(ids) - len(rows),
        "is_told": is_told,
        "wanted": Category.objects.get(pk=wanted) if wanted else None,
        "changes": len(ids) - there.count() if is_told else 0,
        "back": _back(request),
    }
    status = 422 if form.is_bound and not is_told else 200
    return render(request, "purchases/products_bulk.html", context, status=status)


def _chosen(request: HttpRequest) -> list[UUID]:
    """The ticked products, or all of the list's filters: one more than may be changed at most."""
    listing = lists.declared(LISTING)
    if request.POST.get("scope") == "all" and listing and listing.chosen:
        rows, order = listing.chosen(QueryDict(request.POST.get("query", "")))
        return list(rows.order_by(*order).values_list("pk", flat=True)[: ROWS_MAX + 1])
    try:
        return list(dict.fromkeys(UUID(key) for key in request.POST.getlist("row")[: ROWS_MAX + 1]))
    except ValueError:
        raise Http404 from None


def _offer_undo(request: HttpRequest, edit: ProductEdit) -> None:
    text = ngettext("%(count)s product was changed.", "%(count)s products were changed.", edit.count)
    undo.offer(request, text % {"count": edit.count}, name=UNDO, kept={"edit": str(edit.pk)})


def _back(request: HttpRequest) -> str:
    query = request.POST.get("query", "")
    path = reverse("purchases:products")
    return f"{path}?{QueryDict(query).urlencode()}" if query else path


def _must_edit(request: HttpRequest) -> None:
    if not is_party_a(request):
        raise PermissionDenied
