"""Imports on screen: what came in, how far it got, and the rows that were turned away."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from shouyue.kernel.masking import HIDDEN
from shouyue.store import registry
from shouyue.store.imports.reasons import reason_of
from shouyue.store.imports.sealing import is_sealed, readable
from shouyue.store.models import ImportRejection, ImportRun, Party, Staff
from shouyue.web.exports import csv_answer
from shouyue.web.paging import page_of

_ORDER = ("file_number", "row_number")
_STAFF = "staff:"
# What people call the steps of mappings; rooms above bring some of them.
_KINDS = {
    "customers": _lazy("Customers"),
    "catalogue": _lazy("Products, stores and channels"),
    "purchases": _lazy("Orders"),
    "answers": _lazy("Answers"),
    "reviews": _lazy("Reviews"),
}


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Imports and rehearsals, newest first."""
    page = page_of(ImportRun.objects.all(), order=("-started_at", "-id"), request=request)
    actions = [one.template for one in registry.shown("import.actions", [], request.user)]
    rows = [(run, _kind(run)) for run in page.rows]
    return render(request, "purchases/imports.html", {"page": page, "rows": rows, "actions": actions})


@require_safe
def run_record(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One import: its files, its counts, and its rejected rows with reasons; whole values are for Party A."""
    run = get_object_or_404(ImportRun, pk=run_id)
    page = page_of(ImportRejection.objects.filter(run_id=run_id), order=_ORDER, request=request)
    found = readable(run, page.rows) if getattr(request.user, "party", "") == Party.A else page.rows
    rows = [(one, run.files[one.file_number]["name"], reason_of(one)) for one in found]
    notices = [
        (one.template, one.values[run_id])
        for one in registry.shown("import.notice", [run_id], request.user)
        if run_id in one.values
    ]
    context = {"run": run, "kind": _kind(run), "who": _who(run), "page": page, "rows": rows, "notices": notices}
    return render(request, "purchases/import.html", context)


@require_safe
def rejected_file(request: HttpRequest, run_id: UUID, file_number: int) -> StreamingHttpResponse:
    """The rejected rows of one file with their own columns, to be corrected and imported again.

    Rows with names and phones are whole for Party A, whose records they are; others see where and why.
    """
    run = get_object_or_404(ImportRun, pk=run_id)
    if file_number >= len(run.files):
        raise Http404
    columns = run.files[file_number].get("columns", [])
    found = ImportRejection.objects.filter(run_id=run_id, file_number=file_number).order_by("row_number")
    heads = [*columns, _("row in the file"), _("reason")]
    rows = found.iterator(chunk_size=2_000)
    may_read = getattr(request.user, "party", "") == Party.A
    shown = readable(run, rows) if may_read else rows
    return csv_answer("rejected-rows.csv", heads, _rows(shown, len(columns)))


def _kind(run: ImportRun) -> str:
    return str(_KINDS.get(run.step, run.step))


def _who(run: ImportRun) -> str:
    """The name of whoever brought it in; of a program its own."""
    number = run.by.removeprefix(_STAFF)
    staff = Staff.objects.filter(pk=number).first() if run.by.startswith(_STAFF) and number.isdecimal() else None
    return staff.name if staff else run.by


def _rows(found: Iterator[ImportRejection], width: int) -> Iterator[list[object]]:
    for one in found:
        cells = [HIDDEN] * width if is_sealed(one) else [*one.cells, *[""] * width][:width]
        yield [*cells, one.row_number, reason_of(one)]
