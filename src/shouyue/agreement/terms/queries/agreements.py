"""The agreement in force, and where it stands in its schedule on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouyue.agreement.terms.models import Agreement, Phase
from shouyue.agreement.terms.rules import schedule
from shouyue.agreement.terms.rules.schedule import PhaseMoment


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """A phase as a page shows it. state: done (its time is over), now, later; days_left: None unless it is now."""

    clause: str
    first_month: int
    last_month: int
    title: str
    must_finish: str
    state: PhaseMoment
    starts_on: date
    ends_on: date
    days_left: int | None

    @property
    def span(self) -> str:
        """Its contract months in the reader's language: "Months 4–6"."""
        return _("Months %(first)s–%(last)s") % {"first": self.first_month, "last": self.last_month}


def agreement(agreement_id: UUID) -> Agreement:
    """One agreement with its parties and phases. Raises Agreement.DoesNotExist."""
    return _with_parties().get(pk=agreement_id)


def agreements_in_force() -> list[Agreement]:
    """Every agreement in force with its parties, the latest first."""
    return list(_with_parties().filter(state=Agreement.State.IN_FORCE))


def current_agreement() -> Agreement | None:
    """The agreement in force that started last, with its parties; None before the first one is signed."""
    return _with_parties().filter(state=Agreement.State.IN_FORCE).first()


def phases(agreement: Agreement, *, on: date) -> list[PhaseView]:
    """The schedule of 6.2 as it stands on a day, in order."""
    return [_phase_view(phase, agreement, on) for phase in agreement.phases.all()]


def _with_parties() -> QuerySet[Agreement]:
    return Agreement.objects.prefetch_related("parties", "phases").order_by("-starts_on", "number")


def _phase_view(phase: Phase, agreement: Agreement, on: date) -> PhaseView:
    state = schedule.phase_state(phase.as_plan(), agreement.starts_on, on)
    return PhaseView(
        clause=phase.clause_number,
        first_month=phase.first_month,
        last_month=phase.last_month,
        title=phase.title,
        must_finish=phase.must_finish,
        state=state.moment,
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        days_left=state.days_left,
    )
