"""Claims with where they stand on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.claims.models import Claim, ClaimStep
from shouyue.agreement.claims.rules import claims as rules
from shouyue.agreement.terms.public import Agreement

_WORDS: dict[str, tuple[str, str | Promise]] = {
    "notified": ("amber", _("Waiting for an answer")),
    "unanswered": ("seal", _("Not answered in time")),
    "contested": ("amber", _("Contested")),
    "accepted": ("slate", _("Accepted")),
    "cured": ("slate", _("Cure reported")),
    "closed": ("jade", _("Cured and closed")),
    "settled": ("jade", _("Settled")),
    "withdrawn": ("quiet", _("Withdrawn")),
    "disputed": ("seal", _("In dispute")),
}


_NOT_CURED = frozenset({rules.State.ACCEPTED, rules.State.UNANSWERED})


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim, its steps and where it stands."""

    claim: Claim
    steps: list[ClaimStep]
    state: rules.State
    waits_for: str | None

    @property
    def tone(self) -> str:
        return _WORDS[self.state][0]

    @property
    def word(self) -> str:
        return str(_WORDS[self.state][1])

    @property
    def is_answered_in_time(self) -> bool:
        """Whether the accused party moved within the days of clause 8.2(1)."""
        return any(step.party == self.claim.against and step.taken_on <= self.claim.reply_by for step in self.steps)

    def open_to(self, party: str) -> list[rules.Step]:
        return rules.steps_open_to(self.state, party=party, claimant=self.claim.by_party)


def claims_of(agreement: Agreement, *, on: date) -> list[ClaimView]:
    """Every claim, the latest first."""
    rows = (
        Claim.objects.filter(agreement=agreement)
        .select_related("filed_by", "disclosure")
        .prefetch_related("steps__taken_by")
    )
    return [claim_view(row, on=on) for row in rows.order_by("-number")]


def claim_of(agreement: Agreement, claim_id: UUID, *, on: date) -> ClaimView | None:
    """One claim; None when the agreement has no such claim."""
    return next((view for view in claims_of(agreement, on=on) if view.claim.pk == claim_id), None)


def uncured_claims(agreement: Agreement, *, by: str, on: date) -> list[Claim]:
    """A party's claims that were accepted or left unanswered, and whose thirty days to cure are over."""
    return [
        view.claim
        for view in claims_of(agreement, on=on)
        if view.claim.by_party == by and view.state in _NOT_CURED and on > view.claim.reply_by
    ]


def claim_view(claim: Claim, *, on: date) -> ClaimView:
    steps = sorted(claim.steps.all(), key=lambda step: step.order)
    state = rules.state_of([rules.Step(step.kind) for step in steps], noticed_on=claim.noticed_on, on=on)
    return ClaimView(claim, steps, state, rules.waits_for(state, claimant=claim.by_party))
