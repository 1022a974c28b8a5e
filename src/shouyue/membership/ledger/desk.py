"""The points of all members on one page: what is owed, what moved, what expires, what was proved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.membership.ledger.queries import expiring, latest_proof, members_count, programme_on, roll_forward


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """This month's roll-forward, reconciled to the lots; what expires within 30 and 90 days; the last proof."""
    today = timezone.localdate(clock.now())
    context = {
        "month": today.replace(day=1),
        "rolled": roll_forward(since=today.replace(day=1), until=today),
        "members": members_count(),
        "in_30_days": expiring(on=today, days=30),
        "in_90_days": expiring(on=today, days=90),
        "proof": latest_proof(),
        "programme": programme_on(today),
    }
    return render(request, "membership/ledger.html", context)
