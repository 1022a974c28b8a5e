"""The points of all members on one page: what is owed, what moved, what expires, what was proved."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.membership.ledger.queries import (
    ended_lots,
    expiring,
    latest_proof,
    members_count,
    programme_on,
    roll_forward,
)
from shouyue.membership.ledger.rules.accounting import breakage_fen

_FIRST = date(1970, 1, 1)
_ESTIMATED_FROM = 20  # a twentieth of what members have must have run its course


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """A month's roll-forward (?month=2026-10), that of today reconciled to the lots; what expires; the last proof."""
    today = timezone.localdate(clock.now())
    this = today.replace(day=1)
    month = _month(request.GET.get("month", "")) or this
    is_now = month >= this
    month = min(month, this)
    following = (month + timedelta(days=31)).replace(day=1)
    rolled = roll_forward(since=month, until=today if is_now else following - timedelta(days=1))
    expired, ended = ended_lots(on=today)
    lost_fen = breakage_fen(rolled.closing_fen, expired=expired, ended=ended)
    context = {
        "month": month,
        "earlier": (month - timedelta(days=1)).strftime("%Y-%m"),
        "later": None if is_now else following.strftime("%Y-%m"),
        "is_now": is_now,
        "rolled": rolled if is_now else rolled.by_movements(),
        "breakage": (expired / ended, lost_fen) if ended and ended * _ESTIMATED_FROM >= rolled.closing else None,
        "ended": ended,
        "members": members_count(),
        "in_30_days": expiring(on=today, days=30),
        "in_90_days": expiring(on=today, days=90),
        "proof": latest_proof(),
        "programme": programme_on(today),
        "printed_at": clock.now(),
    }
    return render(request, "membership/ledger.html", context)


def _month(written: str) -> date | None:
    try:
        return max(date.fromisoformat(f"{written}-01"), _FIRST)
    except ValueError:
        return None
