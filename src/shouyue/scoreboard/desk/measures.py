"""One measure: definition, how each quarter was computed, what more answers would decide, the year in one view."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shouyue.agreement import public as agreements
from shouyue.scoreboard.desk.board import trend
from shouyue.scoreboard.forms import WhatIfForm
from shouyue.scoreboard.names import NAMES
from shouyue.scoreboard.queries.board import history_of
from shouyue.scoreboard.queries.conduct import conduct_behind, judged_apart
from shouyue.scoreboard.queries.counting import is_built
from shouyue.scoreboard.rules.alarms import Alarm
from shouyue.scoreboard.rules.annual import year_of
from shouyue.scoreboard.rules.board import Figure
from shouyue.scoreboard.rules.whatif import NextLook, Supposed, next_look, suppose
from shouyue.surveys.public import open_waves

_BASIS_POINTS = 10_000


@require_safe
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: its definition, how each quarter was computed, and every version of every figure."""
    agreement = agreements.current_agreement()
    if agreement is None or not is_built(measure):
        raise Http404
    history = history_of(agreement.pk, measure)
    latest = _latest_of_each_quarter(history)
    definition = agreements.definition(agreement, measure)
    name = NAMES.get(measure) or (definition.title if definition else measure)
    context = {
        "agreement": agreement,
        "measure": measure,
        "name": name,
        "definition": definition,
        "history": history,
        "rows": [(figure, _beside(figure)) for figure in latest],
        "is_census": bool(latest) and latest[0].is_census,
        "chart": trend(list(reversed(latest)), name) if latest else None,
        "next_looks": _next_looks(measure),
        "what_if": what_if(request.GET, latest[0]) if latest else None,
        "can_be_summed_up": bool(latest) and not latest[0].is_census,
        "alarms": alarms_of(latest[0]) if latest else [],
    }
    return render(request, "scoreboard/measure.html", context)


@require_safe
def year(request: HttpRequest, measure: str) -> HttpResponse:
    """The quarters of the term that are closed, judged together."""
    agreement = agreements.current_agreement()
    if agreement is None or not is_built(measure):
        raise Http404
    latest = _latest_of_each_quarter(history_of(agreement.pk, measure))
    inside = [
        figure
        for figure in reversed(latest)
        if not figure.is_census
        and figure.decision
        and agreement.starts_on <= figure.quarter.last_day <= agreement.ends_on
    ]
    rows = []
    if inside:
        p0, alpha = exact_terms(inside[-1])
        rows = year_of(
            [(one.quarter, one.kept, one.asked) for one in inside], p0=p0, alpha=alpha, apart=judged_apart(inside)
        )
    definition = agreements.definition(agreement, measure)
    name = NAMES.get(measure) or (definition.title if definition else measure)
    figures = {figure.quarter: figure for figure in inside}
    context = {
        "agreement": agreement,
        "measure": measure,
        "name": name,
        "rows": [(row, figures[row.quarter]) for row in rows],
        "alpha": inside[-1].alpha if inside else None,
        "has_apart": any(row.state is None for row in rows),
    }
    return render(request, "scoreboard/year.html", context)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The form and, once it is filled in, what would follow."""

    form: WhatIfForm
    found: Supposed | None
    looks: int = 1  # that the verdict of the figure's wave rests on


def what_if(asked: QueryDict, figure: Figure) -> WhatIf | None:
    """What the latest figure would become with more answers; ?more= and ?share= in percent.

    None for a full count and for weighted answers, of which only svy says what they would decide.
    """
    found_behind = conduct_behind(figure)
    behind = found_behind[0] if found_behind else None
    if figure.is_census or (behind and behind.is_weighted):
        return None
    shown = {"more": figure.extra_needed or 100, "share": f"{100 * (figure.share or 0):.2f}"}
    is_asked = "more" in asked
    form = WhatIfForm(asked if is_asked else None, initial=shown)
    if not is_asked or not form.is_valid():
        return WhatIf(form, None)
    p0, alpha = exact_terms(figure)
    found = suppose(
        kept=figure.kept,
        asked=figure.asked,
        more=form.cleaned_data["more"],
        share=Fraction(Decimal(form.cleaned_data["share"])) / 100,
        p0=p0,
        alpha=alpha,
        looks=behind.judged if behind else (),
        population=behind.population if behind else None,
    )
    return WhatIf(form, found, looks=len(behind.judged) if behind else 1)


def _next_looks(measure: str) -> list[tuple[UUID, NextLook]]:
    """What the next look of each open wave needs; nothing of weighted ones, whose limits only svy knows."""
    found = [
        (
            one.wave_id,
            next_look(
                one.judged,
                answered=one.answered,
                invited=one.invited_by_look,
                risks=one.risks,
                p0=Fraction(one.target),
                population=one.population,
            ),
        )
        for one in open_waves(measure)
        if not one.is_weighted
    ]
    return [(wave_id, look) for wave_id, look in found if look is not None]


def exact_terms(figure: Figure) -> tuple[Fraction, Fraction]:
    """The target and the risk as exact shares: both are kept in basis points."""
    threshold = figure.threshold or 0.0
    return (
        Fraction(round(threshold * _BASIS_POINTS), _BASIS_POINTS),
        Fraction(round(figure.alpha * _BASIS_POINTS), _BASIS_POINTS),
    )


_ALARMS: dict[Alarm, str | Promise] = {
    Alarm.EXCLUSIONS: _(
        "More than a tenth of the customers were left out before the draw. Read the reasons in the wave."
    ),
    Alarm.BURST: _("At least a fifth of the answers came within one minute. Look at where they came from."),
    Alarm.STAFF: _(
        "More than three tenths of the answers were typed in by staff or sent in by programs. Compare them with the "
        "others."
    ),
    Alarm.EARLY: _("The wave was closed before its planned day. Ask why."),
    Alarm.TOP_UP: _("The answers were counted more than once. The limits of the looks planned in advance were used."),
}


def alarms_of(figure: Figure) -> list[str | Promise] | None:
    """Sentences about what stands out in the wave behind the figure; None where no drawn wave stands behind it."""
    behind = conduct_behind(figure)
    return None if behind is None else [_ALARMS[alarm] for alarm in behind[1]]


_OTHER_READINGS: dict[str, str | Promise] = {
    "window_30": _("within 30 days"),
    "window_60": _("within 60 days"),
    "window_90": _("within 90 days"),
    "window_180": _("within 180 days"),
    "window_365": _("within a year"),
    "without_cancelled": _("without cancelled orders"),
}


def _beside(figure: Figure) -> list[tuple[str | Promise, float]]:
    """What other definitions would have given, for the reader to judge how much hangs on the agreed one."""
    found = figure.details.get("sensitivity")
    if not isinstance(found, dict):
        return []
    known = ((label, found[name]) for name, label in _OTHER_READINGS.items() if name in found)
    return [(label, kept / asked) for label, (kept, asked) in known if asked]


def _latest_of_each_quarter(history: list[Figure]) -> list[Figure]:
    newest: dict[object, Figure] = {}
    for figure in history:
        newest.setdefault(figure.quarter, figure)
    return list(newest.values())
