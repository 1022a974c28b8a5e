"""The matrix of duties: who owes what, on which days, and where each of them stands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.filings.models import Filing
from shouyue.agreement.filings.rules.calendar import all_due
from shouyue.agreement.filings.rules.standing import NOT_PERFORMED, Standing, days_late, standing
from shouyue.agreement.terms.public import Agreement

TONES = {"done": "jade", "late": "amber", "overdue": "seal", "at_risk": "amber", "open": "slate", "to_come": "quiet"}
WORDS: dict[str, str | Promise] = {
    "done": _("Done"),
    "late": _("Done late"),
    "overdue": _("Overdue"),
    "at_risk": _("At risk"),
    "open": _("Running"),
    "to_come": _("To come"),
}


_ENDED = frozenset({Standing.DONE, Standing.LATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """One due day of a duty. month: of the contract. filings: what was filed for it, oldest first."""

    code: str
    clause: str
    title: str
    owner: str
    due_on: date
    started_on: date
    month: int
    standing: Standing
    days_late: int
    filings: list[Filing]

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def word(self) -> str:
        return str(WORDS[self.standing])

    @property
    def is_not_performed(self) -> bool:
        return self.standing in NOT_PERFORMED

    @property
    def key(self) -> str:
        """How a form names it: "results_used@2026-03-31"."""
        return f"{self.code}@{self.due_on.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One dated duty. months: for each month of the contract its due day in it, or None."""

    code: str
    clause: str
    title: str
    owner: str
    cadence: str
    days: list[DueDay]
    months: list[DueDay | None]


def matrix(agreement: Agreement, *, months: int, on: date) -> list[MatrixRow]:
    """Every dated duty with all its due days, in the order of the contract. Two questions, however many duties."""
    found: dict[tuple[str, date], list[Filing]] = defaultdict(list)
    filed = Filing.objects.filter(obligation__agreement=agreement).select_related("obligation", "filed_by")
    for filing in filed:
        found[filing.obligation.code, filing.due_on].append(filing)
    term, plans = agreement.as_term(), [phase.as_plan() for phase in agreement.phases.all()]
    rows = []
    for duty in agreement.obligations.filter(measure="").select_related("clause").order_by("order"):
        days = []
        for due in all_due(duty.as_rhythm(), term, plans):
            filings = found[duty.code, due.on]
            done = [filing.done_on for filing in filings]
            days.append(
                DueDay(
                    code=duty.code,
                    clause=duty.clause.number,
                    title=duty.title,
                    owner=duty.owner,
                    due_on=due.on,
                    started_on=due.started,
                    month=due.month,
                    standing=standing(due=due.on, started=due.started, done=done, on=on),
                    days_late=days_late(due=due.on, done=done, on=on),
                    filings=filings,
                )
            )
        by_month = {day.month: day for day in days}
        rows.append(
            MatrixRow(
                code=duty.code,
                clause=duty.clause.number,
                title=duty.title,
                owner=duty.owner,
                cadence=str(duty.get_cadence_display()),
                days=days,
                months=[by_month.get(month) for month in range(1, months + 1)],
            )
        )
    return rows


def due_days(agreement: Agreement, *, on: date) -> list[DueDay]:
    """Every due day of every dated duty, the earliest first."""
    rows = matrix(agreement, months=0, on=on)
    return sorted((day for row in rows for day in row.days), key=lambda day: (day.due_on, day.code))


def due_day(agreement: Agreement, code: str, due_on: date, *, on: date) -> DueDay | None:
    """One due day; None when the duty is not due on that day."""
    return next((day for day in due_days(agreement, on=on) if (day.code, day.due_on) == (code, due_on)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStanding:
    """Where a dated duty stands: the due day that counts now, and how many of those that have passed were kept."""

    day: DueDay
    kept: int
    passed: int


def dated_standings(agreement: Agreement, *, on: date) -> dict[str, DatedStanding]:
    """By the duty's code. An overdue day counts before the one whose time runs; else the latest one that has begun."""
    found = {}
    for row in matrix(agreement, months=0, on=on):
        begun = [day for day in row.days if day.standing is not Standing.TO_COME]
        if not row.days:
            continue
        overdue = [day for day in begun if day.standing is Standing.OVERDUE]
        passed = [day for day in begun if day.due_on < on or day.standing in _ENDED]
        found[row.code] = DatedStanding(
            day=(overdue or begun[-1:] or row.days[:1])[0],
            kept=sum(day.standing is Standing.DONE for day in passed),
            passed=len(passed),
        )
    return found
