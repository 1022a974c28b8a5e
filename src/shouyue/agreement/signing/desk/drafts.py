"""The pages of drafts: begin or read one in, fill it in, sign it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouyue.agreement.signing import queries
from shouyue.agreement.signing.actions.drafting import (
    DraftRefusedError,
    draft_from,
    drop_draft,
    edit_draft,
    start_draft,
)
from shouyue.agreement.signing.actions.signatures import Hand, SignatureRefusedError, sign_draft
from shouyue.agreement.signing.forms.drafts import ClauseForm, DraftForm, SignForm, StartForm
from shouyue.agreement.signing.models import Draft, PartyKey
from shouyue.agreement.signing.rules.reading import ReadContract, read_contract
from shouyue.agreement.signing.rules.statement import WrongPassphraseError, digest
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff
from shouyue.web.paper import NotADocumentError, docx_lines


@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """Every draft, and the form that begins one or reads one in."""
    reader = party_of(request)
    form = StartForm(request.POST or None, request.FILES or None, initial={"id": new_id()})
    if request.method == "POST" and reader and form.is_valid():
        made = _begun(form, reader)
        if made is not None:
            return redirect("agreement:draft", made.pk)
    context = {"drafts": queries.drafts(), "form": form if reader else None}
    return render(request, "agreement/drafts.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One draft: its terms, its words, who has signed them; the signatory signs here."""
    found = _draft(draft_id)
    reader = party_of(request)
    words = digest(found.terms)
    counting = queries.signatures_that_count(found)
    may_sign = (
        reader is not None
        and found.state == Draft.State.OPEN
        and found.terms.get("signatories", {}).get(reader.party) == reader.pk
        and all(one.side != reader.party for one in counting)
    )
    form = None
    if reader is not None and may_sign:
        is_first = not PartyKey.objects.filter(holder=reader, side=reader.party).exists()
        form = SignForm(request.POST or None, request.FILES or None, is_first=is_first, initial={"shown": words})
        if request.method == "POST" and form.is_valid() and (state := _signed(form, found, reader)):
            messages.success(request, state)
            return redirect("agreement:draft", draft_id)
    names = dict(Staff.objects.filter(pk__in=found.terms.get("signatories", {}).values()).values_list("party", "name"))
    places = queries.clauses_of(found)
    context = {
        "draft": found,
        "digest": words,
        "places": places,
        "counts": {kind: sum(place.kind == kind for place in places) for kind in ("template", "own", "further")},
        "shape": queries.shape_of(found),
        "signatures": queries.seen(counting),
        "signatories": names,
        "form": form,
        "may_edit": reader is not None and found.state == Draft.State.OPEN,
        "stale": found.signatures.exclude(digest=words).count(),
    }
    return render(request, "agreement/draft.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Particulars, term, institution, signatory and targets."""
    found, reader = _open_draft(request, draft_id)
    form = DraftForm(request.POST or None, draft=found, shape=queries.shape_of(found), reader=reader)
    if request.method == "POST" and form.is_valid():
        terms = form.terms(found, reader)
        if _edited(form, found, terms, form.cleaned_data["revision"], reader):
            messages.success(request, _("Kept. Signatures under earlier words no longer count."))
            return redirect("agreement:draft", draft_id)
    return render(request, "agreement/draft_edit.html", {"draft": found, "form": form}, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: HttpRequest, draft_id: UUID, number: str) -> HttpResponse:
    """The words of one place."""
    found, reader = _open_draft(request, draft_id)
    place = next((one for one in queries.clauses_of(found) if one.number == number), None)
    if place is None:
        raise Http404
    initial = {"revision": found.revision, "title": place.title, "text": place.text}
    form = ClauseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        others = [words for words in found.terms.get("clauses", ()) if words[0] != number]
        terms = {"clauses": [*others, [number, said["title"], said["text"]]]}
        if _edited(form, found, terms, said["revision"], reader):
            messages.success(request, _("Kept. Signatures under earlier words no longer count."))
            return redirect("agreement:draft", draft_id)
    context = {"draft": found, "place": place, "form": form}
    return render(request, "agreement/draft_clause.html", context, status=_status(request))


@require_POST
def drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """End a draft."""
    _found, reader = _open_draft(request, draft_id)
    drop_draft(draft_id, by=reader, at=clock.now())
    messages.success(request, _("The draft is dropped. It stays in the list."))
    return redirect("agreement:drafts")


def party_of(request: HttpRequest) -> Staff | None:
    """The reader if a party stands behind them; auditors only read."""
    reader = request.user
    return reader if isinstance(reader, Staff) and reader.party in {"a", "b"} else None


def _draft(draft_id: UUID) -> Draft:
    return get_object_or_404(Draft.objects.select_related("agreement", "edited_by"), pk=draft_id)


def _open_draft(request: HttpRequest, draft_id: UUID) -> tuple[Draft, Staff]:
    found, reader = _draft(draft_id), party_of(request)
    if reader is None or found.state != Draft.State.OPEN:
        raise Http404
    return found, reader


def _begun(form: StartForm, reader: Staff) -> Draft | None:
    said, at = form.cleaned_data, clock.now()
    try:
        if not said["document"]:
            return start_draft(said["id"], said["number"], by=reader, at=at)
        content = said["document"].read()
        read = _read(form, content)
        if read is None:
            return None
        name = str(said["document"].name)
        return draft_from(
            read, draft_id=said["id"], number=said["number"], source=name, content=content, by=reader, at=at
        )
    except DraftRefusedError as refused:
        form.refuse(refused.reason)
    return None


def _read(form: StartForm, content: bytes) -> ReadContract | None:
    try:
        read = read_contract(docx_lines(content))
    except NotADocumentError:
        form.refuse("not_a_document")
        return None
    if not read.clauses:
        form.refuse("no_clauses")
        return None
    return read


def _edited(form: Any, draft: Draft, terms: dict[str, Any], revision: int, reader: Staff) -> bool:
    try:
        edit_draft(draft.pk, terms, revision=revision, by=reader, at=clock.now())
    except DraftRefusedError:
        form.add_error(None, _("The draft was changed meanwhile. Open it again and repeat your change."))
        return False
    return True


def _signed(form: SignForm, draft: Draft, reader: Staff) -> str:
    """What to tell when the signature was taken; "" with the reason in the form when not."""
    said = form.cleaned_data
    hand = Hand(
        passphrase=said["passphrase"], seal=_file(said["seal"]), scan=_file(said["scan"]) if said["scan"] else None
    )
    try:
        sign_draft(draft.pk, hand, shown=said["shown"], by=reader, at=clock.now())
    except SignatureRefusedError as refused:
        form.refuse(refused.reason)
        return ""
    except WrongPassphraseError:
        form.refuse_passphrase()
        return ""
    draft.refresh_from_db()
    if draft.state == Draft.State.SIGNED:
        return _("Both parties have signed: the agreement is in force, its definitions and targets are frozen.")
    return _("Signed. The agreement is in force once the other party has signed the same words.")


def _file(given: "UploadedFile[bytes]") -> tuple[str, bytes]:
    return str(given.name), given.read()


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
