"""Members and programs confirm or correct data; staff decide; what is accepted is attested by the customer."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.attesting.public import FieldAttestation
from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_desk import read
from shouyue.customers.people.tests.test_people import KNOWN, make_customers, recorded, who
from shouyue.customers.people.tests.test_portal import make, seen, signed_in
from shouyue.customers.public import Person, record_people
from shouyue.customers.quality.actions.correcting import AlreadyDecidedError, decide_correction, request_correction
from shouyue.customers.quality.models import CorrectionRequest
from shouyue.customers.quality.queries.standings import standings
from shouyue.customers.quality.rules.corrections import CorrectionRefusedError, corrected
from shouyue.rest.tests.callers import a_caller, new_idempotency_key, post, problem_of
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
MAIN, SECOND, NEW = "+8613800006621", "+8613900000002", "+8613700000003"
numbers = st.lists(st.sampled_from([MAIN, SECOND, "+8613600000004"]), unique=True, max_size=3).map(tuple)


def days(count: int) -> datetime:
    return AT + timedelta(days=count)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("phone", "137 0000 0003", Known(phones=(NEW,))),
        ("email", "New@Example.cn", Known(emails=("new@example.cn",))),
        ("birthday", "1990年5月18日", Known(born_on=date(1990, 5, 18))),
        ("name", " 王伟新 ", Known(name="王伟新")),
        ("address", "上海市南京路 2 号", Known(address="上海市南京路 2 号")),
    ],
)
def test_a_correction_is_as_clean_as_an_import(field, text, told):
    assert corrected(KNOWN, field, text) == told


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("phone", "12345678", "unusable"),
        ("phone", "13700000003; 13700000004", "unusable"),
        ("birthday", "1990-02-30", "unusable"),
        ("name", "锟斤拷", "unusable"),
        ("email", "  ", "empty"),
        ("phone", "13800006621", "same"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(field, text, reason):
    with pytest.raises(CorrectionRefusedError) as refused:
        corrected(KNOWN, field, text)
    assert refused.value.reason == reason


@given(numbers)
def test_a_corrected_phone_takes_the_main_place_and_no_other_is_lost(phones):
    told = corrected(Known(phones=phones), "phone", NEW)
    assert told.phones == (NEW, *phones[1:])
    assert Known(phones=phones).with_more(told).phones == told.phones


@pytest.mark.django_db
def test_an_accepted_correction_is_verified_when_the_customer_said_it():
    make_customers("YS1")
    one = who("YS1")
    record_people({one: KNOWN}, at=AT)
    asked = request_correction(one, "phone", "137 0000 0003", key=uuid4(), by="member:x", at=days(1))
    assert recorded("YS1") == [KNOWN]
    decide_correction(asked.pk, is_accepted=True, by="staff:1", at=days(3))
    decide_correction(asked.pk, is_accepted=True, by="staff:1", at=days(4))
    assert recorded("YS1")[0].phones == (NEW,)
    found = standings([one], until=days(5))[one]["phone"]
    assert (found.method, found.verified_at, found.asserted_at) == ("member", days(1), days(3))
    kinds = ["CorrectionAsked", "CorrectionDecided"]
    assert list(Fact.objects.filter(kind__in=kinds).order_by("id").values_list("kind", flat=True)) == kinds


@pytest.mark.django_db
def test_a_refused_correction_changes_nothing_and_stays_refused():
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    asked = request_correction(who("YS1"), "name", "李四", key=uuid4(), by="member:x", at=days(1))
    decide_correction(asked.pk, is_accepted=False, by="staff:1", at=days(2))
    with pytest.raises(AlreadyDecidedError):
        decide_correction(asked.pk, is_accepted=True, by="staff:1", at=days(3))
    assert recorded("YS1") == [KNOWN]
    assert FieldAttestation.objects.count() == 0


@pytest.mark.django_db
def test_a_request_is_written_once_and_replaced_by_a_later_one():
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    key = uuid4()
    for _again in range(2):
        request_correction(who("YS1"), "name", "李四", key=key, by="member:x", at=days(1))
    request_correction(who("YS1"), "name", "李思", key=uuid4(), by="member:x", at=days(2))
    assert sorted(CorrectionRequest.objects.values_list("state", flat=True)) == ["open", "replaced"]
    with pytest.raises(AlreadyDecidedError):
        decide_correction(key, is_accepted=True, by="staff:1", at=days(3))


@pytest.mark.django_db
def test_what_was_recorded_meanwhile_is_confirmed_by_the_request():
    make_customers("YS1")
    one = who("YS1")
    record_people({one: KNOWN}, at=AT)
    asked = request_correction(one, "phone", NEW, key=uuid4(), by="member:x", at=days(1))
    record_people({one: Known(phones=(NEW,))}, at=days(2))
    decide_correction(asked.pk, is_accepted=True, by="staff:1", at=days(3))
    assert standings([one], until=days(3))[one]["phone"].verified_at == days(1)


@pytest.mark.django_db
def test_a_member_confirms_and_corrects_at_the_portal():
    one = make("YS10001")
    member = signed_in(one)
    page = member.get("/m/my-data/")
    version = page.context["seen"]
    assert "All of this is right" in seen(page)
    member.post("/m/my-data/confirm", {"seen": version, "field": "phone"})
    assert list(FieldAttestation.objects.values_list("field", "is_change")) == [("phone", False)]
    member.post("/m/my-data/confirm", {"seen": version})
    assert FieldAttestation.objects.count() == 6
    key = page.context["form"].initial["key"]
    refused = member.post("/m/my-data/correct", {"key": key, "field": "phone", "value": "123"})
    assert (refused.status_code, "We cannot read this" in seen(refused)) == (422, True)
    member.post("/m/my-data/correct", {"key": key, "field": "phone", "value": "137 0000 0003"})
    assert "your correction is being checked" in seen(member.get("/m/my-data/"))
    assert CorrectionRequest.objects.get().customer_id == one


@pytest.mark.django_db
def test_a_member_who_looked_at_an_older_record_is_asked_to_look_again():
    one = make("YS10001")
    member = signed_in(one)
    version = member.get("/m/my-data/").context["seen"]
    record_people({one: Known(phones=(NEW,))}, at=days(400))
    answer = member.post("/m/my-data/confirm", {"seen": version}, follow=True)
    assert "look again" in seen(answer)
    assert not FieldAttestation.objects.filter(is_change=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "客户更正申请"), ("en", "Corrections asked for")])
def test_staff_decide_and_only_those_who_serve_read_the_value(client, language, words):
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    asked = request_correction(who("YS1"), "name", "李四光", key=uuid4(), by="member:x", at=days(1))
    client.force_login(Staff.objects.create_user("b@party-b.example", name="乙", party="b"))
    assert "李四光" not in read(client, "/customers/quality/corrections/", language)
    client.force_login(Staff.objects.create_user("a@party-a.example", name="甲", party="a"))
    page = read(client, "/customers/quality/corrections/", language)
    assert [word for word in (words, "李四光", "YS1") if word not in page] == []
    client.post(f"/customers/quality/corrections/{asked.pk}/", {"accept": "1"})
    assert recorded("YS1")[0].name == "李四光"
    client.force_login(Staff.objects.create_user("au@audit.example", name="审计", party="auditor"))
    assert client.post(f"/customers/quality/corrections/{asked.pk}/", {"accept": "1"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "申请更正"), ("en", "Correction asked for")])
def test_what_a_member_asks_waits_in_my_work_of_those_who_may_decide(client, language, words):
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    asked = request_correction(who("YS1"), "phone", NEW, key=uuid4(), by="member:x", at=days(1))
    for party, waits in (("a", True), ("b", True), ("auditor", False)):
        client.force_login(Staff.objects.create_user(f"{party}@party.example", name=party, party=party))
        page = read(client, "/my-work/", language)
        assert (words in page, f"#correction-{asked.pk}" in page, NEW in page) == (waits, waits, False)
    decide_correction(asked.pk, is_accepted=False, by="staff:1", at=days(2))
    client.force_login(Staff.objects.get(party="a"))
    assert words not in read(client, "/my-work/", language)


@pytest.mark.django_db
def test_the_api_confirms_once_and_opens_a_correction():
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    client, key = a_caller(), new_idempotency_key()
    told = {"fields": ["phone", "email"], "method": "call", "evidence": "ticket 17"}
    answers = [post(client, f"customers/{who('YS1')}/confirmations", told, under=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert FieldAttestation.objects.count() == 2
    asked = post(client, f"customers/{who('YS1')}/corrections", {"field": "name", "value": "李四"})
    assert (asked.status_code, asked.json()["state"]) == (201, "open")
    assert Person.objects.get().first_fields == 31


@pytest.mark.django_db
def test_the_api_refuses_what_cannot_be_confirmed_or_used():
    make_customers("YS1")
    record_people({who("YS1"): Known(name="王伟")}, at=AT)
    client = a_caller()
    empty = post(client, f"customers/{who('YS1')}/confirmations", {"fields": ["email"], "method": "call"})
    assert problem_of(empty) == (422, "invalid")
    odd = post(client, f"customers/{who('YS1')}/corrections", {"field": "phone", "value": "12345678"})
    assert odd.status_code == 422
    assert post(client, f"customers/{uuid4()}/corrections", {"field": "name", "value": "王"}).status_code == 404
    assert not CorrectionRequest.objects.exists()
