"""What quality announces."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class ValuesConfirmed(FactBase):
    """Values of customers were found right. Counts only: facts are never erased."""

    attestation_id: UUID
    method: str
    customers: int
    values: int


@dataclass(frozen=True, kw_only=True)
class AuditCommitted(FactBase):
    """The seed and the size of a month's audit are fixed; nobody is drawn yet."""

    audit_id: UUID
    month: date
    size: int
    commitment: str


@dataclass(frozen=True, kw_only=True)
class AuditDrawn(FactBase):
    """The sample was drawn with the seed that was committed; the seed is open from now on."""

    audit_id: UUID
    seed: str
    population: int
    drawn: int


@dataclass(frozen=True, kw_only=True)
class AccuracyMeasured(FactBase):
    """A month's audit is closed. counts: by field right, wrong and silent."""

    audit_id: UUID
    commitment: str
    counts: dict[str, dict[str, int]]


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(FactBase):
    """A customer says that a value of theirs is another one."""

    request_id: UUID
    field: str


@dataclass(frozen=True, kw_only=True)
class CorrectionDecided(FactBase):
    """Staff accepted or refused what a customer said."""

    request_id: UUID
    field: str
    is_accepted: bool
