"""The list of waves, the planner, and the page of one wave with what can be done about it."""

import secrets
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.store.outgoing import has_mail
from shouyue.surveys.estimates.public import Decision
from shouyue.surveys.questionnaires.public import askable
from shouyue.surveys.waves.actions.mailing import TooEarlyError, next_round, start_round
from shouyue.surveys.waves.actions.opening import (
    AnonymityError,
    NoTopUpError,
    WaveExistsError,
    WaveWish,
    close_wave,
    count_first_look,
    open_wave,
)
from shouyue.surveys.waves.forms import PlanForm
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries.listing import plan_of, progress_of, wave_lines
from shouyue.surveys.waves.queries.previewing import Preview, preview
from shouyue.surveys.waves.rules.drawing import FrameError
from shouyue.web.format import count
from shouyue.web.staff import may_change, must_change

_EXCLUDED = {
    "anonymous": gettext_lazy("nobody is known behind the record"),
    "asked_often": gettext_lazy("asked twice within 90 days already"),
    "asked_often_since": gettext_lazy("asked by other waves before the top-up"),
}
_FIRST_PLAN = {"wanted": 1000, "response_percent": 40, "cost_yuan": "2", "strata": "", "allocation": "", "top_up": 0}


@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """Every wave, newest first."""
    return render(request, "surveys/waves.html", {"lines": wave_lines(), "may_act": may_change(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The planner: GET looks ahead, POST draws what was looked at."""
    must_change(request)
    today = clock.day_in(_zone(), clock.now())
    first = {**_FIRST_PLAN, "closes_on": today + timedelta(days=21), "questionnaire": askable()[0][0]}
    told = request.POST if request.method == "POST" else request.GET or None
    form = PlanForm(told, initial=first, questionnaires=askable(), today=today)
    if told is not None and not form.is_valid():
        return render(request, "surveys/plan.html", {"form": form, "preview": None}, status=422)
    wanted = form.cleaned_data if told is not None else {**first, "cost_yuan": 2}
    seen = _preview(wanted, today)
    if request.method == "POST" and seen is not None:
        return _open(request, form, wanted, seen)
    return render(request, "surveys/plan.html", {"form": form, "preview": seen, "excluded": _excluded(seen)})


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
        "excluded": [(str(_EXCLUDED[reason]), number) for reason, number in found.excluded.items()],
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


def _open(request: HttpRequest, form: PlanForm, wanted: dict[str, Any], seen: Preview) -> HttpResponse:
    wish = WaveWish(
        questionnaire=wanted["questionnaire"],
        wanted=wanted["wanted"],
        closes_on=wanted["closes_on"],
        zone=_zone(),
        # Made here, where nobody can choose it.
        seed=secrets.token_hex(32),
        target=seen.target,
        strata=wanted["strata"],
        top_up=wanted["top_up"] or 0,
        spreads=seen.spreads,
        is_anonymous=wanted["is_anonymous"],
    )
    try:
        made = open_wave(wish, at=clock.now(), by=must_change(request))
    except WaveExistsError:
        form.add_error(
            "questionnaire", _("This questionnaire was drawn in this quarter already. Open that wave instead.")
        )
    except AnonymityError:
        form.add_error(
            "is_anonymous", _("This questionnaire asks for a file, and a file may name its sender. Choose another.")
        )
    except FrameError:
        form.add_error(None, _("Nobody may be asked: everybody is anonymous or was asked twice within 90 days."))
    else:
        messages.success(request, _("The sample is drawn and frozen. Invite the customers now."))
        return redirect("surveys:wave", made.wave_id)
    context = {"form": form, "preview": seen, "excluded": _excluded(seen)}
    return render(request, "surveys/plan.html", context, status=422)


def _preview(wanted: dict[str, Any], today: date) -> Preview | None:
    return preview(
        wanted["questionnaire"],
        wanted=wanted["wanted"],
        top_up=wanted["top_up"] or 0,
        response=Fraction(wanted["response_percent"], 100),
        cost_fen=int((wanted["cost_yuan"] or 0) * 100),
        strata=wanted["strata"],
        is_optimal=wanted["allocation"] == "optimal",
        on=today,
    )


def _excluded(seen: Preview | None) -> list[tuple[str, int]]:
    return [(str(_EXCLUDED[reason]), number) for reason, number in seen.frame.excluded.items()] if seen else []


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


def _top_up_size(found: WavePlan) -> int:
    drawn: list[int] = [sum(one["sizes"].values()) for one in found.looks]
    return drawn[-1] - drawn[0] if drawn else 0


def _round(wave_id: UUID) -> int | None:
    """Which round can go out now; None for none."""
    try:
        return next_round(wave_id, at=clock.now())
    except TooEarlyError:
        return None


def _zone() -> str:
    return str(settings.TIME_ZONE)
