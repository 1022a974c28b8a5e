"""Light, dark or the system's: a cookie, so that the server writes the right page and nothing flashes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "shouyue_theme"
SYSTEM = "system"
CHOICES = [(SYSTEM, _("System")), ("light", _("Light")), ("dark", _("Dark"))]
_KNOWN = {value for value, _label in CHOICES}
_YEAR_SECONDS = 365 * 24 * 3600


def chosen(request: HttpRequest) -> str:
    """The person's choice: "light", "dark" or "system". A value we did not write counts as "system"."""
    value = request.COOKIES.get(COOKIE, SYSTEM)
    return value if value in _KNOWN else SYSTEM


def keep(response: HttpResponse, value: str) -> None:
    """Store the choice for a year. Raises ValueError for a theme that does not exist."""
    if value not in _KNOWN:
        raise ValueError(f"no theme is called {value!r}")
    response.set_cookie(
        COOKIE, value, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
