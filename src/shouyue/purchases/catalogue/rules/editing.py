"""What may be changed of an entry by hand, what its record looks like to whoever changes it, and what an undo does."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from shouyue.purchases.catalogue.rules.told import NEVER_SOLD

FIELDS: Final = ("name", "name_en", "category_id", "unit", "list_price_e4", "currency", "is_active")
FIELDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "product": FIELDS,
    "category": ("name", "name_en", "parent_id", "is_active"),
    "store": ("name", "name_en", "city", "is_active"),
    "channel": ("name", "name_en", "is_active"),
}
ROWS_MAX: Final = 2_000
# By field, in JSON's own types: ids as text.
Values = Mapping[str, Any]


class ChangedMeanwhileError(Exception):
    """Somebody else was quicker. current: the values as they are now."""

    def __init__(self, current: Values) -> None:
        self.current = current
        super().__init__("changed meanwhile")


def version_of(values: Values) -> int:
    """A number that names how an entry stands, whatever order its fields come in."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest())


def differing(current: Values, wanted: Values) -> dict[str, Any]:
    """What of the wanted values is not so already."""
    return {name: value for name, value in wanted.items() if current[name] != value}


def named_at(name: str) -> datetime | None:
    """The moment that goes with a name set by hand: no sale changes it, and without one any sale may name it again."""
    return None if name else NEVER_SOLD


def may_restore(current: Values, set_to: Values) -> bool:
    """Whether everything that was set still stands; what somebody changed since is theirs."""
    return not differing(current, set_to)
