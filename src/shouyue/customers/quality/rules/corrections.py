"""What a customer says instead of what we have, as clean as an import takes it."""

from typing import Final

from shouyue.customers.people.rules import people
from shouyue.customers.people.rules.people import Known
from shouyue.kernel.cells import CellError

_ATTRIBUTE: Final = {"name": "name", "phone": "phones", "email": "emails", "address": "address", "birthday": "born_on"}


class CorrectionRefusedError(Exception):
    """The value cannot be used. reason: unusable, empty, or same: it is what we have."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def corrected(known: Known, field: str, text: str) -> Known:
    """What is to be recorded of a person whose field becomes `text`; says nothing of the other fields.

    A phone or e-mail takes the place of the main one; the others stay. Raises CorrectionRefusedError.
    """
    said = text.strip()
    if not said:
        raise CorrectionRefusedError("empty")
    try:
        told = _told(known, field, said)
    except CellError:
        raise CorrectionRefusedError("unusable") from None
    attribute = _ATTRIBUTE[field]
    if getattr(told, attribute) == getattr(known, attribute):
        raise CorrectionRefusedError("same")
    return told


def _told(known: Known, field: str, said: str) -> Known:
    if field == "name":
        return Known(name=people.words_cell(people.NAME_MAX)(said))
    if field == "address":
        return Known(address=people.words_cell(people.ADDRESS_MAX)(said))
    if field == "birthday":
        return Known(born_on=people.birthday_cell(said))
    if field == "phone":
        return Known(phones=_with_main(known.phones, _single(people.phones_cell(said))))
    return Known(emails=_with_main(known.emails, _single(people.emails_cell(said))))


def _single(found: tuple[str, ...]) -> str:
    if len(found) != 1:
        raise CellError("unusable")
    return found[0]


def _with_main(before: tuple[str, ...], main: str) -> tuple[str, ...]:
    return (main, *(one for one in before[1:] if one != main))
