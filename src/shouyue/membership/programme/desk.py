"""The rules of the programme at the desk: a draft as sentences, written in a form, published from a day on."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.membership.programme import queries
from shouyue.membership.programme.actions.versions import (
    ChangedMeanwhileError,
    FaultyProgrammeError,
    drop_campaign,
    drop_rule,
    keep_campaign,
    keep_rule,
    publish_version,
)
from shouyue.membership.programme.forms import CampaignForm, PublishForm, RuleForm
from shouyue.membership.programme.rules.content import BASE_KEY, campaigns_of
from shouyue.membership.programme.sentences import FAULTS, campaign_sentence, rule_sentence
from shouyue.web.staff import may_change, must_change, staff_name


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The draft of the next version, as sentences; POST adds a rule or changes one."""
    form = RuleForm(request.POST or None, kept=_drafted(request.POST.get("key", "")))
    if request.method == "POST":
        must_change(request)
        if form.is_valid():
            keep_rule(form.rule(), at=clock.now(), by=staff_name(request))
            messages.success(request, _("Kept in the draft. Members notice nothing until you publish it."))
            return redirect("membership:rules")
    return _rules(request, form, status=422 if form.errors else 200)


@require_safe
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule of the draft in the form."""
    found = _drafted(key)
    if found is None:
        return redirect("membership:rules")
    return _rules(request, RuleForm(kept=found), status=200)


@require_POST
def drop(request: HttpRequest, key: str) -> HttpResponse:
    """Take a rule out of the draft."""
    must_change(request)
    drop_rule(key, at=clock.now(), by=staff_name(request))
    messages.success(request, _("Taken out of the draft. Members notice nothing until you publish it."))
    return redirect("membership:rules")


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """A campaign of the draft, new or changed."""
    must_change(request)
    kept = next((one for one in campaigns_of(queries.draft().content) if one["key"] == key), None)
    if key and kept is None:
        return redirect("membership:rules")
    form = CampaignForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        keep_campaign(form.campaign() | ({"key": key} if key else {}), at=clock.now(), by=staff_name(request))
        messages.success(request, _("Kept in the draft. Members notice nothing until you publish it."))
        return redirect("membership:rules")
    context = {"form": form, "campaign": kept}
    return render(request, "membership/campaign_form.html", context, status=422 if form.errors else 200)


@require_POST
def end_campaign(request: HttpRequest, key: str) -> HttpResponse:
    """Take a campaign out of the draft."""
    must_change(request)
    drop_campaign(key, at=clock.now(), by=staff_name(request))
    messages.success(request, _("Taken out of the draft. Members notice nothing until you publish it."))
    return redirect("membership:rules")


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the draft from a day on."""
    must_change(request)
    at = clock.now()
    today = queries.today(at)
    form = PublishForm(request.POST)
    if form.is_valid() and form.cleaned_data["starts_on"] < today:
        form.add_error("starts_on", _("Days that have passed keep their rules. Choose today or later."))
    if not form.is_valid():
        return _rules(request, RuleForm(), form, status=422)
    told = form.cleaned_data
    try:
        done = publish_version(
            starts_on=told["starts_on"], at=at, today=today, by=staff_name(request), seen=told["seen"] or None
        )
    except ChangedMeanwhileError as refused:
        form = PublishForm({"starts_on": told["starts_on"], "seen": queries.draft().mark})
        form.add_error(None, str(refused.words))
        return _rules(request, RuleForm(), form, status=409)
    except FaultyProgrammeError as refused:
        for fault in refused.faults:
            form.add_error(None, str(FAULTS[fault]))
        return _rules(request, RuleForm(), form, status=422)
    messages.success(request, _("Version %(version)s is published.") % {"version": done.version})
    return redirect("membership:programme")


def _drafted(key: str) -> Mapping[str, Any] | None:
    """The rule of the draft with this key."""
    return next((one for one in queries.draft().content["earn"]["rules"] if one["key"] == key), None)


def _rules(request: HttpRequest, form: RuleForm, publishing: PublishForm | None = None, *, status: int) -> HttpResponse:
    drafted = queries.draft()
    content = drafted.content
    context = {
        "form": form,
        "publishing": publishing or PublishForm(initial={"seen": drafted.mark}),
        "today": queries.today(clock.now()).isoformat(),
        "campaigns": [(one["key"], campaign_sentence(one)) for one in campaigns_of(content)],
        "rules": [(one["key"], rule_sentence(one), one["key"] != BASE_KEY) for one in content["earn"]["rules"]],
        "has_draft": drafted.is_begun,
        "may_change": may_change(request),
    }
    return render(request, "membership/rules.html", context, status=status)
