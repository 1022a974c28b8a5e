"""The door of the disclosures: material facts that the parties owe each other."""

from shouyue.agreement.disclosures.actions import Owed, note_disclosure, tell
from shouyue.agreement.disclosures.models import Disclosure
from shouyue.agreement.disclosures.queries import disclosures_of

__all__ = ["Disclosure", "Owed", "disclosures_of", "note_disclosure", "tell"]
