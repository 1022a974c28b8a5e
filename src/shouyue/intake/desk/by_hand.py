"""Cells that come in by hand on screen: a box to paste a spreadsheet into, and rejected rows to mend."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouyue.intake.desk.watching import importer
from shouyue.intake.forms import PasteForm
from shouyue.intake.public import receive_rows, receive_text
from shouyue.kernel import clock
from shouyue.store.imports.reasons import reason_of
from shouyue.store.imports.sealing import readable
from shouyue.store.models import ImportRejection, ImportRun, Party
from shouyue.store.registry import Reader
from shouyue.store.tabular import FileRefusedError
from shouyue.web.staff import staff_name

MENDED_MAX = 50


@sensitive_post_parameters("cells")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """A table out of a spreadsheet, pasted; it goes the way of a file."""
    staff = importer(request)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        at = clock.now()
        name = _("pasted on %(day)s") % {"day": date_format(at.date(), "Y-m-d")}
        cells = form.cleaned_data["cells"]
        try:
            upload = receive_text(cells, name=f"{name}.tsv", by=staff_name(request), party=staff.party, at=at)
        except FileRefusedError as refused:
            form.add_error("cells", str(refused.message))
        else:
            return redirect("intake:reading", upload.pk)
    return render(request, "intake/paste.html", {"form": form}, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rejected rows of an import as a table of boxes: whole for Party A, whose records they are."""
    staff = importer(request)
    if staff.party != Party.A:
        raise PermissionDenied
    run = get_object_or_404(ImportRun, pk=run_id)
    heads = run.files[0].get("columns", []) if len(run.files) == 1 else []
    if not heads or run.is_rehearsal:
        raise Http404
    found = ImportRejection.objects.filter(run_id=run_id).order_by("row_number")[:MENDED_MAX]
    rows = [(one, _padded(one.cells, len(heads)), reason_of(one)) for one in readable(run, found)]
    error = ""
    if request.method == "POST":
        rows = [
            (one, [request.POST.get(f"cell-{one.row_number}-{place}", "") for place in range(len(heads))], why)
            for one, _cells, why in rows
        ]
        chosen = [cells for one, cells, _why in rows if f"take-{one.row_number}" in request.POST]
        name = _("%(name)s, mended.csv") % {"name": Path(run.files[0]["name"]).stem}
        try:
            if not chosen:
                error = _("Tick at least one row.")
            else:
                upload = receive_rows(
                    heads, chosen, name=name, by=staff_name(request), party=staff.party, at=clock.now()
                )
                return redirect("intake:dry-run" if upload.rehearsal_job else "intake:reading", upload.pk)
        except FileRefusedError as refused:
            error = str(refused.message)
    context = {
        "run": run,
        "rows": [(one, list(zip(heads, cells, strict=True)), why) for one, cells, why in rows],
        "more": max(run.rejected - len(rows), 0),
        "error": error,
        "ticked": {one.row_number for one, _c, _w in rows if not error or f"take-{one.row_number}" in request.POST},
    }
    return render(request, "intake/mend.html", context, status=422 if error else 200)


def mendable(runs: Sequence[UUID], reader: Reader) -> dict[UUID, ImportRun]:
    """For the pages of imports: those whose rejected rows this reader may mend on screen."""
    if getattr(reader, "party", "") != Party.A:
        return {}
    found = ImportRun.objects.filter(pk__in=runs, is_rehearsal=False, rejected__gt=0)
    return {run.pk: run for run in found if len(run.files) == 1 and run.files[0].get("columns")}


def _padded(cells: object, width: int) -> list[str]:
    found = cells if isinstance(cells, list) else []
    return [*map(str, found), *[""] * width][:width]
