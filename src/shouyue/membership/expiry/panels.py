"""What expiry shows on the timeline of a customer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.membership.expiry.models import ExpiryNotice
from shouyue.store.contributions.timeline import TimelineItem, TimelineSource
from shouyue.store.registry import Reader
from shouyue.web.format import count, day


def _notices(customers: Sequence[UUID], _reader: Reader, until: datetime | None, most: int) -> Sequence[TimelineItem]:
    found = ExpiryNotice.objects.filter(customer_id__in=customers)
    if until is not None:
        found = found.filter(noticed_at__lte=until)
    return [
        TimelineItem(
            at=row.noticed_at,
            key=f"expiry:{row.customer_id}:{row.id}",
            title=_("%(points)s points expire after %(day)s")
            % {"points": count(row.points), "day": day(row.expires_on)},
            note=str(_("to be told to the member")),
            tone="amber",
        )
        for row in found.order_by("-noticed_at", "-id")[:most]
    ]


NOTICES = TimelineSource(name="membership.expiry", contribute=_notices)
