"""What the surveys room announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase, RowsFact


@dataclass(frozen=True, kw_only=True)
class AnswersRecorded(RowsFact):
    """A batch of answers was kept. A row is an answer: its customer, id, score and the day it was asked."""

    source: str


@dataclass(frozen=True, kw_only=True)
class AnswersImported(FactBase):
    """An import of answers was finished; the counts add up to the rows of its files."""

    run_id: UUID
    source: str
    created: int
    unchanged: int
    rejected: int
