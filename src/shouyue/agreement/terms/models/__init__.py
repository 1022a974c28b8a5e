"""Records of the contract: the agreement and its parties, its register of duties, its schedule."""

from shouyue.agreement.terms.models.agreements import Agreement, PartyDetails, Phase
from shouyue.agreement.terms.models.bilingual import in_reader_language
from shouyue.agreement.terms.models.register import Clause, Definition, Obligation, Target

__all__ = [
    "Agreement",
    "Clause",
    "Definition",
    "Obligation",
    "PartyDetails",
    "Phase",
    "Target",
    "in_reader_language",
]
