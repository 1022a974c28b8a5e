"""Taking an import back on screen: a rehearsal first, then what it found, then the undo itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouyue.customers import public as customers
from shouyue.intake.desk.watching import stage_of
from shouyue.intake.models import Target
from shouyue.intake.public import begin_undo, rehearse_undo
from shouyue.intake.targets import STEPS, undo_of
from shouyue.kernel import clock
from shouyue.store.contributions import consequences
from shouyue.store.imports.undoing import NotUndoableError, is_undoable
from shouyue.store.models import ImportKept, ImportRun, ImportUndo, Staff
from shouyue.store.registry import Reader
from shouyue.web.paging import page_of
from shouyue.web.staff import must_change

_ORDER = ("file_number", "row_number", "subject_id")


@dataclass(frozen=True, slots=True)
class _Line:
    """A record that stays, as the page lists it."""

    kept: ImportKept
    number: str


@require_POST
def rehearse(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Find out what would become of each record of the import."""
    by = must_change(request)
    _run(run_id)
    try:
        rehearse_undo(run_id, by=by, at=clock.now())
    except NotUndoableError:
        messages.error(request, _not_now())
        return redirect("purchases:import", run_id)
    return redirect("intake:undo", run_id)


@require_safe
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far it is, what it found, and what was done."""
    must_change(request)
    run = _run(run_id)
    work = ImportUndo.objects.filter(pk=run_id).first()
    if work is None:
        return redirect("purchases:import", run_id)
    stage = stage_of(work.job, None, request.user)
    takes_points = run.step == STEPS[Target.ORDERS].name
    context = {
        "run": run,
        "work": work,
        "stage": stage,
        "title": _("Taking the import back"),
        "takes_points": takes_points,
        "foreseen": consequences.shown(work.foreseen),
    }
    if not stage.has_ended and request.headers.get("HX-Request"):
        return render(request, "intake/undo.html#stage", context)
    page = page_of(ImportKept.objects.filter(run_id=run_id), order=_ORDER, request=request)
    answer = render(request, "intake/undo.html", {**context, "page": page, "lines": _lines(page.rows)})
    if request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def begin(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Do what was rehearsed."""
    by = must_change(request)
    _run(run_id)
    try:
        begin_undo(run_id, by=by, at=clock.now())
    except NotUndoableError:
        messages.error(request, _not_now())
        return redirect("purchases:import", run_id)
    return redirect("intake:undo", run_id)


def ways_back(runs: Sequence[UUID], reader: Reader) -> dict[UUID, dict[str, object]]:
    """For the pages of imports: where each can be taken back, or where it was; nothing for those that stay."""
    if not isinstance(reader, Staff) or reader.party not in {"a", "b"}:
        return {}
    now = clock.now()
    return {
        run.pk: {"run": run, "is_undoable": is_undoable(run, at=now), "url": reverse("intake:undo", args=[run.pk])}
        for run in ImportRun.objects.filter(pk__in=runs)
        if undo_of(run) and (run.is_taken_back or is_undoable(run, at=now))
    }


def _run(run_id: UUID) -> ImportRun:
    run = get_object_or_404(ImportRun, pk=run_id)
    if undo_of(run) is None:
        raise Http404
    return run


def _lines(rows: Sequence[ImportKept]) -> list[_Line]:
    found = customers.Customer.objects.filter(pk__in=[row.customer_id for row in rows])
    numbers = dict(found.values_list("pk", "source_key"))
    return [_Line(row, numbers.get(row.customer_id, "")) for row in rows]


def _not_now() -> str:
    return _(
        "This import cannot be taken back: it is not finished, was taken back already, or is older than 90 days. "
        "Earlier values are kept no longer than that."
    )
