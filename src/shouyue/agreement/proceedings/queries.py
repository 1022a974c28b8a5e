"""Disputes and terminations with where they stand on a day."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.agreement.proceedings.models import Proceeding, ProceedingStep
from shouyue.agreement.proceedings.rules import disputes, termination
from shouyue.agreement.terms.public import Agreement

_WORDS: dict[str, tuple[str, str | Promise]] = {
    "negotiation": ("amber", _("In negotiation")),
    "mediation": ("amber", _("In mediation")),
    "institution": ("seal", _("Before the institution")),
    "settled": ("jade", _("Settled")),
    "decided": ("slate", _("Decided")),
    "withdrawn": ("quiet", _("Withdrawn")),
    "notice": ("amber", _("Waits for consent")),
    "running": ("amber", _("Notice runs")),
    "objected": ("seal", _("Objected to")),
    "closed": ("slate", pgettext_lazy("termination", "Ended")),
}


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One item of 10.2, with the day on which each party confirmed it."""

    item: str
    title: str
    by_a: date | None
    by_b: date | None


@dataclass(frozen=True, slots=True)
class ProceedingView:
    """A proceeding, its steps and where it stands. open_to: what each party may do next on that day."""

    row: Proceeding
    steps: list[ProceedingStep]
    stage: str
    deadline: date | None
    open_to: dict[str, list[str]]
    checklist: list[ChecklistRow]

    @property
    def tone(self) -> str:
        return _WORDS[self.stage][0]

    @property
    def word(self) -> str:
        return str(_WORDS[self.stage][1])

    @property
    def has_ended(self) -> bool:
        return self.stage in {*disputes.ENDED, *termination.ENDED}

    @property
    def papers(self) -> list[ProceedingStep]:
        """The steps that brought a file."""
        return [step for step in self.steps if step.paper is not None]

    def items_left(self, party: str) -> list[ChecklistRow]:
        return [row for row in self.checklist if (row.by_a if party == "a" else row.by_b) is None]


def proceedings_of(agreement: Agreement, *, on: date) -> list[ProceedingView]:
    """Every dispute and termination, the latest first."""
    rows = Proceeding.objects.filter(agreement=agreement).select_related("opened_by", "claim")
    rows = rows.prefetch_related("steps__taken_by", "steps__paper").order_by("-opened_at", "id")
    return [proceeding_view(row, agreement, on=on) for row in rows]


def proceeding_of(agreement: Agreement, proceeding_id: UUID, *, on: date) -> ProceedingView | None:
    """One of them; None when the agreement has no such one."""
    return next((view for view in proceedings_of(agreement, on=on) if view.row.pk == proceeding_id), None)


def blank_checklist() -> list[ChecklistRow]:
    """The items of 10.2 before anybody confirmed one."""
    return [ChecklistRow(item.value, str(item.label), None, None) for item in ProceedingStep.Item]


def proceeding_view(row: Proceeding, agreement: Agreement, *, on: date) -> ProceedingView:
    steps = sorted(row.steps.all(), key=lambda step: step.order)
    if row.kind == Proceeding.Kind.DISPUTE:
        return _dispute(row, agreement, steps, on)
    return _termination(row, steps, on)


def _dispute(row: Proceeding, agreement: Agreement, steps: list[ProceedingStep], on: date) -> ProceedingView:
    taken = [disputes.Taken(disputes.Step(step.kind), step.party, step.taken_on) for step in steps]
    now = disputes.dispute_after(taken, opened_on=row.opened_on)
    open_to = {
        party: [
            step.value
            for step in disputes.steps_open_to(
                now, party=party, opener=row.by_party, on=on, has_institution=bool(agreement.institution)
            )
        ]
        for party in ("a", "b")
    }
    return ProceedingView(row, steps, now.stage.value, now.deadline, open_to, [])


def _termination(row: Proceeding, steps: list[ProceedingStep], on: date) -> ProceedingView:
    taken = [termination.Taken(termination.Step(step.kind), step.party, step.taken_on, step.item) for step in steps]
    now = termination.termination_after(termination.Ground(row.ground), taken)
    open_to = {
        party: [
            step.value
            for step in termination.steps_open_to(
                now, party=party, opener=row.by_party, noticed_on=row.opened_on, on=on
            )
        ]
        for party in ("a", "b")
    }
    checklist = [
        replace(one, by_a=now.ticks.get(one.item, {}).get("a"), by_b=now.ticks.get(one.item, {}).get("b"))
        for one in blank_checklist()
    ]
    end = None if now.stage in termination.ENDED else termination.earliest_end(row.opened_on)
    return ProceedingView(row, steps, now.stage.value, end, open_to, checklist)
