"""Sessions of members: started by a code, ended by signing out, by idleness, or with the customer's erasure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shouyue.store.models import MemberSession

IDLE: Final = timedelta(minutes=30)
LASTS: Final = timedelta(hours=12)
SEEN_STEP: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=30)


def start_session(customer_id: UUID, *, at: datetime) -> MemberSession:
    """A new session of a customer."""
    session = MemberSession(customer_id=customer_id, made_at=at, last_seen_at=at, expires_at=at + LASTS)
    session.save(force_insert=True)
    return session


def live_session(session_id: UUID, *, at: datetime) -> MemberSession | None:
    """The session, if it has not ended and was used within IDLE; notes that it is used now. One statement, or two."""
    live = MemberSession.objects.filter(revoked_at=None, expires_at__gt=at, last_seen_at__gt=at - IDLE)
    session = live.filter(pk=session_id).first()
    if session and at - session.last_seen_at >= SEEN_STEP:
        session.last_seen_at = at
        # Only if it is still live: a sign-out at this moment must win.
        live.filter(pk=session_id).update(last_seen_at=at)
    return session


def end_session(session_id: UUID, *, at: datetime) -> None:
    """Sign out. A session that ended before stays as it is."""
    MemberSession.objects.filter(pk=session_id, revoked_at=None).update(revoked_at=at)


def end_sessions_of(customers: Sequence[UUID], *, at: datetime) -> int:
    """Sign customers out everywhere: they are erased, or asked for it. Returns how many sessions ended."""
    live = MemberSession.objects.filter(customer_id__in=customers, revoked_at=None, expires_at__gt=at)
    return live.update(revoked_at=at)
