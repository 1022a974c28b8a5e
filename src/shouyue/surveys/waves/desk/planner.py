"""The planner of a wave: what it would show, the margins it is weighted to, and the draw."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shouyue.kernel import clock
from shouyue.surveys.questionnaires.public import askable
from shouyue.surveys.waves.actions.opening import AnonymityError, WaveExistsError, WaveWish, open_wave
from shouyue.surveys.waves.forms import MarginsForm, PlanForm
from shouyue.surveys.waves.queries.frames import frame_of
from shouyue.surveys.waves.queries.previewing import Preview, preview
from shouyue.surveys.waves.queries.weighting import ATTRIBUTES
from shouyue.surveys.waves.rules.drawing import FrameError
from shouyue.surveys.weights.public import MarginsError
from shouyue.web.staff import must_change

EXCLUDED = {
    "anonymous": gettext_lazy("nobody is known behind the record"),
    "asked_often": gettext_lazy("asked twice within 90 days already"),
    "asked_often_since": gettext_lazy("asked by other waves before the top-up"),
}
_FIRST_PLAN = {"wanted": 1000, "response_percent": 40, "cost_yuan": "2", "strata": "", "allocation": "", "top_up": 0}
# What the buttons beside the table do, instead of drawing.
_FROM_FRAME, _FROM_LINES = "frame", "lines"


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The planner: GET looks ahead, POST draws what was looked at, or fills the table of margins."""
    must_change(request)
    today = clock.day_in(_zone(), clock.now())
    first = {**_FIRST_PLAN, "closes_on": today + timedelta(days=21), "questionnaire": askable()[0][0]}
    told = request.POST if request.method == "POST" else request.GET or None
    form = PlanForm(told, initial=first, questionnaires=askable(), today=today)
    margins = _margins(told, today, is_sent=request.method == "POST") if told else None
    if told is not None and not form.is_valid():
        return _page(request, form, None, margins, status=422)
    wanted = form.cleaned_data if told is not None else {**first, "cost_yuan": 2, "margins": []}
    seen = _preview(wanted, today)
    if request.method != "POST" or seen is None:
        return _page(request, form, seen, margins)
    if margins is not None and margins.is_bound and not margins.is_valid():
        return _page(request, form, seen, margins, status=422)
    if margins is not None and told is not None and told.get("do"):
        filled = {**told.dict(), **(margins.filled or margins.from_frame()), "pasted": ""}
        return _page(request, form, seen, MarginsForm(initial=filled, categories=margins.categories))
    return _open(request, form, seen, margins)


def _margins(told: QueryDict, today: date, *, is_sent: bool) -> MarginsForm | None:
    """The table of the attributes that were chosen, with what it held; judged where it was sent to be used."""
    chosen = [name for name in ATTRIBUTES if name in told.getlist("margins")]
    if not chosen:
        return None
    categories = frame_of("", on=today, attributes=chosen).categories
    if not is_sent or told.get("do") == _FROM_FRAME:
        return MarginsForm(initial=told.dict(), categories=categories)
    return MarginsForm(told, categories=categories, is_pasting=told.get("do") == _FROM_LINES)


def _open(request: HttpRequest, form: PlanForm, seen: Preview, margins: MarginsForm | None) -> HttpResponse:
    wish = _wish(form.cleaned_data, seen, margins)
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
    except MarginsError as refusal:
        # Customers changed since the table was filled in.
        if margins is not None:
            margins.refuse(refusal)
    else:
        messages.success(request, _("The sample is drawn and frozen. Invite the customers now."))
        return redirect("surveys:wave", made.wave_id)
    return _page(request, form, seen, margins, status=422)


def _wish(wanted: Mapping[str, Any], seen: Preview, margins: MarginsForm | None) -> WaveWish:
    return WaveWish(
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
        margins=margins.margins if margins else None,
    )


def _preview(wanted: Mapping[str, Any], today: date) -> Preview | None:
    return preview(
        wanted["questionnaire"],
        wanted=wanted["wanted"],
        top_up=wanted["top_up"] or 0,
        response=Fraction(wanted["response_percent"], 100),
        cost_fen=int((wanted["cost_yuan"] or 0) * 100),
        strata=wanted["strata"],
        is_optimal=wanted["allocation"] == "optimal",
        margins=wanted["margins"],
        on=today,
    )


def _page(
    request: HttpRequest, form: PlanForm, seen: Preview | None, margins: MarginsForm | None, *, status: int = 200
) -> HttpResponse:
    excluded = [(str(EXCLUDED[reason]), number) for reason, number in seen.frame.excluded.items()] if seen else []
    context = {"form": form, "preview": seen, "excluded": excluded, "margins": margins}
    return render(request, "surveys/plan.html", context, status=status)


def _zone() -> str:
    return str(settings.TIME_ZONE)
