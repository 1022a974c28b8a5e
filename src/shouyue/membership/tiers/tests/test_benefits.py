"""Benefits: what is left of a quota, and which tier has which."""

from datetime import date

import pytest

from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tiers.rules.entitlements import BenefitPeriod, Left, left_of
from shouyue.membership.tiers.rules.terms import benefits_of

DAY = date(2026, 8, 29)


@pytest.mark.parametrize(
    ("period", "used", "until"),
    [
        (BenefitPeriod.MONTH, 1, date(2026, 8, 31)),
        (BenefitPeriod.QUARTER, 2, date(2026, 9, 30)),
        (BenefitPeriod.YEAR, 3, date(2026, 12, 31)),
        (BenefitPeriod.ALWAYS, 4, None),
    ],
)
def test_what_is_left_of_a_benefit(period, used, until):
    uses = [date(2026, 8, 1), date(2026, 7, 31), date(2026, 2, 1), date(2025, 8, 1)]
    assert left_of(2, period, uses, DAY) == Left(2, used, max(0, 2 - used), until)
    assert left_of(None, period, uses, DAY).is_open


def test_a_tier_has_the_benefits_that_name_it():
    assert [one.key for one in benefits_of(standard_content(), "silver")] == ["birthday_gift", "longer_returns"]
