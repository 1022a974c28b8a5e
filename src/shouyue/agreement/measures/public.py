"""The door of the measures: who counts what for which measure of the contract."""

from shouyue.agreement.measures.offers import offer_counts, offered_counts
from shouyue.agreement.measures.rules.counted import Counted, Scope, by_quarter

__all__ = ["Counted", "Scope", "by_quarter", "offer_counts", "offered_counts"]
