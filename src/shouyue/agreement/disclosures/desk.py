"""The register of disclosures of clause 8.1(3)."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouyue.agreement.disclosures.actions import DisclosureRefusedError, Owed, note_disclosure, tell
from shouyue.agreement.disclosures.forms import NoteForm, TellForm
from shouyue.agreement.disclosures.queries import disclosure_of, disclosures_of
from shouyue.agreement.terms.public import Agreement, current_agreement
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff
from shouyue.web.format import day as day_name


@require_http_methods(["GET", "HEAD", "POST"])
def disclosures(request: HttpRequest) -> HttpResponse:
    """Every fact that is owed or was told; a party notes one."""
    agreement, reader = current_agreement(), request.user
    if agreement is None:
        return render(request, "agreement/empty.html")
    party = reader.party if isinstance(reader, Staff) else ""
    today = _today(agreement)
    form = NoteForm(request.POST or None, initial={"id": new_id(), "owed_by": party, "known_on": today})
    if request.method == "POST" and isinstance(reader, Staff) and form.is_valid():
        try:
            row = note_disclosure(agreement, Owed(**form.cleaned_data), by=reader, at=clock.now())
        except DisclosureRefusedError as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("Noted. It must be told by %(day)s.") % {"day": day_name(row.due_on)})
            return redirect("agreement:disclosure", row.pk)
    context = {
        "agreement": agreement,
        "disclosures": disclosures_of(agreement, on=today),
        "form": form if party in {"a", "b"} else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/disclosures.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def disclosure(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """One fact: what is owed since when, and the words in which it was told."""
    agreement, reader = current_agreement(), request.user
    view = disclosure_of(agreement, disclosure_id, on=_today(agreement)) if agreement else None
    if agreement is None or view is None:
        raise Http404
    may_tell = isinstance(reader, Staff) and view.may_tell(reader.party)
    form = TellForm(request.POST or None)
    if request.method == "POST" and isinstance(reader, Staff) and form.is_valid():
        try:
            tell(disclosure_id, **form.cleaned_data, by=reader, at=clock.now())
        except DisclosureRefusedError:
            form.add_error(None, _("Only the party that owes the fact tells it, and only once."))
        else:
            messages.success(request, _("Told. The other party sees it now."))
            return redirect("agreement:disclosure", disclosure_id)
    context = {"agreement": agreement, "view": view, "row": view.row, "form": form if may_tell else None}
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/disclosure.html", context, status=status)


def _today(agreement: Agreement) -> date:
    return clock.day_in(agreement.zone, clock.now())
