"""The catalogue for programs: read it, tell it in batches."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from shouyue.kernel import clock
from shouyue.kernel.money import from_e4, to_e4
from shouyue.purchases.catalogue.actions.editing import edit_entry
from shouyue.purchases.catalogue.actions.telling import (
    tell_categories,
    tell_channels,
    tell_products,
    tell_stores,
)
from shouyue.purchases.catalogue.models import MODELS, Category, Channel, Entry, Product, Store
from shouyue.purchases.catalogue.queries import values_of
from shouyue.purchases.catalogue.rules.editing import ChangedMeanwhileError, version_of
from shouyue.purchases.catalogue.rules.told import (
    CategoryCircleError,
    CategoryTold,
    ChannelTold,
    ProductTold,
    StoreTold,
    Told,
    entry_id,
)
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Cut, Paged, PageOf, page_of
from shouyue.rest.problems import changed_meanwhile, need_if_match, wrong_value
from shouyue.rest.routes import IdempotencyKey, IfMatch, call, line_of_text
from shouyue.rest.rules import preconditions

router = Router()

Item = TypeVar("Item")
_TELL: dict[str, Callable[..., list[str]]] = {
    "product": tell_products,
    "category": tell_categories,
    "store": tell_stores,
    "channel": tell_channels,
}
_MOST = 500
_NOT_TOLD = _("What is left out or null stays as it is; empty text removes it.")
_VERSION = _("The ETag names the version to change.")
_TOGETHER = _("By source and code, up to 500 at once: all of them, or none when one is wrong.")
_CIRCLE = _("The category would stand below itself, or more than five levels deep.")
_Source = Annotated[str, line_of_text(least=1, most=40)]
_Code = Annotated[str, line_of_text(least=1, most=80)]
_Name = Annotated[str, line_of_text(most=300)]


class EntryIn(Schema):
    code: _Code = Field(description=_("The code at the source."))
    name: _Name | None = Field(None, description=_("In the company's language."))
    name_en: _Name | None = Field(None, description=_("For readers of English."))


class CategoryIn(EntryIn):
    parent: Annotated[str, line_of_text(most=80)] | None = Field(
        None, description=_("The code of the category above; empty for one at the top.")
    )


class ProductIn(EntryIn):
    category: Annotated[str, line_of_text(most=80)] | None = Field(
        None, description=_("The category's code; a new one is made.")
    )
    unit: Annotated[str, line_of_text(most=20)] | None = Field(None, description=_("For instance piece, box, kg."))
    list_price: str | None = Field(
        None, pattern=r"^\d{1,9}(\.\d{1,4})?$", description=_("Exact decimal text, at most four places.")
    )
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$", description=_("ISO 4217, of the list price."))
    is_active: bool | None = Field(None, description=_("Whether it is still sold."))


class ProductChange(Schema):
    name: _Name | None = Field(None, description=_("No sale changes it any more; empty lets sales name it again."))
    name_en: _Name | None = Field(None, description=_("For readers of English."))
    category: Annotated[str, line_of_text(most=80)] | None = Field(
        None, description=_("The code of a category of the same source that there is.")
    )
    unit: Annotated[str, line_of_text(most=20)] | None = Field(None, description=_("For instance piece, box, kg."))
    list_price: str | None = Field(
        None, pattern=r"^(\d{1,9}(\.\d{1,4})?)?$", description=_("Exact decimal text, at most four places.")
    )
    currency: str | None = Field(None, pattern=r"^([A-Z]{3})?$", description=_("ISO 4217, of the list price."))
    is_active: bool | None = Field(None, description=_("Whether it is still sold."))


class EntryChange(Schema):
    name: _Name | None = Field(None, description=_("In the company's language."))
    name_en: _Name | None = Field(None, description=_("For readers of English."))
    is_active: bool | None = Field(None, description=_("Whether it is still in use."))


class CategoryChange(EntryChange):
    parent: Annotated[str, line_of_text(most=80)] | None = Field(
        None, description=_("The code of the category above; empty for one at the top.")
    )


class StoreChange(EntryChange):
    city: Annotated[str, line_of_text(most=80)] | None = None


class StoreIn(EntryIn):
    city: Annotated[str, line_of_text(most=80)] | None = None
    is_active: bool | None = Field(None, description=_("Whether it is still open."))


class ChannelIn(EntryIn):
    is_active: bool | None = Field(None, description=_("Whether it is still in use."))


class EntriesIn(Schema, Generic[Item]):
    source: _Source = Field("plain", description=_("Whose codes these are."))
    entries: list[Item] = Field(min_length=1, max_length=_MOST, description=_NOT_TOLD)


class EntryDone(Schema):
    code: str
    id: UUID
    outcome: Literal["created", "updated", "unchanged"]


class EntriesDone(Schema):
    data: list[EntryDone] = Field(description=_("One outcome for each entry, in their order."))


class EntryOut(Schema):
    id: UUID
    source: str
    code: str
    name: str
    name_en: str
    is_active: bool


class CategoryOut(EntryOut):
    parent_id: UUID | None


class ProductOut(EntryOut):
    category_id: UUID | None
    unit: str
    list_price: str | None
    currency: str


class StoreOut(EntryOut):
    city: str


class EntryFilter(Schema):
    source: Annotated[str, line_of_text(most=40)] = Field("", description=_("Only of this source."))
    code: Annotated[str, line_of_text(most=80)] = Field("", description=_("Only the one with this code."))


@router.get(
    "/products",
    response=Paged[ProductOut],
    **call("purchases:read", _("List products"), _("Page by page, also those that are no longer sold.")),
)
def list_products(request: HttpRequest, cut: PageOf, wanted: Query[EntryFilter]) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _page(Product, _product_out, cut, wanted)


@router.get(
    "/products/{product_id}",
    response=ProductOut,
    **call("purchases:read", _("Read a product"), _VERSION),
)
def read_product(request: HttpRequest, product_id: UUID, response: HttpResponse) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _read("product", product_id, response)


@router.patch(
    "/products/{product_id}",
    response=ProductOut,
    **call("purchases:write", _("Change a product"), _NOT_TOLD),
)
def change_product(
    request: HttpRequest, product_id: UUID, wanted: ProductChange, response: HttpResponse, if_match: IfMatch = ""
) -> dict[str, Any]:
    return _change(request, ("product", product_id), wanted, response, if_match)


@router.get(
    "/categories/{category_id}",
    response=CategoryOut,
    **call("purchases:read", _("Read a category of products"), _VERSION),
)
def read_category(request: HttpRequest, category_id: UUID, response: HttpResponse) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _read("category", category_id, response)


@router.patch(
    "/categories/{category_id}",
    response=CategoryOut,
    **call("purchases:write", _("Change a category of products"), _NOT_TOLD),
)
def change_category(
    request: HttpRequest, category_id: UUID, wanted: CategoryChange, response: HttpResponse, if_match: IfMatch = ""
) -> dict[str, Any]:
    return _change(request, ("category", category_id), wanted, response, if_match)


@router.get("/stores/{store_id}", response=StoreOut, **call("purchases:read", _("Read a store"), _VERSION))
def read_store(request: HttpRequest, store_id: UUID, response: HttpResponse) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _read("store", store_id, response)


@router.patch("/stores/{store_id}", response=StoreOut, **call("purchases:write", _("Change a store"), _NOT_TOLD))
def change_store(
    request: HttpRequest, store_id: UUID, wanted: StoreChange, response: HttpResponse, if_match: IfMatch = ""
) -> dict[str, Any]:
    return _change(request, ("store", store_id), wanted, response, if_match)


@router.get("/channels/{channel_id}", response=EntryOut, **call("purchases:read", _("Read a channel"), _VERSION))
def read_channel(request: HttpRequest, channel_id: UUID, response: HttpResponse) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _read("channel", channel_id, response)


@router.patch("/channels/{channel_id}", response=EntryOut, **call("purchases:write", _("Change a channel"), _NOT_TOLD))
def change_channel(
    request: HttpRequest, channel_id: UUID, wanted: EntryChange, response: HttpResponse, if_match: IfMatch = ""
) -> dict[str, Any]:
    return _change(request, ("channel", channel_id), wanted, response, if_match)


def _read(kind: str, entry_id: UUID, response: HttpResponse) -> dict[str, Any]:
    found = MODELS[kind]._default_manager.filter(pk=entry_id).first()
    if found is None:
        raise Http404
    response.headers["ETag"] = preconditions.etag(version_of(values_of(found)))
    return _OUT[kind](found)


def _change(
    request: HttpRequest, where: tuple[str, UUID], wanted: Schema, response: HttpResponse, if_match: str
) -> dict[str, Any]:
    need_if_match(if_match)
    found = MODELS[where[0]]._default_manager.filter(pk=where[1]).first()
    if found is None:
        raise Http404
    try:
        edit_entry(
            *where,
            _wanted(wanted, found.source),
            is_seen=lambda values: preconditions.matches(if_match, version_of(values)),
            by=caller(request).actor,
            at=clock.now(),
        )
    except ChangedMeanwhileError as passed:
        raise changed_meanwhile() from passed
    except CategoryCircleError as wrong:
        raise wrong_value("body.parent", gettext(_CIRCLE)) from wrong
    return _read(*where, response)


@router.post(
    "/products",
    response=EntriesDone,
    **call("purchases:write", _("Make or change products"), _TOGETHER),
)
def write_products(request: HttpRequest, idempotency_key: IdempotencyKey, told: EntriesIn[ProductIn]) -> HttpResponse:
    def product(one: ProductIn) -> ProductTold:
        price = None if one.list_price is None else to_e4(one.list_price)
        return ProductTold(**one.model_dump(exclude={"list_price"}), list_price_e4=price)

    return _told(request, idempotency_key, told, "product", product)


@router.get("/categories", response=Paged[CategoryOut], **call("purchases:read", _("List categories of products")))
def list_categories(request: HttpRequest, cut: PageOf, wanted: Query[EntryFilter]) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _page(Category, _category_out, cut, wanted)


@router.post(
    "/categories",
    response=EntriesDone,
    **call("purchases:write", _("Make or change categories of products"), _TOGETHER),
)
def write_categories(
    request: HttpRequest, idempotency_key: IdempotencyKey, told: EntriesIn[CategoryIn]
) -> HttpResponse:
    try:
        return _told(request, idempotency_key, told, "category", lambda one: CategoryTold(**one.model_dump()))
    except CategoryCircleError as wrong:
        place = [one.code for one in told.entries].index(wrong.code)
        raise wrong_value(f"body.entries.{place}.parent", gettext(_CIRCLE)) from wrong


@router.get("/stores", response=Paged[StoreOut], **call("purchases:read", _("List stores")))
def list_stores(request: HttpRequest, cut: PageOf, wanted: Query[EntryFilter]) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _page(Store, _store_out, cut, wanted)


@router.post(
    "/stores",
    response=EntriesDone,
    **call("purchases:write", _("Make or change stores"), _TOGETHER),
)
def write_stores(request: HttpRequest, idempotency_key: IdempotencyKey, told: EntriesIn[StoreIn]) -> HttpResponse:
    return _told(request, idempotency_key, told, "store", lambda one: StoreTold(**one.model_dump()))


@router.get("/channels", response=Paged[EntryOut], **call("purchases:read", _("List channels")))
def list_channels(request: HttpRequest, cut: PageOf, wanted: Query[EntryFilter]) -> dict[str, Any]:  # noqa: ARG001 ninja finds the request by this name
    return _page(Channel, _entry_out, cut, wanted)


@router.post(
    "/channels",
    response=EntriesDone,
    **call("purchases:write", _("Make or change channels"), _TOGETHER),
)
def write_channels(request: HttpRequest, idempotency_key: IdempotencyKey, told: EntriesIn[ChannelIn]) -> HttpResponse:
    return _told(request, idempotency_key, told, "channel", lambda one: ChannelTold(**one.model_dump()))


def _wanted(wanted: Schema, source: str) -> dict[str, Any]:
    """What is told, by the fields of the record."""
    told = wanted.model_dump(exclude_none=True)
    if "list_price" in told:
        price = told.pop("list_price")
        told["list_price_e4"] = to_e4(price) if price else None
    for name in ("category", "parent"):
        if name in told:
            code = told.pop(name)
            key = entry_id("category", source, code) if code else None
            if key and not Category.objects.filter(pk=key).exists():
                message = gettext("There is no such category of this source. Make it first.")
                raise wrong_value(f"body.{name}", message)
            told[f"{name}_id"] = str(key) if key else None
    return told


def _told(
    request: HttpRequest, idempotency_key: str, told: EntriesIn[Any], kind: str, read: Callable[[Any], Told]
) -> HttpResponse:
    def act() -> Made:
        entries = [read(one) for one in told.entries]
        outcomes = _TELL[kind](entries, source=told.source, at=clock.now(), by=caller(request).actor)
        done = [
            EntryDone.model_validate(
                {"code": one.code, "id": entry_id(kind, told.source, one.code), "outcome": outcome}
            )
            for one, outcome in zip(entries, outcomes, strict=True)
        ]
        return Made(200, EntriesDone(data=done))

    return once(request, idempotency_key, act)


def _page(model: type[Any], out: Callable[[Any], dict[str, Any]], cut: Cut, wanted: EntryFilter) -> dict[str, Any]:
    asked = {name: value for name, value in (("source", wanted.source), ("code", wanted.code)) if value}
    rows: Sequence[Any]
    rows, next_cursor = page_of(model.objects.filter(**asked), order=(("id", UUID),), cut=cut)
    return {"data": [out(row) for row in rows], "next_cursor": next_cursor}


def _entry_out(row: Entry) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "source", "code", "name", "name_en", "is_active")}


def _product_out(row: Product) -> dict[str, Any]:
    price = None if row.list_price_e4 is None else str(from_e4(row.list_price_e4))
    more = {"category_id": row.category_id, "unit": row.unit, "list_price": price, "currency": row.currency}
    return {**_entry_out(row), **more}


def _category_out(row: Category) -> dict[str, Any]:
    return {**_entry_out(row), "parent_id": row.parent_id}


def _store_out(row: Store) -> dict[str, Any]:
    return {**_entry_out(row), "city": row.city}


_OUT: dict[str, Callable[..., dict[str, Any]]] = {
    "product": _product_out,
    "category": _category_out,
    "store": _store_out,
    "channel": _entry_out,
}
