"""Attestations in the database: one for an import, lines for what differs, and every past day read alike."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouyue.customers.attesting.public import Attestation, FieldAttestation, Origin
from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_desk import read
from shouyue.customers.people.tests.test_people import KNOWN, SHAN, WANG, make_customers, run_import, who, write
from shouyue.customers.public import Person, record_people
from shouyue.customers.quality.public import NothingToConfirmError, ValuesChangedError, confirm_values, phones_to_check
from shouyue.customers.quality.queries.standings import freshness, standings
from shouyue.customers.quality.rules.freshness import FreshnessTerms, summed
from shouyue.store.models import Fact, Staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
TERMS = FreshnessTerms()
FIELDS = ["name", "phone", "email", "address", "birthday"]


def days(count: int) -> datetime:
    return AT + timedelta(days=count)


def called(at: datetime) -> Origin:
    return Origin(key=uuid4(), source="desk", by="staff:7", method="call", verified_at=at)


def test_an_import_is_one_attestation_whatever_its_rows(tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    assert Attestation.objects.count() == 1
    assert FieldAttestation.objects.count() == 0
    told = Attestation.objects.get()
    assert (told.source, told.method, told.verified_at) == ("plain", "told", None)
    found = standings([who("YS1"), who("YS2")], until=told.asserted_at)
    assert [list(found[who(number)]) for number in ("YS1", "YS2")] == [FIELDS, ["name", "phone"]]


def test_saving_without_change_never_advances_and_a_change_starts_anew():
    make_customers("YS1")
    one = who("YS1")
    record_people({one: KNOWN}, at=AT)
    confirm_values({one: FIELDS}, origin=called(days(1)), at=days(1))
    record_people({one: KNOWN}, at=days(50))
    assert {value.verified_at for value in standings([one], until=days(60))[one].values()} == {days(1)}
    record_people({one: Known(phones=("+8613900000001",))}, at=days(70))
    found = standings([one], until=days(80))[one]
    assert (found["phone"].verified_at, found["phone"].asserted_at) == (None, days(70))
    assert found["name"].verified_at == days(1)
    assert standings([one], until=days(69))[one]["phone"].verified_at == days(1)


def test_a_confirmation_happens_once_and_is_announced():
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    origin = called(days(1))
    assert confirm_values({who("YS1"): ["phone", "name"]}, origin=origin, at=days(1)) == 2
    assert confirm_values({who("YS1"): ["phone", "name"]}, origin=origin, at=days(2)) == 0
    assert FieldAttestation.objects.count() == 2
    fact = Fact.objects.get(kind="ValuesConfirmed")
    assert (fact.subject_id, fact.actor) == (who("YS1"), "staff:7")


def test_an_empty_field_and_a_record_that_changed_are_refused_without_a_trace():
    make_customers("YS1")
    record_people({who("YS1"): Known(name="王伟")}, at=AT)
    with pytest.raises(NothingToConfirmError) as refused:
        confirm_values({who("YS1"): ["name", "email"]}, origin=called(days(1)), at=days(1))
    assert refused.value.fields == ("email",)
    with pytest.raises(ValuesChangedError):
        confirm_values({who("YS1"): ["name"]}, origin=called(days(1)), at=days(1), seen={who("YS1"): days(-3)})
    assert FieldAttestation.objects.count() == 0
    assert not Fact.objects.filter(kind="ValuesConfirmed").exists()


def test_the_share_counted_by_the_database_equals_the_rule_on_each_day():
    numbers = [f"YS{place}" for place in range(12)]
    make_customers(*numbers)
    ids = [who(number) for number in numbers]
    record_people(dict.fromkeys(ids, KNOWN), at=AT)
    confirm_values(dict.fromkeys(ids[:5], FIELDS), origin=called(days(10)), at=days(12))
    record_people({one: Known(phones=("+8613900000001",), name="王") for one in ids[3:8]}, at=days(40))
    confirm_values({one: ["phone"] for one in ids[6:]}, origin=called(days(60)), at=days(60))
    confirm_values({one: ["phone"] for one in ids[9:]}, origin=called(days(20)), at=days(61))
    for day in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 15), date(2026, 6, 1)):
        until = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC) - timedelta(hours=8, microseconds=1)
        by_person = standings(ids, until=until)
        each = [(name, found, 1) for fields in by_person.values() for name, found in fields.items()]
        for counted, ruled in zip(freshness(on=day, agreed=TERMS), summed(each, on=day, terms=TERMS), strict=True):
            assert counted == replace(ruled, mean=None if ruled.mean is None else pytest.approx(ruled.mean))


def test_phones_are_flagged_when_nobody_verified_them_for_long():
    make_customers("YS1", "YS2", "YS3")
    ids = [who(number) for number in ("YS1", "YS2", "YS3")]
    record_people({ids[0]: KNOWN, ids[1]: KNOWN, ids[2]: Known(name="李")}, at=AT)
    confirm_values({ids[1]: ["phone"]}, origin=called(days(80)), at=days(80))
    assert phones_to_check(ids, on=days(90).date()) == set()
    assert phones_to_check(ids, on=days(91).date()) == {ids[0]}


def test_standings_cost_the_same_for_many():
    make_customers(*[f"YS{place}" for place in range(30)])
    ids = [who(f"YS{place}") for place in range(30)]
    record_people(dict.fromkeys(ids, KNOWN), at=AT)
    confirm_values(dict.fromkeys(ids, FIELDS), origin=called(AT), at=AT)
    costs = []
    for batch in (ids[:1], ids):
        with CaptureQueriesContext(connection) as spent:
            standings(batch, until=days(1))
        costs.append(len(spent))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "新鲜"), ("en", "Freshness by field")])
def test_the_overview_and_the_customer_show_freshness(client, language, words):
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    page = read(client, "/customers/quality/", language)
    assert words in page
    page = read(client, f"/customers/{who('YS1')}/", language)
    assert ("使用前先核对" if language == "zh-hans" else "check before use") in page
    assert Person.objects.get().first_fields == 31


def test_a_merged_person_has_each_value_once_of_the_record_that_shows_it(client):
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    make_customers("YS1", "YS2")
    one, other = who("YS1"), who("YS2")
    record_people({one: Known(name="王伟鑫"), other: KNOWN}, at=AT)
    confirm_values({one: ["name"]}, origin=called(days(1)), at=days(1))
    merge_customers(survivor=one, merged=other, by="staff:1", at=days(2))
    page = read(client, f"/customers/{one}/", "en")
    assert page.count("How fresh this is") == 1
    card = page.partition("How fresh this is")[2].partition("</section>")[0]
    assert re.findall("<dt>([^<]+)</dt>", card) == ["Name", "Phone", "E-mail", "Address", "Birthday"]
    assert card.count("Mar 2, 2026") == 1
