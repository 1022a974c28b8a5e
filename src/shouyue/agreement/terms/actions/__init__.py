"""Verbs of the terms: signing an agreement, changing it by an agreed amendment, completing its records."""

from shouyue.agreement.terms.actions.amending import Change, ChangeRefusedError, amend, weigh_change
from shouyue.agreement.terms.actions.signing import (
    AgreementDiffersError,
    AgreementSigned,
    AgreementTerms,
    PartyTerms,
    RecordsCompleted,
    TermsRefusedError,
    complete_records,
    sign_agreement,
)

__all__ = [
    "AgreementDiffersError",
    "AgreementSigned",
    "AgreementTerms",
    "Change",
    "ChangeRefusedError",
    "PartyTerms",
    "RecordsCompleted",
    "TermsRefusedError",
    "amend",
    "complete_records",
    "sign_agreement",
    "weigh_change",
]
