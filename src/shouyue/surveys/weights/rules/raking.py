"""Answers of a closed wave weighted to its frozen margins: reached within 1e-6, or refused with the reason.

Weight of an answer = design weight x non-response (customers of its stratum over the stratum's answers), then raked to
the margins and, in the same iteration, kept below the frozen bound (`estimates/rules/designs.py`, by svy). Refused
raking leaves the weights of the draw, and nothing is concluded from them. Else Korn-Graubard decides, as of all
weighted waves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from shouyue.surveys.estimates.rules.designs import (
    Design,
    Estimate,
    Label,
    UnreachableError,
    Weighting,
    decision_share,
    kish_effect,
    weights_after,
)
from shouyue.surveys.weights.rules.margins import Margins

# A margin counts as reached when the weighted share is no further from the known one.
REACHED = 1e-6
# svy keeps a bound within its tolerance of 1e-9.
_BOUND_SLACK = 1 + 1e-8


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Answers that are alike in stratum and in every attribute of the margins: how many, and how many are satisfied."""

    stratum: str
    labels: tuple[str, ...]
    asked: int
    kept: int


@dataclass(frozen=True, slots=True)
class MarginLine:
    """One category: its known share, its share of the answers, and its share of the weights."""

    attribute: str
    category: str
    known: float
    unweighted: float
    weighted: float

    @property
    def difference(self) -> float:
        return self.weighted - self.known

    @property
    def is_reached(self) -> bool:
        return abs(self.difference) <= REACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Raked:
    """What raking came to. refusal: "" where the margins are reached and the bound is kept, else why not.

    "empty": a category without answers (`missing` names it); "unreached": no weights reach all margins, or not within
    1,000 rounds; "bound": only weights above the bound do. weights: of an answer in each cell, those that stand.
    drawn: the estimate by the weights of the draw; estimate: by those that stand. before: smallest and largest weight
    as raked without the bound; after: as they stand. trimmed: answers whose weight the bound lowered.
    """

    refusal: str
    missing: tuple[str, str] | None
    cells: tuple[Cell, ...]
    weights: tuple[float, ...]
    lines: tuple[MarginLine, ...]
    largest: float
    before: tuple[float, float]
    after: tuple[float, float]
    trimmed: int
    kish: float
    drawn: Estimate
    estimate: Estimate


def cells_of(answers: Sequence[tuple[str, tuple[str, ...], bool]]) -> tuple[Cell, ...]:
    """Stratum, labels and whether satisfied of each answer -> cells, in their order."""
    asked = Counter((stratum, labels) for stratum, labels, _kept in answers)
    kept = Counter((stratum, labels) for stratum, labels, is_kept in answers if is_kept)
    return tuple(sorted(Cell(*place, number, kept[place]) for place, number in asked.items()))


@lru_cache(maxsize=64)
def raked(cells: tuple[Cell, ...], sizes: tuple[tuple[str, int], ...], margins: Margins, risk: Fraction) -> Raked:
    """Rake the answers of a wave. cells: at least one answer; sizes: customers of each stratum of the frame.

    Remembered, for a closed wave says the same every time it is asked.
    """
    strata, level = dict(sizes), float(1 - 2 * risk)
    design, kept = drawn_design(cells, strata), kept_of(cells)
    whole = sum(strata.values())
    largest = margins.largest_times * whole / len(kept)
    missing = _silent(cells, margins)
    fit = _Fit("empty", design.weights) if missing else _fitted(design, cells, margins, whole=whole, largest=largest)
    weights = design.weights if fit.refusal else fit.weights
    drawn = decision_share(kept, design, level=level)
    return Raked(
        refusal=fit.refusal,
        missing=missing,
        cells=cells,
        weights=_of_cells(weights, cells),
        lines=_lines(cells, weights, margins),
        largest=largest,
        before=(min(fit.free), max(fit.free)),
        after=(min(weights), max(weights)),
        trimmed=0 if fit.refusal else sum(weight > largest * _BOUND_SLACK for weight in fit.free),
        kish=kish_effect(weights),
        drawn=drawn,
        # The weights are taken as given: that margins explain answers makes the interval no narrower, or else two
        # answers, one of each category, could decide.
        estimate=drawn if fit.refusal else decision_share(kept, replace(design, weights=weights), level=level),
    )


