"""The door of the agreement room: what is agreed, by whom, and when it is due."""

from shouyue.agreement.claims.public import MissedTarget, offer_missed_targets
from shouyue.agreement.filings.public import dated_standings
from shouyue.agreement.measures.public import Scope, offer_counts, offered_counts
from shouyue.agreement.plans.public import improvements
from shouyue.agreement.sample_year import live_a_year
from shouyue.agreement.terms.public import (
    AgreementTerms,
    PartyTerms,
    RecordsCompleted,
    agreement,
    agreements_in_force,
    complete_records,
    current_agreement,
    definition,
    duties,
    phases,
    pinned_targets,
    sign_agreement,
)

__all__ = [
    "AgreementTerms",
    "MissedTarget",
    "PartyTerms",
    "RecordsCompleted",
    "Scope",
    "agreement",
    "agreements_in_force",
    "complete_records",
    "current_agreement",
    "dated_standings",
    "definition",
    "duties",
    "improvements",
    "live_a_year",
    "offer_counts",
    "offer_missed_targets",
    "offered_counts",
    "phases",
    "pinned_targets",
    "sign_agreement",
]
