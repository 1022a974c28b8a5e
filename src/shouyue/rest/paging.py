"""Pages of the API's lists: each starts after a row that the cursor names, never at an offset."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Schema
from pydantic import Field

from shouyue.rest.problems import wrong_value
from shouyue.rest.rules import cursors

LIMIT_MAX = 200
Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Cut(Schema):
    cursor: str = Field("", max_length=400, description=gettext_noop("Where the last page ended: its next_cursor."))
    limit: int = Field(50, ge=1, le=LIMIT_MAX, description=gettext_noop("Rows of a page."))


class Paged(Schema, Generic[Item]):
    data: list[Item]
    next_cursor: str | None = Field(description=gettext_noop("Ask with it for the next page; null at the end."))


PageOf = Annotated[Cut, Query()]


def page_of(
    rows: QuerySet[Row], *, order: Sequence[tuple[str, cursors.Read]], cut: Cut
) -> tuple[list[Row], str | None]:
    """The rows after the cursor, and the cursor after them; None at the end. One statement.

    order: fields in ascending order that together are unique, each with what reads it from a cursor.
    Raises the problem "invalid" for a cursor that is none of this list.
    """
    names = [name for name, _read in order]
    if cut.cursor:
        rows = rows.filter(_beyond(names, _values(cut.cursor, [read for _name, read in order])))
    found = list(rows.order_by(*names)[: cut.limit + 1])
    if len(found) <= cut.limit:
        return found, None
    last = found[cut.limit - 1]
    return found[: cut.limit], cursors.write([getattr(last, name) for name in names])


def _values(cursor: str, reads: Sequence[cursors.Read]) -> list[object]:
    try:
        return cursors.read(cursor, reads)
    except cursors.CursorError:
        raise wrong_value("query.cursor", _("This is no cursor of this list.")) from None


def _beyond(names: Sequence[str], values: Sequence[object]) -> Q:
    """Rows after `values`. The first condition alone lets the database start inside the index."""
    beyond, same = Q(), Q()
    for name, value in zip(names, values, strict=True):
        beyond |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return Q(**{f"{names[0]}__gte": values[0]}) & beyond
