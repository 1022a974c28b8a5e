"""Undo: a toast with a button that posts the reversing act, for a few minutes, to the person who acted alone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shouyue.web.format import count

MINUTES = 10
_SALT = "shouyue.undo"
_MARK = "undo:"

# What takes an act back: gets the request and what the act kept for it, and says what became of it.
Reverse = Callable[[HttpRequest, dict[str, Any]], str]

_reversing: dict[str, Reverse] = {}


def register(name: str, reverse_it: Reverse) -> None:
    """Make an act undoable. Called from AppConfig.ready; it must hold when asked twice, and check rights itself."""
    _reversing[name] = reverse_it


def offer(request: HttpRequest, text: str, *, name: str, kept: dict[str, Any]) -> None:
    """Say what was done, with an undo button. kept: what the reversing act needs, as JSON; at most a few hundred bytes.

    What it holds travels through the person's browser, signed: nobody can change it, they themselves can read it.
    """
    token = signing.dumps({"name": name, "kept": kept, "who": request.user.pk}, salt=_SALT, compress=True)
    messages.success(request, text, extra_tags=_MARK + token)


def said(restored: str, *, kept: int) -> str:
    """What a reversing act says: the sentence of what is as before, and how many stay because somebody changed them."""
    text = ngettext(
        "%(count)s was changed by somebody since and stays.",
        "%(count)s were changed by somebody since and stay.",
        kept,
    )
    return f"{restored} {text % {'count': count(kept)}}".strip() if kept else restored


def address_of(message: Message) -> str:
    """Where the message's undo button posts; "" for a message without one."""
    tags = message.extra_tags or ""
    return reverse("web:undo", args=[tags.removeprefix(_MARK)]) if tags.startswith(_MARK) else ""


@require_POST
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take the act back, and return to the page it was done on."""
    try:
        asked = signing.loads(token, salt=_SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        asked = {}
    reverse_it = _reversing.get(asked.get("name", ""))
    if reverse_it is None or asked["who"] != request.user.pk:
        messages.error(request, _("This can no longer be undone here. Do the opposite by hand."))
    else:
        messages.success(request, reverse_it(request, asked["kept"]))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
