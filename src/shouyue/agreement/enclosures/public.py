"""The door of the enclosures: files kept with the contract's records."""

from shouyue.agreement.enclosures.actions import keep_file
from shouyue.agreement.enclosures.fields import EnclosureField
from shouyue.agreement.enclosures.models import Enclosure

__all__ = ["Enclosure", "EnclosureField", "keep_file"]
