"""One value, one text."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.canonical import canonical_json, to_plain

BEIJING = timezone(timedelta(hours=8))
plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_text, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


def test_text_is_sorted_tight_and_typed():
    value = {
        "when": datetime(2026, 3, 1, 8, 0, tzinfo=BEIJING),
        "day": date(2026, 3, 1),
        "who": UUID("5c0f4a52-3f0e-5a41-9d0a-7f1f0c5e2b11"),
        "price": Decimal("1E+2"),
        "colour": Colour.RED,
        "names": ("伟", 'a"b\n'),
        "a": {"z": None, "b": True, "count": -3},
    }
    assert canonical_json(value) == (
        '{"a":{"b":true,"count":-3,"z":null},"colour":"red","day":"2026-03-01","names":["伟","a\\"b\\n"],'
        '"price":"100","when":"2026-03-01T00:00:00.000000Z","who":"5c0f4a52-3f0e-5a41-9d0a-7f1f0c5e2b11"}'
    )


def test_one_moment_has_one_text_in_every_zone():
    at = datetime(2026, 3, 1, 8, 0, 0, 5, tzinfo=BEIJING)
    assert canonical_json(at) == canonical_json(at.astimezone(UTC)) == '"2026-03-01T00:00:00.000005Z"'


def test_keys_sort_by_utf16_units_as_rfc_8785_wants():
    # RFC 8785, 3.2.3: the emoji (a surrogate pair from D83D) sorts before U+FB33, though its code point is larger.
    keys = ["€", "\r", "\ufb33", "1", "😀", "\x80", "ö"]
    expected = ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys, 0)))) == expected


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (0.5, TypeError),
        ({"share": 1.0}, TypeError),
        (Decimal("NaN"), TypeError),
        (datetime(2026, 3, 1), TypeError),  # noqa: DTZ001 the naive moment is the case
        (b"bytes", TypeError),
        ({1: "key"}, TypeError),
        ({3, 4}, TypeError),
        (2**53, ValueError),
        ("a\x00b", ValueError),
        ("\ud83d", ValueError),
        ({"\ud83d": 1}, ValueError),
    ],
)
def test_what_has_no_one_text_is_refused(value, error):
    with pytest.raises(error):
        canonical_json(value)


@given(plain)
def test_reading_back_gives_the_value_and_writing_again_the_text(value):
    text = canonical_json(value)
    assert json.loads(text) == value == to_plain(value)
    assert canonical_json(json.loads(text)) == text
