"""Members beside people like them, and the holdout."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.shares import difference_interval
from shouyue.membership.effect.rules.comparison import Comparison, Group, Person, matched
from shouyue.membership.programme.rules.holdout import is_held_out


@given(st.uuids(), st.floats(0, 1), st.floats(0, 1))
def test_who_is_held_out_stays_held_out_when_the_share_grows(customer, one, other):
    small, large = sorted([one, other])
    assert not is_held_out("s", customer, small) or is_held_out("s", customer, large)


def test_the_holdout_is_as_large_as_asked():
    held = sum(is_held_out("2026", UUID(int=number), 0.1) for number in range(20_000))
    assert 1_850 < held < 2_150
    assert not any(is_held_out("2026", UUID(int=number), 0) for number in range(100))


def test_members_are_compared_with_people_like_them():
    members = [Person("x", is_kept=True)] * 40 + [Person("z", is_kept=True)]
    others = [Person("x", is_kept=number % 2 == 0) for number in range(50)] + [Person("y", is_kept=True)] * 9
    found = matched(members, others)
    assert found == Comparison(Group(40, 40), Group(20, 40), left_out=1)
    assert found.difference == difference_interval(kept_before=20, asked_before=40, kept_after=40, asked_after=40)
    assert found.verdict == "more"


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [((5, 10), (5, 10), "too_few"), ((50, 100), (50, 100), "open"), ((20, 100), (60, 100), "fewer")],
)
def test_what_the_interval_does_not_show_is_not_said(ours, theirs, verdict):
    assert Comparison(Group(*ours), Group(*theirs)).verdict == verdict
