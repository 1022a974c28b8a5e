"""The records of the whole wing, for Django."""

from shouyue.customers.attesting.models import Attestation, FieldAttestation, Method, ValueAttestation
from shouyue.customers.contacts.models import ContactChange, ContactKind
from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.entering.models import CustomerLookup
from shouyue.customers.fields.models import CustomField, CustomValueChange, CustomValues, CustomValuesEdit
from shouyue.customers.kinships.models import Household, HouseholdMember, Relation, RelationKind
from shouyue.customers.lists.models import ListedChange
from shouyue.customers.people.models import Customer, CustomerEdit, CustomerKind, Person
from shouyue.customers.quality.models import AccuracyAudit, AuditItem, CorrectionRequest, CorrectionState

__all__ = [
    "AccuracyAudit",
    "Attestation",
    "AuditItem",
    "ContactChange",
    "ContactKind",
    "CorrectionRequest",
    "CorrectionState",
    "CustomField",
    "CustomValueChange",
    "CustomValues",
    "CustomValuesEdit",
    "Customer",
    "CustomerEdit",
    "CustomerKind",
    "CustomerLookup",
    "FieldAttestation",
    "Household",
    "HouseholdMember",
    "ListedChange",
    "Match",
    "MatchState",
    "Merging",
    "Method",
    "Person",
    "Relation",
    "RelationKind",
    "ValueAttestation",
]
