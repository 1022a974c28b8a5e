"""Estimates from weighted answers: designs with strata, clusters and finite populations. The only place that knows svy.

What svy does not do by itself is done here: its logit interval is not a number when everybody agrees (the exact
Korn-Graubard one is given instead), it fails on a single answer and on the design effect of few that agree, raking is
held to 1e-6, bounds on weights are kept by trimming inside the raking, and jackknife weights are not used, because they
ignore the finite population.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import svy

Label = str | int
ShareMethod = Literal["logit", "korn-graubard"]
# A margin is met when no level is further from its count than this share of it.
MARGIN_TOLERANCE = 1e-9
# Shares and errors this close to 0 are 0, but for rounding.
_AGREED = 1e-9


@dataclass(frozen=True, slots=True)
class Design:
    """How the answers were drawn, one entry for each answer.

    weights: how many customers an answer stands for, > 0. strata, clusters, subclusters: labels; None: there are none.
    populations: size of the finite population of the first stage in the answer's stratum (customers, or clusters
    where clusters were drawn); None: drawn with replacement or from a population without end.
    subpopulations: the same for the second stage.
    """

    weights: Sequence[float]
    strata: Sequence[Label] | None = None
    clusters: Sequence[Label] | None = None
    subclusters: Sequence[Label] | None = None
    populations: Sequence[float] | None = None
    subpopulations: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Weighting:
    """Cells or margins that the weights shall reach, and bounds that they keep.

    margins: for each name, the label of each answer. totals: for each name, customers at each label. One name:
    post-stratification; several: raking. largest: no weight above this; None: no trimming.
    """

    margins: Mapping[str, Sequence[Label]] = field(default_factory=dict)
    totals: Mapping[str, Mapping[Label, float]] = field(default_factory=dict)
    largest: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error, its interval and the degrees of freedom behind it.

    design_effect: variance against a simple sample of as many answers (`without` replacement: as Kish defines it);
    None where the answers do not vary.
    """

    value: float
    error: float
    low: float
    high: float
    degrees: int
    design_effect: float | None = None


def mean(
    values: Sequence[float], design: Design, *, weighting: Weighting | None = None, level: float = 0.95
) -> Estimate:
    """The mean over the population, by linearisation; design effect against a sample with replacement.

    Source: svy; R survey's api examples in tests/cases.
    """
    sample = _sample(design, weighting, {"value": values})
    return _estimate(sample.estimation.mean("value", deff="wr", alpha=1 - level))


def effect_without_replacement(values: Sequence[float], design: Design) -> float:
    """Kish's design effect of a mean; the weights must count the population."""
    found = _estimate(_sample(design, None, {"value": values}).estimation.mean("value", deff="wor")).design_effect
    if found is None:
        raise ValueError("answers that do not vary have no design effect")
    return found


def total(
    values: Sequence[float], design: Design, *, weighting: Weighting | None = None, level: float = 0.95
) -> Estimate:
    """The sum over the population."""
    return _estimate(_sample(design, weighting, {"value": values}).estimation.total("value", alpha=1 - level))


def ratio(
    above: Sequence[float], below: Sequence[float], design: Design, *, weighting: Weighting | None = None
) -> Estimate:
    """The ratio of two sums over the population."""
    return _estimate(_sample(design, weighting, {"above": above, "below": below}).estimation.ratio("above", "below"))


def median(values: Sequence[float], design: Design, *, weighting: Weighting | None = None) -> Estimate:
    """The median over the population."""
    return _estimate(_sample(design, weighting, {"value": values}).estimation.median("value"))


def share(
    kept: Sequence[bool],
    design: Design,
    *,
    weighting: Weighting | None = None,
    level: float = 0.95,
    method: ShareMethod = "logit",
) -> Estimate:
    """The share of the population that keeps. logit for display, Korn-Graubard for decisions.

    Where all answers agree the logit interval does not exist: the Korn-Graubard one is returned. One answer alone shows
    no spread: anything may be.
    """
    if len(kept) == 1:
        return Estimate(float(kept[0]), inf, 0.0, 1.0, 0)
    sample = _sample(design, weighting, {"value": [1 if one else 0 for one in kept]})
    agree = len(set(map(bool, kept))) == 1
    # With one level only, svy reports that level alone: it is turned round when it is the other one.
    chosen: ShareMethod = "korn-graubard" if agree else method
    effect: Literal["wr"] | None = None if agree else "wr"
    found = _rows(sample.estimation.prop("value", deff=effect, ci_method=chosen, alpha=1 - level))
    row = next((one for one in found if str(getattr(one, "y_level", "")) in ("1", "1.0", "True")), None)
    if row is not None:
        return _estimate_of(row)
    other = _estimate_of(found[0])
    return Estimate(1 - other.value, other.error, 1 - other.high, 1 - other.low, other.degrees, other.design_effect)


