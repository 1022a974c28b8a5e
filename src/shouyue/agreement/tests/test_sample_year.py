"""The demo's year: lived once, every page has something to show, and nothing lies in the future."""

from datetime import date, timedelta

import pytest

from shouyue.agreement.models import Claim, Disclosure, Filing, PlanDelivery
from shouyue.agreement.sample_year import live_a_year
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Staff


@pytest.mark.django_db
@pytest.mark.parametrize("days", [3, 200, 364])
def test_a_year_is_lived_once_and_never_ahead(days: int) -> None:
    agreement = sign_agreement(terms(), by="staff:1", at=SIGNED_AT)
    until = agreement.starts_on + timedelta(days=days)
    a, b = (Staff.objects.create_user(f"{party}@x.example", name=party, party=party) for party in "ab")
    assert live_a_year(agreement, a=a, b=b, until=until)
    counts = [model.objects.count() for model in (Filing, PlanDelivery, Disclosure, Claim)]
    assert not live_a_year(agreement, a=a, b=b, until=until)
    assert counts == [model.objects.count() for model in (Filing, PlanDelivery, Disclosure, Claim)]
    assert counts[2:] == [3, int(days > 100)]
    latest: list[date] = [
        *Filing.objects.values_list("done_on", flat=True),
        *PlanDelivery.objects.values_list("done_on", flat=True),
    ]
    assert max(latest, default=until) <= until
    if days > 100:
        assert counts[0] > 10
        assert counts[1] > 3
