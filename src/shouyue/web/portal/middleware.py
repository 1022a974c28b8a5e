"""Every address of the portal needs a member, unless its view says otherwise with `login_not_required`."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from shouyue.kernel import clock
from shouyue.web.portal import principal


class MembersOnly:
    """Sets `request.member` under /m/, and there makes staff nobody: one browser may hold both kinds of session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not principal.is_portal(request):
            return self.get_response(request)
        request.user = AnonymousUser()
        member = principal.read_member(request, at=clock.now())
        setattr(request, "member", member)  # noqa: B010 HttpRequest does not declare it
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Back from another page, or out of a phone's memory: the server is asked again, whoever holds the phone.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        _view_args: tuple[Any, ...],
        _view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """A visitor goes to sign-in; a request by htmx takes the whole page there."""
        is_open = not getattr(view_func, "login_required", True)
        if is_open or not principal.is_portal(request) or principal.member_or_none(request):
            return None
        sign_in = reverse("portal:sign_in")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": sign_in})
        return HttpResponseRedirect(sign_in)
