"""The result of a closed wave on its page, and what a third person needs to recompute it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouyue.agreement.public import current_agreement, improvements
from shouyue.kernel import clock
from shouyue.kernel.clock import day_in
from shouyue.kernel.shares import Interval, share_interval
from shouyue.store.models import Party, Staff
from shouyue.surveys.estimates.public import Estimate
from shouyue.surveys.questionnaires.public import Question, questions_of, worded
from shouyue.surveys.results.queries.exporting import expected_line, export_of
from shouyue.surveys.results.queries.results import Result, is_told, result_of, words_of
from shouyue.surveys.results.queries.series import series_up_to
from shouyue.surveys.results.rules import replay
from shouyue.surveys.results.rules.summaries import QuestionSummary
from shouyue.surveys.waves.public import WavePlan, plan_of, weighting
from shouyue.web import charts
from shouyue.web.charts import Bar, Chart, Point
from shouyue.web.format import count, percent

if TYPE_CHECKING:
    from shouyue.agreement.plans.public import Improvement

_TOPICS = {
    "delivery": gettext_lazy("Delivery"),
    "service": gettext_lazy("Service"),
    "goods": gettext_lazy("Goods"),
    "price": gettext_lazy("Prices"),
    "after_sales": gettext_lazy("After-sales"),
    "waiting": gettext_lazy("Waiting"),
    "other": gettext_lazy("Other words"),
}
_WORDS_SHOWN = 12


@require_safe
def export(request: HttpRequest, wave_id: UUID) -> HttpResponse:  # noqa: ARG001 a view's signature
    """Frame, seed, sizes and counts as JSON."""
    plan = _telling(wave_id)
    answer = JsonResponse(export_of(plan), json_dumps_params={"ensure_ascii": False, "sort_keys": True})
    answer["Content-Disposition"] = f'attachment; filename="wave-{plan.wave.period}.json"'
    return answer


@require_safe
def expected(request: HttpRequest, wave_id: UUID) -> HttpResponse:  # noqa: ARG001 a view's signature
    """The line that the stand-alone script must print for the export, byte by byte."""
    return HttpResponse(expected_line(_telling(wave_id)) + "\n", content_type="application/json")


@require_safe
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """The stand-alone script itself."""
    answer = HttpResponse(Path(replay.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="replay.py"'
    return answer


@require_safe
def result(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """What a closed wave says; an open one says nothing."""
    plan = _closed(wave_id)
    is_loyalty = plan.wave.questionnaire.measure == "loyalty_survey"
    context = {
        "plan": plan,
        "wave": plan.wave,
        "is_loyalty": is_loyalty,
        "improvements": _improvements(request.path),
        "answered_by": f"{wave_id}:all:",
        "may_plan": isinstance(request.user, Staff) and request.user.party != Party.AUDITOR,
        **_content(request, plan),
    }
    return render(request, "surveys/result.html", context)


def _improvements(url: str) -> "list[Improvement]":
    """Measures of the plans that answer this result, and those whose result this one measured anew."""
    agreement = current_agreement()
    if agreement is None:
        return []
    on = agreement.standing_day(day_in(agreement.zone, clock.now()))
    return [one for one in improvements.of(agreement, on=on) if one.touches(url)]


def _content(request: HttpRequest, plan: WavePlan) -> dict[str, Any]:
    found = result_of(plan)
    if found is None:
        return {"result": None}
    questions = {one.code: one for one in questions_of(plan.wave.questionnaire)}
    reads_words = isinstance(request.user, Staff) and request.user.party != Party.AUDITOR
    return {
        "result": found,
        "chart": _interval(plan, found),
        "target_share": float(plan.target),
        "questions": [
            (one, worded(one.question, _language()), _chart(one))
            for one in found.questions
            if one.answers or one.is_hidden
        ],
        "drivers": [(_column(one.name, questions), one) for one in found.drivers.found],
        **_weighting(found),
        "reads_words": reads_words,
        **_series(plan),
        "words": _words(plan) if reads_words else [],
    }


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """One way to weight the same answers. effect: design effect, None where all agree.

    effective: as many equal answers know as much; the rule counts no more than came.
    """

    label: str
    share: float
    interval: Interval
    effect: float | None
    effective: float | None


def _weighting(found: Result) -> dict[str, Any]:
    """The estimates beside each other and the margins; nothing where no margins were frozen."""
    raking, interval = found.reading.raking, found.reading.interval
    if raking is None or interval is None:
        return {}
    plain = share_interval(found.kept, found.answered, interval.level, "beta")
    lines = [EstimateLine(_("Unweighted"), found.kept / found.answered, plain, None, float(found.answered))]
    lines.append(_estimate_line(_("By the weights of the draw"), raking.drawn, found.answered, interval.level))
    if not raking.refusal:
        lines.append(_estimate_line(_("Weighted to the margins"), raking.estimate, found.answered, interval.level))

    def named(attribute: str, category: str) -> tuple[str, str]:
        return str(weighting.ATTRIBUTES[attribute]), weighting.category_name(attribute, category)

    return {
        "raking": raking,
        "estimates": lines,
        "margins": [(*named(one.attribute, one.category), one) for one in raking.lines],
        "missing": raking.missing and named(*raking.missing),
    }


def _estimate_line(label: str, one: Estimate, answered: int, level: float) -> EstimateLine:
    effective = min(float(answered), answered / one.design_effect) if one.design_effect else None
    return EstimateLine(
        label, one.value, Interval(one.low, one.high, level, "korn-graubard"), one.design_effect, effective
    )


def _series(plan: WavePlan) -> dict[str, Any]:
    waves, series = series_up_to(plan.wave)
    rows = [(worded(one.question, _language()), list(zip(waves, one.shares, strict=True))) for one in series]
    return {"series_waves": waves, "series": rows}


def _interval(plan: WavePlan, found: Result) -> Chart:
    interval = found.reading.interval
    point = Point(
        label=plan.wave.period,
        value=found.reading.value,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        size=found.answered,
    )
    return charts.interval_chart(point, target=float(plan.target), title=_("Share with its interval"))


def _chart(one: QuestionSummary) -> Chart | None:
    names = {choice.code: worded(choice, _language()) for choice in one.question.choices}
    if one.lines:
        bars = [
            Bar(
                label=names.get(line.code, line.code),
                value=line.share,
                shown=_("hidden")
                if line.is_hidden
                else _("%(share)s%% (%(count)s)") % {"share": percent(line.share), "count": count(line.count)},
            )
            for line in one.lines
        ]
        return charts.bar_chart(bars, title=worded(one.question, _language()), label=_("Answer"), value=_("Share"))
    if one.rows:
        bars = [Bar(label=names[row.code], value=row.mean, shown=f"{row.mean:.2f}") for row in one.rows]
        value = _("Mean place") if one.question.kind == "ranking" else _("Mean mark")
        return charts.bar_chart(bars, title=worded(one.question, _language()), label=_("Answer"), value=value)
    return None


def _words(plan: WavePlan) -> list[tuple[str, list[tuple[str, int, list[str]]]]]:
    return [
        (
            worded(question, _language()),
            [(str(_TOPICS[topic]), len(texts), texts[:_WORDS_SHOWN]) for topic, texts in topics.items()],
        )
        for question, topics in words_of(plan)
    ]


def _column(name: str, questions: dict[str, Question]) -> str:
    code, _colon, row = name.partition(":")
    question = questions[code]
    choice = next((one for one in question.choices if one.code == row), None)
    return worded(choice or question, _language())


def _closed(wave_id: UUID) -> WavePlan:
    plan = plan_of(wave_id)
    if plan is None or plan.closed_at is None:
        raise Http404
    return plan


def _telling(wave_id: UUID) -> WavePlan:
    """A closed wave whose counts may be seen."""
    plan = _closed(wave_id)
    if plan.wave.is_anonymous and not is_told(plan):
        raise Http404
    return plan


def _language() -> str:
    return get_language() or "zh-hans"
