"""The due days of a dated duty, each with the day its time began and the contract month it falls in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shouyue.agreement.terms.rules.duties import Rhythm, due_dates, window_start
from shouyue.agreement.terms.rules.schedule import PhasePlan, Term, month_of


@dataclass(frozen=True, slots=True)
class Due:
    """One due day. month: of the contract, from 1."""

    on: date
    started: date
    month: int


def all_due(rhythm: Rhythm, term: Term, plans: Sequence[PhasePlan]) -> Iterator[Due]:
    """Every due day of the term, in order."""
    for day in due_dates(rhythm, term):
        yield Due(day, window_start(rhythm, term, day, plans), month_of(term.starts_on, day))
