"""Cursors: the place in a list after which the next page starts, as text that callers do not take apart."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime

import orjson

_LENGTH_MAX = 400
Read = Callable[[str], object]


class CursorError(ValueError):
    """Text that is no cursor of this list."""


def moment(text: str) -> datetime:
    """Reads a moment of a cursor. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 1900 <= found.year < 2300:
        raise ValueError(text)
    return found


def write(values: Sequence[object]) -> str:
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(texts)).decode().rstrip("=")


def read(text: str, reads: Sequence[Read]) -> list[object]:
    """The values that `write` was given; reads: one for each. Raises CursorError."""
    try:
        if len(text) > _LENGTH_MAX:
            raise CursorError(text)
        texts = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        return [one(value) for one, value in zip(reads, texts, strict=True)]
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise CursorError(text) from None
