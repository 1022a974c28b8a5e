"""What somebody types or a program sends of a new customer, as clean values or as reasons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shouyue.customers.people.rules.people import (
    ADDRESS_MAX,
    NAME_MAX,
    Known,
    birthday_cell,
    emails_cell,
    phones_cell,
    title_cell,
    words_cell,
)
from shouyue.kernel.cells import CellError

_PARSE: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", words_cell(NAME_MAX)),
    "title": ("title", title_cell),
    "phone": ("phones", phones_cell),
    "email": ("emails", emails_cell),
    "address": ("address", words_cell(ADDRESS_MAX)),
    "birthday": ("born_on", birthday_cell),
}
FIELDS: Final = tuple(_PARSE)


class EntryRefusedError(ValueError):
    """reasons: by field, why its value cannot be used: a code such as not_phone, "missing" for what is needed."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(reasons)))
        self.reasons = dict(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a customer is and where, no finer than a city. kind: person, company or unknown."""

    kind: str = "person"
    country: str = ""
    region: str = ""
    city: str = ""


def entry(fields: Mapping[str, str]) -> Known:
    """Clean values of a new customer. fields: name, title, phone, email, address, birthday, as written.

    Somebody without a name, a phone and an e-mail address is nobody. Raises EntryRefusedError.
    """
    known = clean(fields)
    if not (known.name or known.phones or known.emails):
        raise EntryRefusedError({"name": "missing"})
    return known


def clean(fields: Mapping[str, str]) -> Known:
    """Clean values of these fields; those that are left out or empty say nothing. Raises EntryRefusedError."""
    values: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for field, (attribute, parse) in _PARSE.items():
        try:
            values[attribute] = parse(fields.get(field, ""))
        except CellError as refused:
            reasons[field] = refused.code
    if reasons:
        raise EntryRefusedError(reasons)
    return Known(**values)
