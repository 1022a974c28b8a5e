"""The register of disclosures as it stands on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.disclosures.models import Disclosure, DisclosureTold
from shouyue.agreement.disclosures.rules.lateness import Standing, standing, working_days_late
from shouyue.agreement.terms.public import Agreement

_WORDS: dict[Standing, tuple[str, str | Promise]] = {
    Standing.TOLD: ("jade", _("Told in time")),
    Standing.LATE: ("amber", _("Told late")),
    Standing.OWED: ("slate", _("Owed")),
    Standing.OVERDUE: ("seal", _("Overdue")),
}


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """A fact, how it was told (None while it was not) and where it stands."""

    row: Disclosure
    told: DisclosureTold | None
    standing: Standing
    days_late: int

    @property
    def tone(self) -> str:
        return _WORDS[self.standing][0]

    @property
    def word(self) -> str:
        return str(_WORDS[self.standing][1])

    def may_tell(self, party: str) -> bool:
        return self.told is None and self.row.owed_by == party


def disclosures_of(agreement: Agreement, *, on: date) -> list[DisclosureView]:
    """Every fact, the latest first."""
    rows = Disclosure.objects.filter(agreement=agreement).select_related("told__told_by", "noted_by")
    return [_view(row, on) for row in rows.order_by("-number")]


def disclosure_of(agreement: Agreement, disclosure_id: UUID, *, on: date) -> DisclosureView | None:
    """One fact; None when the agreement has no such one."""
    return next((view for view in disclosures_of(agreement, on=on) if view.row.pk == disclosure_id), None)


def disclosures_due(agreement_id: UUID) -> list[tuple[date, bool]]:
    """(due day, told in time) of every fact, the earliest first."""
    rows = Disclosure.objects.filter(agreement_id=agreement_id).order_by("due_on", "number")
    return [
        (due, told_on is not None and told_on <= due) for due, told_on in rows.values_list("due_on", "told__told_on")
    ]


def _view(row: Disclosure, on: date) -> DisclosureView:
    told = getattr(row, "told", None)
    told_on = told.told_on if told else None
    return DisclosureView(
        row,
        told,
        standing(row.due_on, told_on, on=on),
        working_days_late(row.due_on, told_on, on=on),
    )
