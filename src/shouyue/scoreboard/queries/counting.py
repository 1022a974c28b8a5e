"""Where each measure's counts come from: one function for each measure that is built."""

from collections.abc import Callable, Iterator
from functools import partial

from shouyue.agreement import public as agreements
from shouyue.purchases import public as purchases
from shouyue.scoreboard.rules.counts import MeasureCount, Purchase, repurchase_counts, retention_counts
from shouyue.scoreboard.rules.verdict import Basis
from shouyue.surveys import public as surveys


def counts(measure: str, scope: agreements.Scope) -> list[MeasureCount]:
    """What was counted for a measure, by quarter, oldest first; empty for a measure that is not built yet.

    What this room does not count itself comes from the room that offers it to the agreement.
    """
    if count := _COUNTED.get(measure):
        return count(scope)
    offered = agreements.offered_counts(measure)
    return [
        MeasureCount(
            one.quarter,
            one.kept,
            one.asked,
            Basis.SAMPLE if one.is_sample else Basis.CENSUS,
            one.quarter.last_day <= scope.as_of,
            dict(one.details),
        )
        for one in (offered(scope) if offered else ())
    ]


def is_built(measure: str) -> bool:
    """Whether the product counts this measure already."""
    return measure in _COUNTED or agreements.offered_counts(measure) is not None


def _answered(measure: str, scope: agreements.Scope) -> list[MeasureCount]:
    found = []
    quarters = surveys.answers_by_quarter(measure)
    readings = surveys.drawn_readings([one.wave_id for one in quarters])
    for answers in quarters:
        # A closed wave takes no more answers; others are judged once their quarter is over.
        is_due = answers.wave_id in readings or answers.quarter.last_day <= scope.as_of
        basis = _BASIS[answers.kind]
        details: dict[str, object] = {"by_score": list(answers.by_score), "source": answers.source}
        if answers.wave_id in readings:
            details["wave"] = str(answers.wave_id)
        if answers.invited is not None:
            details["invited"] = answers.invited
        found.append(
            MeasureCount(
                answers.quarter, answers.kept, answers.asked, basis, is_due, details, readings.get(answers.wave_id)
            )
        )
    return found


def _repurchase(scope: agreements.Scope) -> list[MeasureCount]:
    window = int(str(scope.parameters["window_days"]))
    return repurchase_counts(_orders(scope.zone), window_days=window, as_of=scope.as_of)


def _retention(scope: agreements.Scope) -> list[MeasureCount]:
    return retention_counts(_orders(scope.zone), as_of=scope.as_of)


def _surveyed(scope: agreements.Scope) -> list[MeasureCount]:
    """Whether each quarter of the term that has ended has a closed satisfaction survey."""
    surveyed = {answers.quarter for answers in surveys.answers_by_quarter("satisfaction")}
    ended = [quarter for quarter in scope.quarters() if quarter.last_day <= scope.as_of]
    return [MeasureCount(quarter, int(quarter in surveyed), 1, Basis.CENSUS, True) for quarter in ended]


def _orders(zone: str) -> Callable[[bool], Iterator[Purchase]]:
    return lambda without_cancelled: purchases.purchase_days(zone=zone, without_cancelled=without_cancelled)


_BASIS = {"drawn": Basis.SAMPLE, "as_found": Basis.AS_FOUND, "census": Basis.CENSUS}
_COUNTED: dict[str, Callable[[agreements.Scope], list[MeasureCount]]] = {
    "satisfaction": partial(_answered, "satisfaction"),
    "loyalty_survey": partial(_answered, "loyalty_survey"),
    "repurchase": _repurchase,
    "retention": _retention,
    "survey_rhythm": _surveyed,
}
