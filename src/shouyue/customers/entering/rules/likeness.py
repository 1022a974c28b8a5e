"""Whether somebody who is to be created is there already: by what agrees, without a search over everybody."""

from dataclasses import dataclass
from typing import Final

from shouyue.customers.linking.rules.features import Features, Name

LIKELY, POSSIBLE = "likely", "possible"
NAME, PHONE, EMAIL, BIRTHDAY, HOME = "name", "phone", "email", "birthday", "home"
_CONTACTS: Final = {PHONE, EMAIL}


@dataclass(frozen=True, slots=True)
class Alike:
    """likeness: likely one person, or possible: one contact alone, as in a family. agrees: kinds of values."""

    likeness: str
    agrees: tuple[str, ...]


def alike(told: Features, known: Features) -> Alike | None:
    """How somebody told is like somebody known; None when neither a contact nor two kinds of values agree.

    A name by sound counts, a masked one or a bare surname too: they are told apart by people, not here.
    """
    agrees = tuple(
        kind
        for kind, is_same in (
            (NAME, _same_name(told.name, known.name)),
            (PHONE, bool(set(told.phones) & set(known.phones))),
            (EMAIL, bool(set(told.emails) & set(known.emails))),
            (BIRTHDAY, told.born_on is not None and told.born_on == known.born_on),
            (HOME, bool(told.home) and told.home == known.home),
        )
        if is_same
    )
    if (NAME in agrees and len(agrees) > 1) or (BIRTHDAY in agrees and _CONTACTS & set(agrees)):
        return Alike(LIKELY, agrees)
    return Alike(POSSIBLE, agrees) if _CONTACTS & set(agrees) else None


def _same_name(told: Name, known: Name) -> bool:
    if told.mask or known.mask:
        return told.mask == known.mask or told.mask in known.masks or known.mask in told.masks
    if told.is_short or known.is_short:
        return bool(told.family) and told.family == known.family
    return bool(told.sound) and told.sound == known.sound