def decision_share(kept: Sequence[bool], design: Design, *, level: float) -> Estimate:
    """The share with the interval that decides: Korn-Graubard's, never of more answers than unequal weights leave.

    The error that few answers show by themselves is often far too small, and none at all where they agree or strata
    explain them. So the effective answers are at most n over Kish's effect, as Franco et al. 2019 do at 0 and 1.
    """
    found = share(kept, design, level=level, method="korn-graubard")
    if found.degrees == 0:
        return found
    from scipy.stats import beta

    most, shown = effective_answers(design.weights), _answers_shown(found, len(kept), level)
    if shown <= most:
        return found
    having, outside = most * found.value, (1 - level) / 2
    low = float(beta.ppf(outside, having, most - having + 1)) if having > 0 else 0.0
    high = float(beta.ppf(1 - outside, having + 1, most - having)) if most - having > _AGREED else 1.0
    return replace(found, low=low, high=high)


def weights_after(design: Design, weighting: Weighting) -> list[float]:
    """The weights once they reach the margins (within 1e-9 of each count) and keep the bound, in the order given.

    Raises UnreachableError when no weights do.
    """
    sample = _sample(design, weighting, {})
    return [float(weight) for weight in sample.data.lazy().collect().get_column(str(sample.design.wgt))]


class UnreachableError(ValueError):
    """No weights reach these margins within these bounds."""


def kish_effect(weights: Sequence[float]) -> float:
    """What unequal weights cost: n * sum(w^2) / (sum w)^2, 1 when all are equal (Kish 1965). Weights > 0."""
    if not weights or min(weights) <= 0:
        raise ValueError("weights lie above 0, and there is at least one")
    return len(weights) * sum(weight * weight for weight in weights) / sum(weights) ** 2


def effective_answers(weights: Sequence[float]) -> float:
    """As many equally weighted answers would know as much: n divided by the Kish effect."""
    return len(weights) / kish_effect(weights)


def _answers_shown(found: Estimate, answers: int, level: float) -> float:
    """The effective answers that the error speaks of, by Korn and Graubard 1998; without end where it is none."""
    from scipy.stats import t

    variance = found.value * (1 - found.value)
    if variance <= _AGREED or found.error <= _AGREED:
        return inf
    above = (1 + level) / 2
    return float(variance / found.error**2 * (t.ppf(above, answers - 1) / t.ppf(above, found.degrees)) ** 2)


def _sample(design: Design, weighting: Weighting | None, values: Mapping[str, Sequence[float]]) -> "svy.Sample":
    import polars as pl
    import svy

    columns: dict[str, Sequence[object]] = {
        "weight": [float(weight) for weight in design.weights],
        **{name: list(numbers) for name, numbers in values.items()},
    }
    parts = ("strata", "clusters", "subclusters", "populations", "subpopulations")
    columns |= {name: list(given) for name in parts if (given := getattr(design, name)) is not None}
    margins = weighting.margins if weighting else {}
    columns |= {f"margin {name}": [str(label) for label in labels] for name, labels in margins.items()}
    population: str | svy.PopSize | None = "populations" if "populations" in columns else None
    if "subpopulations" in columns:
        population = svy.PopSize(psu="populations", ssu="subpopulations")
    declared = svy.Design(
        stratum="strata" if "strata" in columns else None,
        psu="clusters" if "clusters" in columns else None,
        ssu="subclusters" if "subclusters" in columns else None,
        wgt="weight",
        pop_size=population,
    )
    sample = svy.Sample(pl.DataFrame(columns), declared)
    return _weighted(sample, weighting) if weighting else sample


def _weighted(sample: "svy.Sample", weighting: Weighting) -> "svy.Sample":
    from svy import TrimConfig
    from svy.errors import SvyError

    trimming = None if weighting.largest is None else TrimConfig(upper=weighting.largest, max_iter=200, min_cell_size=1)
    controls: dict[str, dict[str | int | float | bool, int | float]] = {
        f"margin {name}": {str(label): float(count) for label, count in levels.items()}
        for name, levels in weighting.totals.items()
    }
    try:
        if not controls:
            return sample if weighting.largest is None else sample.weighting.trim(upper=weighting.largest, max_iter=200)
        return sample.weighting.rake(controls=controls, tol=MARGIN_TOLERANCE, max_iter=1000, trimming=trimming)
    except SvyError as refusal:
        raise UnreachableError(str(refusal)) from refusal


def _estimate(found: object) -> Estimate:
    return _estimate_of(_rows(found)[0])


def _rows(found: object) -> Sequence[object]:
    rows: Sequence[object] = getattr(found, "estimates", ())
    return rows


def _estimate_of(row: object) -> Estimate:
    def number(name: str) -> float:
        return float(getattr(row, name))

    effect = getattr(row, "deff", None)
    known = effect is not None and isfinite(float(effect)) and float(effect) > 0
    return Estimate(
        value=number("est"),
        error=number("se"),
        low=number("lci"),
        high=number("uci"),
        degrees=int(getattr(row, "df", 0) or 0),
        design_effect=float(effect) if known and effect is not None else None,
    )
