"""The records of the whole wing, for Django."""

from shouyue.agreement.claims.models import Claim, ClaimBook, ClaimStep
from shouyue.agreement.disclosures.models import Disclosure, DisclosureTold
from shouyue.agreement.enclosures.models import Enclosure
from shouyue.agreement.filings.models import Filing
from shouyue.agreement.plans.models import PlanConfirmation, PlanDelivery, PlanVersion
from shouyue.agreement.proceedings.models import Proceeding, ProceedingStep
from shouyue.agreement.signing.models import Amendment, AmendmentEnd, Draft, PartyKey, Signature
from shouyue.agreement.terms.models import Agreement, Clause, Definition, Obligation, PartyDetails, Phase, Target

__all__ = [
    "Agreement",
    "Amendment",
    "AmendmentEnd",
    "Claim",
    "ClaimBook",
    "ClaimStep",
    "Clause",
    "Definition",
    "Disclosure",
    "DisclosureTold",
    "Draft",
    "Enclosure",
    "Filing",
    "Obligation",
    "PartyDetails",
    "PartyKey",
    "Phase",
    "PlanConfirmation",
    "PlanDelivery",
    "PlanVersion",
    "Proceeding",
    "ProceedingStep",
    "Signature",
    "Target",
]
