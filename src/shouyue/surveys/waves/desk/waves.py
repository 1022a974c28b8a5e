"""The list of waves, and the page of one wave with what can be done about it."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shouyue.kernel import clock
from shouyue.store.models import Staff
from shouyue.store.outgoing import has_mail
from shouyue.surveys.estimates.public import Decision
from shouyue.surveys.waves.actions.mailing import TooEarlyError, next_round, start_round
from shouyue.surveys.waves.actions.opening import NoTopUpError, close_wave, count_first_look
from shouyue.surveys.waves.desk.planner import EXCLUDED
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries.listing import plan_of, progress_of, wave_lines
from shouyue.surveys.waves.queries.weighting import ATTRIBUTES, category_name
from shouyue.surveys.weights.public import margins_from
from shouyue.web.format import count
from shouyue.web.staff import may_change, must_change


@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """Every wave, newest first."""
    return render(request, "surveys/waves.html", {"lines": wave_lines(), "may_act": may_change(request)})


@require_safe
def wave(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """One drawn wave: how far it is, what was frozen, and what can be done next."""
    found = _plan(wave_id)
    progress = progress_of(wave_id)
    context = {
        "plan": found,
        "wave": found.wave,
        "progress": progress,
        "rounds": [(number, *counts) for number, counts in progress.by_round.items()],
        "strata": _strata(found),
        "margins": _margins(found),
        "opened_by": _who(found.opened_by),
        "excluded": [(str(EXCLUDED[reason]), number) for reason, number in found.excluded.items()],
        "has_second_look": len(found.looks) > 1 and not found.counted,
        "was_topped_up": len(found.looks) > 1 and bool(found.counted) and found.sizes == found.looks[1]["sizes"],
        "top_up": _top_up_size(found),
        "round": _round(wave_id),
        "has_mail": has_mail(),
        "may_act": may_change(request) and found.closed_at is None,
    }
    return render(request, "surveys/wave.html", context)


@require_POST
def invite(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Have the invitation, or the next reminder, sent by e-mail."""
    by = must_change(request)
    try:
        start_round(wave_id, base=request.build_absolute_uri("/"), at=clock.now(), by=by)
    except TooEarlyError:
        messages.error(
            request, _("Nobody is reminded more than twice, nor within three days. Wait, or print the sheets.")
        )
    else:
        messages.success(request, _("On their way. Background jobs show how far they are."))
    return redirect("surveys:wave", wave_id)


@require_POST
def look(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """The planned first look."""
    by = must_change(request)
    try:
        found = count_first_look(wave_id, at=clock.now(), by=by)
    except NoTopUpError:
        messages.error(request, _("This wave has no further look planned. Close it when its last day has come."))
    else:
        if found.decision is Decision.UNDETERMINED:
            messages.success(request, _undecided(found.extra_needed))
        else:
            messages.success(request, _("The first look decides, so the wave is closed."))
            return redirect("surveys:result", wave_id)
    return redirect("surveys:wave", wave_id)


@require_POST
def close(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Take no more answers."""
    close_wave(wave_id, at=clock.now(), by=must_change(request))
    messages.success(request, _("The wave is closed. Its result stands here and on the scoreboard."))
    return redirect("surveys:result", wave_id)


def _undecided(extra: int | None) -> str:
    asked = _("The planned rest of the sample is asked now.")
    if not extra:
        return _("Nothing can be concluded yet. %(asked)s") % {"asked": asked}
    more = ngettext(
        "Undetermined: at this share about %(n)s more answer would decide. %(asked)s",
        "Undetermined: at this share about %(n)s more answers would decide. %(asked)s",
        extra,
    )
    return more % {"n": count(extra), "asked": asked}


def _plan(wave_id: UUID) -> WavePlan:
    found = plan_of(wave_id)
    if found is None:
        raise Http404
    return found


def _strata(found: WavePlan) -> list[tuple[str, int, int]]:
    if list(found.sizes) == [""]:
        return []
    sizes: dict[str, int] = {}
    for stratum in found.frame.values():
        sizes[stratum] = sizes.get(stratum, 0) + 1
    return [(name, size, found.sizes.get(name, 0)) for name, size in sorted(sizes.items())]


def _who(by: str) -> str:
    """The name of whoever drew it; of a program its own."""
    number = by.removeprefix("staff:")
    staff = Staff.objects.filter(pk=number).first() if by.startswith("staff:") and number.isdecimal() else None
    return staff.name if staff else by


def _margins(found: WavePlan) -> list[tuple[str, str, str, float, float]]:
    """Attribute, category, number as entered, its share, and its share of the frame; empty without margins."""
    margins = margins_from(found.margins)
    if margins is None:
        return []
    shares, numbers = margins.shares(), found.margins["values"]
    lines = []
    for place, name in enumerate(margins.attributes):
        in_frame = Counter(labels[place] for labels in found.traits.values())
        lines += [
            (
                str(ATTRIBUTES[name]),
                category_name(name, one),
                numbers[name][one],
                float(part),
                in_frame[one] / found.frame_size,
            )
            for one, part in shares[name].items()
        ]
    return lines


def _top_up_size(found: WavePlan) -> int:
    drawn: list[int] = [sum(one["sizes"].values()) for one in found.looks]
    return drawn[-1] - drawn[0] if drawn else 0


def _round(wave_id: UUID) -> int | None:
    """Which round can go out now; None for none."""
    try:
        return next_round(wave_id, at=clock.now())
    except TooEarlyError:
        return None
