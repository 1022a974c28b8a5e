"""Who is at the portal: a member, known by a signed cookie of the portal's own, never by a staff session."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from shouyue.store.members import sessions
from shouyue.store.models import MemberSession

ROOT: Final = "/m/"
SESSION_COOKIE: Final = "shouyue_member"
CODE_COOKIE: Final = "shouyue_member_code"
_SIGNED_FOR: Final = {SESSION_COOKIE: "member session", CODE_COOKIE: "member code"}


class NoMemberError(Exception):
    """A page for members was reached without one; the middleware should have refused."""


def is_portal(request: HttpRequest) -> bool:
    """Whether the address is the portal's."""
    return request.path_info.startswith(ROOT)


def member_or_none(request: HttpRequest) -> MemberSession | None:
    """The member's session; None for a visitor and everywhere outside the portal."""
    found: MemberSession | None = getattr(request, "member", None)
    return found


def member_of(request: HttpRequest) -> MemberSession:
    """The member's session. Raises NoMemberError."""
    if found := member_or_none(request):
        return found
    raise NoMemberError


def read_member(request: HttpRequest, *, at: datetime) -> MemberSession | None:
    """The live session that the cookie names. One statement; none without a cookie that we signed."""
    session_id = read_cookie(request, SESSION_COOKIE)
    return sessions.live_session(session_id, at=at) if session_id else None


def read_cookie(request: HttpRequest, name: str) -> UUID | None:
    """The id in one of the portal's cookies; None for none, and for one that we did not sign."""
    try:
        return UUID(signing.Signer(salt=_SIGNED_FOR[name]).unsign(request.COOKIES.get(name, "")))
    except (signing.BadSignature, ValueError):
        return None


def keep_cookie(response: HttpResponse, name: str, value: UUID) -> None:
    """Keep an id in the browser until it is closed, for the portal's addresses alone."""
    response.set_cookie(
        name,
        signing.Signer(salt=_SIGNED_FOR[name]).sign(str(value)),
        path=ROOT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def drop_cookie(response: HttpResponse, name: str) -> None:
    """Let the browser forget an id."""
    response.delete_cookie(name, path=ROOT, samesite="Lax")
