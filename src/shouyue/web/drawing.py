"""One SVG in the making: pieces with numbers as attributes and looks as classes. Escapes every text."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Text = str | Promise


@dataclass(slots=True)
class Drawing:
    """name: the class that the style sheet shows or hides by width. Coordinates are px of the viewBox."""

    name: str
    width: int
    height: int
    pieces: list[SafeString] = field(default_factory=list)

    def svg(self, title: Text, said: str) -> SafeString:
        """The whole drawing with its name and description for those who do not see it."""
        return format_html(
            '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}"><desc>{}</desc>{}</svg>',
            self.name,
            self.width,
            self.height,
            title,
            said,
            _joined(self.pieces),
        )

    @contextmanager
    def group(self, look: str, said: str) -> Iterator["Drawing"]:
        """What belongs together: one colour, one hover label."""
        inner = Drawing(self.name, self.width, self.height)
        yield inner
        self.pieces.append(
            format_html('<g class="point {}"><title>{}</title>{}</g>', look, said, _joined(inner.pieces))
        )

    def line(self, look: str, *, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        self._add('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', look, *map(_n, (x1, y1, x2, y2)))

    def rect(self, look: str, *, x: float, y: float, width: float, height: float, r: float = 0) -> None:
        """A rectangle with corners of radius `r`; a negative size counts as none."""
        numbers = map(_n, (x, y, max(width, 0.0), max(height, 0.0), r))
        self._add('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>', look, *numbers)

    def circle(self, look: str, *, x: float, y: float, r: float) -> None:
        """The mark of a sample."""
        self._add('<circle class="{}" cx="{}" cy="{}" r="{}"/>', look, *map(_n, (x, y, r)))

    def diamond(self, look: str, *, x: float, y: float, r: float) -> None:
        """The mark of a census."""
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        self._add('<polygon class="{}" points="{}"/>', look, " ".join(f"{_n(a)},{_n(b)}" for a, b in corners))

    def path(self, look: str, stops: list[tuple[float, float]]) -> None:
        """A broken line through the stops."""
        self._add('<polyline class="{}" points="{}"/>', look, " ".join(f"{_n(a)},{_n(b)}" for a, b in stops))

    def text(self, words: Text, *, x: float, y: float, anchor: str = "start", look: str = "label") -> None:
        """Words; `anchor` is start, middle or end."""
        self._add('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', look, _n(x), _n(y), anchor, words)

    def _add(self, shape: str, *values: Text) -> None:
        self.pieces.append(format_html(shape, *values))


def _joined(pieces: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
