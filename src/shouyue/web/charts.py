"""Charts drawn on the server: SVG whose every number is an attribute, and the table that says the same.

A chart is drawn once for each of a few widths; the style sheet shows the one that fits, so that letters keep their
size. Colours come from classes (`is-met` …), never from the drawing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouyue.web import format as shown
from shouyue.web.drawing import Drawing, Text
from shouyue.web.scales import Scale, centered, share_scale, shortened, text_width, thinned, zero_scale
from shouyue.web.states import LOOKS

WIDTHS = (("compact", 280), ("middle", 480), ("wide", 760), ("broad", 1100))
_TALL = {"wide", "broad"}
_EDGE = 8  # px kept free at both sides


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its table: the same figures twice. Each of `rows` has one text per column."""

    title: Text
    svg: SafeString
    columns: list[Text]
    rows: list[list[Text]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One share in [0, 1] of one period or group.

    low, high: the interval of a drawn sample; both None for a census, which has no sampling error.
    value: None when there is nothing to show (no answers, an incomplete window). size: what it is a share of.
    state: met, at_risk, missed, undetermined, not_due or not_measured.
    """

    label: Text
    value: float | None
    low: float | None = None
    high: float | None = None
    state: str = "undetermined"
    size: int | None = None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The interval; None for a census or a missing value."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return self.low, self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar. value: any number >= 0; shown: how it is written; tone: jade, amber, seal, slate or quiet."""

    label: Text
    value: float
    shown: str
    tone: str = "slate"


def interval_chart(point: Point, *, target: float | None, title: Text) -> Chart:
    """One share with its interval against a target, on a scale around them."""
    scale = share_scale(_values([point], target))
    return chart_of(
        title,
        _said(point, target),
        draw=lambda drawing: _draw_interval(drawing, point, target, scale),
        height=lambda _name: 62,
        table=(_columns(target), [_row(point, target)]),
    )


def trend_chart(points: Sequence[Point], *, target: float | None, title: Text, is_banded: bool = False) -> Chart:
    """A share by period: samples with their intervals, censuses as diamonds without; the target as a broken line.

    is_banded: the intervals of neighbouring samples as one band, for series too long for separate ones.
    """
    scale = share_scale(_values(points, target))
    last = next((point for point in reversed(points) if point.value is not None), None)
    return chart_of(
        title,
        _("No figures yet.") if last is None else _said(last, target),
        draw=lambda drawing: _draw_trend(drawing, points, target, scale, is_banded=is_banded),
        height=lambda name: 190 if name in _TALL else 150,
        table=(_columns(target), [_row(point, target) for point in points]),
    )


def bar_chart(bars: Sequence[Bar], *, title: Text, label: Text, value: Text) -> Chart:
    """Lying bars with their labels: for groups. `label` and `value` head the table's columns."""
    scale = zero_scale([bar.value for bar in bars])
    return chart_of(
        title,
        _said_of_bars(bars),
        draw=lambda drawing: _draw_bars(drawing, bars, scale),
        height=lambda _name: _ROW * max(len(bars), 1) + 4,
        table=([label, value], [[bar.label, bar.shown] for bar in bars]),
    )


def column_chart(bars: Sequence[Bar], *, title: Text, label: Text, value: Text) -> Chart:
    """Standing bars from left to right: for amounts by month or quarter."""
    scale = zero_scale([bar.value for bar in bars])
    return chart_of(
        title,
        _said_of_bars(bars),
        draw=lambda drawing: _draw_columns(drawing, bars, scale),
        height=lambda name: 180 if name in _TALL else 140,
        table=([label, value], [[bar.label, bar.shown] for bar in bars]),
    )


Table = tuple[list[Text], list[list[Text]]]


def chart_of(
    title: Text, said: str, *, draw: Callable[[Drawing], None], height: Callable[[str], int], table: Table
) -> Chart:
    """A chart of any kind, drawn for each width. said: its point, in a sentence. height: px by the name of a width."""
    drawings = [Drawing(name, width, height(name)) for name, width in WIDTHS]
    for drawing in drawings:
        draw(drawing)
    svg = format_html_join("", "{}", ((drawing.svg(title, said),) for drawing in drawings))
    return Chart(title, svg, *table)


def _values(points: Sequence[Point], target: float | None) -> list[float]:
    found = [value for point in points for value in (point.value, *(point.bounds or ())) if value is not None]
    return found if target is None else [*found, target]


# --- one share against its target ---------------------------------------------------------------------------------


def _draw_interval(drawing: Drawing, point: Point, target: float | None, scale: Scale) -> None:
    start, end, y = _EDGE, drawing.width - _EDGE, 32.0
    drawing.line("axis", x1=start, y1=y, x2=end, y2=y)
    _label_ends(drawing, target, scale)
    if target is not None:
        x = scale.at(target, start, end)
        drawing.line("target", x1=x, y1=8, x2=x, y2=46)
    if point.value is None:
        return
    with drawing.group(f"is-{point.state}", _said(point, target)) as group:
        if point.bounds:
            low, high = (scale.at(bound, start, end) for bound in point.bounds)
            group.rect("band", x=low, y=y - 6, width=high - low, height=12, r=6)
            group.line("whisker", x1=low, y1=y - 10, x2=low, y2=y + 10)
            group.line("whisker", x1=high, y1=y - 10, x2=high, y2=y + 10)
        _mark(group, point, x=scale.at(point.value, start, end), y=y, r=6)
    number = shown.percent(point.value)
    x = centered(scale.at(point.value, start, end), number, start, end)
    drawing.text(number, x=x, y=15, anchor="middle", look="strong")


def _label_ends(drawing: Drawing, target: float | None, scale: Scale) -> None:
    """Both ends of the axis and the target under it; an end that the target's words would touch stays unwritten."""
    start, end, y = _EDGE, drawing.width - _EDGE, 59
    low, high = (shown.percent(bound, 0) + "%" for bound in (scale.low, scale.high))
    taken = (float(end), float(start))
    if target is not None:
        words = _("Target %(share)s%%") % {"share": shown.percent(target, 0 if round(target * 100, 6) % 1 == 0 else 1)}
        x = centered(scale.at(target, start, end), words, start, end)
        taken = (x - text_width(words) / 2 - 6, x + text_width(words) / 2 + 6)
        drawing.text(words, x=x, y=y, anchor="middle", look="strong")
    if target is None or start + text_width(low) < taken[0]:
        drawing.text(low, x=start, y=y)
    if target is None or end - text_width(high) > taken[1]:
        drawing.text(high, x=end, y=y, anchor="end")


def _mark(drawing: Drawing, point: Point, *, x: float, y: float, r: float) -> None:
    if point.bounds is None:
        drawing.diamond("census-mark", x=x, y=y, r=r)
    else:
        drawing.circle("dot-mark", x=x, y=y, r=r)


# --- a share by period --------------------------------------------------------------------------------------------


def _draw_trend(
    drawing: Drawing, points: Sequence[Point], target: float | None, scale: Scale, *, is_banded: bool
) -> None:
    left, right, top, bottom = 44.0, drawing.width - _EDGE, 12.0, drawing.height - 26.0
    _draw_levels(drawing, target, scale)
    room = (right - left) / max(len(points), 1)
    centres = [left + room * (i + 0.5) for i in range(len(points))]
    if is_banded:
        _draw_band(drawing, points, centres, span=(bottom, top), scale=scale)
    for (x1, one), (x2, two) in pairwise(zip(centres, points, strict=True)):
        # A sample and a census are different measurements: no line suggests that one became the other.
        if one.value is not None and two.value is not None and (one.bounds is None) == (two.bounds is None):
            drawing.path("thread", [(x1, scale.at(one.value, bottom, top)), (x2, scale.at(two.value, bottom, top))])
    if target is not None:
        y = scale.at(target, bottom, top)
        drawing.line("target", x1=left, y1=y, x2=right, y2=y)
    for x, point in zip(centres, points, strict=True):
        with drawing.group(f"is-{point.state}", _said(point, target)) as group:
            group.rect("catch", x=x - room / 2, y=top, width=room, height=bottom - top)
            _draw_point(group, point, x=x, span=(bottom, top), scale=scale, is_banded=is_banded)
    label_below(drawing, [str(point.label) for point in points], centres, last_look="strong")


def _draw_band(
    drawing: Drawing, points: Sequence[Point], centres: Sequence[float], *, span: tuple[float, float], scale: Scale
) -> None:
    """Between neighbours only: where a period has no interval the band ends, and nothing is guessed across it."""
    for (x1, one), (x2, two) in pairwise(zip(centres, points, strict=True)):
        if one.bounds and two.bounds:
            (low1, high1), (low2, high2) = one.bounds, two.bounds
            corners = [(x1, low1), (x1, high1), (x2, high2), (x2, low2)]
            drawing.path("area", [(x, scale.at(value, *span)) for x, value in corners])


def _draw_point(
    drawing: Drawing, point: Point, *, x: float, span: tuple[float, float], scale: Scale, is_banded: bool
) -> None:
    bottom, top = span
    if point.value is None:
        drawing.line("missing", x1=x - 4, y1=bottom - 4, x2=x + 4, y2=bottom - 4)
        return
    if point.bounds and not is_banded:
        low, high = (scale.at(bound, bottom, top) for bound in point.bounds)
        drawing.rect("band", x=x - 4, y=high, width=8, height=max(low - high, 1.5), r=2)
    _mark(drawing, point, x=x, y=scale.at(point.value, bottom, top), r=4.5)


def _draw_levels(drawing: Drawing, target: float | None, scale: Scale) -> None:
    """Round shares at the left, the target among them in strong; a level too near the target stays unwritten."""
    left, right, top, bottom = 44.0, drawing.width - _EDGE, 12.0, drawing.height - 26.0
    goal = None if target is None else scale.at(target, bottom, top)
    if target is not None and goal is not None:
        words = shown.percent(target, 0 if round(target * 100, 6) % 1 == 0 else 1) + "%"
        drawing.text(words, x=left - 8, y=goal + 4, anchor="end", look="strong")
    for tick in scale.ticks:
        y = scale.at(tick, bottom, top)
        drawing.line("axis", x1=left, y1=y, x2=right, y2=y)
        if goal is None or abs(y - goal) > 14:
            drawing.text(shown.percent(tick, 0) + "%", x=left - 8, y=y + 4, anchor="end")


def label_below(drawing: Drawing, labels: list[str], centres: list[float], *, last_look: str = "label") -> None:
    """As many of the labels as fit, each under its centre."""
    room = centres[1] - centres[0] if len(centres) > 1 else float(drawing.width)
    places = [centered(centre, label, 0, drawing.width) for centre, label in zip(centres, labels, strict=True)]
    # The last one always shows and is moved in from the edge: it may then need the place of the one before.
    free_up_to = places[-1] - text_width(labels[-1]) / 2 if labels else 0.0
    for i, is_written in enumerate(thinned(labels, room)):
        is_last = i == len(labels) - 1
        if is_written and (is_last or places[i] + text_width(labels[i]) / 2 < free_up_to):
            x = places[i]
            look = last_look if is_last else "label"
            drawing.text(labels[i], x=x, y=drawing.height - 7, anchor="middle", look=look)


# --- bars ---------------------------------------------------------------------------------------------------------

_ROW = 28


def _draw_bars(drawing: Drawing, bars: Sequence[Bar], scale: Scale) -> None:
    names = min(max((text_width(str(bar.label)) for bar in bars), default=0) + 4, drawing.width * 0.4)
    numbers = max((text_width(bar.shown) for bar in bars), default=0) + 10
    left, right = names + 8, drawing.width - numbers
    for i, bar in enumerate(bars):
        y = _ROW * i + 2.0
        with drawing.group(f"tone-{bar.tone}", f"{bar.label}: {bar.shown}") as group:
            length = max(scale.at(bar.value, left, right) - left, 1.0)
            group.rect("bar", x=left, y=y + 4, width=length, height=16, r=3)
        drawing.text(shortened(str(bar.label), names), x=0, y=y + 16)
        drawing.text(bar.shown, x=left + length + 6, y=y + 16, look="strong")


def _draw_columns(drawing: Drawing, bars: Sequence[Bar], scale: Scale) -> None:
    top, bottom = 22.0, drawing.height - 26.0
    drawing.line("axis", x1=0, y1=bottom, x2=drawing.width, y2=bottom)
    room = drawing.width / max(len(bars), 1)
    wide = min(room * 0.66, 44)
    widest = max((text_width(bar.shown) for bar in bars), default=0)
    highest = max((bar.value for bar in bars), default=0)
    centres = [room * (i + 0.5) for i in range(len(bars))]
    for x, bar in zip(centres, bars, strict=True):
        y = scale.at(bar.value, bottom, top)
        with drawing.group(f"tone-{bar.tone}", f"{bar.label}: {bar.shown}") as group:
            group.rect("bar", x=x - wide / 2, y=y, width=wide, height=bottom - y, r=2)
        if widest + 4 <= room or bar.value == highest:
            drawing.text(bar.shown, x=centered(x, bar.shown, 0, drawing.width), y=y - 6, anchor="middle", look="strong")
    label_below(drawing, [str(bar.label) for bar in bars], centres)


# --- the same in words --------------------------------------------------------------------------------------------


def _columns(target: float | None) -> list[Text]:
    goal: list[Text] = [] if target is None else [gettext_lazy("Target")]
    return [
        gettext_lazy("Period"),
        gettext_lazy("Value"),
        gettext_lazy("Interval"),
        gettext_lazy("Base"),
        *goal,
        gettext_lazy("State"),
    ]


def _row(point: Point, target: float | None) -> list[Text]:
    value = shown.NOTHING if point.value is None else shown.percent(point.value) + "%"
    census = shown.NOTHING if point.value is None else _("counted, no interval")
    bounds = shown.interval(point.bounds) if point.bounds else census
    goal: list[Text] = [] if target is None else [shown.percent(target) + "%"]
    return [point.label, value, bounds, shown.count(point.size), *goal, LOOKS[point.state].word]


def _said(point: Point, target: float | None) -> str:
    """The point in one sentence: what a tooltip and a screen reader say."""
    words = {
        "period": point.label,
        "value": shown.percent(point.value),
        "interval": shown.interval(point.bounds),
        "state": LOOKS[point.state].word,
        "target": shown.percent(target),
    }
    if point.value is None:
        return _("%(period)s: no figure, %(state)s") % words
    if target is None and point.bounds:
        return _("%(period)s: %(value)s%%, interval %(interval)s") % words
    if target is None:
        return _("%(period)s: %(value)s%%, everybody counted") % words
    if point.bounds:
        return _("%(period)s: %(value)s%%, interval %(interval)s, target %(target)s%%, %(state)s") % words
    return _("%(period)s: %(value)s%%, everybody counted, target %(target)s%%, %(state)s") % words


def _said_of_bars(bars: Sequence[Bar]) -> str:
    if not bars:
        return _("No figures yet.")
    largest = max(bars, key=lambda bar: bar.value)
    return _("Largest: %(label)s, %(value)s") % {"label": largest.label, "value": largest.shown}
