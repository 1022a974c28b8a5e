"""The scoreboard's home page of both parties, and the quarterly report."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.scoreboard import readings
from shouyue.scoreboard.names import NAMES
from shouyue.scoreboard.queries.board import Board, DutyRow, MeasureCard, board_today
from shouyue.scoreboard.report import quarterly_paper
from shouyue.scoreboard.rules.board import Figure, silence_of
from shouyue.scoreboard.rules.verdict import State
from shouyue.web import charts
from shouyue.web.format import quarter as quarter_name
from shouyue.web.format import quarter_short
from shouyue.web.paper import DOCX_TYPE, GlyphsMissingError, as_docx, as_pdf

_FILTERS = ("all", "open", "a", "b")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The scoreboard of the agreement in force; ?quarter=2011Q3 opens another quarter, ?duties= filters the list."""
    found = board_today(request.GET.get("quarter"), at=clock.now())
    if found is None:
        return render(request, "scoreboard/empty.html")
    chosen = request.GET.get("duties", "all")
    chosen = chosen if chosen in _FILTERS else "all"
    chosen_duties = _chosen_duties(found, chosen)
    return render(
        request,
        "scoreboard/board.html",
        {
            "board": found,
            "heading": quarter_name(found.quarter.first_day),
            "satisfaction": found.cards["satisfaction"],
            "satisfaction_trend": trend(found.cards["satisfaction"].series, NAMES["satisfaction"]),
            "silence": silence_of(shown) if (shown := found.cards["satisfaction"].figure) else None,
            "satisfaction_reading": readings.of_sample(found.cards["satisfaction"]),
            "satisfaction_chart": _interval_chart(found.cards["satisfaction"]),
            "repurchase": found.cards["repurchase"],
            "repurchase_reading": readings.of_census(found.cards["repurchase"]),
            "repurchase_chart": trend(found.cards["repurchase"].series, NAMES["repurchase"]),
            "retention": found.cards["retention"],
            "loyal": found.cards["loyalty_survey"],
            "loyal_reading": readings.of_sample(found.cards["loyalty_survey"]),
            "loyal_chart": trend(found.cards["loyalty_survey"].series, NAMES["loyalty_survey"]),
            "retention_chart": trend(found.cards["retention"].series, NAMES["retention"]),
            "by_quarter": _by_quarter(found),
            "duties": [row for row in chosen_duties if row.state is not State.NOT_MEASURED],
            "unmeasured": [row for row in chosen_duties if row.state is State.NOT_MEASURED],
            "chosen": chosen,
            "open_count": len(found.pressing),
            "first_step": found.pressing[0] if found.pressing else None,
        },
    )


@require_safe
def report(request: HttpRequest, ending: str) -> HttpResponse:
    """The quarterly report as pdf or docx; ?quarter=2011Q3 chooses the quarter."""
    found = board_today(request.GET.get("quarter"), at=clock.now())
    if found is None or ending not in {"pdf", "docx"}:
        raise Http404
    paper = quarterly_paper(found)
    try:
        content = as_pdf(paper) if ending == "pdf" else as_docx(paper)
    except GlyphsMissingError:
        return render(request, "scoreboard/no_glyphs.html", {"board": found}, status=503)
    answer = HttpResponse(content, content_type="application/pdf" if ending == "pdf" else DOCX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="report-{found.quarter.label}.{ending}"'
    return answer


def point(figure: Figure) -> charts.Point:
    """A figure as a chart's point; a census has no interval to draw."""
    return charts.Point(
        label=quarter_short(figure.quarter.first_day),
        value=figure.share,
        low=figure.low,
        high=figure.high,
        state=figure.decision or figure.state,
        size=figure.asked,
    )


def trend(series: list[Figure], title: str | Promise) -> charts.Chart | None:
    if not series:
        return None
    return charts.trend_chart([point(figure) for figure in series], target=series[-1].threshold, title=title)


def _interval_chart(card: MeasureCard) -> charts.Chart | None:
    if card.figure is None or card.figure.share is None:
        return None
    return charts.interval_chart(point(card.figure), target=card.figure.threshold, title=NAMES[card.measure])


def _chosen_duties(found: Board, chosen: str) -> list[DutyRow]:
    if chosen == "open":
        return found.pressing
    if chosen in {"a", "b"}:
        return [row for row in found.duties if row.owner in {chosen, "both"}]
    return found.duties


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One line of the table by quarter."""

    label: str
    period: str
    is_shown: bool
    satisfaction: Figure | None
    repurchase: Figure | None
    retention: Figure | None
    loyal: Figure | None


def _by_quarter(found: Board) -> list[QuarterRow]:
    series = {name: {figure.quarter: figure for figure in card.series} for name, card in found.cards.items()}
    return [
        QuarterRow(
            label=quarter_name(quarter.first_day),
            period=quarter.label,
            is_shown=quarter == found.quarter,
            satisfaction=series["satisfaction"].get(quarter),
            repurchase=series["repurchase"].get(quarter),
            retention=series["retention"].get(quarter),
            loyal=series["loyalty_survey"].get(quarter),
        )
        for quarter in reversed(found.quarters)
    ]
