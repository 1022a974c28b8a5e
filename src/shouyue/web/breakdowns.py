"""Charts of counts that belong together: causes by weight (Pareto), steps that lose people (funnel), a heat map."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouyue.web import format as shown
from shouyue.web.charts import Bar, Chart, chart_of, label_below
from shouyue.web.drawing import Drawing, Text
from shouyue.web.scales import Scale, centered, shortened, text_width, zero_scale

_TALL = {"wide", "broad"}
_STEP = 34
_CELL = 30
_SHADES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a funnel. count: how many reached it, >= 0 and, of a true funnel, never more than before."""

    label: Text
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One row of a heat map. values: shares in [0, 1], one for each column; None where there is nothing to measure."""

    label: Text
    values: Sequence[float | None]


def pareto_chart(bars: Sequence[Bar], *, title: Text, label: Text, value: Text) -> Chart:
    """Columns from the largest to the smallest, and a line of the share that they make up together."""
    ordered = sorted(bars, key=lambda bar: -bar.value)
    shares = _together([bar.value for bar in ordered])
    rows: list[list[Text]] = [
        [bar.label, bar.shown, shown.percent(share) + "%"] for bar, share in zip(ordered, shares, strict=True)
    ]
    return chart_of(
        title,
        _said_of_causes(ordered, shares),
        draw=lambda drawing: _draw_pareto(drawing, ordered, shares),
        height=lambda name: 200 if name in _TALL else 160,
        table=([label, value, gettext_lazy("Together")], rows),
    )


def funnel_chart(steps: Sequence[Step], *, title: Text) -> Chart:
    """Steps from top to bottom; beside each what share of the step before went on."""
    scale = zero_scale([step.count for step in steps])
    return chart_of(
        title,
        _said_of_funnel(steps),
        draw=lambda drawing: _draw_funnel(drawing, steps, scale),
        height=lambda _name: _STEP * max(len(steps), 1) + 4,
        table=(
            [
                gettext_lazy("Step"),
                gettext_lazy("Count"),
                gettext_lazy("Of the step before"),
                gettext_lazy("Of the first"),
            ],
            [_funnel_row(steps, place) for place in range(len(steps))],
        ),
    )


def heat_map(rows: Sequence[HeatRow], *, columns: Sequence[Text], title: Text, label: Text) -> Chart:
    """Shares by row and column: the darker, the larger. A cell without a figure is crossed out, not light."""
    return chart_of(
        title,
        _said_of_heat(rows, columns),
        draw=lambda drawing: _draw_heat(drawing, rows, columns),
        height=lambda _name: _CELL * max(len(rows), 1) + 24,
        table=([label, *columns], [[row.label, *(_share(value) for value in row.values)] for row in rows]),
    )


def _together(values: Sequence[float]) -> list[float]:
    whole = sum(values)
    sums = [sum(values[: place + 1]) for place in range(len(values))]
    return [min(part / whole, 1.0) if whole else 0.0 for part in sums]


def _draw_pareto(drawing: Drawing, bars: Sequence[Bar], shares: Sequence[float]) -> None:
    top, bottom, right = 22.0, drawing.height - 26.0, drawing.width - 40.0
    scale = zero_scale([bar.value for bar in bars])
    drawing.line("axis", x1=0, y1=bottom, x2=right, y2=bottom)
    for share in (0.5, 0.8, 1.0):
        y = bottom + (top - bottom) * share
        drawing.line("axis", x1=0, y1=y, x2=right, y2=y)
        drawing.text(shown.percent(share, 0) + "%", x=drawing.width, y=y + 4, anchor="end")
    room = right / max(len(bars), 1)
    centres = [room * (place + 0.5) for place in range(len(bars))]
    line = [(x, bottom + (top - bottom) * share) for x, share in zip(centres, shares, strict=True)]
    wide = min(room * 0.66, 56)
    for x, bar, share in zip(centres, bars, shares, strict=True):
        y = scale.at(bar.value, bottom, top)
        said = f"{bar.label}: {bar.shown}, {shown.percent(share)}%"
        with drawing.group(f"tone-{bar.tone}", said) as group:
            group.rect("bar", x=x - wide / 2, y=y, width=wide, height=bottom - y, r=2)
    for one, two in pairwise(line):
        drawing.path("thread strong", [one, two])
    for x, y in line:
        drawing.circle("dot-mark", x=x, y=y, r=3.5)
    label_below(drawing, [shortened(str(bar.label), max(room - 6, 24)) for bar in bars], centres)


def _draw_funnel(drawing: Drawing, steps: Sequence[Step], scale: Scale) -> None:
    names = min(max((text_width(str(step.label)) for step in steps), default=0) + 4, drawing.width * 0.32)
    left, right = names + 8, drawing.width - 8.0
    middle = (left + right) / 2
    for place, step in enumerate(steps):
        y = _STEP * place + 4.0
        half = (scale.at(step.count, left, right) - left) / 2
        words = _funnel_words(steps, place)
        with drawing.group("tone-slate", f"{step.label}: {words}") as group:
            group.rect("bar soft", x=middle - half, y=y, width=2 * half, height=_STEP - 10, r=3)
        drawing.text(shortened(str(step.label), names), x=0, y=y + 16)
        drawing.text(words, x=centered(middle, words, left, right), y=y + 16, anchor="middle", look="strong")


def _draw_heat(drawing: Drawing, rows: Sequence[HeatRow], columns: Sequence[Text]) -> None:
    names = min(max((text_width(str(row.label)) for row in rows), default=0) + 8, drawing.width * 0.3)
    room = (drawing.width - names) / max(len(columns), 1)
    for place, row in enumerate(rows):
        y = float(_CELL * place)
        drawing.text(shortened(str(row.label), names - 6), x=0, y=y + 19)
        for x, column, value in zip(_starts(names, room, columns), columns, row.values, strict=True):
            words = _share(value, 0)
            with drawing.group("tone-slate", f"{row.label}, {column}: {_share(value)}") as group:
                _draw_cell(group, value, x=x, y=y, room=room)
                if text_width(words) + 4 <= room and value is not None:
                    group.text(words, x=x + room / 2, y=y + 19, anchor="middle", look="strong")
    centres = [x + room / 2 for x in _starts(names, room, columns)]
    label_below(drawing, [shortened(str(column), max(room - 4, 18)) for column in columns], centres)


def _starts(names: float, room: float, columns: Sequence[Text]) -> list[float]:
    return [names + room * place for place in range(len(columns))]


def _draw_cell(drawing: Drawing, value: float | None, *, x: float, y: float, room: float) -> None:
    if value is None:
        drawing.line("missing", x1=x + room / 2 - 4, y1=y + 15, x2=x + room / 2 + 4, y2=y + 15)
        return
    shade = min(int(value * _SHADES), _SHADES - 1)
    drawing.rect(f"cell shade-{shade}", x=x + 1, y=y + 1, width=room - 2, height=_CELL - 2, r=3)


def _share(value: float | None, digits: int = 1) -> str:
    return shown.NOTHING if value is None else shown.percent(value, digits) + "%"


def _part(count: int, of: int) -> str:
    return _share(count / of if of else None)


def _funnel_words(steps: Sequence[Step], place: int) -> str:
    count = shown.count(steps[place].count)
    return count if place == 0 else f"{count} · {_part(steps[place].count, steps[place - 1].count)}"


def _funnel_row(steps: Sequence[Step], place: int) -> list[Text]:
    step, first = steps[place], steps[0]
    before = shown.NOTHING if place == 0 else _part(step.count, steps[place - 1].count)
    return [step.label, shown.count(step.count), before, _part(step.count, first.count)]


def _said_of_causes(bars: Sequence[Bar], shares: Sequence[float]) -> str:
    if not bars or not shares[-1]:
        return _("No figures yet.")
    needed = next(place for place, share in enumerate(shares, start=1) if share >= 0.8 - 1e-9)
    words = {"needed": needed, "all": len(bars), "share": shown.percent(shares[needed - 1], 0)}
    return _("%(needed)s of %(all)s make up %(share)s%% of the whole.") % words


def _said_of_funnel(steps: Sequence[Step]) -> str:
    if not steps or not steps[0].count:
        return _("No figures yet.")
    words = {
        "last": steps[-1].label,
        "count": shown.count(steps[-1].count),
        "part": _part(steps[-1].count, steps[0].count),
    }
    return _("%(last)s: %(count)s, %(part)s of the first step.") % words


def _said_of_heat(rows: Sequence[HeatRow], columns: Sequence[Text]) -> str:
    cells = [
        (value, row.label, column)
        for row in rows
        for column, value in zip(columns, row.values, strict=True)
        if value is not None
    ]
    if not cells:
        return _("No figures yet.")
    value, row, column = max(cells, key=lambda cell: cell[0])
    return _("Largest: %(label)s, %(value)s") % {"label": f"{row}, {column}", "value": _share(value)}
