"""The contract as a document: chapters, clauses and items, each with the duties it lays on the parties."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from shouyue.agreement.terms.models import Agreement, Clause
from shouyue.agreement.terms.queries.duties import Duty, duties
from shouyue.agreement.terms.rules.template import parent_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """One numbered place and what stands under it. mentions: duties of other clauses that it speaks of too.

    version: of its words; applies_from: since when they hold, None for what was signed.
    """

    number: str
    title: str
    text: str
    duties: list[Duty]
    mentions: list[Duty]
    version: int = 1
    applies_from: date | None = None
    parts: list["ClauseView"] = field(default_factory=list)

    @property
    def label(self) -> str:
        """How it is numbered under its clause: "(2)" for 4.1(2), else the whole number."""
        return self.number[self.number.index("(") :] if self.is_item else self.number

    @property
    def is_item(self) -> bool:
        return "(" in self.number

    @property
    def anchor(self) -> str:
        """Its place on a page: "c4-1-2" for 4.1(2)."""
        return "c" + self.number.replace(".", "-").replace("(", "-").replace(")", "")

    def all_duties(self) -> list[Duty]:
        """The duties of the clause and of all its parts, in order."""
        return [*self.duties, *(duty for part in self.parts for duty in part.all_duties())]

    def measures(self) -> set[str]:
        """What shows the duties of the clause, those that it only mentions included."""
        here = {duty.measure for duty in (*self.duties, *self.mentions) if duty.measure}
        return here.union(*(part.measures() for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePage:
    """A clause of a chapter, with its neighbours in the contract."""

    chapter: ClauseView
    clause: ClauseView
    before: ClauseView | None
    after: ClauseView | None


def chapters(agreement: Agreement, *, on: date) -> list[ClauseView]:
    """The whole contract, chapter by chapter, with its duties as they stand on a day."""
    by_clause: dict[str, list[Duty]] = defaultdict(list)
    mentioned: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties(agreement, on=on):
        by_clause[duty.clause].append(duty)
        for number in duty.also_in:
            mentioned[number].append(duty)
    views: dict[str, ClauseView] = {}
    for clause in _in_force(agreement, on):
        number = clause.number
        view = ClauseView(
            number=number,
            title=clause.title,
            text=clause.text,
            duties=by_clause[number],
            mentions=mentioned[number],
            version=clause.version,
            applies_from=clause.applies_from,
        )
        views[number] = view
        if parent := parent_number(number):
            views[parent].parts.append(view)
    return [view for view in views.values() if not parent_number(view.number)]


def clause_page(agreement: Agreement, number: str, *, on: date) -> ClausePage | None:
    """The clause "4.1" with its chapter and its neighbours; None when there is no such clause."""
    whole = list(_clauses(chapters(agreement, on=on)))
    for place, (chapter, clause) in enumerate(whole):
        if clause.number == number:
            return ClausePage(
                chapter=chapter,
                clause=clause,
                before=whole[place - 1][1] if place else None,
                after=whole[place + 1][1] if place + 1 < len(whole) else None,
            )
    return None


def has_clause(agreement: Agreement, number: str) -> bool:
    """Does the contract have this number, be it a chapter, a clause or an item?"""
    return agreement.clauses.filter(number=number).exists()


def _in_force(agreement: Agreement, on: date) -> list[Clause]:
    """The words that hold on a day, in the order of the contract: of each number the latest version that applies."""
    found: dict[str, Clause] = {}
    rows = agreement.clauses.filter(Q(applies_from__isnull=True) | Q(applies_from__lte=on))
    for clause in rows.order_by("version"):
        found[clause.number] = clause
    return sorted(found.values(), key=lambda clause: clause.order)


def _clauses(contract: list[ClauseView]) -> Iterator[tuple[ClauseView, ClauseView]]:
    return ((chapter, clause) for chapter in contract for clause in chapter.parts)