def draw_weights(strata: Mapping[str, int], answered: Mapping[str, int]) -> dict[str, float]:
    """How many customers an answer of each stratum stands for: the stratum's size over its answers."""
    return {name: strata[name] / number for name, number in answered.items() if number}


def drawn_design(cells: Sequence[Cell], strata: Mapping[str, int]) -> Design:
    """The answers, cell by cell, with the weights of the draw. strata: customers of each.

    Strata of one answer cannot show their spread: they are joined with the smallest other one.
    """
    answered = Counter[str]()
    for cell in cells:
        answered[cell.stratum] += cell.asked
    weights = draw_weights(strata, answered)
    lonely = {name for name, number in answered.items() if number == 1}
    partner = min((name for name in answered if name not in lonely), key=lambda name: strata[name], default="")
    strata_of = [cell.stratum for cell in cells for _ in range(cell.asked)]
    labels = [partner if name in lonely else name for name in strata_of]
    return Design(weights=[weights[name] for name in strata_of], strata=labels if len(answered) > 1 else None)


def kept_of(cells: Sequence[Cell]) -> list[bool]:
    """Whether each answer is satisfied, cell by cell."""
    return [place < cell.kept for cell in cells for place in range(cell.asked)]


@dataclass(frozen=True, slots=True)
class _Fit:
    """free: weights without the bound; weights: within it, none if refused."""

    refusal: str
    free: Sequence[float]
    weights: Sequence[float] = ()


def _fitted(design: Design, cells: Sequence[Cell], margins: Margins, *, whole: int, largest: float) -> _Fit:
    labels: dict[str, list[Label]] = {
        name: [cell.labels[place] for cell in cells for _ in range(cell.asked)]
        for place, name in enumerate(margins.attributes)
    }
    totals: dict[str, dict[Label, float]] = {
        name: {category: float(part * whole) for category, part in told.items()}
        for name, told in margins.shares().items()
    }
    try:
        free = weights_after(design, Weighting(labels, totals))
    except UnreachableError:
        return _Fit("unreached", design.weights)
    is_within = max(free) <= largest * _BOUND_SLACK
    try:
        weights = free if is_within else weights_after(design, Weighting(labels, totals, largest))
    except UnreachableError:
        return _Fit("bound", free)
    # What another library reports is believed after a look of our own.
    if max(weights) > largest * _BOUND_SLACK or not all(one.is_reached for one in _lines(cells, weights, margins)):
        return _Fit("unreached" if is_within else "bound", free)
    return _Fit("", free, weights)


def _silent(cells: Sequence[Cell], margins: Margins) -> tuple[str, str] | None:
    """The first category of which nobody answered."""
    for place, (name, categories) in enumerate(margins.values):
        heard = {cell.labels[place] for cell in cells}
        for category, _text in categories:
            if category not in heard:
                return name, category
    return None


def _lines(cells: Sequence[Cell], weights: Sequence[float], margins: Margins) -> tuple[MarginLine, ...]:
    whole, count = sum(weights), len(weights)
    each = _of_cells(weights, cells)
    found = []
    for place, (name, known) in enumerate(margins.shares().items()):
        for category, part in known.items():
            at = [n for n, cell in enumerate(cells) if cell.labels[place] == category]
            asked = sum(cells[n].asked for n in at)
            weight = sum(cells[n].asked * each[n] for n in at)
            found.append(MarginLine(name, category, float(part), asked / count, weight / whole))
    return tuple(found)


def _of_cells(weights: Sequence[float], cells: Sequence[Cell]) -> tuple[float, ...]:
    """Answers of a cell are alike, so the first one's weight is that of all."""
    found, place = [], 0
    for cell in cells:
        found.append(weights[place])
        place += cell.asked
    return tuple(found)
