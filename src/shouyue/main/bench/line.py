"""The shape of one measurement."""

from typing import Literal, TypedDict


class Line(TypedDict):
    """One measurement.

    size: rows it was taken at. value and baseline are in `unit`, from the same run; ratio: value / baseline, or
    baseline / value where the words of `what` say "cost". target: the bound that `holds` was judged by, of the
    ratio if there is a baseline, else of the value; None with holds None: reported, not judged.
    """

    bench: str
    what: str
    size: int
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    target: str | None
    holds: bool | None


def line(
    bench: str,
    what: str,
    *,
    size: int,
    value: float,
    unit: str,
    baseline: float | None = None,
    ratio: float | None = None,
    bound: tuple[Literal["<=", ">="], float] | None = None,
) -> Line:
    """A line whose verdict follows from `bound` on the ratio, or on the value where there is none."""
    judged = value if ratio is None else ratio
    holds = None if bound is None else (judged <= bound[1] if bound[0] == "<=" else judged >= bound[1])
    return Line(
        bench=bench,
        what=what,
        size=size,
        value=round(value, 3),
        unit=unit,
        baseline=None if baseline is None else round(baseline, 3),
        ratio=None if ratio is None else round(ratio, 3),
        target=None if bound is None else f"{bound[0]} {bound[1]:g}",
        holds=holds,
    )
