"""The rail of the frame, and what the palette offers to do: rooms add theirs at start, the frame shows what exists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


def everyone(request: HttpRequest) -> bool:
    """The rule of an entry that every signed-in person sees."""
    return request.user.is_authenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class RailEntry:
    """One line of the rail.

    order: smaller stands higher; leave gaps of ten. label: a lazy translation. url_name: reversed without arguments.
    count: a number shown at the end of the line, asked once per page: it must not query.
    shown_to: who sees the line. at_foot: stands at the bottom (settings, help).
    """

    order: int
    label: str | Promise
    url_name: str
    count: Callable[[HttpRequest], int | None] | None = None
    shown_to: Callable[[HttpRequest], bool] = everyone
    at_foot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do that the palette offers by name and that begins on a page.

    label: a verb and its object, a lazy translation. url_name: reversed without arguments; query: what follows "?".
    """

    order: int
    label: str | Promise
    url_name: str
    query: str = ""
    shown_to: Callable[[HttpRequest], bool] = everyone


@dataclass(frozen=True, slots=True, kw_only=True)
class RailLine:
    """An entry as one page shows it."""

    label: str | Promise
    url: str
    is_current: bool
    is_exact: bool
    count: int | None
    at_foot: bool


_entries: dict[str, RailEntry] = {}
_actions: dict[str, Action] = {}


def add(entry: RailEntry) -> None:
    """Put an entry on the rail. Called from AppConfig.ready; adding the same address again replaces the line."""
    _entries[entry.url_name] = entry


def entries() -> list[RailEntry]:
    """Everything registered, from top to bottom."""
    return sorted(_entries.values(), key=lambda entry: (entry.at_foot, entry.order, entry.url_name))


def add_action(action: Action) -> None:
    """Offer something to do. Called from AppConfig.ready; the same address and query again replace it."""
    _actions[f"{action.url_name}?{action.query}"] = action


def actions(request: HttpRequest) -> list[tuple[Action, str]]:
    """What this person may begin, in order, each with its address."""
    seen = sorted(_actions.values(), key=lambda action: (action.order, action.url_name, action.query))
    found = [(action, _address(action)) for action in seen if action.shown_to(request)]
    return [(action, f"{url}?{action.query}" if action.query else url) for action, url in found if url is not None]


def lines(request: HttpRequest) -> list[RailLine]:
    """The rail for this request: what the person may see, with the most specific line marked as current."""
    seen = [(entry, _address(entry)) for entry in entries() if entry.shown_to(request)]
    reachable = [(entry, url) for entry, url in seen if url is not None]
    current = _closest([url for _, url in reachable], request.path)
    return [
        RailLine(
            label=entry.label,
            url=url,
            is_current=url == current,
            is_exact=url == request.path,
            count=entry.count(request) if entry.count else None,
            at_foot=entry.at_foot,
        )
        for entry, url in reachable
    ]


def _address(entry: RailEntry | Action) -> str | None:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:  # the room is installed without screens (a command, a test)
        return None


def _closest(urls: list[str], path: str) -> str | None:
    """The longest address that `path` lies under; the home page "/" only when nothing else fits exactly."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What `web/page.html` needs besides the page's own values. Reads the session's user, nothing else."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"rail": [], "rail_foot": []}
    rail = lines(request)
    return {
        "rail": [line for line in rail if not line.at_foot],
        "rail_foot": [line for line in rail if line.at_foot],
    }
