"""The pages of amendments, and the page on which anybody can check the signatures."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.agreement.signing import queries
from shouyue.agreement.signing.actions.amendments import AmendmentRefusedError, accept, propose, turn_down
from shouyue.agreement.signing.desk.drafts import party_of
from shouyue.agreement.signing.forms.amendments import FORMS, AmendmentForm, RefusalForm
from shouyue.agreement.signing.forms.drafts import PassphraseForm
from shouyue.agreement.signing.models import PartyKey
from shouyue.agreement.signing.rules.statement import WrongPassphraseError
from shouyue.agreement.terms.public import (
    Agreement,
    Change,
    ChangeRefusedError,
    chapters,
    current_agreement,
    definitions,
    pinned_targets,
    weigh_change,
)
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff


@require_safe
def amendments(request: HttpRequest) -> HttpResponse:
    """Every amendment, and what can be amended."""
    agreement = current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    newest: dict[str, Any] = {}
    for one in definitions(agreement):
        newest.setdefault(one.measure, one)
    context = {
        "agreement": agreement,
        "amendments": queries.amendments_of(agreement),
        "signatures": queries.agreement_signatures(agreement),
        "targets": pinned_targets(agreement.pk),
        "definitions": list(newest.values()),
        "chapters": chapters(agreement, on=_today(agreement)),
        "may_propose": party_of(request) is not None,
    }
    return render(request, "agreement/amendments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_amendment(request: HttpRequest, kind: str) -> HttpResponse:
    """Propose one change; ?subject= names what is changed."""
    agreement, reader = current_agreement(), party_of(request)
    subject = request.GET.get("subject", "").strip()
    if agreement is None or reader is None or kind not in FORMS:
        raise Http404
    before = _before(agreement, kind, subject)
    form = FORMS[kind](
        request.POST or None, before=before, is_first=_is_first(reader), initial=_initial(before, _today(agreement))
    )
    if request.method == "POST" and form.is_valid() and (made := _proposed(form, agreement, subject, reader)):
        messages.success(request, _("Proposed. It is carried out once the other party has signed it."))
        return redirect("agreement:amendment", made)
    status = 422 if request.method == "POST" else 200
    name = queries.subject_names(agreement).get((kind, subject), subject)
    context = {"agreement": agreement, "form": form, "kind": kind, "subject": name, "before": before}
    return render(request, "agreement/new_amendment.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """One amendment: the words before and after, the signatures, and what the reader's party may do."""
    agreement, reader = current_agreement(), party_of(request)
    view = queries.amendment_of(agreement, amendment_id) if agreement else None
    if agreement is None or view is None:
        raise Http404
    accepting = reader is not None and view.waits_for(reader.party)
    is_refusing = request.method == "POST" and "refuse" in request.POST
    sign = PassphraseForm(
        request.POST if request.method == "POST" and not is_refusing else None,
        is_first=reader is not None and _is_first(reader),
    )
    refusal = RefusalForm(request.POST if is_refusing else None)
    if request.method == "POST" and reader is not None and _ended(sign, refusal, view.row.pk, reader):
        messages.success(request, _("Kept. Both parties see it now."))
        return redirect("agreement:amendment", amendment_id)
    context = {
        "agreement": agreement,
        "view": view,
        "row": view.row,
        "sign_form": sign if accepting else None,
        "refusal_form": refusal if reader is not None and view.end is None else None,
    }
    return render(request, "agreement/amendment.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def signatures(_request: HttpRequest) -> JsonResponse:
    """Every signature with its statement and key, for anybody who checks them with other software."""
    agreement = current_agreement()
    if agreement is None:
        raise Http404
    views = [*queries.agreement_signatures(agreement)]
    for amended in queries.amendments_of(agreement):
        views += amended.signatures
    found = [
        {
            "statement": view.row.statement,
            "algorithm": "Ed25519",
            "public_key": view.row.key.public_key,
            "signature": view.row.signature,
            "seal_sha256": view.row.seal.sha256 if view.row.seal else None,
            "scan_sha256": view.row.scan.sha256 if view.row.scan else None,
        }
        for view in views
    ]
    return JsonResponse({"agreement": agreement.number, "signatures": found}, json_dumps_params={"ensure_ascii": False})


def _today(agreement: Agreement) -> date:
    return clock.day_in(agreement.zone, clock.now())


def _is_first(reader: Staff) -> bool:
    return not PartyKey.objects.filter(holder=reader, side=reader.party).exists()


def _before(agreement: Agreement, kind: str, subject: str) -> dict[str, Any]:
    """What is there now. Raises Http404 for a subject that cannot be changed."""
    probes: dict[str, dict[str, Any]] = {
        "target": {"threshold_bp": 10_000},
        "clause": {"text": "-"},
        "term": {"ends_on": agreement.starts_on.isoformat()},
    }
    if kind == "definition":
        newest = next((one for one in definitions(agreement) if one.measure == subject), None)
        if newest is None:
            raise Http404
        return {"text": newest.text_zh, "parameters": newest.parameters}
    try:
        on = _today(agreement)
        return weigh_change(agreement, Change(kind=kind, subject=subject, value=probes[kind], applies_from=on), on=on)
    except ChangeRefusedError as refused:
        if refused.reason == "same":
            return dict(probes[kind])
        raise Http404 from refused


def _initial(before: dict[str, Any], today: date) -> dict[str, Any]:
    found = {"id": new_id(), "applies_from": today, **before}
    if "threshold_bp" in before:
        found["percent"] = f"{before['threshold_bp'] / 100:g}"
    for name, value in before.get("parameters", {}).items():
        found[f"number_{name}"] = value
    return found


def _proposed(form: AmendmentForm, agreement: Agreement, subject: str, reader: Staff) -> UUID | None:
    said = form.cleaned_data
    try:
        made = propose(
            agreement,
            form.change(subject),
            amendment_id=said["id"],
            reason=said["reason"],
            passphrase=said["passphrase"],
            by=reader,
            at=clock.now(),
        )
    except (ChangeRefusedError, AmendmentRefusedError) as refused:
        form.refuse(refused.reason)
    except WrongPassphraseError:
        form.refuse_passphrase()
    else:
        return made.pk
    return None


def _ended(sign: PassphraseForm, refusal: RefusalForm, amendment_id: UUID, reader: Staff) -> bool:
    form = refusal if refusal.is_bound else sign
    if not form.is_valid():
        return False
    try:
        if refusal.is_bound:
            turn_down(amendment_id, text=refusal.cleaned_data["text"], by=reader, at=clock.now())
        else:
            accept(amendment_id, passphrase=sign.cleaned_data["passphrase"], by=reader, at=clock.now())
    except WrongPassphraseError:
        sign.refuse_passphrase()
        return False
    except (AmendmentRefusedError, ChangeRefusedError):
        form.add_error(None, _("The amendment has moved on meanwhile. Open it again."))
        return False
    return True
