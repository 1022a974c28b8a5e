"""Where two records differ, which one stays, and what the page of the merged person shows."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.duplicates.rules.merging import Standing, Told, after_merge, agreement, suggested

ONE, OTHER = UUID(int=1), UUID(int=2)
MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
values = st.dictionaries(st.sampled_from(["name", "phone", "email", "address"]), st.text(max_size=3))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [("a", "a", "same"), ("a", "b", "differs"), ("", "b", "one_side"), ("a", None, "one_side"), ("", None, None)],
)
def test_two_values_agree_differ_or_stand_alone(one, other, said):
    assert agreement(one, other) == agreement(other, one) == said


@pytest.mark.parametrize(
    ("one", "other", "stays"),
    [
        (Standing(ONE, 5, MAY), Standing(OTHER, 4, JUNE), ONE),
        (Standing(ONE, 4, MAY), Standing(OTHER, 4, JUNE), OTHER),
        (Standing(ONE, 4, MAY), Standing(OTHER, 4, None), ONE),
        (Standing(ONE, 4, None), Standing(OTHER, 4, None), ONE),
    ],
)
def test_who_is_known_best_and_was_seen_last_stays(one, other, stays):
    assert suggested(one, other) == suggested(other, one) == stays


@given(stay=values, go=values)
def test_a_merge_loses_no_field_and_never_overwrites_one_that_stays(stay, go):
    then = after_merge(stay, go, ["name", "phone", "email", "address"])
    assert set(then) == {field for told in (stay, go) for field, value in told.items() if value}
    assert {field: told.value for field, told in then.items() if told.is_of_stay} == {
        field: value for field, value in stay.items() if value
    }


def test_a_gap_is_filled_from_the_other_record():
    assert after_merge({"name": "王伟"}, {"name": "王玮", "phone": "1"}, ["name", "phone"]) == {
        "name": Told("王伟", is_of_stay=True),
        "phone": Told("1", is_of_stay=False),
    }
