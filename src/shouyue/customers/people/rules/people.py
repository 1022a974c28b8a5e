"""What can be known of a person, how cells of a list say it, and what a later word changes of an earlier one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Final

from shouyue.kernel.cells import Cell, CellError, Parse, one_of, text
from shouyue.kernel.identities import card_form, email_form, phone_form

NAME_MAX, ADDRESS_MAX, CONTACT_MAX = 80, 300, 200
CARD_LEAST, CARD_MOST = 4, 40
LUNAR, SOLAR = "lunar", "solar"
BORN_FROM: Final = date(1900, 1, 1)
SEVERAL_MAX = 5
# Also the words that lists use for the gender.
TITLES: Mapping[str, str] = {
    **dict.fromkeys(("先生", "男", "男士", "mr", "mr.", "m", "male"), "mr"),
    **dict.fromkeys(("女士", "女", "小姐", "太太", "ms", "ms.", "mrs", "mrs.", "miss", "f", "female"), "ms"),
}

_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")
_WECHAT = re.compile(r"[a-zA-Z0-9][-_a-zA-Z0-9]{5,39}")
_SEVERAL = re.compile(r"[;；/、|]|(?<=[0-9]{7})[,，]|(?<=[a-zA-Z])[,，]")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# Replacement characters, controls, and what UTF-8 looks like when it was read as something else.
_GARBLED = re.compile(
    "[\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]|锟斤拷|烫烫|[ÃÂåäæçè][\u0080-\u00bf\u0152-\u017e\u2010-\u2122]"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person, or told anew; empty says nothing.

    title: mr or ms. phones: E.164, e-mail addresses in lower case; the first is the main one. born_on: by the Gregorian
    calendar, also of those whose calendar is lunar. cards: letters and digits. labels: (value, what it is for) of
    phones, addresses and the like that have one.
    """

    name: str = ""
    title: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str = ""
    born_on: date | None = None
    other_addresses: tuple[str, ...] = ()
    wechats: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    calendar: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        # Exceptions and logs print arguments.
        return "<Known>"

    @property
    def is_empty(self) -> bool:
        return self == NOTHING

    @property
    def several(self) -> tuple[str, ...]:
        """All phones, e-mail addresses, addresses, WeChat ids and cards."""
        address = (self.address,) if self.address else ()
        return (*self.phones, *self.emails, *address, *self.other_addresses, *self.wechats, *self.cards)

    def with_more(self, told: "Known") -> "Known":
        """What is known after it was told; what is not said stays."""
        said = {name: value for name in _NAMES if (value := getattr(told, name))}
        return replace(self, **said)

    def without(self, *names: str) -> "Known":
        """The same without these."""
        return replace(self, **{name: getattr(NOTHING, name) for name in names})

    def changed(self, after: "Known") -> tuple[str, ...]:
        """Names of what differs."""
        return tuple(name for name in _NAMES if getattr(self, name) != getattr(after, name))

    def main_changed(self, after: "Known") -> tuple[str, ...]:
        """The same, of several phones or e-mail addresses only where the main one differs."""
        return tuple(name for name in self.changed(after) if _main(getattr(self, name)) != _main(getattr(after, name)))

    def main_text(self, attribute: str) -> str:
        """One of the values as a list writes it, of several the main one; "" for none."""
        value = getattr(self, attribute)
        return "".join(value[:1]) if isinstance(value, tuple) else str(value or "")


def _main(value: object) -> object:
    return value[:1] if isinstance(value, tuple) else value


NOTHING: Final = Known()
_NAMES = tuple(one.name for one in fields(Known))


def title_cell(cell: Cell) -> str:
    """mr, ms or "". Reasons: unknown_word."""
    found: str = _TITLE(cell) if _stripped(cell) else ""
    return found


def phones_cell(cell: Cell) -> tuple[str, ...]:
    """Phones in E.164, none for an empty cell; several stand apart by ; / 、. Reasons: not_phone, too_long."""
    return _several(cell, _phone)


def emails_cell(cell: Cell) -> tuple[str, ...]:
    """E-mail addresses, none for an empty cell. Reasons: not_email, too_long."""
    return _several(cell, _email)


def wechats_cell(cell: Cell) -> tuple[str, ...]:
    """WeChat ids, none for an empty cell. Reasons: not_wechat, too_long."""
    return _several(cell, _wechat)


def cards_cell(cell: Cell) -> tuple[str, ...]:
    """Card numbers as letters and digits, none for an empty cell. Reasons: not_card, too_long."""
    return _several(cell, _card)


def words_cell(most: int) -> Parse:
    """Parser of a name or an address. Reasons: too_long, garbled."""
    read = text(most, required=False)

    def parse(cell: Cell) -> str:
        found: str = read(cell)
        if _GARBLED.search(found):
            raise CellError("garbled")
        return found

    return parse


def birthday_cell(cell: Cell) -> date | None:
    """A day since 1900, also as 1990/5/17, 19900517 or 1990年5月17日. Reasons: not_day."""
    if isinstance(cell, date):
        day = date(cell.year, cell.month, cell.day)
    else:
        found = _stripped(cell)
        if not found:
            return None
        day = _day(found)
    if day < BORN_FROM:
        raise CellError("not_day")
    return day


def _stripped(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell)


_TITLE = one_of(TITLES)


@lru_cache(maxsize=32_768)
def _day(found: str) -> date:
    parts = _DAY.match(found) or _COMPACT_DAY.fullmatch(found)
    if not parts:
        raise CellError("not_day")
    try:
        return date(*map(int, parts.groups()))
    except ValueError:
        raise CellError("not_day") from None


def _several(cell: Cell, parse: Callable[[str], str]) -> tuple[str, ...]:
    found = _stripped(cell)
    if not found:
        return ()
    if len(found) > CONTACT_MAX:
        raise CellError("too_long")
    parts: Sequence[str] = [found] if found.isalnum() else [part for part in _SEVERAL.split(found) if part.strip()]
    if len(parts) > SEVERAL_MAX:
        raise CellError("too_long")
    return tuple(dict.fromkeys(map(parse, parts)))


def _phone(found: str) -> str:
    # Spreadsheets make 13800006621.0 of a number.
    form = phone_form(found.removesuffix(".0"))
    if form is None or not (_MOBILE.fullmatch(form) or _exists(form)):
        raise CellError("not_phone")
    return form


@lru_cache(maxsize=4_096)
def _exists(form: str) -> bool:
    """Whether numbers like this are given out: eight digits without an area code are none."""
    import phonenumbers

    return phonenumbers.is_valid_number(phonenumbers.parse(form))


def _wechat(found: str) -> str:
    plain = found.strip()
    if not _WECHAT.fullmatch(plain):
        raise CellError("not_wechat")
    return plain


def _card(found: str) -> str:
    form = card_form(found.removesuffix(".0"))
    if form is None or not CARD_LEAST <= len(form) <= CARD_MOST:
        raise CellError("not_card")
    return form


def _email(found: str) -> str:
    form = email_form(found)
    if form is None:
        raise CellError("not_email")
    return form
