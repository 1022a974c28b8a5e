"""The door of the agreement room: what is agreed, by whom, and when it is due."""

from shouyue.agreement.terms.actions import (
    AgreementTerms,
    Change,
    ChangeRefusedError,
    PartyTerms,
    RecordsCompleted,
    amend,
    complete_records,
    sign_agreement,
    weigh_change,
)
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.queries import (
    agreement,
    agreements_in_force,
    current_agreement,
    definition,
    definitions,
    duties,
    phases,
    pinned_targets,
)
from shouyue.agreement.terms.queries.clauses import chapters
from shouyue.agreement.terms.register import template

__all__ = [
    "Agreement",
    "AgreementTerms",
    "Change",
    "ChangeRefusedError",
    "PartyTerms",
    "RecordsCompleted",
    "agreement",
    "agreements_in_force",
    "amend",
    "chapters",
    "complete_records",
    "current_agreement",
    "definition",
    "definitions",
    "duties",
    "phases",
    "pinned_targets",
    "sign_agreement",
    "template",
    "weigh_change",
]
