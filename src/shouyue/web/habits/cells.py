"""Rows of lists as HTML. A page has hundreds of cells: a template for each took most of the time of an answer."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.template.loader import get_template
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shouyue.web.format import NOTHING

_IN_PLACE = (
    '<span class="in-place">{} <a class="link small" href="{}" hx-get="{}" hx-target="closest .in-place" '
    'hx-swap="outerHTML">{}<span class="visually-hidden"> {}</span></a></span>'
)
_CHOOSE = '<td class="choose"><input type="checkbox" name="row" value="{}" form="listing-chosen" aria-label="{}"></td>'
_PREVIEW = (
    '<td class="num"><a class="btn small icon" href="{}" data-peek hx-get="{}" hx-target="#peek" hx-swap="outerHTML" '
    'hx-push-url="true" aria-label="{}"><svg viewBox="0 0 16 16" aria-hidden="true">'
    '<path d="M2 3h12v10H2zM10 3v10"/></svg></a></td>'
)
Row = Any
Show = Callable[[Row], object]


class Painted(Protocol):
    """What a column says of its cells; see `lists.Column`."""

    @property
    def title(self) -> str | Promise: ...
    @property
    def value(self) -> Show: ...
    @property
    def show(self) -> Show | None: ...
    @property
    def link(self) -> Callable[[Row], str] | None: ...
    @property
    def edit(self) -> Callable[[Row], str] | None: ...
    @property
    def template(self) -> str: ...
    @property
    def is_number(self) -> bool: ...
    @property
    def is_lead(self) -> bool: ...


def painter(columns: Sequence[Painted]) -> Callable[[Row], SafeString]:
    """What makes the cells of a row. Whatever is the same for all rows is made here, once."""
    painters = [(_opening(column), _inside(column)) for column in columns]
    return lambda row: mark_safe("".join(f"{opening}{inside(row)}</td>" for opening, inside in painters))  # noqa: S308 both parts are escaped


def line(cells: SafeString, *, key: str, peek_url: str, has_bulk: bool, is_peeked: bool) -> SafeString:
    """A row of a list around its cells: the box that chooses it, and the button that previews it."""
    choose = format_html(_CHOOSE, key, _("Choose")) if has_bulk else ""
    preview = format_html(_PREVIEW, peek_url, peek_url, _("Preview"))
    return format_html("<tr{}>{}{}{}</tr>", _PEEKED if is_peeked else "", choose, cells, preview)


def in_place(shown: object, url: str, label: object) -> SafeString:
    """A value with the link that changes it where it stands; without an address the value alone."""
    said = shown or NOTHING
    if not url:
        return format_html('<span class="in-place">{}</span>', said)
    return format_html(_IN_PLACE, said, url, url, _("Edit"), label)


_PEEKED = mark_safe(' class="peeked"')


def _opening(column: Painted) -> SafeString:
    kinds = " ".join(kind for kind, is_so in (("num", column.is_number), ("lead", column.is_lead)) if is_so)
    classes = format_html(' class="{}"', kinds) if kinds else ""
    return format_html('<td{} data-label="{}">', classes, column.title)


def _inside(column: Painted) -> Callable[[Row], SafeString | str]:
    show, title = column.show or column.value, str(column.title)
    if column.template:
        template = get_template(column.template)
        return lambda row: template.render({"row": row, "value": show(row)})
    if link := column.link:
        return lambda row: format_html('<a class="link" href="{}">{}</a>', link(row), _text(show(row)))
    if edit := column.edit:
        return lambda row: in_place(_text(show(row)), edit(row), title)
    return lambda row: _text(show(row))


def _text(value: object) -> str:
    return conditional_escape(str(localize(value))) if value else NOTHING
