"""Before anybody is created it is looked up whether they are there: masked, limited, on record, nothing lost."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.duplicates.tests.test_actions import customers
from shouyue.customers.entering.actions import BY_STAFF_MAX, TooManyLookupsError, look_up
from shouyue.customers.entering.models import CustomerLookup
from shouyue.customers.entering.rules.entry import FIELDS, EntryRefusedError, entry
from shouyue.customers.entering.rules.likeness import Alike, alike
from shouyue.customers.linking.public import features
from shouyue.customers.people.public import Known, persons_in
from shouyue.customers.public import Customer, record_people
from shouyue.rest.tests.callers import a_caller, post, problem_of
from shouyue.store.models import Fact, Staff
from shouyue.store.person_keys import PersonKeys
from shouyue.store.pinyin import readings

AT = datetime(2026, 3, 1, tzinfo=UTC)
WANG = Known(name="王伟鑫", phones=("+8613800006621",), emails=("wang.wx@example.cn",), born_on=date(1990, 5, 17))
PLAIN = ("王伟鑫", "13800006621", "wang.wx@example.cn")
TYPED = {"name": "王玮鑫", "phone": "138 0000 6621", "kind": "person"}
NEW = "/customers/new/"


def of(**values: object):
    return features(**{"name": "", **values}, read=readings)


@pytest.mark.parametrize(
    ("told", "known", "expected"),
    [
        (
            {"name": "王玮鑫", "phones": ["1"]},
            {"name": "王伟鑫", "phones": ["2", "1"]},
            Alike("likely", ("name", "phone")),
        ),
        (
            {"name": "Wang Weixin", "emails": ["a"]},
            {"name": "王伟鑫", "emails": ["a"]},
            Alike("likely", ("name", "email")),
        ),
        ({"name": "王先生", "phones": ["1"]}, {"name": "王伟鑫", "phones": ["1"]}, Alike("likely", ("name", "phone"))),
        ({"name": "王*", "phones": ["1"]}, {"name": "王伟鑫", "phones": ["1"]}, Alike("likely", ("name", "phone"))),
        ({"name": "李梅", "phones": ["1"]}, {"name": "王伟鑫", "phones": ["1"]}, Alike("possible", ("phone",))),
        ({"name": "王伟鑫"}, {"name": "王伟鑫"}, None),
        ({"born_on": AT.date()}, {"born_on": AT.date()}, None),
        ({}, {}, None),
    ],
)
def test_how_alike_two_are(told, known, expected):
    assert alike(of(**told), of(**known)) == expected


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40)))
def test_whatever_is_typed_is_a_person_or_has_reasons(fields):
    made, reasons = None, {}
    try:
        made = entry(fields)
    except EntryRefusedError as refused:
        reasons = refused.reasons
    assert bool(reasons) == (made is None)
    assert made is None or made.name or made.phones or made.emails


@pytest.fixture
def wang(db) -> UUID:
    (who,) = customers("K1")
    record_people({who: WANG}, at=AT)
    return who


def desk(party: str = "a") -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(f"lin@party-{party}.example", name="林知夏", party=party))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def typed(client: Client, **more: str) -> dict[str, str]:
    page = client.get(NEW).content.decode()
    return {**TYPED, "id": re.search(r'name="id" value="([^"]+)"', page)[1], **more}


@pytest.mark.django_db
def test_a_new_customer_is_created_once_and_sealed():
    client = desk()
    form = typed(client, birthday="1990-05-17")
    for _ in range(2):
        answer = client.post(NEW, {**form, "anyway": "1"})
        assert answer.status_code == 302
    made = Customer.objects.get()
    assert answer.headers["Location"] == f"/customers/{made.pk}/"
    assert persons_in([made.pk], keys=PersonKeys())[made.pk] == Known(
        name="王玮鑫", phones=("+8613800006621",), born_on=date(1990, 5, 17)
    )
    assert Fact.objects.filter(kind="PeopleRecorded").count() == 1


def test_who_is_there_is_shown_masked_and_nothing_is_created(wang):
    client = desk("b")
    form = typed(client)
    answer = client.post(NEW, form)
    page = answer.content.decode()
    assert (answer.status_code, Customer.objects.count()) == (409, 1)
    assert [
        word for word in ("王*", "138****6621", "likely the same person", f"/customers/{wang}/") if word not in page
    ] == []
    assert [word for word in PLAIN if word in page] == []
    assert 'value="138 0000 6621"' in page  # what was typed is kept
    assert client.post(NEW, {**form, "anyway": "1"}).status_code == 302
    assert Customer.objects.count() == 2


def test_a_look_up_is_kept_without_what_was_typed(wang):
    look_up(WANG, by="staff:7", at=AT)
    look_up(Known(phones=("+8613999999999",)), by="staff:7", at=AT)
    kept = CustomerLookup.objects.order_by("id").values("by", "at", "kinds", "found")
    assert list(kept) == [
        {"by": "staff:7", "at": AT, "kinds": ["name", "phones", "emails", "born_on"], "found": [wang]},
        {"by": "staff:7", "at": AT, "kinds": ["phones"], "found": []},
    ]


def test_look_ups_are_limited_by_whoever_asks(wang):
    for _ in range(3):
        look_up(WANG, by="staff:7", at=AT, most=3)
    with pytest.raises(TooManyLookupsError):
        look_up(WANG, by="staff:7", at=AT, most=3)
    assert look_up(WANG, by="staff:8", at=AT, most=3)
    assert look_up(WANG, by="staff:7", at=AT + timedelta(minutes=11), most=3)


def test_a_clerk_who_looks_up_too_often_is_told_and_loses_nothing(wang):
    client = desk()
    form = typed(client)
    CustomerLookup.objects.bulk_create(
        CustomerLookup(by=f"staff:{Staff.objects.get().pk}", at=datetime.now(UTC), kinds=[], found=[])
        for _ in range(BY_STAFF_MAX)
    )
    answer = client.post(NEW, form)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "Go on in ten minutes" in page
    assert 'value="138 0000 6621"' in page
    assert "/customers/" + str(wang) not in page


@pytest.mark.django_db
def test_what_cannot_be_used_is_said_and_kept():
    client = desk()
    answer = client.post(NEW, typed(client, phone="12345678", birthday="1990-02-31"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is no phone number" in page
    assert "This is no day" in page
    assert 'value="1990-02-31"' in page
    assert client.post(NEW, typed(client, name="", phone="")).status_code == 422
    assert not CustomerLookup.objects.exists()


@pytest.mark.django_db
def test_an_auditor_creates_nobody():
    assert desk("auditor").get(NEW).status_code == 403


def test_a_merged_record_is_shown_as_the_one_that_stands_for_it(wang):
    (other,) = customers("K2")
    record_people({other: WANG}, at=AT)
    merge_customers(survivor=other, merged=wang, by="staff:1", at=AT)
    assert [one.customer.pk for one in look_up(WANG, by="staff:1", at=AT)] == [other]


def test_a_name_with_a_birthday_is_enough_and_a_hotline_says_nothing(wang):
    told = Known(name="王伟鑫", born_on=date(1990, 5, 17))
    assert [one.alike.agrees for one in look_up(told, by="staff:1", at=AT)] == [("name", "birthday")]
    crowd = customers(*(f"H{number}" for number in range(60)))
    record_people(dict.fromkeys(crowd, Known(name="赵一", phones=("+8613700001111",))), at=AT)
    assert look_up(Known(name="赵一", phones=("+8613700001111",)), by="staff:1", at=AT) == []


def test_a_look_up_costs_the_same_for_many(wang):
    costs = []
    for prefix in "AB":
        with CaptureQueriesContext(connection) as captured:
            look_up(WANG, by="staff:1", at=AT)
        costs.append(len(captured))
        crowd = customers(*(f"{prefix}{number}" for number in range(20)))
        record_people(dict.fromkeys(crowd, WANG), at=AT)
    assert costs[0] == costs[1]


def test_programs_look_up_and_create_and_learn_no_value(wang):
    client = a_caller()
    told = {"name": "王玮鑫", "phone": "13800006621"}
    found = post(client, "customer-lookups", told)
    assert found.json() == {"data": [{"customer_id": str(wang), "likeness": "likely", "agrees": ["name", "phone"]}]}
    refused = post(client, "new-customers", told)
    assert problem_of(refused) == (409, "maybe-duplicate")
    assert str(wang) not in refused.content.decode()
    assert CustomerLookup.objects.count() == 2  # also the refused one
    made = post(client, "new-customers", {**told, "create_anyway": True}, under="create-0001")
    assert made.status_code == 201
    assert post(client, "new-customers", {**told, "create_anyway": True}, under="create-0001").json() == made.json()
    assert problem_of(post(client, "new-customers", {"name": "王", "phone": "12345678"})) == (422, "invalid")


def test_a_repeated_call_does_not_find_itself(db):
    client, told = a_caller(), {"name": "单雪", "phone": "13912345678"}
    made = post(client, "new-customers", told, under="create-0002")
    assert post(client, "new-customers", told, under="create-0002").json() == made.json()
    assert Customer.objects.count() == 1


def test_who_may_not_read_customers_may_not_look_them_up(wang):
    assert problem_of(post(a_caller("customers:write"), "customer-lookups", {"name": "王伟鑫"})) == (
        403,
        "scope-missing",
    )
