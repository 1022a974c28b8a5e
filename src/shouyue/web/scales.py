"""Geometry of charts: where a value stands, which round numbers mark an axis, which labels fit. Plain arithmetic."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LETTER_PX = 6.6  # a digit or Latin letter of the 12 px face; Chinese takes a full em
HANZI_PX = 12.0
_SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_SPAN_MIN = 0.1  # a tighter axis would make noise look like news
_MARKS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high` (low < high) with its round marks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float, start: float, end: float) -> float:
        """Where `value` stands between the coordinates `start` and `end`; what lies outside is clipped to the edge."""
        part = (value - self.low) / (self.high - self.low)
        return start + (end - start) * min(max(part, 0.0), 1.0)


def share_scale(values: Sequence[float]) -> Scale:
    """An axis for shares that holds all `values` (in [0, 1]) with room around them, within 0 and 1."""
    if not values:
        return Scale(0.0, 1.0, (0.0, 0.5, 1.0))
    lowest, highest = min(values), max(values)
    room = max((highest - lowest) * 0.1, (_SPAN_MIN - (highest - lowest)) / 2, 0.005)
    lowest, highest = max(lowest - room, 0.0), min(highest + room, 1.0)
    step = next((s for s in _SHARE_STEPS if (highest - lowest) / s <= _MARKS), _SHARE_STEPS[-1])
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    ticks = tuple(round(step * i, 4) for i in range(first, last + 1))
    ticks = tuple(t for t in ticks if 0.0 <= t <= 1.0)
    return Scale(max(step * first, 0.0), min(step * last, 1.0), ticks)


def zero_scale(values: Sequence[float]) -> Scale:
    """An axis from zero to a round number above the largest of `values` (all >= 0)."""
    top = max(values, default=0.0)
    if top < 1e-9:  # nothing that a screen could show
        return Scale(0.0, 1.0, (0.0, 1.0))
    magnitude = 10.0 ** math.floor(math.log10(top))
    nice = next(m * magnitude for m in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if m * magnitude >= top * (1 - 1e-9))
    return Scale(0.0, nice, (0.0, nice / 2, nice))


def text_width(words: str) -> float:
    """About how wide the text is in the charts' 12 px face, in px."""
    return sum(HANZI_PX if unicodedata.east_asian_width(c) in "WF" else LETTER_PX for c in words)


def shortened(words: str, width: float) -> str:
    """The text, cut with an ellipsis when it is wider than `width` px."""
    if text_width(words) <= width:
        return words
    kept = words
    while kept and text_width(kept + "…") > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def thinned(labels: Sequence[str], room: float) -> list[bool]:
    """Which labels to write when each has `room` px: every n-th, counted from the last, which always shows."""
    widest = max((text_width(label) for label in labels), default=0.0) + 8
    every = max(1, math.ceil(widest / room)) if room > 0 else max(1, len(labels))
    return [(len(labels) - 1 - i) % every == 0 for i in range(len(labels))]


def centered(middle: float, words: str, low: float, high: float) -> float:
    """The middle of a centred text, moved so that the text stays between `low` and `high`."""
    half = text_width(words) / 2
    return min(max(middle, low + half), max(high - half, low + half))
