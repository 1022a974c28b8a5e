"""Who has which tier: rules, members of each, who will fall, a member's history; benefits where they are used."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouyue.kernel import clock
from shouyue.membership.programme.public import draft, named, version_on
from shouyue.membership.tiers.actions.benefits import BenefitRefusedError, use_benefit
from shouyue.membership.tiers.forms import DayForm
from shouyue.membership.tiers.queries.screens import standings_with, tier_history, warned
from shouyue.membership.tiers.rules.terms import tier_names_of
from shouyue.membership.tiers.sentences import WHY, amount_words, tier_rows, tier_sentences, tier_titles
from shouyue.web.paging import page_of
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import may_change, must_change, staff_name


@require_safe
def tiers(request: HttpRequest) -> HttpResponse:
    """The rules of the tiers that count now, how many have each, and who is about to lose one."""
    on = timezone.localdate(clock.now())
    version = version_on(on)
    content = version.content if version else draft().content
    names = {one.name: named(one.zh, one.en) for one in tier_names_of(content).values()}
    falling = page_of(warned(), order=("warned_for", "customer_id"), request=request)
    faces = faces_of([row.customer_id for row in falling.rows])
    context = {
        "version": version,
        "rules": tier_sentences(content),
        "tiers": tier_rows(content),
        "may_change": may_change(request),
        "page": falling,
        "falling": [
            (row, faces[row.customer_id].number, names.get(row.tier, row.tier), names.get(row.projected, "–"))
            for row in falling.rows
        ],
    }
    return render(request, "membership/tiers.html", context)


@require_safe
def tier(request: HttpRequest, name: str) -> HttpResponse:
    """Members who had a tier at the last review."""
    version = version_on(timezone.localdate(clock.now()))
    found = tier_names_of(version.content if version else draft().content).get(name)
    if found is None:
        raise Http404
    page = page_of(standings_with(name), order=("customer_id",), request=request)
    faces = faces_of([row.customer_id for row in page.rows])
    context = {
        "name": named(found.zh, found.en),
        "page": page,
        "members": [(row, faces[row.customer_id].number) for row in page.rows],
    }
    return render(request, "membership/tier.html", context)


@require_safe
def member_tier(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One member's tiers, replayed from what was bought; the tier of any past day."""
    on = timezone.localdate(clock.now())
    form = DayForm(request.GET or None, initial={"day": on}, today=on)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else on
    found = tier_history(customer_id, on=on, day=day)
    if found is None:
        raise Http404
    names = tier_titles()
    context = {
        "customer_id": customer_id,
        "number": faces_of([customer_id])[customer_id].number,
        "form": form,
        "day": day,
        "history": found,
        "at_day": names.get(found.at_day or "", "–"),
        "tier": names.get(found.progress.tier or "", "–"),
        "projected": names.get(found.progress.projected or "", "–"),
        "keep": amount_words(found.progress.keep_missing, found.measure),
        "changes": [
            (one.on, names.get(one.tier or "", "–"), WHY[one.why], amount_words(one.amount, found.measure))
            for one in found.changes
        ],
        "paid": [(names.get(one.name, one.name), one) for one in found.paid],
    }
    return render(request, "membership/member_tier.html", context, status=422 if form.errors else 200)


@require_POST
def use(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A member uses a benefit now; the key of the form counts it once."""
    must_change(request)
    at = clock.now()
    try:
        use_benefit(
            use_id=UUID(request.POST.get("key", "")),
            customer_id=customer_id,
            benefit=request.POST.get("benefit", ""),
            on=timezone.localdate(at),
            at=at,
            by=staff_name(request),
        )
    except ValueError:
        raise Http404 from None
    except BenefitRefusedError as refused:
        if refused.is_used_up:
            messages.error(request, _("Nothing is left of this benefit in this period."))
        else:
            messages.error(request, _("The member's tier does not have this benefit."))
    else:
        messages.success(request, _("Recorded. The member sees on the phone what is left."))
    return redirect("membership:member", customer_id)
