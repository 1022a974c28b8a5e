"""Phones, addresses and the like of one person: which there are, which is the main one, what a change makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from shouyue.customers.people.rules import people
from shouyue.customers.people.rules.people import Known
from shouyue.kernel.cells import CellError
from shouyue.kernel.masking import HIDDEN, mask_address, mask_email, mask_phone

PHONE, EMAIL, ADDRESS, WECHAT, CARD = "phone", "email", "address", "wechat", "card"
KINDS: Final = (PHONE, EMAIL, ADDRESS, WECHAT, CARD)
# Kinds whose main value is a governed field, with freshness and half-life.
GOVERNED_KINDS: Final = frozenset({PHONE, EMAIL, ADDRESS})
LABELS: Final = ("", "mobile", "home", "work", "family", "delivery", "other")
VALUES_MAX: Final = 10
VALUE_MAX: Final = people.ADDRESS_MAX
_ATTRIBUTES: Final[Mapping[str, str]] = {PHONE: "phones", EMAIL: "emails", WECHAT: "wechats", CARD: "cards"}


class ContactRefusedError(ValueError):
    """A value that cannot be taken. reason: empty, unusable, there (it is known already), many, erased (the person)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Part:
    """The values of one kind, the main one first, and the labels of those that have one."""

    values: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        # Exceptions and logs print arguments.
        return "<Part>"

    @property
    def main(self) -> str:
        return self.values[0] if self.values else ""

    def label_of(self, value: str) -> str:
        return dict(self.labels).get(value, "")


def part_of(known: Known, kind: str) -> Part:
    """What is known of one kind."""
    if kind == ADDRESS:
        values = (known.address, *known.other_addresses) if known.address else known.other_addresses
    else:
        values = getattr(known, _ATTRIBUTES[kind])
    return Part(values, tuple((value, label) for value, label in known.labels if value in values))


def with_part(known: Known, kind: str, part: Part) -> Known:
    """The person with other values of one kind; the labels of the other kinds stay."""
    before = part_of(known, kind).values
    labels = tuple(sorted((*(one for one in known.labels if one[0] not in before), *part.labels)))
    if kind == ADDRESS:
        return replace(known, address=part.main, other_addresses=part.values[1:], labels=labels)
    values: dict[str, Any] = {_ATTRIBUTES[kind]: part.values}
    return replace(known, labels=labels, **values)


def clean(kind: str, text: str) -> str:
    """The value as it is kept. Raises ContactRefusedError."""
    if not text.strip():
        raise ContactRefusedError("empty")
    try:
        found = _READ[kind](text)
    except CellError:
        raise ContactRefusedError("unusable") from None
    values = (found,) if isinstance(found, str) else found
    if len(values) != 1:
        raise ContactRefusedError("unusable")
    return str(values[0])


def added(part: Part, value: str, label: str, *, is_main: bool) -> Part:
    """With one more. Raises ContactRefusedError."""
    if value in part.values:
        raise ContactRefusedError("there")
    if len(part.values) >= VALUES_MAX:
        raise ContactRefusedError("many")
    values = (value, *part.values) if is_main else (*part.values, value)
    return _labelled(Part(values, part.labels), value, label)


def changed(part: Part, old: str, new: str, label: str) -> Part:
    """With another value in the same place; the old one is gone. Raises ContactRefusedError."""
    if new != old and new in part.values:
        raise ContactRefusedError("there")
    values = tuple(new if one == old else one for one in part.values)
    return _labelled(Part(values, tuple(one for one in part.labels if one[0] != old)), new, label)


def promoted(part: Part, value: str) -> Part:
    """With this one as the main one; the others keep their order."""
    return replace(part, values=(value, *(one for one in part.values if one != value)))


def removed(part: Part, value: str) -> Part:
    """Without it."""
    return Part(tuple(one for one in part.values if one != value), tuple(one for one in part.labels if one[0] != value))


def masked(kind: str, value: str) -> str:
    """What everybody may see of it: enough to recognise it in a talk."""
    if kind in {WECHAT, CARD}:
        return f"{value[:1]}***" if kind == WECHAT else f"****{value[-4:]}" if len(value) > 6 else HIDDEN
    return {PHONE: mask_phone, EMAIL: mask_email, ADDRESS: mask_address}[kind](value)


def _labelled(part: Part, value: str, label: str) -> Part:
    rest = tuple(one for one in part.labels if one[0] != value)
    return replace(part, labels=tuple(sorted((*rest, (value, label)))) if label else rest)


_READ: Final = {
    PHONE: people.phones_cell,
    EMAIL: people.emails_cell,
    ADDRESS: people.words_cell(people.ADDRESS_MAX),
    WECHAT: people.wechats_cell,
    CARD: people.cards_cell,
}
