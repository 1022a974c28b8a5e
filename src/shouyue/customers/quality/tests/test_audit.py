"""The rules of the monthly audit: the draw, the comparison, the counting."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.quality.rules.audit import (
    RECORD,
    RIGHT,
    SILENT,
    VERDICTS,
    WRONG,
    accuracy,
    allocated,
    commitment_of,
    drawn,
    is_same,
    record_verdict,
)

FIELDS = ("name", "phone", "email", "address", "birthday")
people = st.dictionaries(st.uuids().map(str), st.sampled_from(["recent", "earlier", "listed"]), max_size=60)
verdicts = st.lists(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VERDICTS)), max_size=40)


def test_a_commitment_fixes_seed_size_and_month():
    terms = {"audit": "a", "month": date(2026, 10, 1), "size": 120, "seed": "00"}
    others = [{**terms, "seed": "01"}, {**terms, "size": 121}, {**terms, "month": date(2026, 11, 1)}]
    assert len({commitment_of(**one) for one in (terms, *others)}) == 4


@given(people, st.integers(1, 80), st.randoms(use_true_random=False))
def test_a_draw_depends_on_seed_and_members_alone(members, size, random):
    listed = list(members.items())
    random.shuffle(listed)
    sample = drawn(members.items(), seed="s", size=size)
    assert drawn(listed, seed="s", size=size) == sample
    assert len(sample) == min(size, len(members))
    assert len({one.customer for one in sample}) == len(sample)
    assert all(members[one.customer] == one.stratum for one in sample)
    assert Counter(one.stratum for one in sample) == Counter(
        {name: many for name, many in allocated(Counter(members.values()), size).items() if many}
    )


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 500), max_size=6), st.integers(0, 400))
def test_strata_get_their_share_to_within_one(sizes, size):
    found = allocated(sizes, size)
    total = sum(sizes.values())
    assert sum(found.values()) == min(size, total)
    for name, many in sizes.items():
        assert found[name] <= many
        assert not total or abs(found[name] - min(size, total) * many / total) < 1


def test_two_seeds_draw_other_people():
    members = [(f"{place:04}", "recent") for place in range(1_000)]
    first, second = ({one.customer for one in drawn(members, seed=seed, size=100)} for seed in "ab")
    assert len(first & second) < 40


@pytest.mark.parametrize(
    ("field", "ours", "said", "same"),
    [
        ("phone", "+8613800006621", "138 0000 6621", True),
        ("phone", "+8613800006621", "13800006622", False),
        ("email", "wang.wx@example.cn", " Wang.WX@example.cn", True),
        ("name", "王伟鑫", "王伟鑫 ", True),
        ("name", "王伟鑫", "王伟", False),
        ("address", "江苏省苏州市星湖街 1 号", "苏州市星湖街1号", True),
        ("address", "江苏省苏州市星湖街 1 号", "苏州市星湖街2号", False),
        ("address", "江苏省苏州市星湖街 1 号", "苏州", False),
        ("birthday", "1990-05-17", "1990/05/17", True),
        ("birthday", "1990-05-17", "1990-05-18", False),
    ],
)
def test_what_is_said_is_compared_as_people_mean_it(field, ours, said, same):
    assert is_same(field, ours, said) is same


@given(verdicts)
def test_the_counts_add_up_and_the_bounds_hold_the_share(noted):
    for one in accuracy(noted, FIELDS):
        if one.field != RECORD:
            assert one.asked == sum(one.field in each for each in noted)
        assert 0 <= one.low <= one.high <= 1
        assert (one.high - one.low) * one.asked == pytest.approx(one.silent)
        if one.share is not None and one.interval is not None:
            assert one.low <= one.share <= one.high
            assert one.interval.low <= one.share <= one.interval.high


def test_the_interval_is_the_exact_one():
    # 57 of 60: Clopper and Pearson give 0.8608 to 0.9896 (R: binom.test(57, 60)).
    (found, _record) = accuracy([{"name": RIGHT}] * 57 + [{"name": WRONG}] * 3 + [{"name": SILENT}] * 20, ["name"])
    assert (found.interval.low, found.interval.high) == pytest.approx((0.8608, 0.9896), abs=5e-5)
    assert (found.low, found.high) == (57 / 80, 77 / 80)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"name": RIGHT, "phone": RIGHT, "address": RIGHT, "email": WRONG}, RIGHT),
        ({"name": RIGHT, "phone": WRONG, "address": SILENT}, WRONG),
        ({"name": RIGHT, "phone": SILENT}, SILENT),
        ({"email": RIGHT}, ""),
    ],
)
def test_a_record_is_right_when_name_phone_and_address_are(parts, word):
    assert record_verdict(parts) == word
