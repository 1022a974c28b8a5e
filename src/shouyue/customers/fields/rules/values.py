"""Values of fields that an installation declares: what each kind takes, and when two people wrote at once."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias
from uuid import UUID

TEXT, NUMBER, DATE, CHOICE, MULTI, BOOLEAN, TAGS = "text", "number", "date", "choice", "multi", "boolean", "tags"
KINDS: Final = (TEXT, NUMBER, DATE, CHOICE, MULTI, BOOLEAN, TAGS)
# Kinds by whose values a list is filtered; a board has a lane for each choice of the second ones.
FILTERED: Final = frozenset({CHOICE, MULTI, BOOLEAN, TAGS})
LANED: Final = frozenset({CHOICE, BOOLEAN})
TEXT_MAX, TAG_MAX, TAGS_MAX, CHOICES_MAX = 300, 30, 20, 50
ROWS_MAX: Final = 10_000  # customers whose value is changed together
YES, NO = "yes", "no"
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_PARTS: Final = re.compile(r"[,，;；、\n]")

# What JSON holds of a value; None: there is none.
Value: TypeAlias = "str | bool | list[str] | None"


class ValueRefusedError(ValueError):
    """A value that the field does not take. reason: required, number, day, choice, too_long or too_many."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ChangedMeanwhileError(Exception):
    """Somebody changed the value after the editor saw it."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a field takes. choices: their keys, of choice and multi."""

    name: str
    kind: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


def clean(schema: Schema, said: Sequence[str]) -> Value:
    """The value as it is kept. said: texts of a form, one for most kinds. Numbers and days are kept as text.

    Raises ValueRefusedError.
    """
    texts = [one.strip() for one in said if one.strip()]
    if not texts:
        if schema.is_required:
            raise ValueRefusedError("required")
        return None
    if schema.kind in {MULTI, TAGS}:
        return _several(schema, texts)
    return _READ[schema.kind](schema, texts[0])


def texts_of(value: Value) -> list[str]:
    """What a form shows of a value; the opposite of `clean`."""
    if value is None:
        return []
    if isinstance(value, bool):
        return [YES if value else NO]
    return list(value) if isinstance(value, list) else [value]


def canonical(value: Value) -> str:
    """One text for one value, to tell whether it is still the one that somebody saw."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def is_change(current: Value, wanted: Value, *, was_seen: bool) -> bool:
    """Whether to write; False when it is done already. Raises ChangedMeanwhileError where the editor saw another."""
    if current == wanted:
        return False
    if not was_seen:
        raise ChangedMeanwhileError
    return True


def to_change(values: Mapping[UUID, Value], wanted: Value) -> dict[UUID, Value]:
    """The customers that a change of many touches, with the values they have before."""
    return {who: value for who, value in values.items() if value != wanted}


def to_restore(before: Mapping[UUID, Value], values: Mapping[UUID, Value], *, set_to: Value) -> dict[UUID, Value]:
    """What an undo writes: the earlier values, except where somebody changed the value since."""
    return {who: before[who] for who, value in values.items() if who in before and value == set_to}


def with_value(values: Mapping[str, Value], name: str, value: Value) -> dict[str, Value]:
    """The values of a customer with another one of one field; what is empty is not kept."""
    rest = {key: one for key, one in values.items() if key != name}
    return rest if value is None else {**rest, name: value}


def as_kept(schema: Schema, text: str) -> Value:
    """What is kept of a text that a lane stands for, also where none of the field's rules would take it."""
    try:
        return clean(schema, [text])
    except ValueRefusedError:
        return None


def condition(schema: Schema, text: str) -> dict[str, Value]:
    """What the values of a customer contain that a filter finds. Raises ValueRefusedError."""
    value = clean(schema, [text])
    return {schema.name: value}


def _several(schema: Schema, texts: Sequence[str]) -> list[str]:
    if schema.kind == MULTI:
        if not set(texts) <= set(schema.choices):
            raise ValueRefusedError("choice")
        return [one for one in schema.choices if one in texts]
    words = list(dict.fromkeys(word for text in texts for one in _PARTS.split(text) if (word := " ".join(one.split()))))
    if len(words) > TAGS_MAX:
        raise ValueRefusedError("too_many")
    if any(len(word) > TAG_MAX for word in words):
        raise ValueRefusedError("too_long")
    return words


def _text(_schema: Schema, text: str) -> str:
    if len(text) > TEXT_MAX or "\x00" in text:
        raise ValueRefusedError("too_long")
    return text


def _number(_schema: Schema, text: str) -> str:
    plain = text.replace(",", "").replace("，", "")
    try:
        if not _NUMBER.fullmatch(plain):
            raise ValueRefusedError("number")
        return f"{Decimal(plain).normalize() + 0:f}"
    except InvalidOperation:
        raise ValueRefusedError("number") from None


def _day(_schema: Schema, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueRefusedError("day") from None


def _choice(schema: Schema, text: str) -> str:
    if text not in schema.choices:
        raise ValueRefusedError("choice")
    return text


def _boolean(_schema: Schema, text: str) -> bool:
    if text not in {YES, NO}:
        raise ValueRefusedError("choice")
    return text == YES


_READ: Final[Mapping[str, Callable[[Schema, str], Value]]] = {
    TEXT: _text,
    NUMBER: _number,
    DATE: _day,
    CHOICE: _choice,
    BOOLEAN: _boolean,
}
