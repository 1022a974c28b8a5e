"""What is kept of a customer before an import changes it, and what becomes of the customer when that is taken back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from shouyue.customers.people.rules.people import Known

RESTORED: Final = "restored"
REMOVED: Final = "removed"
EDITED: Final = "edited"
USED: Final = "used"


@dataclass(frozen=True, slots=True)
class Change:
    """One customer of an import, as it stands at the undo.

    is_new: the import made it. is_as_left: nothing was changed since the import. is_used: somebody relied on it since:
    of a new one other records speak, of one that was there before its values were confirmed.
    """

    is_new: bool
    is_as_left: bool
    is_used: bool


def outcome(change: Change) -> str:
    """restored, removed, edited or used: what somebody changed or relied on since the import stays."""
    if not change.is_as_left:
        return EDITED
    if change.is_used:
        return USED
    return REMOVED if change.is_new else RESTORED


def digest(standing: Sequence[object]) -> bytes:
    """Sixteen bytes that tell whether a customer still stands like this; the same for the same values."""
    text = "\x1f".join(map(_text, standing))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _text(value: object) -> str:
    if isinstance(value, datetime):  # the same moment in whatever zone a connection shows it
        return value.astimezone(UTC).isoformat()
    return "" if value is None else str(value)


def as_json(values: Iterable[object]) -> str:
    """Values of a standing as the text of a JSON list; moments in UTC."""
    return orjson.dumps([_plain(value) for value in values]).decode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def as_kept(known: Known) -> dict[str, Any]:
    """What is known, in JSON's own types."""
    return {
        "name": known.name,
        "title": known.title,
        "phones": list(known.phones),
        "emails": list(known.emails),
        "address": known.address,
        "born_on": known.born_on.isoformat() if known.born_on else "",
        "other_addresses": list(known.other_addresses),
        "wechats": list(known.wechats),
        "cards": list(known.cards),
        "calendar": known.calendar,
        "labels": [list(one) for one in known.labels],
    }


def as_known(kept: Mapping[str, Any]) -> Known:
    """What `as_kept` was given."""
    return Known(
        name=kept["name"],
        title=kept["title"],
        phones=tuple(kept["phones"]),
        emails=tuple(kept["emails"]),
        address=kept["address"],
        born_on=date.fromisoformat(kept["born_on"]) if kept["born_on"] else None,
        other_addresses=tuple(kept["other_addresses"]),
        wechats=tuple(kept["wechats"]),
        cards=tuple(kept["cards"]),
        calendar=kept["calendar"],
        labels=tuple((value, label) for value, label in kept["labels"]),
    )
