"""The desk's page of the sandbox channel, where a tester reads the codes that a real channel would have sent."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.kernel.masking import Mask, mask_phone, masked
from shouyue.store.models import Party, Staff
from shouyue.store.outgoing import sandbox


def reads_sandbox(request: HttpRequest) -> bool:
    """Staff of both parties, while the channel is on; an auditor takes part in nothing."""
    return sandbox.is_on() and isinstance(request.user, Staff) and request.user.party != Party.AUDITOR


@require_safe
@cache_control(private=True, no_store=True)
def messages(request: HttpRequest) -> HttpResponse:
    """What was "sent" and has not expired, newest first. A request of htmx gets the list alone."""
    if not reads_sandbox(request):
        raise PermissionDenied
    now = clock.now()
    lines = [(one, _masked(one.to)) for one in sandbox.kept_messages(at=now)]
    is_part = bool(request.headers.get("HX-Request"))
    template = "web/sandbox_messages.html#list" if is_part else "web/sandbox_messages.html"
    return render(request, template, {"lines": lines, "now": now})


def _masked(to: str) -> str:
    return masked(Mask.EMAIL, to) if "@" in to else mask_phone(to)
