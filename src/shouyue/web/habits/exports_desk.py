"""Exports on screen: asked for, in the making, to be fetched, and the record of all of them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shouyue.kernel import clock
from shouyue.store.models import JobRun, ListExport
from shouyue.store.saved.exports import KEPT, ExportGoneError, fetch
from shouyue.web.habits import lists
from shouyue.web.habits.exporting import NotExportableError, ask_export
from shouyue.web.habits.wording import Wording
from shouyue.web.paging import page_of
from shouyue.web.staff import must_be_staff


@dataclass(frozen=True, slots=True)
class _Line:
    """One export in the record. is_own: the reader's, who may fetch it while it lasts.

    heading, view, filters: the list, the saved view if it was one, and what was asked for, in words.
    """

    export: ListExport
    heading: str
    view: str
    filters: str
    url: str
    is_own: bool
    has_expired: bool


@require_POST
def export_start(request: HttpRequest) -> HttpResponse:
    """Ask for a list as a file; the answer comes at once, the file when a worker has written it."""
    listing, kind = request.POST.get("listing", ""), request.POST.get("kind", "")
    try:
        export = ask_export(
            listing,
            request.POST.get("query", ""),
            kind=kind,
            language=get_language() or "zh-hans",
            by=must_be_staff(request),
            at=clock.now(),
        )
    except NotExportableError:
        raise Http404 from None
    return redirect("web:export", export.pk)


@never_cache
@require_safe
def export_record(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """One export: how far it is, and the file."""
    export = _own(request, export_id)
    job = get_object_or_404(JobRun, pk=export.job)
    wording = Wording(must_be_staff(request))
    context = {
        "export": export,
        "heading": wording.heading(export.listing),
        "filters": wording.filters(export.listing, export.query),
        "job": job,
        "message": _(job.message) if job.message else "",
        "error": job.error_in(get_language() or ""),
        "list_url": _list_url(export),
        "has_expired": _has_expired(export),
        "hours": KEPT.total_seconds() // 3600,
    }
    is_part = bool(request.headers.get("HX-Request")) and not job.is_finished
    answer = render(request, "web/export.html#stage" if is_part else "web/export.html", context)
    if request.headers.get("HX-Request") and job.is_finished:
        answer["HX-Refresh"] = "true"
    return answer


@never_cache
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The file, for whoever asked for it, while it lasts."""
    export = _own(request, export_id)
    try:
        path = fetch(export, at=clock.now())
    except ExportGoneError:
        heading = Wording(must_be_staff(request)).heading(export.listing)
        context = {"export": export, "heading": heading, "list_url": _list_url(export)}
        return render(request, "web/export_gone.html", context, status=410)
    asked = localtime(export.asked_at)
    name = f"{Wording(must_be_staff(request)).heading(export.listing)} {asked:%Y-%m-%d %H.%M}.{export.kind}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """Who took which list out and when, newest first; both parties and the auditor see all of them."""
    staff = must_be_staff(request)
    page = page_of(ListExport.objects.select_related("owner"), order=("-asked_at", "-id"), request=request)
    wording = Wording(staff)
    lines = [
        _Line(
            one,
            wording.heading(one.listing),
            wording.view(one.listing, one.query),
            wording.filters(one.listing, one.query),
            _list_url(one),
            one.owner_id == staff.pk,
            _has_expired(one),
        )
        for one in page.rows
    ]
    listed = [(one.heading, one.path()) for one in lists.exported()]
    return render(request, "web/exports.html", {"page": page, "lines": lines, "lists": listed})


def _has_expired(export: ListExport) -> bool:
    return export.expires_at is not None and export.expires_at <= clock.now()


def _list_url(export: ListExport) -> str:
    listing = lists.declared(export.listing)
    return f"{listing.path()}?{export.query}" if listing else ""


def _own(request: HttpRequest, export_id: UUID) -> ListExport:
    return get_object_or_404(ListExport, pk=export_id, owner=must_be_staff(request))
