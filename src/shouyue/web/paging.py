"""Lists by keyset: a page starts after a row, never at an offset, so the last page costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

COUNTED_MAX = 10_000
ROWS = 50
_AFTER, _BEFORE = "after", "before"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """One page of a list. `total` is exact up to COUNTED_MAX; beyond that it is COUNTED_MAX and not exact.

    next_url, previous_url: the same address with another cursor, None at an end.
    """

    rows: Sequence[Row]
    next_url: str | None
    previous_url: str | None
    total: int
    is_exact: bool


def page_of(queryset: QuerySet[Row], *, order: Sequence[str], request: HttpRequest, size: int = ROWS) -> Page[Row]:
    """The page that the request's `after` or `before` names, in `order` ("-ordered_at", "-id").

    order: fields of the model itself, none of them NULL, the last making the order total. A cursor that cannot be
    read shows the first page. Two statements: the rows, and a count that stops at COUNTED_MAX.
    """
    if before := _read(request.GET.get(_BEFORE), queryset, order):
        found = list(queryset.filter(_beyond(_reversed(order), before)).order_by(*_reversed(order))[: size + 1])
        rows, has_more = found[:size][::-1], True
        has_less = len(found) > size
    else:
        after = _read(request.GET.get(_AFTER), queryset, order)
        found = list((queryset.filter(_beyond(order, after)) if after else queryset).order_by(*order)[: size + 1])
        rows, has_more = found[:size], len(found) > size
        has_less = bool(after)
    counted = queryset.order_by()[: COUNTED_MAX + 1].count()
    return Page(
        rows=rows,
        next_url=_address(request, _AFTER, rows[-1], order) if rows and has_more else None,
        previous_url=_address(request, _BEFORE, rows[0], order) if rows and has_less else None,
        total=min(counted, COUNTED_MAX),
        is_exact=counted <= COUNTED_MAX,
    )


def _reversed(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values`. The first condition alone lets the database start inside the index."""
    beyond = Q()
    same = Q()
    for name, value in zip(order, values, strict=True):
        field, step = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        beyond |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    first, step = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q(**{f"{first}__{step}": values[0]}) & beyond


def _address(request: HttpRequest, direction: str, row: Model, order: Sequence[str]) -> str:
    values = [getattr(row, name.removeprefix("-")) for name in order]
    cursor = base64.urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode().rstrip("=")
    query = request.GET.copy()
    query.pop(_AFTER, None)
    query.pop(_BEFORE, None)
    query[direction] = cursor
    return f"?{query.urlencode()}"


def _read(cursor: str | None, queryset: QuerySet[Row], order: Sequence[str]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        fields = [queryset.model._meta.get_field(name.removeprefix("-")) for name in order]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]  # order names plain columns
    except (binascii.Error, ValueError, ValidationError):
        return None
