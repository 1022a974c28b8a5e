"""The door of the claims: assertions of breach and the targets that they may rest on."""

from shouyue.agreement.claims.actions import BreachClaimed, ClaimAnswered, ClaimWords, answer_claim, claim_breach
from shouyue.agreement.claims.queries import claims_of, uncured_claims
from shouyue.agreement.claims.targets import MissedTarget, offer_missed_targets

__all__ = [
    "BreachClaimed",
    "ClaimAnswered",
    "ClaimWords",
    "MissedTarget",
    "answer_claim",
    "claim_breach",
    "claims_of",
    "offer_missed_targets",
    "uncured_claims",
]
