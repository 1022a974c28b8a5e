"""Compute an agreement's measures and keep what is new; nothing that was said before is rewritten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shouyue.agreement import public as agreements
from shouyue.kernel.clock import day_in
from shouyue.kernel.period import Quarter
from shouyue.kernel.shares import Interval
from shouyue.scoreboard.models import MeasureBook, MeasureResult
from shouyue.scoreboard.queries.counting import counts
from shouyue.scoreboard.rules.counts import MeasureCount, with_changes
from shouyue.scoreboard.rules.verdict import FIVE_PERCENT, Basis, decision_interval, judge
from shouyue.store import facts
from shouyue.store.facts import FactBase

if TYPE_CHECKING:
    from shouyue.agreement.terms.models import Agreement
    from shouyue.agreement.terms.queries import PinnedTarget


@dataclass(frozen=True, kw_only=True)
class MeasuresTaken(FactBase):
    """The measures of an agreement were computed and gave figures that were not there before."""

    agreement_id: UUID
    as_of: date
    results: int


@transaction.atomic
def take_measures(agreement_id: UUID, *, at: datetime, by: str) -> int:
    """Compute every measure of every quarter that has records; returns how many results are new.

    A quarter whose figures, state or definition changed gets the next version. Two calls at once take turns.
    """
    MeasureBook.objects.get_or_create(agreement_id=agreement_id)
    book = MeasureBook.objects.select_for_update().get(agreement_id=agreement_id)
    agreement = agreements.agreement(agreement_id)
    as_of = agreement.standing_day(day_in(agreement.zone, at))
    latest = _latest(agreement_id)
    new = []
    for target, count in _judged_by(agreement, as_of=as_of):
        before = latest.get((target.measure, count.quarter))
        result = _result(agreement_id, target, count, as_of=as_of, at=at)
        if before is None or _said(before) != _said(result):
            result.version = before.version + 1 if before else 1
            new.append(result)
    MeasureResult.objects.bulk_create(new)
    book.as_of, book.computed_at = as_of, at
    book.save(update_fields=["as_of", "computed_at"])
    if new:
        facts.announce(MeasuresTaken(agreement_id=agreement_id, as_of=as_of, results=len(new)), at=at, by=by)
    return len(new)


def take_all_measures(*, at: datetime, by: str) -> int:
    """Compute the measures of every agreement in force; returns how many results are new."""
    return sum(take_measures(one.pk, at=at, by=by) for one in agreements.agreements_in_force())


def _judged_by(agreement: "Agreement", *, as_of: date) -> Iterator[tuple["PinnedTarget", MeasureCount]]:
    """Every counted quarter with the version of the target that held on its first day, counted as that one defines."""
    for newest in agreements.pinned_targets(agreement.pk):
        for target in (newest, *newest.earlier):
            counted = counts(target.measure, _scope(agreement, target, as_of))
            for count in with_changes(counted):
                if newest.on(count.quarter.first_day) is target:
                    yield target, count


def _scope(agreement: "Agreement", target: "PinnedTarget", as_of: date) -> agreements.Scope:
    return agreements.Scope(
        agreement_id=agreement.pk,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        zone=agreement.zone,
        as_of=as_of,
        parameters=target.parameters,
    )


def _latest(agreement_id: UUID) -> Mapping[tuple[str, Quarter], MeasureResult]:
    rows = (
        MeasureResult.objects.filter(agreement_id=agreement_id)
        .order_by("measure", "period", "-version")
        .distinct("measure", "period")
    )
    return {(row.measure, Quarter.parse(row.period)): row for row in rows}


def _result(
    agreement_id: UUID, target: "PinnedTarget", count: MeasureCount, *, as_of: date, at: datetime
) -> MeasureResult:
    # A census has no risk of chance, and its target says 0.
    alpha = Fraction(target.alpha_bp, 10_000) if target.alpha_bp else FIVE_PERCENT
    judged = judge(
        kept=count.kept,
        asked=count.asked,
        p0=target.threshold,
        basis=count.basis,
        is_due=count.is_due,
        alpha=alpha,
        reading=count.reading,
    )
    interval = judged.interval or _so_far(count, alpha)
    return MeasureResult(
        agreement_id=agreement_id,
        measure=target.measure,
        period=count.quarter.label,
        definition_version=target.definition_version,
        as_of=as_of,
        basis=count.basis.value,
        asked=count.asked,
        kept=count.kept,
        threshold_bp=target.threshold_bp,
        alpha_bp=target.alpha_bp,
        state=judged.state.value,
        decision=judged.decision.value if judged.decision else "",
        literal=judged.literal_state.value if judged.literal_state else "",
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        extra_needed=judged.extra_needed,
        details=dict(count.details),
        computed_at=at,
    )


def _so_far(count: MeasureCount, alpha: Fraction) -> Interval | None:
    """Answers of a quarter that is still open have their interval too, though nothing is decided on it."""
    if count.basis is Basis.CENSUS or not count.asked:
        return None
    return decision_interval(count.kept, count.asked, alpha)


def _said(result: MeasureResult) -> tuple[object, ...]:
    """What makes a figure the same figure: all but when it was computed."""
    counted = (result.basis, result.kept, result.asked, result.details)
    return (*counted, result.state, result.threshold_bp, result.alpha_bp, result.definition_version)
