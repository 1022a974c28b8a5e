"""Drafts of forms: kept while a person types, restored when the form is opened again, gone once it is sent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.store.saved.drafts import DraftTooLargeError, Kept, drop_draft, keep_draft, kept_draft
from shouyue.web.staff import must_be_staff

NAME, BACK = "draft-name", "draft-back"
_NAME_MAX = 120
_NEVER_KEPT = {"csrfmiddlewaretoken", NAME, BACK}


@sensitive_post_parameters()
@require_POST
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keep the form's fields as they stand: 204, or 413 when they are too long to keep."""
    fields = {name: texts for name, texts in request.POST.lists() if name not in _NEVER_KEPT}
    try:
        keep_draft(fields, form=_name(request), by=must_be_staff(request), at=clock.now())
    except DraftTooLargeError:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Throw the draft away and open the form afresh."""
    drop_draft(form=_name(request), by=must_be_staff(request))
    wanted = request.POST.get(BACK, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_ours else "/")


def draft_of(request: HttpRequest, name: str) -> Kept | None:
    """What this person typed into the form and did not send: for `<c-draft :kept=…>` and `initial_of`."""
    return kept_draft(form=name, by=must_be_staff(request), at=clock.now())


def initial_of(kept: Kept | None) -> dict[str, Any]:
    """The draft as `initial` of a Django form; fields of several values stay lists."""
    fields = kept.fields if kept else {}
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in fields.items()}


def sent(request: HttpRequest, name: str) -> None:
    """The form was accepted: its draft is not needed any more."""
    drop_draft(form=name, by=must_be_staff(request))


def _name(request: HttpRequest) -> str:
    name = request.POST.get(NAME, "")
    if not name or len(name) > _NAME_MAX or "\x00" in name:
        raise PermissionDenied
    return name
