"""What the frame of every page of the portal needs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from shouyue.store.members.sessions import IDLE
from shouyue.web.portal import frame, principal


@dataclass(frozen=True, slots=True)
class TabLine:
    """A tab as one page shows it."""

    label: str | Promise
    url: str
    is_current: bool


def context_of(request: HttpRequest) -> dict[str, Any]:
    """The member, the tabs and what idleness means; nothing outside the portal. Adds no query."""
    if not principal.is_portal(request):
        return {}
    return {
        "member": principal.member_or_none(request),
        "tabs": _lines(request.path),
        "home_url": principal.ROOT,
        "idle_seconds": round(IDLE.total_seconds()),
    }


def _lines(path: str) -> list[TabLine]:
    tabs = frame.tabs()
    under = [url for _, url in tabs if path == url or (url != principal.ROOT and path.startswith(url))]
    current = max(under, key=len, default=None)
    return [TabLine(tab.label, url, is_current=url == current) for tab, url in tabs]
