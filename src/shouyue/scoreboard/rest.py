"""The scoreboard as plain values for machines."""

import inspect
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe
from ninja import Query, Router, Schema
from pydantic import Field

from shouyue.kernel import clock
from shouyue.rest.routes import call
from shouyue.scoreboard.queries.board import Board, DutyRow, board_today
from shouyue.scoreboard.queries.conduct import wave_of
from shouyue.scoreboard.rules import recompute as recompute_rules
from shouyue.scoreboard.rules.board import Figure
from shouyue.surveys.public import conduct_of

router = Router()


class ScoreboardOut(Schema):
    agreement: dict[str, Any] | None = Field(description=_("The agreement in force; null while there is none."))
    quarter: str | None = None
    as_of: date | None = None
    measures: dict[str, Any] = Field(
        default={},
        description=_("The quarter's figures: counts, shares in [0, 1], interval with its level, target, verdicts."),
    )
    series: dict[str, Any] = Field(default={}, description=_("The same figures of every quarter, oldest first."))
    waves: dict[str, Any] = Field(
        default={},
        description=_("Drawn waves behind the figures: target, looks with the risk spent, frame's hash, their export."),
    )
    obligations: list[dict[str, Any]] = Field(default=[], description=_("Every obligation with its state."))


class Wanted(Schema):
    quarter: str | None = Field(
        default=None, pattern=r"^(19|20|21)\d\dQ[1-4]$", description=_("2011Q3; without it the latest closed quarter.")
    )


@router.get(
    "/scoreboard",
    response=ScoreboardOut,
    **call("scoreboard:read", _("Read the scoreboard"), _("Whether the contract is kept: the figures of a quarter.")),
)
def read_scoreboard(request: HttpRequest, wanted: Query[Wanted]) -> ScoreboardOut:  # noqa: ARG001 ninja finds the request by this name
    found = board_today(wanted.quarter, at=clock.now())
    return ScoreboardOut(**board_as_json(found)) if found else ScoreboardOut(agreement=None)


@require_safe
def scoreboard(request: HttpRequest) -> JsonResponse:
    """GET scoreboard.json?quarter=2011Q3: shares in [0, 1], days as ISO dates; agreement null while there is none."""
    found = board_today(request.GET.get("quarter"), at=clock.now())
    answer = board_as_json(found) if found else {"agreement": None}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@require_safe
def recompute(_request: HttpRequest) -> HttpResponse:
    """The script that recomputes the verdicts of scoreboard.json with nothing but Python."""
    answer = HttpResponse(standalone(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recompute.py"'
    return answer


def standalone() -> str:
    """The script as one file: what it borrows from the surveys' script stands in place of the import."""
    borrowed = inspect.getmodule(recompute_rules.verdict_of)
    text = inspect.getsource(borrowed) if borrowed else ""
    own = inspect.getsource(recompute_rules).splitlines(keepends=True)
    is_import = "from shouyue."
    text = text.split('if __name__ == "__main__"', maxsplit=1)[0]
    return "".join(text if line.startswith(is_import) else line for line in own)


def figure_as_json(figure: Figure | None) -> dict[str, Any] | None:
    """Counts, share in [0, 1], interval with its level, the state of the page and both verdicts."""
    if figure is None:
        return None
    interval = None
    if figure.low is not None and figure.high is not None:
        interval = {"low": figure.low, "high": figure.high, "level": round(figure.level, 6)}
    return {
        "measure": figure.measure,
        "quarter": figure.quarter.label,
        "kept": figure.kept,
        "asked": figure.asked,
        "share": figure.share,
        "target": figure.threshold,
        "target_bp": None if figure.threshold is None else round(figure.threshold * 10_000),
        "alpha_bp": round(figure.alpha * 10_000),
        "basis": figure.basis.value,
        "interval": interval,
        "state": figure.state.value,
        "verdict": figure.decision or None,
        "literal_verdict": figure.literal or None,
        "extra_answers_needed": figure.extra_needed,
        "definition_version": figure.definition_version,
        "version": figure.version,
        "as_of": figure.as_of.isoformat(),
        "details": figure.details,
    }


def board_as_json(board: Board) -> dict[str, Any]:
    """The whole page: the quarter's figures, their series, every obligation."""
    agreement = board.agreement
    return {
        "agreement": {
            "number": agreement.number,
            "starts_on": agreement.starts_on.isoformat(),
            "ends_on": agreement.ends_on.isoformat(),
            "zone": agreement.zone,
            "month": board.contract_month,
            "months": board.months,
        },
        "quarter": board.quarter.label,
        "as_of": board.as_of.isoformat(),
        "measures": {name: figure_as_json(card.figure) for name, card in board.cards.items()},
        "series": {name: [figure_as_json(one) for one in card.series] for name, card in board.cards.items()},
        "waves": _waves_as_json(board),
        "obligations": [_duty_as_json(row) for row in board.duties],
    }


def _waves_as_json(board: Board) -> dict[str, Any]:
    """The plans by which figures of drawn waves were judged, and where their exports are; by the wave's number."""
    figures = (figure for card in board.cards.values() for figure in card.series)
    waves = sorted({wave_id for figure in figures if (wave_id := wave_of(figure))})
    return {
        str(wave_id): {
            "p0": one.target,
            "looks": [{"kept": kept, "asked": asked, "spent": spent} for kept, asked, spent in one.judged],
            "population": one.population,
            "is_weighted": one.is_weighted,
            "frame_hash": one.frame_hash,
            "margins_hash": one.margins_hash,
            "export": reverse("surveys:export", args=[wave_id]),
        }
        for wave_id, one in conduct_of(waves).items()
    }


def _duty_as_json(row: DutyRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "clause": row.clause,
        "also_in": row.also_in,
        "title": row.title,
        "owner": row.owner,
        "cadence": row.cadence,
        "state": row.state.value,
        "measure": row.measure or None,
        "kept_in_time": row.dated.kept if row.dated else None,
        "due_so_far": row.dated.passed if row.dated else None,
        "next_due": row.next_due.isoformat() if row.next_due else None,
    }
