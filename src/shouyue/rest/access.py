"""Who calls: the key in `Authorization: Bearer …`, whether it is good, whether it may, and how often."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shouyue.kernel import clock
from shouyue.rest import known_keys, limits
from shouyue.rest.actions.keys import note_use
from shouyue.rest.models import ApiKey
from shouyue.rest.problems import ProblemError
from shouyue.rest.rules import tokens

_USE_NOTED_AFTER = timedelta(hours=1)


class Scope:
    """Lets a call in when its key has the scope; django-ninja asks it before it reads the rest of the call.

    is_busy: for calls that come by the thousand; their key is not read anew each time (`known_keys`).
    """

    def __init__(self, name: str, *, is_busy: bool = False) -> None:
        self.name, self.is_busy = name, is_busy

    def __call__(self, request: HttpRequest) -> ApiKey:
        """The key. Raises ProblemError: key-missing, -unknown, -expired, -revoked, too-many-calls, scope-missing."""
        key = _key_of(request, known_keys.read if self.is_busy else known_keys.read_anew)
        standing = limits.let_in(key.pk, limit=key.calls_per_minute)
        request.standing = standing  # type: ignore[attr-defined] # the middleware writes it into headers
        if standing.is_refused:
            detail = _("This key may call %(limit)s times a minute.") % {"limit": standing.limit}
            raise ProblemError("too-many-calls", detail, headers={"Retry-After": str(standing.retry_after)})
        if self.name not in key.scopes:
            raise ProblemError("scope-missing", _("It would need the scope %(scope)s.") % {"scope": self.name})
        return key


def caller(request: HttpRequest) -> ApiKey:
    """The key that a scope let in."""
    key: ApiKey = request.auth  # type: ignore[attr-defined] # django-ninja keeps there what Scope returned
    return key


def _key_of(request: HttpRequest, read: Callable[[str], ApiKey | None]) -> ApiKey:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise ProblemError("key-missing", _("Send it in the header Authorization: Bearer …"))
    token = tokens.parse(text)
    key = read(token.prefix) if token else None
    if token is None or key is None or not token.proves(bytes(key.digest)):
        raise ProblemError("key-unknown", _("Check that it was copied whole, or make a new one."))
    at = clock.now()
    if key.revoked_at is not None:
        raise ProblemError("key-revoked", _("Make a new one."))
    if key.expires_at <= at:
        day = date_format(localtime(key.expires_at))
        raise ProblemError("key-expired", _("It was good until %(day)s. Make a new one.") % {"day": day})
    if key.last_used_at is None or key.last_used_at < at - _USE_NOTED_AFTER:
        note_use(key.pk, at=at)
        key.last_used_at = at
    return key
