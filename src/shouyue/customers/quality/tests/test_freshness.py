"""How fresh a value is on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.attesting.rules.standing import Standing
from shouyue.customers.quality.rules.freshness import (
    HALF_LIFE_DAYS,
    FieldFreshness,
    FreshnessTerms,
    is_fresh,
    may_be_reissued,
    score,
    summed,
)

TERMS = FreshnessTerms()
TOLD_AT = datetime(2026, 1, 1, 4, tzinfo=UTC)
DAY = date(2026, 1, 1)
fields = st.sampled_from(sorted(HALF_LIFE_DAYS))


def stands(verified: int | None) -> Standing:
    moment = None if verified is None else TOLD_AT + timedelta(days=verified)
    return Standing(TOLD_AT, "list", "told" if verified is None else "call", moment, "")


@pytest.mark.parametrize(
    ("verified", "day", "expected"), [(0, 0, 1.0), (0, 180, 0.5), (0, 360, 0.25), (None, 0, 0.5), (None, 180, 0.25)]
)
def test_a_phone_loses_half_with_each_half_life(verified, day, expected):
    assert score(stands(verified), "phone", on=DAY + timedelta(days=day), terms=TERMS) == pytest.approx(expected)


@pytest.mark.parametrize(("day", "fresh"), [(180, True), (181, False)])
def test_a_value_is_fresh_through_its_half_life(day, fresh):
    assert is_fresh(stands(0), "phone", on=DAY + timedelta(days=day), terms=TERMS) is fresh


def test_what_nobody_verified_is_never_fresh():
    assert not is_fresh(stands(None), "name", on=DAY, terms=TERMS)
    assert not is_fresh(None, "name", on=DAY, terms=TERMS)
    assert score(None, "name", on=DAY, terms=TERMS) == 0.0


@pytest.mark.parametrize(
    ("verified", "day", "risky"), [(None, 90, False), (None, 91, True), (60, 150, False), (0, 91, True)]
)
def test_a_phone_is_flagged_after_ninety_days_without_verification(verified, day, risky):
    assert may_be_reissued(stands(verified), on=DAY + timedelta(days=day), terms=TERMS) is risky


def test_the_agreement_decides_and_the_product_fills_in():
    agreed = FreshnessTerms.of({"half_life_days": {"phone": 30}, "reissued_after_days": 60}, zone="UTC")
    assert (agreed.half_life_days["phone"], agreed.half_life_days["email"]) == (30, 365)
    assert (agreed.reissued_after_days, agreed.told_weight, agreed.zone) == (60, 0.5, "UTC")


@given(fields, st.integers(0, 5_000), st.integers(0, 5_000), st.booleans())
def test_freshness_lies_between_none_and_all_and_only_falls(field, earlier, later, verified):
    first, second = sorted((earlier, later))
    one = stands(0 if verified else None)
    before, after = (score(one, field, on=DAY + timedelta(days=day), terms=TERMS) for day in (first, second))
    assert 0 < after <= before <= 1


@given(st.lists(st.tuples(fields, st.none() | st.integers(0, 300), st.integers(1, 50)), max_size=20))
def test_counting_groups_equals_counting_each(counts):
    on = DAY + timedelta(days=300)
    grouped = summed([(field, stands(verified), many) for field, verified, many in counts], on=on, terms=TERMS)
    each = [(field, stands(verified), 1) for field, verified, many in counts for _ in range(many)]
    for one, other in zip(grouped, summed(each, on=on, terms=TERMS), strict=True):
        assert (one.values, one.verified, one.fresh) == (other.values, other.verified, other.fresh)
        assert one.mean == (None if other.mean is None else pytest.approx(other.mean))


def test_a_field_without_values_has_no_share():
    assert FieldFreshness("name", 0, 0, 0, None).share is None
