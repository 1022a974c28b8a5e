"""What the ledger announces."""

from dataclasses import dataclass

from shouyue.store.facts import FactBase, RowsFact


@dataclass(frozen=True, kw_only=True)
class PointsMoved(RowsFact):
    """Points moved in one batch. A row is a transfer: its id, its two accounts and its points."""

    reason: str
    points: int


@dataclass(frozen=True, kw_only=True)
class BalancesProved(FactBase):
    """All balances and lots were reckoned anew from transfers and takes."""

    members: int
    lots: int
    differences: int
