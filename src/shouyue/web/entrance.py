"""The addresses of sign-in. What the library offers and we do not (registration, e-mails, resets) answers "closed"."""

from allauth.account import urls as library
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern

OPEN = {"account_login", "account_logout", "account_inactive", "account_change_password"}


@login_not_required
def closed(request: HttpRequest, **_captured: str) -> HttpResponse:
    """404 with a page that says who gives accounts and passwords."""
    return render(request, "web/closed.html", status=404)


def _ours(pattern: URLPattern) -> URLPattern:
    if pattern.name in OPEN:
        return pattern
    # The name must stay: the library reverses it while it renders what is open.
    return URLPattern(pattern.pattern, closed, name=pattern.name)


urlpatterns = [_ours(pattern) for pattern in library.urlpatterns]
