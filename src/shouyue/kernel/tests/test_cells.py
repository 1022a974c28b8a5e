"""Cells of a file: what is understood, what is refused and by which reason."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.cells import (
    CellError,
    CellPlan,
    RowRejectedError,
    amount_e4,
    key,
    local_moment,
    one_of,
    text,
    whole,
)
from shouyue.kernel.ids import keyed_hex, keyed_id, keyed_text

LONDON = local_moment("Europe/London", "%m/%d/%Y %H:%M")


def refused(parse, cell) -> str:
    with pytest.raises(CellError) as error:
        parse(cell)
    return error.value.code


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2011-07-01 12:00", "2011-07-01 11:00:00+00:00"),
        ("2011-01-01", "2011-01-01 00:00:00+00:00"),
        ("12/1/2010 8:26", "2010-12-01 08:26:00+00:00"),
        (datetime(2011, 7, 1, 12), "2011-07-01 11:00:00+00:00"),  # noqa: DTZ001 as a Parquet file gives it
        (date(2011, 7, 1), "2011-06-30 23:00:00+00:00"),
        (datetime(2011, 7, 1, 12, tzinfo=UTC), "2011-07-01 12:00:00+00:00"),
        ("2011-07-01T12:00:00Z", "2011-07-01 12:00:00+00:00"),
        # The clocks went back at 02:00: the first of two half past one.
        ("2011-10-30 01:30", "2011-10-30 00:30:00+00:00"),
        # The clocks skipped 01:00 to 02:00: half past one counts on from before, and is half past two.
        ("2011-03-27 01:30", "2011-03-27 01:30:00+00:00"),
    ],
)
def test_moments_of_a_zone(cell, utc):
    assert LONDON(cell) == utc


@pytest.mark.parametrize("cell", ["2011-02-30", "31/12/2011 1:00", "yesterday", "1024-01-01", 20111301, "2011-13-01"])
def test_moments_that_do_not_exist(cell):
    assert refused(LONDON, cell) == "not_moment"


@pytest.mark.parametrize(
    ("cell", "number"), [("6", 6), (" -3 ", -3), (7, 7), (Decimal("8"), 8), ("9.0", 9), ("1e2", 100)]
)
def test_whole_numbers(cell, number):
    assert whole(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "missing"),
        (None, "missing"),
        ("1.5", "not_whole"),
        ("six", "not_whole"),
        ("1_000", "not_whole"),
        ("NaN", "not_whole"),
        ("６", "not_whole"),
        ("10000000000000", "too_large"),
        (10**13, "too_large"),
    ],
)
def test_what_is_no_whole_number(cell, code):
    assert refused(whole, cell) == code


@pytest.mark.parametrize(
    ("cell", "code"), [("", "missing"), ("1,5", "not_amount"), ("0.00001", "not_amount"), ("9" * 14, "too_large")]
)
def test_what_is_no_amount(cell, code):
    assert refused(amount_e4, cell) == code


@given(st.integers(-(10**15), 10**15))
def test_amounts_are_exact(e4):
    assert amount_e4(str(Decimal(e4).scaleb(-4))) == amount_e4(Decimal(e4).scaleb(-4)) == e4


def test_texts_keys_and_words():
    assert (text(5)("  abc "), text(5, required=False)(None), key(9)(17850.0), key(9)("A.0")) == (
        "abc",
        "",
        "17850",
        "A.0",
    )
    assert refused(text(2), "abc") == "too_long"
    assert refused(text(2), "  ") == "missing"
    assert one_of({"delivered": "completed"})(" Delivered ") == "completed"
    assert refused(one_of({}), "x") == "unknown_word"


def test_a_plan_finds_its_columns_and_names_the_one_that_is_wrong():
    plan = CellPlan({"b": whole, "a": text(9), "absent": text(9, required=False)}, ["a", "x", "b"])
    assert plan.read(["one", "ignored", "2"]) == [2, "one", ""]
    with pytest.raises(RowRejectedError) as rejected:
        plan.read(["one", "", "two"])
    assert (rejected.value.code, rejected.value.column, rejected.value.value) == ("not_whole", "b", "two")


def test_a_plan_names_an_absent_column_that_it_needs():
    with pytest.raises(RowRejectedError) as rejected:
        CellPlan({"b": whole}, ["a"]).read(["1"])
    assert (rejected.value.code, rejected.value.column) == ("missing", "b")


@given(st.text(max_size=20))
def test_digits_of_a_key_are_its_id(name):
    namespace = uuid4()
    assert keyed_hex(namespace, name) == keyed_id(namespace, name).hex
    assert keyed_text(namespace, name) == str(keyed_id(namespace, name))
