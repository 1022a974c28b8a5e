"""Records of the ground: who signs in, the facts outbox, imports, keys of persons, jobs, members at the portal."""

from shouyue.store.models.exports import ExportKind, ListExport
from shouyue.store.models.facts import Fact, FactHead, FactPosition, FactReader, PendingFact
from shouyue.store.models.imports import (
    ImportKept,
    ImportRejection,
    ImportRun,
    ImportState,
    ImportUndo,
    KeptReason,
    StagedRow,
)
from shouyue.store.models.jobs import JobRun, JobSchedule, JobState
from shouyue.store.models.members import MemberSession, SandboxMessage, SignInCode
from shouyue.store.models.saved import Draft, SavedView
from shouyue.store.models.secrets import IdentityDigest, IdentityKind, KeyInUse, PersonKey
from shouyue.store.models.staff import Party, Staff

__all__ = [
    "Draft",
    "ExportKind",
    "Fact",
    "FactHead",
    "FactPosition",
    "FactReader",
    "IdentityDigest",
    "IdentityKind",
    "ImportKept",
    "ImportRejection",
    "ImportRun",
    "ImportState",
    "ImportUndo",
    "JobRun",
    "JobSchedule",
    "JobState",
    "KeptReason",
    "KeyInUse",
    "ListExport",
    "MemberSession",
    "Party",
    "PendingFact",
    "PersonKey",
    "SandboxMessage",
    "SavedView",
    "SignInCode",
    "Staff",
    "StagedRow",
]
