"""A subject's timeline on screen: the first page with the record, the rest as the reader comes to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shouyue.store.contributions import timeline
from shouyue.store.contributions.timeline import CursorUnreadableError, Place, TimelinePage

SHOW = "show"


@dataclass(frozen=True, slots=True)
class Kind:
    """A tab over the timeline. query: of the record's own address."""

    title: str | Promise
    query: str
    is_chosen: bool


def kinds(request: HttpRequest) -> list[Kind]:
    """Everything, then what each room tells alone; for `web/_timeline_kinds.html`."""
    chosen = _chosen(request)
    every = Kind(_("Timeline"), "?", not chosen)
    told = [one for one in timeline.sources() if one.title]
    return [every, *(Kind(one.title, f"?{SHOW}={one.name}", one.name == chosen) for one in told)]


def first_page(request: HttpRequest, subjects: Sequence[UUID]) -> TimelinePage:
    """For `web/_timeline.html`, with the address of `more` as `more_url`. `show` in the address names one source.

    Without htmx the button for earlier items leads to this page with `before` in its address.
    """
    return _page(request, subjects)


def more(request: HttpRequest, subjects: Sequence[UUID], *, more_url: str) -> HttpResponse:
    """Items before the place that `before` names, for htmx to put where the button stood; without it, the newest."""
    page = _page(request, subjects)
    return render(request, "web/_timeline_items.html", {"timeline": page, "more_url": more_url})


def _page(request: HttpRequest, subjects: Sequence[UUID]) -> TimelinePage:
    try:
        before = Place.parse(request.GET["before"]) if "before" in request.GET else None
    except CursorUnreadableError:
        raise BadRequest(_("The timeline has no such place.")) from None
    return timeline.page_of(subjects, request.user, before=before, only=_chosen(request))


def _chosen(request: HttpRequest) -> str:
    wanted = request.GET.get(SHOW, "")
    return wanted if any(wanted == source.name for source in timeline.sources()) else ""
