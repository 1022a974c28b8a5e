"""Lists: one driver for every room. Filters, columns and the peek live in the address; a named address is a tab.

A room declares its list once (`Listing`) and answers with `answer`; `web/_listing.html` shows it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shouyue.store import registry
from shouyue.store.models import SavedView, Staff
from shouyue.store.saved.views import views_for
from shouyue.web.exports import csv_answer
from shouyue.web.habits.cells import line, painter
from shouyue.web.paging import Page, page_of

COLUMNS, PEEK, FILE = "cols", "peek", "as"
_PLACES = ("after", "before", PEEK, FILE)  # where one stands in a list is no part of a view
_CHUNK = 500
_KEY = "-key-"  # where a row's key goes in an address

Row = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. value: what a file holds. show: the text of a cell; the value itself if None.

    link: the address that a cell leads to. edit: the address of the form that changes the value in its cell, "" where
    it cannot be changed. template: shows a cell instead, from `row` and `value` alone; it costs more than the others.
    is_lead: always there; its cell holds the link to the record. is_extra: shown only when chosen.
    """

    name: str
    title: str | Promise
    value: Callable[[Row], object]
    show: Callable[[Row], object] | None = None
    link: Callable[[Row], str] | None = None
    edit: Callable[[Row], str] | None = None
    template: str = ""
    is_number: bool = False
    is_lead: bool = False
    is_extra: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of a room.

    name: "purchases.orders", which saved views keep. heading: what people call the list. order: as `paging.page_of`
    takes it. key: what names a row in an address; row_of: what `peek` shows for a key, None when there is none.
    title_of, url_of: its title, and the address of the record.
    place: a place of `store.registry` whose contributions, by the row's `pk`, are columns too; "" for none.
    peek: a template that shows `row`. path: the list's own address, asked when a view leads back to it.
    dressed: what columns and templates get for the records of a page, one each with its `pk`; the records if None.
    more: further columns that the installation declared itself, asked anew for each page and file.
    bulk: where chosen rows are posted to be changed together; None where they cannot be.
    chosen: the records that an address asks for, and their order; with it the list is exported in the background.
    filters: the form of an address, by which the record of exports says what was asked for.
    """

    name: str
    heading: str | Promise
    columns: Sequence[Column]
    order: Sequence[str]
    key: Callable[[Row], str]
    row_of: Callable[[str], Row | None]
    title_of: Callable[[Row], str]
    url_of: Callable[[Row], str]
    peek: str
    path: Callable[[], str]
    place: str = ""
    dressed: Callable[[Sequence[Any]], Sequence[Row]] | None = None
    more: Callable[[], Sequence[Column]] | None = None
    bulk: Callable[[], str] | None = None
    chosen: Callable[[QueryDict], tuple[QuerySet[Any], Sequence[str]]] | None = None
    filters: Callable[[QueryDict], Form] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A saved view over the list. is_own: the reader's, who may remove it."""

    view: SavedView
    url: str
    is_current: bool
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What `web/_listing.html` needs. lines: its rows as HTML, made by `web/habits/cells.py`.

    kept: the address without columns and place, as pairs for hidden fields.
    is_exported: a worker writes the file; otherwise `file_url` streams it.
    """

    listing: Listing
    page: Page[Any]
    columns: list[Column]
    lines: list[SafeString]
    choices: list[tuple[Column, bool]]
    kept: list[tuple[str, str]]
    query: str
    tabs: list[Tab]
    is_plain: bool
    file_url: str
    is_exported: bool
    peek: "Peek | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peek:
    """The row that is open beside the list."""

    row: Row
    title: str
    url: str
    template: str
    close_url: str


_listings: dict[str, Listing] = {}


def declare(listing: Listing) -> Listing:
    """Make the list known, so that views of it can be saved."""
    _listings[listing.name] = listing
    return listing


def declared(name: str) -> Listing | None:
    """The list of that name. A worker answers no address, so it has read no page that declares one: it does here."""
    import_module(settings.ROOT_URLCONF)
    return _listings.get(name)


def exported() -> list[Listing]:
    """Every list that a worker writes as a file."""
    import_module(settings.ROOT_URLCONF)
    return [one for one in _listings.values() if one.chosen is not None]


def answer(
    request: HttpRequest, listing: Listing, rows: QuerySet[Any], *, template: str, context: Mapping[str, Any]
) -> HttpResponseBase:
    """The list as a page, a file (`as=csv`), or for htmx the peek alone. `context` gets `shown`."""
    if request.GET.get(FILE) == "csv":
        return _file(request, listing, rows)
    peek = _peek(request, listing)
    if request.headers.get("HX-Target") == "peek":
        return _peek_alone(request, peek)
    return render(request, template, {**context, "shown": shown(request, listing, rows, peek=peek)})


def shown(request: HttpRequest, listing: Listing, rows: QuerySet[Any], *, peek: Peek | None = None) -> Shown:
    """One page of the list as the address asks for it."""
    page = page_of(rows, order=listing.order, request=request)
    rows_shown = _dressed(listing, page.rows)
    every = _every(listing)
    columns = _with_values(_chosen(request.GET, every), listing, rows_shown, request.user)
    names = {column.name for column in columns}
    query = view_query(request.GET)
    tabs = _tabs(request, listing, query)
    return Shown(
        listing=listing,
        page=page,
        columns=columns,
        lines=_lines(request, listing, rows_shown, columns),
        choices=[(column, column.name in names) for column in every if not column.is_lead],
        kept=[(name, text) for name, texts in _without(request.GET, COLUMNS, *_PLACES).lists() for text in texts],
        query=query,
        tabs=tabs,
        is_plain=not query,
        file_url=_with(request, {FILE: "csv"}, without=("after", "before", PEEK)),
        is_exported=listing.chosen is not None,
        peek=peek,
    )


def view_query(asked: QueryDict) -> str:
    """The address as a view keeps it: filters that say something and columns, in order, without a place in the list."""
    pairs = sorted((name, texts) for name, texts in _without(asked, *_PLACES).lists() if any(texts))
    kept = QueryDict(mutable=True)
    for name, texts in pairs:
        kept.setlist(name, [text for text in texts if text])
    return kept.urlencode()


def found_lines(
    reader: registry.Reader, listing: Listing, found: Sequence[Any]
) -> tuple[list[Column], list[SafeString]]:
    """Records that a search found as the list shows them, with its usual columns; nothing to choose or to preview."""
    rows = _dressed(listing, found)
    columns = _with_values(_chosen(QueryDict(), _every(listing)), listing, rows, reader)
    painted = painter(columns)
    return columns, [format_html("<tr>{}</tr>", painted(row)) for row in rows]


def _lines(request: HttpRequest, listing: Listing, rows: Sequence[Row], columns: Sequence[Column]) -> list[SafeString]:
    # Put together once: an address is the same for all rows but for its key.
    before, after = _with(request, {PEEK: _KEY}).split(_KEY)
    painted, has_bulk = painter(columns), listing.bulk is not None
    keys = [listing.key(row) for row in rows]
    return [
        line(painted(row), key=key, peek_url=before + quote(key) + after, has_bulk=has_bulk, is_peeked=key == peeked)
        for peeked in [request.GET.get(PEEK)]
        for row, key in zip(rows, keys, strict=True)
    ]


def _dressed(listing: Listing, rows: Sequence[Any]) -> Sequence[Row]:
    return listing.dressed(rows) if listing.dressed else rows


def _every(listing: Listing) -> list[Column]:
    """The columns that there are; those of other rooms still without values."""
    more = listing.more() if listing.more else ()
    offered = registry.offered(listing.place) if listing.place else []
    return [*listing.columns, *more, *(_as_column(one, {}) for one in offered)]


def _with_values(
    columns: Sequence[Column], listing: Listing, rows: Sequence[Row], reader: registry.Reader
) -> list[Column]:
    """The columns with what other rooms say of these rows; rooms that were not chosen are not asked."""
    offered = {one.name: one for one in registry.offered(listing.place)} if listing.place else {}
    keys = [row.pk for row in rows] if offered else []
    return [
        _as_column(one, one.contribute(keys, reader)) if (one := offered.get(column.name)) else column
        for column in columns
    ]


def _as_column(one: registry.Contribution, values: Mapping[Any, object]) -> Column:
    return Column(
        name=one.name,
        title=one.title,
        value=lambda row: values.get(row.pk, ""),
        template=one.template,
        is_number=not one.template and not one.is_extra,
        is_extra=one.is_extra,
    )


def _chosen(asked: QueryDict, every: Sequence[Column]) -> list[Column]:
    wanted = set(asked.getlist(COLUMNS))
    known = wanted & {column.name for column in every}
    return [column for column in every if column.is_lead or (column.name in known if known else not column.is_extra)]


def _tabs(request: HttpRequest, listing: Listing, query: str) -> list[Tab]:
    if not isinstance(request.user, Staff):
        return []
    views = views_for(request.user, listing=listing.name)
    return [
        Tab(
            view=view,
            url=f"?{view.query}",
            is_current=view_query(QueryDict(view.query)) == query,
            is_own=view.owner_id == request.user.pk,
        )
        for view in views
    ]


def _peek(request: HttpRequest, listing: Listing) -> Peek | None:
    key = request.GET.get(PEEK)
    row = listing.row_of(key) if key else None
    if row is None:
        return None
    return Peek(
        row=row,
        title=listing.title_of(row),
        url=listing.url_of(row),
        template=listing.peek,
        close_url=_with(request, {}, without=(PEEK,)),
    )


def _peek_alone(request: HttpRequest, peek: Peek | None) -> HttpResponse:
    part = render(request, "web/_peek.html", {"peek": peek})
    # Walking from row to row is one step of the browser's history, not one for each row.
    if peek and f"{PEEK}=" in request.headers.get("HX-Current-URL", ""):
        part["HX-Replace-Url"] = request.get_full_path()
    return part


def _file(request: HttpRequest, listing: Listing, rows: QuerySet[Any]) -> HttpResponseBase:
    """The whole list as the address shows it: its filters, its columns, every row, as a stream."""
    heads, cells = file_of(request.user, listing, request.GET, rows.order_by(*listing.order))
    return csv_answer(f"{listing.name.replace('.', '-')}.csv", heads, cells)


def file_of(
    reader: registry.Reader, listing: Listing, asked: QueryDict, rows: QuerySet[Any]
) -> tuple[list[object], Iterator[list[object]]]:
    """Heads and rows of the list with the columns that were asked for, as this reader may see them; read in chunks."""
    columns = _chosen(asked, _every(listing))
    return [column.title for column in columns], _file_rows(reader, listing, rows, columns)


def _file_rows(
    reader: registry.Reader, listing: Listing, rows: QuerySet[Model], columns: Sequence[Column]
) -> Iterator[list[object]]:
    stream = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(stream, _CHUNK)):
        dressed = _dressed(listing, chunk)
        filled = _with_values(columns, listing, dressed, reader)
        for row in dressed:
            yield [column.value(row) for column in filled]


def _without(asked: QueryDict, *names: str) -> QueryDict:
    rest = asked.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def _with(request: HttpRequest, values: Mapping[str, str], *, without: Sequence[str] = ()) -> str:
    query = _without(request.GET, *without)
    for name, text in values.items():
        query[name] = text
    return f"?{query.urlencode()}"
