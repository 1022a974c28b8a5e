"""Every page needs a signed-in person, unless its view says otherwise with `login_not_required`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import trigger_client_event

from shouyue.web.habits import undo
from shouyue.web.portal.principal import is_portal

UNAUTHORIZED = 401


class SignInRequired(LoginRequiredMiddleware):
    """Django's own middleware; an htmx request learns of an expired session without losing what was typed."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """A page goes to sign-in and comes back. An htmx request gets 401 and an event: the screen stays as it is,
        and a dialog offers to sign in beside it (static/web/shell.js). The portal's pages are for members, whom
        portal.middleware lets in."""
        # Asked first: whoever may see a page without signing in need not be looked up.
        if is_portal(request) or not getattr(view_func, "login_required", True):
            return None
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal is None or not request.headers.get("HX-Request"):
            return refusal
        answer = HttpResponse(status=UNAUTHORIZED, headers={"HX-Reswap": "none"})
        return trigger_client_event(answer, "shouyue:sign-in", {"url": reverse("account_login")})

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What a signed-in person saw is not kept by shared caches, nor shown again after signing out."""
        if response.has_header("Cache-Control"):
            return response  # said already; who asks need not be looked up
        person = getattr(request, "user", None)
        if person is not None and person.is_authenticated:
            patch_cache_control(response, private=True, no_cache=True)
        return response


class Toasts(MiddlewareMixin):
    """Messages of an htmx request travel in a header; the page's script shows them where full pages show theirs."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        if (
            not request.headers.get("HX-Request")
            or response.has_header("HX-Redirect")
            or response.has_header("Location")
        ):
            return response
        waiting: list[dict[str, Any]] = [
            {"text": str(message), "level": message.level_tag, "undo": undo.address_of(message)}
            for message in messages.get_messages(request)
        ]
        return trigger_client_event(response, "shouyue:messages", {"messages": waiting}) if waiting else response
