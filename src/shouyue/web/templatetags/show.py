"""Template filters that show dates, shares and money. The rules are in `web/format.py`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from shouyue.store.models import Party
from shouyue.web import format as looks
from shouyue.web import states
from shouyue.web.habits import cells, undo
from shouyue.web.sources import source_name

register = template.Library()


def _or_nothing(show: Callable[..., str]) -> Callable[..., str]:
    """The same filter, which writes "–" for what a template cannot find: Django hands that over as ""."""

    @wraps(show)
    def shown(value: Any, *more: Any) -> str:
        return looks.NOTHING if value is None or value == "" else show(value, *more)

    return shown


for _show in (
    looks.count,
    looks.decimal,
    looks.short,
    looks.day,
    looks.day_short,
    looks.month,
    looks.moment,
    looks.clock,
    looks.ago,
    looks.quarter,
    looks.quarter_short,
    looks.percent,
    looks.interval,
    looks.points,
    looks.money,
    looks.money_fen,
):
    register.filter(_show.__name__, _or_nothing(_show))


register.filter(source_name.__name__, _or_nothing(source_name))
register.filter("undo_address", undo.address_of)
register.simple_tag(cells.in_place, name="in_place")


@register.filter
def party_name(party: str) -> str:
    """Whose side it is, by its code: "a" is "Party A"."""
    return str(Party(party).label)


@register.filter
def percent_of_bp(basis_points: int | str | None) -> str:
    """Basis points as a percentage without its sign; decimals only where there are any: 9000 is "90"."""
    if not isinstance(basis_points, int):
        return looks.NOTHING
    return looks.percent(basis_points / 10_000, 2 if basis_points % 100 else 0)


@register.filter
def percent_sign(share: float | str | None, digits: int = 1) -> str:
    """A share as a percentage with its sign: "91.3%"; "–" for none, also for one the template cannot find ("")."""
    return looks.NOTHING if share is None or isinstance(share, str) else looks.percent(share, digits) + "%"


@register.filter
def money_exact(amount_e4: int | None, currency: str) -> str:
    """A price with every digit it has."""
    return looks.money(amount_e4, currency, exact=True)


@register.filter
def iso(value: date | datetime) -> str:
    """Machine-readable form for `<time datetime>`."""
    return value.isoformat()


@register.filter
def state_of(state: str) -> states.Look:
    """Word and mark of a verdict's state. Raises KeyError for a state that does not exist."""
    return states.LOOKS[str(state)]


@register.filter
def attributes(attrs: Mapping[str, Any] | Any) -> SafeString:
    """The attributes a component did not take for itself, escaped (the component library's own output is not)."""
    left = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs)
    kept = {name: value for name, value in left.items() if value is not False and value is not None}
    return format_html_join("", "{}", ((_attribute(name, value),) for name, value in kept.items()))


def _attribute(name: str, value: Any) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


@register.filter
def with_help(field: BoundField, words: str) -> BoundField:
    """The field with this help instead of its own, so that the control is described by it; "" keeps its own."""
    if words:
        field.help_text = words
    return field


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one check box, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def initial(name: str) -> str:
    """The character that stands for a person: the first of a name."""
    return str(name).strip()[:1].upper() or "?"


@register.simple_block_tag(takes_context=True)
def keep(context: Context, content: str, name: str, *, shown: bool = True) -> str:
    """Render the inside once and keep it as a variable for the rest of the page; `shown=False` writes it only there."""
    text = mark_safe(" ".join(content.split()))  # noqa: S308 rendered by the template engine, escaped there
    context.dicts[-1][name] = text
    return text if shown else ""


@register.filter
def joined(values: Sequence[Any], separator: str = " ") -> SafeString:
    """Values in one line, escaped."""
    return format_html_join(separator, "{}", ((value,) for value in values))
