"""What programs are told of waves: which take answers, and who was drawn."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from shouyue.surveys.waves.public import Sheet, WavePlan

_WAVES_MAX = 100


def drawn_wave(wave_id: UUID) -> WavePlan | None:
    """The plan of a drawn wave, without its frame, which may be long; None for an imported one or none at all."""
    return _plans().filter(wave_id=wave_id).first()


def open_waves() -> list[WavePlan]:
    """Waves that take answers from programs, newest first; an anonymous one takes them from customers alone."""
    rows = _plans().filter(closed_at__isnull=True, wave__is_anonymous=False)
    return list(rows.order_by("-opened_at", "wave_id")[:_WAVES_MAX])


def sheets_of(plan: WavePlan) -> QuerySet[Sheet]:
    """Everybody who was drawn."""
    return Sheet.objects.filter(wave=plan.wave_id)


def pseudonyms_of(plan: WavePlan, customers: Sequence[UUID]) -> dict[UUID, str]:
    """Their names in the frozen frame."""
    return {customer: plan.pseudonym_of(customer) for customer in customers}


def sheets_by_pseudonym(plan: WavePlan, names: set[str]) -> dict[str, UUID]:
    """The sheets of those who were drawn under these names: one statement, and a hash for each who was drawn."""
    if not names:
        return {}
    drawn = sheets_of(plan).values_list("customer_id", "id")
    return {name: sheet for customer, sheet in drawn if (name := plan.pseudonym_of(customer)) in names}


def _plans() -> QuerySet[WavePlan]:
    return WavePlan.objects.select_related("wave__questionnaire").defer("frame", "traits")
