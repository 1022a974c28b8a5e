"""What this room shows on the page of a customer: the answers that the customer gave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.store.contributions.timeline import TimelineItem, TimelineSource
from shouyue.store.registry import Reader
from shouyue.surveys.answers.models import Response
from shouyue.surveys.estimates.public import satisfied


def _answers(customers: Sequence[UUID], _reader: Reader, until: datetime | None, most: int) -> Sequence[TimelineItem]:
    found = Response.objects.filter(customer_id__in=customers).select_related("wave__questionnaire")
    if until is not None:
        found = found.filter(answered_at__lte=until)
    return [_item(response) for response in found.order_by("-answered_at", "-id")[:most]]


def _item(response: Response) -> TimelineItem:
    wave, scale_max = response.wave, response.wave.questionnaire.scale_max
    return TimelineItem(
        at=response.answered_at,
        key=f"answer:{response.id}",
        title=_("Answered %(score)s of %(most)s") % {"score": response.score, "most": scale_max},
        note=f"{wave.source} · {wave.period}",
        tone="jade" if satisfied(response.score, scale_max) else "seal",
    )


ANSWERS = TimelineSource(name="surveys.answers", title=_("Answers"), contribute=_answers)
