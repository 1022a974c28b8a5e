"""Changing the catalogue by hand: one entry, or the category of many with a preview; both with an undo."""

from collections.abc import Callable, Mapping
from typing import Any, Final
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
from shouyue.purchases.catalogue.actions.editing import edit_categories, edit_entry, undo_edit
from shouyue.purchases.catalogue.forms import CategoryEntryForm, CategoryForm, EntryForm, ProductForm, StoreForm
from shouyue.purchases.catalogue.models import MODELS, Category, Entry, EntryEdit, Product, Store
from shouyue.purchases.catalogue.queries import categories_below, category_choices, values_of
from shouyue.purchases.catalogue.rules.editing import ROWS_MAX, ChangedMeanwhileError, Values
from shouyue.purchases.catalogue.rules.told import CategoryCircleError
from shouyue.web.format import count
from shouyue.web.habits import lists, undo
from shouyue.web.staff import is_party_a, staff_name

UNDO = "purchases.product_edit"
LISTING = "purchases.products"
_PREVIEWED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: HttpRequest, entry_id: UUID, kind: str) -> HttpResponse:
    """One entry by hand. 422: cannot be used; 409: somebody else changed the same field since it was opened."""
    _must_edit(request)
    entry = get_object_or_404(MODELS[kind], pk=entry_id)
    if request.method != "POST":
        return _form(request, entry, _form_of(entry, initial=_FORMS[kind].started(values_of(entry))))
    form = _form_of(entry, data=request.POST)
    if not form.is_valid():
        return _form(request, entry, form, status=422)
    wanted, seen = form.wanted, form.cleaned_data["seen"]
    try:
        edit = edit_entry(
            kind,
            entry.pk,
            wanted,
            is_seen=lambda now: all(now[name] == seen[name] for name in wanted),
            by=staff_name(request),
            at=clock.now(),
        )
    except CategoryCircleError:
        form.add_error("parent_id", _("The category would stand below itself, or more than five levels deep."))
        return _form(request, entry, form, status=422)
    except ChangedMeanwhileError as other:
        shown = form.started({**other.current, **wanted})
        mine = _form_of(entry, initial={**shown, "seen": form.started(other.current)["seen"]})
        theirs = _theirs(form, other.current, [name for name in wanted if other.current[name] != seen[name]])
        return _form(request, entry, mine, status=409, theirs=theirs)
    if edit:
        _offer_undo(request, edit)
    return redirect(_page_of(entry))


_FORMS: Final[Mapping[str, type[EntryForm]]] = {
    "product": ProductForm,
    "category": CategoryEntryForm,
    "store": StoreForm,
    "channel": EntryForm,
}


def _form_of(entry: Entry, **said: Any) -> EntryForm:
    if isinstance(entry, Product):
        return ProductForm(**said, categories=category_choices())
    if isinstance(entry, Category):
        below = {str(one) for one in categories_below(entry.pk)}
        above = [one for one in category_choices(source=entry.source) if one[0] not in below]
        return CategoryEntryForm(**said, categories=above)
    return _FORMS[str(entry._meta.model_name)](**said)


def _page_of(entry: Entry) -> str:
    """The page that shows the entry."""
    if isinstance(entry, Category):
        return reverse("purchases:categories")
    if isinstance(entry, Product | Store):
        return reverse(f"purchases:{entry._meta.model_name}", args=[entry.pk])
    return reverse("purchases:stores")


@require_POST
def products_bulk(request: HttpRequest) -> HttpResponse:
    """Put many products into one category: first what will change, then the change itself."""
    _must_edit(request)
    ids = _chosen(request)
    if not ids or len(ids) > ROWS_MAX:
        text = _("At most %(most)s products are changed at once. Narrow the list first.") % {"most": count(ROWS_MAX)}
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
    if EntryEdit.objects.get(pk=kept["edit"]).kind != "product":
        return undo.said("" if undone.kept else _("It is as before."), kept=undone.kept)
    text = ngettext("%(count)s product is as before.", "%(count)s products are as before.", undone.restored)
    return undo.said(text % {"count": count(undone.restored)}, kept=undone.kept)


def _form(
    request: HttpRequest, entry: Entry, form: EntryForm, *, status: int = 200, theirs: list[str] | None = None
) -> HttpResponse:
    context = {"entry": entry, "form": form, "theirs": _("; ").join(theirs or ()), "back": _page_of(entry)}
    return render(request, "purchases/entry_edit.html", context, status=status)


def _theirs(form: EntryForm, current: Values, names: list[str]) -> list[str]:
    """What somebody else set: "Name: 茶壶", "Price: 12"."""
    shown = form.started(current)
    categories = [current[name] for name in ("category_id", "parent_id") if current.get(name)]
    labels = {str(one.pk): one.label for one in Category.objects.filter(pk__in=categories)}
    shown |= {name: labels.get(current[name], "") for name in ("category_id", "parent_id") if name in current}
    shown |= {"list_price_e4": shown.get("list_price"), "is_active": _("yes") if current["is_active"] else _("no")}
    titles = {name: field.label for name, field in form.fields.items()}
    titles["list_price_e4"] = titles.get("list_price")
    return [_("%(title)s: %(text)s") % {"title": titles[name], "text": shown[name] or "–"} for name in names]


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


def _offer_undo(request: HttpRequest, edit: EntryEdit) -> None:
    text = ngettext("%(count)s product was changed.", "%(count)s products were changed.", edit.count)
    said = text % {"count": count(edit.count)} if edit.kind == "product" else _CHANGED[edit.kind]()
    undo.offer(request, said, name=UNDO, kept={"edit": str(edit.pk)})


_CHANGED: Final[Mapping[str, Callable[[], str]]] = {
    "category": lambda: _("The category was changed."),
    "store": lambda: _("The store was changed."),
    "channel": lambda: _("The channel was changed."),
}


def _back(request: HttpRequest) -> str:
    query = request.POST.get("query", "")
    path = reverse("purchases:products")
    return f"{path}?{QueryDict(query).urlencode()}" if query else path


def _must_edit(request: HttpRequest) -> None:
    if not is_party_a(request):
        raise PermissionDenied
