"""The plans as they stand on a day: the version that holds, the one that waits, each measure with its deliveries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.agreement.filings.public import TONES, WORDS
from shouyue.agreement.plans.models import PlanDelivery, PlanVersion
from shouyue.agreement.plans.rules.measures import PlannedMeasure, Standing, due_on, lateness_of, standing_of
from shouyue.agreement.terms.public import Agreement, agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """A measure of the plan that holds. months: for each month of the contract "", "runs" or "due"."""

    measure: PlannedMeasure
    due_on: date
    standing: Standing
    days_late: int
    deliveries: list[PlanDelivery]
    months: list[str]

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def word(self) -> str:
        return str(WORDS[self.standing])

    @property
    def is_open(self) -> bool:
        return self.standing not in {Standing.DONE, Standing.LATE}

    def is_owed_by(self, party: str) -> bool:
        return self.measure.owner == party or (self.measure.owner == "both" and party in {"a", "b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """One annex. holding: the latest confirmed version; waiting: a later one that the other party has not confirmed."""

    annex: int
    title: str
    holding: PlanVersion | None
    waiting: PlanVersion | None
    versions: list[PlanVersion]
    measures: list[MeasureView]

    @property
    def budget_fen(self) -> int:
        return sum(view.measure.budget_fen for view in self.measures)

    def waits_for(self, party: str) -> bool:
        return self.waiting is not None and party in {"a", "b"} and self.waiting.by_party != party


def plans_of(signed: Agreement, *, on: date) -> list[PlanView]:
    """Both annexes. Two questions, however many measures."""
    versions: dict[int, list[PlanVersion]] = defaultdict(list)
    rows = PlanVersion.objects.filter(agreement=signed).select_related("confirmation__confirmed_by", "proposed_by")
    for row in rows.order_by("annex", "-version"):
        versions[row.annex].append(row)
    deliveries: dict[tuple[int, str], list[PlanDelivery]] = defaultdict(list)
    for one in PlanDelivery.objects.filter(agreement=signed).select_related("filed_by"):
        deliveries[one.annex, one.key].append(one)
    return [_view(signed, annex, versions[annex.value], deliveries, on) for annex in PlanVersion.Annex]


def plan_of(signed: Agreement, annex: int, *, on: date) -> PlanView | None:
    """One annex; None for another number."""
    return next((view for view in plans_of(signed, on=on) if view.annex == annex), None)


def plan_measures_due(agreement_id: UUID, *, on: date) -> list[tuple[date, bool]]:
    """(due day, delivered in time) of every measure of the plans that hold, the earliest first."""
    views = plans_of(agreement(agreement_id), on=on)
    found = [(one.due_on, one.standing is Standing.DONE) for view in views for one in view.measures]
    return sorted(found)


def _view(
    signed: Agreement,
    annex: PlanVersion.Annex,
    versions: list[PlanVersion],
    deliveries: dict[tuple[int, str], list[PlanDelivery]],
    on: date,
) -> PlanView:
    holding = next((row for row in versions if hasattr(row, "confirmation")), None)
    newest = versions[0] if versions else None
    term, months = signed.as_term(), range(1, signed.months + 1)
    measures = []
    for one in holding.as_measures() if holding else ():
        filed = deliveries[annex.value, one.key]
        done = [delivery.done_on for delivery in filed]
        measures.append(
            MeasureView(
                measure=one,
                due_on=due_on(one, term),
                standing=standing_of(one, term, done, on=on),
                days_late=lateness_of(one, term, done, on=on),
                deliveries=filed,
                months=[_cell(one, month) for month in months],
            )
        )
    return PlanView(
        annex=annex.value,
        title=str(annex.label),
        holding=holding,
        waiting=newest if newest is not None and newest is not holding else None,
        versions=versions,
        measures=measures,
    )


def _cell(measure: PlannedMeasure, month: int) -> str:
    if month == measure.last_month:
        return "due"
    return "runs" if measure.first_month <= month < measure.last_month else ""
