"""Duplicates on screen: the queue, a pair side by side, the preview of a merge, and what was merged."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.customers.duplicates.actions import merging
from shouyue.customers.duplicates.actions.searching import start_search
from shouyue.customers.duplicates.forms import DISMISSED, LESS, LIKELY, MERGED, RANDOM, TABS, Keep, Queue
from shouyue.customers.duplicates.models import Match, Merging
from shouyue.customers.duplicates.panels import agreements, reasons
from shouyue.customers.duplicates.queries import reviewing
from shouyue.customers.linking.public import LIKELY as BAR
from shouyue.customers.people.public import Customer
from shouyue.kernel import clock
from shouyue.store import registry
from shouyue.store.models import Party, Staff
from shouyue.web.format import day
from shouyue.web.habits import undo
from shouyue.web.paging import page_of
from shouyue.web.sources import source_name
from shouyue.web.staff import may_change, must_change

MERGE, UNMERGE, DISMISS = "customers.merge", "customers.unmerge", "customers.dismiss"
_LABELS = {
    "name": pgettext_lazy("of a person", "Name"),
    "title": gettext_lazy("Title"),
    "phone": gettext_lazy("Phone"),
    "other_phones": gettext_lazy("Other phones"),
    "email": gettext_lazy("E-mail"),
    "other_emails": gettext_lazy("Other e-mails"),
    "born_on": gettext_lazy("Birthday"),
    "address": gettext_lazy("Address"),
}
_TITLES: dict[str, str | Promise] = {"mr": gettext_lazy("Mr"), "ms": gettext_lazy("Ms")}


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The pairs to be looked at, those that were decided, and how good the search is by that."""
    asked = Queue(request.GET)
    context: dict[str, Any] = {"asked": asked, "may_act": may_change(request), **_search()}
    if request.headers.get("HX-Target") == "search":
        return render(request, "customers/duplicates.html#search", context)
    listed = _merged(request) if asked.shown == MERGED else _pairs(request, asked)
    progress = reviewing.progress()
    counts = {LIKELY: progress.likely, LESS: progress.less_likely, DISMISSED: progress.dismissed}
    here = reverse("customers:duplicates")
    tabs = [(name, title, here + ("" if name == LIKELY else f"?show={name}"), counts.get(name)) for name, title in TABS]
    context |= {"tabs": tabs, "progress": progress, "counting_url": _counting_url(progress), **listed}
    return render(request, "customers/duplicates.html", context)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Compare everybody in the background."""
    start_search(by=must_change(request))
    return redirect("customers:duplicates")


@never_cache
@require_safe
def pair(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Two records side by side and why they may be one person. Only Party A reads the values whole."""
    match = _match(match_id)
    if match is None:
        return _gone(request)
    asked, sides = Queue(request.GET), reviewing.side_by_side(match)
    before, after = _beside(match, asked)
    context = {
        "match": match,
        "asked": asked,
        "sides": sides.sides,
        "lines": [
            (_LABELS[line.field], _shown(line.field, line.one), _shown(line.field, line.other), line.agreement)
            for line in sides.lines(is_whole=_is_serving(request))
        ],
        "columns": _columns(request, sides.sides),
        "reasons": reasons(match),
        "is_whole": _is_serving(request),
        "before_url": before and _pair_url(before, asked),
        "after_url": after and _pair_url(after, asked),
        "who": _names([match.decided_by]).get(match.decided_by, match.decided_by),
        "may_act": may_change(request),
    }
    return render(request, "customers/duplicate.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """First what will be shown and what comes together, then the merge itself."""
    by, match = must_change(request), _match(match_id)
    if match is None:
        return _gone(request)
    asked, sides = Queue(request.GET), reviewing.side_by_side(match)
    choices = [(one.pk, f"{one.source_key} · {source_name(one.source)}") for one in sides.sides]
    form = Keep(request.POST or request.GET if _KEEP in (request.POST or request.GET) else None, sides=choices)
    stay = form.cleaned_data[_KEEP] if form.is_bound and form.is_valid() else sides.suggested()
    (go,) = (one.pk for one in sides.sides if one.pk != stay)
    if request.method == "POST" and form.is_bound and form.is_valid():
        _before, after = _beside(match, asked)
        made = merging.merge_customers(survivor=stay, merged=go, by=by, at=clock.now())
        undo.offer(request, _("The two records are one person now."), name=MERGE, kept={"merging": str(made.pk)})
        return redirect(_pair_url(after, asked) if after else _queue_url(asked))
    context = {
        "match": match,
        "asked": asked,
        "stay": stay,
        "sides": sides.sides,
        "then": [
            (_LABELS[name], _shown(name, told.value), told.is_of_stay)
            for name, told in sides.after_merge(stay, is_whole=_is_serving(request)).items()
        ],
        "columns": _columns(request, sides.sides),
        "back": _pair_url(match, asked),
    }
    is_wrong = form.is_bound and not form.is_valid()
    return render(request, "customers/duplicate_merge.html", context, status=422 if is_wrong else 200)


@require_POST
def dismiss(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """They are two people: no later search proposes the pair again."""
    by, match = must_change(request), _match(match_id)
    if match is None:
        return _gone(request)
    asked = Queue(request.GET)
    _before, after = _beside(match, asked)
    merging.dismiss_match(match.pk, by=by, at=clock.now())
    said = _("Kept as two customers; this pair is not proposed again.")
    undo.offer(request, said, name=DISMISS, kept={"match": str(match.pk)})
    return redirect(_pair_url(after, asked) if after else _queue_url(asked))


@require_POST
def reopen(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Put a pair that was said to be two people back into the queue."""
    must_change(request)
    try:
        match = merging.reopen_match(match_id)
    except Match.DoesNotExist:
        return _gone(request)
    messages.success(request, _("The pair is to be looked at again."))
    return redirect(_pair_url(match, Queue({})))


@require_POST
def unmerge(request: HttpRequest, merging_id: UUID) -> HttpResponse:
    """Take a merge back."""
    by = must_change(request)
    try:
        made = merging.unmerge_customers(merging_id, by=by, at=clock.now())
    except Merging.DoesNotExist:
        raise Http404 from None
    kept = {"survivor": str(made.survivor_id), "merged": str(made.merged_id)}
    undo.offer(request, _("They are two customers again, each with its own records."), name=UNMERGE, kept=kept)
    return redirect(reverse("customers:duplicates") + f"?show={MERGED}")


def take_back_merge(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of `merge`."""
    merging.unmerge_customers(UUID(kept["merging"]), by=must_change(request), at=clock.now())
    return _("They are two customers again, each with its own records.")


def take_back_unmerge(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of `unmerge`."""
    stay, go = UUID(kept["survivor"]), UUID(kept["merged"])
    merging.merge_customers(survivor=stay, merged=go, by=must_change(request), at=clock.now())
    return _("The two records are one person again.")


def take_back_dismissal(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of `dismiss`."""
    must_change(request)
    merging.reopen_match(UUID(kept["match"]))
    return _("The pair is to be looked at again.")


def _pairs(request: HttpRequest, asked: Queue) -> dict[str, Any]:
    rows, order = _queue_of(asked)
    page = page_of(rows.select_related("one", "other"), order=order, request=request)
    persons = reviewing.names_of([who for row in page.rows for who in (row.one_id, row.other_id)])
    lines = [
        (
            _pair_url(row, asked),
            row,
            [(row.one, persons.get(row.one_id)), (row.other, persons.get(row.other_id))],
            agreements(row),
        )
        for row in page.rows
    ]
    return {"page": page, "lines": lines}


def _merged(request: HttpRequest) -> dict[str, Any]:
    rows = reviewing.standing_merges().select_related("survivor", "merged")
    page = page_of(rows, order=("-merged_at", "-id"), request=request)
    persons = reviewing.names_of([who for row in page.rows for who in (row.survivor_id, row.merged_id)])
    names = _names(row.merged_by for row in page.rows)
    lines = [
        (
            row,
            [(row.survivor, persons.get(row.survivor_id)), (row.merged, persons.get(row.merged_id))],
            names.get(row.merged_by, row.merged_by),
        )
        for row in page.rows
    ]
    return {"page": page, "merges": lines}


def _columns(request: HttpRequest, sides: Sequence[Customer]) -> list[tuple[registry.Shown, list[tuple[str, Any]]]]:
    """What upper rooms say of both records, by their numbers."""
    shown = registry.shown("customer.column", [one.pk for one in sides], request.user)
    return [(column, [(one.source_key, column.values.get(one.pk, "")) for one in sides]) for column in shown]


def _counting_url(progress: reviewing.Progress) -> str:
    """Where the next pair is decided that makes the figures surer; "" when none is left."""
    match = reviewing.next_counted(progress)
    show = LIKELY if match and match.probability >= BAR else LESS
    return _pair_url(match, Queue({"show": show, "order": RANDOM})) if match else ""


def _search() -> dict[str, Any]:
    """The latest search, with its words in the reader's language."""
    run = reviewing.last_search()
    said = _(run.message) % run.message_values if run and run.message else ""
    error = run.error_in(get_language() or "") if run else ""
    return {"run": run, "can_start": run is None or run.is_finished, "run_said": said, "run_error": error}


def _queue_of(asked: Queue) -> tuple[QuerySet[Match], Sequence[str]]:
    if asked.shown == DISMISSED:
        return reviewing.dismissed_matches(), ("-decided_at", "-id")
    rows = reviewing.less_likely_matches() if asked.shown == LESS else reviewing.open_matches()
    return rows, reviewing.AT_RANDOM if asked.is_random else reviewing.BY_PROBABILITY


def _beside(match: Match, asked: Queue) -> tuple[Match | None, Match | None]:
    rows, order = _queue_of(asked)
    return (None, None) if asked.shown == DISMISSED else reviewing.beside(match, rows, order)


def _match(match_id: UUID) -> Match | None:
    return Match.objects.filter(pk=match_id).first()


def _gone(request: HttpRequest) -> HttpResponse:
    said = _("This pair is no longer proposed: the records changed, and a later search did not find it.")
    messages.info(request, said)
    return redirect("customers:duplicates")


def _pair_url(match: Match, asked: Queue) -> str:
    return reverse("customers:duplicate", args=[match.pk]) + asked.query


def _queue_url(asked: Queue) -> str:
    return reverse("customers:duplicates") + asked.query


def _shown(field: str, value: Any) -> str:
    """A value, plain or masked, as the page writes it."""
    if not value:
        return ""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return _(", ").join(_shown(field, one) for one in value)
    return str(_TITLES.get(value, value)) if field == "title" else str(value).removeprefix("+86")


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Names of staff behind "staff:7"; one statement."""
    numbers = {int(one.removeprefix("staff:")) for one in actors if one.removeprefix("staff:").isdecimal()}
    return {f"staff:{staff.pk}": staff.name for staff in Staff.objects.filter(pk__in=numbers)} if numbers else {}


def _is_serving(request: HttpRequest) -> bool:
    return isinstance(request.user, Staff) and request.user.party == Party.A


_KEEP = "keep"
