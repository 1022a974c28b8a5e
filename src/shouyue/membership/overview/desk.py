"""The programme at the desk: figures, tiers, rules as sentences, rewards, referrals to look at."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.effect.public import effect_rows, latest_effect
from shouyue.membership.expiry.public import expired_lately
from shouyue.membership.overview.queries import entries, figures
from shouyue.membership.overview.sentences import entry_title, key_names, passes_told, reasons, view_words
from shouyue.membership.programme.public import (
    campaigns_of,
    draft,
    named,
    rule_sentence,
    version_on,
)
from shouyue.membership.referral.public import guard_words, waiting_referrals
from shouyue.membership.rewards.public import Reward, taken_by_reward
from shouyue.membership.tiers.public import benefit_quota, member_view, tier_changes, tier_rows
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import may_change


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the programme gave, the rules that count now, and what waits for a decision."""
    on = timezone.localdate(clock.now())
    taken, effect = taken_by_reward(), latest_effect()
    version = version_on(on)
    drafted = draft()
    content = version.content if version else drafted.content
    context = {
        "figures": figures(),
        "version": version,
        "has_draft": drafted.is_begun,
        "tiers": tier_rows(content),
        "sentences": [rule_sentence(one) for one in content["earn"]["rules"]],
        "benefits": [
            (
                named(one["zh"], one["en"]),
                [named(step["zh"], step["en"]) for step in content["tiers"]["steps"] if step["name"] in one["tiers"]],
                benefit_quota(one["quota"], one["period"]),
            )
            for one in content["benefits"]
        ],
        "campaigns": [rule_sentence(one) for one in campaigns_of(content)],
        "rewards": [
            (named(one.name_zh, one.name_en), one, taken.get(one.pk, 0))
            for one in Reward.objects.order_by("points", "id")[:100]
        ],
        "referrals": [(one, guard_words(one.guards)) for one in waiting_referrals()],
        "effect": effect,
        "effect_rows": effect_rows(effect) if effect else [],
        "may_change": may_change(request),
    }
    return render(request, "membership/programme.html", context)


@require_safe
def member(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One member: points, tier and the way to the next one, benefits, history with reasons, changes of the tier."""
    on = timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    if view is None:
        raise Http404
    names = key_names()
    context = {
        "view": view,
        "words": view_words(view),
        "face": faces_of([customer_id])[customer_id],
        "benefits": [
            (named(one.benefit.zh, one.benefit.en), benefit_quota(one.left.quota, one.benefit.period), one, new_id())
            for one in view.benefits
        ],
        "entries": [(entry_title(one), reasons(one, names), one) for one in entries(view.ids)],
        "expired": expired_lately(view.ids, on=on),
        "passes": passes_told(view.ids, names, on=on),
        "changes": [(names.get(one.tier, one.tier), one) for one in tier_changes(customer_id)],
        "may_change": may_change(request),
    }
    return render(request, "membership/member.html", context)
