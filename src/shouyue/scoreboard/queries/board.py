"""Everything the scoreboard page shows, in a handful of statements whatever the size of the records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shouyue.agreement import public as agreements
from shouyue.kernel.clock import day_in
from shouyue.kernel.period import Quarter
from shouyue.scoreboard.models import MeasureBook, MeasureResult
from shouyue.scoreboard.queries.counting import is_built
from shouyue.scoreboard.rules.board import Change, Figure, change_of, pressing_first, shown_quarter, state_of_dated
from shouyue.scoreboard.rules.verdict import Basis, State

if TYPE_CHECKING:
    from shouyue.agreement.filings.queries import DatedStanding
    from shouyue.agreement.terms.models import Agreement
    from shouyue.agreement.terms.queries import Duty, PhaseView


_ON_CARDS = ("satisfaction", "repurchase", "retention", "loyalty_survey")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCard:
    """One measure on the page: the quarter's figure, the ones before and after, and how it moved."""

    measure: str
    figure: Figure | None
    series: list[Figure]
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One obligation on the page. figure: of its measure, None for a dated duty or a measure without one.

    dated: where a dated duty stands, None for a measured one.
    """

    code: str
    clause: str
    also_in: list[str]
    title: str
    owner: str
    cadence: str
    state: State
    measure: str
    figure: Figure | None
    next_due: date | None
    dated: "DatedStanding | None" = None

    @property
    def presses(self) -> bool:
        """Whether something is left to do about it: a duty that was done late is not one."""
        return self.dated is None or not self.dated.day.filings


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The scoreboard of one agreement and quarter."""

    agreement: "Agreement"
    quarter: Quarter
    as_of: date
    quarters: list[Quarter]
    phases: "list[PhaseView]"
    contract_month: int | None
    months: int
    cards: dict[str, MeasureCard]
    duties: list[DutyRow]
    pressing: list[DutyRow]


def figures_of(agreement_id: UUID) -> dict[tuple[str, Quarter], Figure]:
    """The latest figure of each measure and quarter, oldest quarter first."""
    rows = (
        MeasureResult.objects.filter(agreement_id=agreement_id)
        .order_by("measure", "period", "-version")
        .distinct("measure", "period")
    )
    return {(row.measure, Quarter.parse(row.period)): as_figure(row) for row in rows}


def is_measured(agreement_id: UUID) -> bool:
    """Whether the agreement's measures were computed at least once."""
    return MeasureBook.objects.filter(agreement_id=agreement_id, computed_at__isnull=False).exists()


def history_of(agreement_id: UUID, measure: str) -> list[Figure]:
    """Every version of every quarter's figure, the latest quarter and version first."""
    rows = MeasureResult.objects.filter(agreement_id=agreement_id, measure=measure)
    return [as_figure(row) for row in rows.order_by("-period", "-version")]


def as_figure(row: MeasureResult) -> Figure:
    return Figure(
        measure=row.measure,
        quarter=Quarter.parse(row.period),
        kept=row.kept,
        asked=row.asked,
        basis=Basis(row.basis),
        state=State(row.state),
        decision=row.decision,
        literal=row.literal,
        threshold=None if row.threshold_bp is None else row.threshold_bp / 10_000,
        alpha=(row.alpha_bp or 0) / 10_000,
        low=row.low,
        high=row.high,
        extra_needed=row.extra_needed,
        version=row.version,
        definition_version=row.definition_version,
        as_of=row.as_of,
        computed_at=row.computed_at,
        details=row.details,
    )


def board_today(wanted: str | None, *, at: datetime) -> Board | None:
    """The scoreboard of the agreement in force, None while there is none."""
    agreement = agreements.current_agreement()
    if agreement is None:
        return None
    return board(agreement, wanted=wanted, today=day_in(agreement.zone, at))


def board(agreement: "Agreement", *, wanted: str | None, today: date) -> Board:
    """The scoreboard of `wanted` ("2011Q3"), or of the latest closed quarter. today: in the agreement's zone."""
    book = MeasureBook.objects.filter(agreement_id=agreement.pk).first()
    as_of = (book and book.as_of) or agreement.standing_day(today)
    figures = figures_of(agreement.pk)
    quarters = sorted({quarter for _measure, quarter in figures})
    quarter = shown_quarter(wanted, quarters, as_of)
    standings = agreements.dated_standings(agreement, on=as_of)
    duties = [
        _row(duty, figures, quarter, as_of, standings.get(duty.code)) for duty in agreements.duties(agreement, on=as_of)
    ]
    by_code = {row.code: row for row in duties}
    return Board(
        agreement=agreement,
        quarter=quarter,
        as_of=as_of,
        quarters=quarters,
        phases=agreements.phases(agreement, on=as_of),
        contract_month=agreement.contract_month(as_of),
        months=agreement.months,
        cards={name: _card(name, figures, quarter) for name in _ON_CARDS},
        duties=duties,
        pressing=[by_code[code] for code in pressing_first((row.state, row.code) for row in duties if row.presses)],
    )


def _card(measure: str, figures: dict[tuple[str, Quarter], Figure], quarter: Quarter) -> MeasureCard:
    series = [figure for (name, _quarter), figure in figures.items() if name == measure]
    figure = figures.get((measure, quarter))
    return MeasureCard(measure=measure, figure=figure, series=series, change=change_of(figure))


def _row(
    duty: "Duty",
    figures: dict[tuple[str, Quarter], Figure],
    quarter: Quarter,
    as_of: date,
    dated: "DatedStanding | None",
) -> DutyRow:
    figure = figures.get((duty.measure, quarter))
    return DutyRow(
        code=duty.code,
        clause=duty.clause,
        also_in=list(duty.also_in),
        title=duty.title,
        owner=duty.owner,
        cadence=duty.cadence,
        state=state_of_dated(dated.day.standing) if dated else _state(duty, figure, as_of),
        measure=duty.measure if is_built(duty.measure) else "",
        figure=figure,
        next_due=duty.next_due,
        dated=dated,
    )


def _state(duty: "Duty", figure: Figure | None, as_of: date) -> State:
    """A measured duty is in its figure's state; one without records is not due until its first day has passed."""
    if figure is not None:
        return figure.state
    is_to_come = duty.first_due is not None and duty.first_due > as_of
    return State.NOT_DUE if is_to_come else State.NOT_MEASURED
