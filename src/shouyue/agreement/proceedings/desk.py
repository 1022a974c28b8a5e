"""The pages of disputes (clause 11) and terminations (clause 10)."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.agreement.claims.public import claims_of
from shouyue.agreement.proceedings.actions import (
    Move,
    MoveRefusedError,
    Opening,
    OpeningRefusedError,
    move,
    open_proceeding,
)
from shouyue.agreement.proceedings.forms import MoveForm, OpeningForm
from shouyue.agreement.proceedings.models import Proceeding, ProceedingStep
from shouyue.agreement.proceedings.queries import ProceedingView, proceeding_of, proceedings_of
from shouyue.agreement.terms.public import Agreement, current_agreement
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff


@require_safe
def proceedings(request: HttpRequest) -> HttpResponse:
    """Every dispute and termination of the agreement."""
    agreement = current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    context = {
        "agreement": agreement,
        "proceedings": proceedings_of(agreement, on=_today(agreement)),
        "may_open": _party(request) in {"a", "b"},
    }
    return render(request, "agreement/proceedings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_proceeding(request: HttpRequest, kind: str) -> HttpResponse:
    """Open a dispute, or give notice of termination."""
    agreement, reader = current_agreement(), request.user
    if agreement is None or not isinstance(reader, Staff) or reader.party not in {"a", "b"}:
        raise Http404
    if kind not in Proceeding.Kind.values:
        raise Http404
    claims = [
        (view.claim.pk, f"{view.claim.number} · {view.claim.get_ground_display()} · {view.word}")
        for view in claims_of(agreement, on=_today(agreement))
    ]
    form = OpeningForm(
        request.POST or None,
        kind=kind,
        claims=claims,
        initial={"id": new_id(), "claim_id": request.GET.get("claim", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = open_proceeding(agreement, Opening(kind=kind, **form.cleaned_data), by=reader, at=clock.now())
        except OpeningRefusedError as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("Opened. The other party sees it now."))
            return redirect("agreement:proceeding", row.pk)
    context = {"agreement": agreement, "form": form, "kind": kind, "claim": request.GET.get("claim", "")}
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/new_proceeding.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def proceeding(request: HttpRequest, proceeding_id: UUID) -> HttpResponse:
    """One of them: its stage and deadline, what was done, the file of papers, and what the reader may do next."""
    agreement, reader = current_agreement(), request.user
    view = proceeding_of(agreement, proceeding_id, on=_today(agreement)) if agreement else None
    if agreement is None or view is None:
        raise Http404
    form = _form(request, view)
    if request.method == "POST" and isinstance(reader, Staff) and form.is_valid():
        said = dict(form.cleaned_data)
        given = said.pop("paper")
        try:
            paper = (str(given.name), given.read()) if given else None
            move(proceeding_id, Move(paper=paper, **said), by=reader, at=clock.now())
        except MoveRefusedError:
            form.add_error("step", _("It has moved on meanwhile. Read what was added and choose again."))
        else:
            messages.success(request, _("Kept. Both parties see it now."))
            return redirect("agreement:proceeding", proceeding_id)
    may_move = bool(view.open_to.get(_party(request)))
    context = {"agreement": agreement, "view": view, "row": view.row, "form": form if may_move else None}
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/proceeding.html", context, status=status)


def _form(request: HttpRequest, view: ProceedingView) -> MoveForm:
    party = _party(request)
    kinds = view.open_to.get(party, [])
    items = [(row.item, row.title) for row in view.items_left(party)] if "tick" in kinds else []
    return MoveForm(
        request.POST or None,
        request.FILES or None,
        steps=[(kind, str(ProceedingStep.Kind(kind).label)) for kind in kinds],
        items=items,
        initial={"id": new_id()},
    )


def _party(request: HttpRequest) -> str:
    return request.user.party if isinstance(request.user, Staff) else ""


def _today(agreement: Agreement) -> date:
    """Deadlines run by the calendar, not by how far the records reach."""
    return clock.day_in(agreement.zone, clock.now())
