"""One text for one value: the JSON that is stored, hashed and checked by others."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import UUID

Plain: TypeAlias = bool | int | str | list["Plain"] | dict[str, "Plain"] | None

# Beyond this, readers of JSON that keep numbers as doubles (browsers, RFC 8785) no longer see the same number.
_INTEGER_MAX = 2**53 - 1


def canonical_json(value: object) -> str:
    """The one JSON text of `value`, equal to what RFC 8785 makes of it.

    Keys are sorted, nothing is padded. Moments become UTC ISO text with microseconds and "Z", days ISO text,
    UUIDs and decimals their text, enumeration members their value, tuples lists.
    Raises TypeError for a naive moment, a float (0.1 + 0.2 has no one text: write counts, a Decimal or a whole
    number of a smaller unit) and any other type; ValueError for a whole number beyond 2**53 - 1 and for text that
    PostgreSQL or UTF-8 cannot hold (NUL, half a surrogate pair).
    """
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))


def to_plain(value: object) -> Plain:
    """`value` in JSON's own types, keys sorted. Limits and errors: see canonical_json."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, int):
        return _safe_integer(value)
    if isinstance(value, Mapping):
        return _sorted_object(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [to_plain(item) for item in value]
    return _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"a moment needs its time zone: {value!r}")
        return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    raise TypeError(f"no canonical text for {type(value).__name__} {value!r}")


def _safe_integer(value: int) -> int:
    if abs(value) > _INTEGER_MAX:
        raise ValueError(f"{value} is too large to be read back exactly; write it as text")
    return int(value)


def _whole_text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("text with a NUL character cannot be stored")
    value.encode("utf-8")  # UnicodeEncodeError is a ValueError
    return str(value)


def _sorted_object(value: Mapping[object, object]) -> dict[str, Plain]:
    plain: dict[str, Plain] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"keys are text, not {type(key).__name__} {key!r}")
        plain[_whole_text(key)] = to_plain(item)
    # RFC 8785 sorts by UTF-16 units, which differs from code points beyond the basic plane.
    return dict(sorted(plain.items(), key=lambda pair: pair[0].encode("utf-16-be")))
