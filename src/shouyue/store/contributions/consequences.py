"""What upper rooms would do once an import is taken back: counted while that is rehearsed, batch by batch."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # rooms register before Django's models are ready
    from shouyue.store.models import Fact

# What the batch announced, and the moment.
Count: TypeAlias = "Callable[[Sequence[Fact], datetime], Mapping[str, int]]"
Counts: TypeAlias = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One room's answer. count: does what the room would do about these facts and counts what that changed; it is
    taken back with the batch. Counts of batches are added up. template: shows them as `counts`."""

    name: str
    order: int
    count: Count
    template: str


_answers: dict[str, Consequence] = {}


def add(answer: Consequence) -> None:
    """Register an answer. The same name again replaces it."""
    _answers[answer.name] = answer


def counted(news: "Sequence[Fact]", *, at: datetime) -> dict[str, Mapping[str, int]]:
    """By name of the answer what each room would do. Call it in a transaction that is taken back."""
    return {name: answer.count(news, at) for name, answer in _answers.items()} if news else {}


def added(one: Counts, other: Counts) -> dict[str, dict[str, int]]:
    """The counts of both."""
    return {name: dict(Counter(one.get(name, {})) + Counter(other.get(name, {}))) for name in {**one, **other}}


def shown(counts: Counts) -> list[tuple[str, Mapping[str, int]]]:
    """Templates with their counts, in order."""
    known = sorted((_answers[name] for name in counts if name in _answers), key=lambda one: (one.order, one.name))
    return [(one.template, counts[one.name]) for one in known]
