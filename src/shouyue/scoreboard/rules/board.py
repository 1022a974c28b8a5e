"""The scoreboard's own judgements: how a figure reads, what changed since last quarter, what to do first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shouyue.kernel.period import Quarter
from shouyue.kernel.shares import Interval
from shouyue.scoreboard.rules.verdict import Basis, State
from shouyue.surveys.estimates.rules.nonresponse import Bounds, response_rate, tipping_point, worst_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured quarter as it was kept: counts, verdicts and what they rest on.

    threshold: the target share, None for a measure without one. decision: what the counts prove, "" when nothing
    was decided; literal: share >= target alone. low, high: the decision's own interval, None for a census.
    """

    measure: str
    quarter: Quarter
    kept: int
    asked: int
    basis: Basis
    state: State
    decision: str
    literal: str
    threshold: float | None
    alpha: float
    low: float | None
    high: float | None
    extra_needed: int | None
    version: int
    definition_version: int
    as_of: date
    computed_at: datetime
    details: dict[str, object]

    @property
    def share(self) -> float | None:
        return self.kept / self.asked if self.asked else None

    @property
    def is_census(self) -> bool:
        return self.basis is Basis.CENSUS

    @property
    def level(self) -> float:
        """Confidence of the decision's two-sided interval."""
        return 1 - 2 * self.alpha


@dataclass(frozen=True, slots=True)
class Silence:
    """What those who were asked and did not answer could change. Shares in [0, 1]; tipping: see nonresponse."""

    invited: int
    rate: float
    worst: Bounds
    tipping: float | None


def silence_of(figure: Figure) -> Silence | None:
    """Response rate, worst-case bounds and tipping point; None when nobody was invited or no target was set."""
    invited = figure.details.get("invited")
    if not isinstance(invited, int) or invited < figure.asked or figure.threshold is None:
        return None
    return Silence(
        invited,
        response_rate(figure.asked, invited),
        worst_case(figure.kept, figure.asked, invited),
        tipping_point(figure.kept, figure.asked, invited, figure.threshold),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of two quarters' shares. interval: Newcombe's; None between censuses, which carry no chance."""

    difference: float
    interval: Interval | None

    @property
    def is_significant(self) -> bool:
        return self.interval is None or self.interval.low > 0 or self.interval.high < 0


def change_of(figure: Figure | None) -> Change | None:
    """How the share moved since the quarter before, as it was computed with the figure; None if nothing was before."""
    found = figure.details.get("change") if figure else None
    if not isinstance(found, dict):
        return None
    interval = Interval(found["low"], found["high"], 0.95, "newcombe") if "low" in found else None
    return Change(found["difference"], interval)


# The most pressing first; what is met, not due or not measured yet asks for nothing here.
_PRESSING = {State.MISSED: 0, State.AT_RISK: 1, State.UNDETERMINED: 2}


def pressing_first(states: Iterable[tuple[State, str]]) -> list[str]:
    """Codes of what asks for an action, the most pressing state first, in the given order within a state."""
    asked = [(state, code) for state, code in states if state in _PRESSING]
    return [code for _state, code in sorted(asked, key=lambda pair: _PRESSING[pair[0]])]


# What the standing of a dated duty says on the page. One that was done late missed its day; nothing is left to do.
_DATED = {
    "done": State.MET,
    "late": State.MISSED,
    "overdue": State.MISSED,
    "at_risk": State.AT_RISK,
    "open": State.NOT_DUE,
    "to_come": State.NOT_DUE,
}


def state_of_dated(standing: str) -> State:
    """The state of a dated duty from its standing in the matrix of duties."""
    return _DATED[standing]


def shown_quarter(wanted: str | None, measured: list[Quarter], as_of: date) -> Quarter:
    """The quarter to open: the asked-for one, else the latest measured one that is closed, else the current one.

    A quarter that nobody can read ("2011Q9") counts as not asked for.
    """
    try:
        if wanted:
            return Quarter.parse(wanted)
    except ValueError:
        pass
    closed = [quarter for quarter in measured if quarter.last_day <= as_of]
    return max(closed, default=Quarter.of(as_of))
