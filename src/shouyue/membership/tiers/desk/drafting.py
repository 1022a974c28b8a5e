"""The next version's tiers and benefits: read as sentences, written in forms, tried and published with the rules."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.membership.programme.public import ChangedMeanwhileError, change_draft, draft, named, version_on
from shouyue.membership.tiers.forms import BenefitForm, StepForm, TermsForm
from shouyue.membership.tiers.rules.drafting import (
    lowest_of,
    with_benefit,
    with_step,
    with_terms,
    without_benefit,
    without_step,
)
from shouyue.membership.tiers.sentences import all_sentences, benefit_sentence, step_sentence, tier_sentences
from shouyue.web.staff import may_change, must_change, staff_name

Kept = dict[str, Any]
_LIST = "membership:draft_tiers"


@require_safe
def tiers(request: HttpRequest) -> HttpResponse:
    """The draft's tiers and benefits as sentences, and what differs from the version that counts."""
    drafted = draft()
    content, lowest = drafted.content, lowest_of(drafted.content)
    version = version_on(timezone.localdate(clock.now()))
    now, then = (all_sentences(version.content) if version else [], all_sentences(content))
    context = {
        "steps": [
            (one["name"], named(one["zh"], one["en"]), step_sentence(one, content), one["name"] != lowest)
            for one in content["tiers"]["steps"]
        ],
        "terms": tier_sentences(content),
        "benefits": [
            (one["key"], named(one["zh"], one["en"]), benefit_sentence(one, content)) for one in content["benefits"]
        ],
        "gone": [one for one in now if one not in then],
        "new": [one for one in then if one not in now],
        "version": version,
        "seen": drafted.mark,
        "has_draft": drafted.is_begun,
        "may_change": may_change(request),
    }
    return render(request, "membership/draft_tiers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str | None = None) -> HttpResponse:
    """One tier of the draft, new or changed."""
    content = draft().content
    kept = _kept(content["tiers"]["steps"], "name", name)
    if name and kept is None:
        return redirect(_LIST)
    initial = StepForm.told(kept, content) if kept else {}

    def made(data: QueryDict | None, mark: str) -> StepForm:
        return StepForm(data, initial={**initial, "seen": mark}, content=content)

    return _written(
        request,
        made,
        lambda form, said: with_step(said, form.step() | ({"name": name} if name else {})),
        title=_("Change a tier") if name else _("New tier"),
        note=_("Who reaches the amount has the tier at once; who bought it has it for as long as it was bought."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """What counts, over which days, and how a tier is lost."""
    content = draft().content

    def made(data: QueryDict | None, mark: str) -> TermsForm:
        return TermsForm(data, initial={**TermsForm.told(content), "seen": mark}, content=content)

    return _written(
        request,
        made,
        lambda form, said: with_terms(said, form.terms()),
        title=_("How tiers are reached and lost"),
        note=_("A tier is reached at once. When its period has ended, it is reviewed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def benefit(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """One benefit of the draft, new or changed."""
    content = draft().content
    kept = _kept(content["benefits"], "key", key)
    if key and kept is None:
        return redirect(_LIST)

    def made(data: QueryDict | None, mark: str) -> BenefitForm:
        return BenefitForm(data, initial={**(kept or {}), "seen": mark}, content=content)

    return _written(
        request,
        made,
        lambda form, said: with_benefit(said, form.benefit() | ({"key": key} if key else {})),
        title=_("Change a benefit") if key else _("New benefit"),
        note=_("Every use is recorded; members see on the phone what is left."),
    )


@require_POST
def drop_step(request: HttpRequest, name: str) -> HttpResponse:
    """Take a tier out of the draft."""
    return _dropped(request, lambda said: without_step(said, name))


@require_POST
def drop_benefit(request: HttpRequest, key: str) -> HttpResponse:
    """Take a benefit out of the draft."""
    return _dropped(request, lambda said: without_benefit(said, key))


def _written(
    request: HttpRequest,
    made: Callable[[QueryDict | None, str], Any],
    change: Callable[[Any, Mapping[str, Any]], Kept],
    *,
    title: str,
    note: str,
) -> HttpResponse:
    """Show a form of the draft or keep it. 422: cannot be used; 409: somebody else was quicker, send it once more."""
    must_change(request)
    mark, status = draft().mark, 200
    form = made(request.POST if request.method == "POST" else None, mark)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = form.cleaned_data["seen"] or None
            try:
                change_draft(lambda said: change(form, said), seen=seen, at=clock.now(), by=staff_name(request))
            except ChangedMeanwhileError as refused:
                form = made(_with_mark(request.POST, mark), mark)
                form.add_error(None, str(refused.words))
                status = 409
            else:
                messages.success(request, _("Kept in the draft. Members notice nothing until you publish it."))
                return redirect(_LIST)
    context = {"form": form, "title": title, "note": note, "sentences": all_sentences(form.content)}
    return render(request, "membership/draft_part.html", context, status=status)


def _dropped(request: HttpRequest, change: Callable[[Mapping[str, Any]], Kept]) -> HttpResponse:
    must_change(request)
    try:
        change_draft(change, seen=request.POST.get("seen") or None, at=clock.now(), by=staff_name(request))
    except ChangedMeanwhileError as refused:
        messages.error(request, str(refused.words))
    else:
        messages.success(request, _("Taken out of the draft. Members notice nothing until you publish it."))
    return redirect(_LIST)


def _kept(some: list[Kept], field: str, name: str | None) -> Kept | None:
    return next((one for one in some if one[field] == name), None)


def _with_mark(data: QueryDict, mark: str) -> QueryDict:
    changed = data.copy()
    changed["seen"] = mark
    return changed
