"""Several phones, addresses and the like of one person: added, changed, confirmed, removed, found, and nothing lost."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.attesting.public import Attestation, FieldAttestation
from shouyue.customers.contacts.actions import by_hand, change_birthday, change_contacts, confirm_contact
from shouyue.customers.contacts.actions import undo_contact_change as undo
from shouyue.customers.contacts.queries import contacts_of
from shouyue.customers.contacts.rules import contacts
from shouyue.customers.contacts.rules.contacts import KINDS, ContactRefusedError, Part, part_of, with_part
from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.people.public import Known
from shouyue.customers.people.queries import customers_found
from shouyue.customers.people.tests.test_editing import signed_in
from shouyue.customers.people.tests.test_people import COLUMNS, KNOWN, WANG, make_customers, run_import, who, write
from shouyue.customers.public import Person, record_people
from shouyue.customers.quality.queries.standings import standings
from shouyue.kernel import clock
from shouyue.rest.tests.callers import a_caller, problem_of
from shouyue.store.imports.mapping import Tally
from shouyue.store.models import Fact, ImportRejection

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
SECOND, THIRD = "+8613900000002", "+8613700000003"
words = st.text("abcdef", min_size=1, max_size=3)
parts = st.lists(words, unique=True, max_size=5).map(tuple)


def day(number):
    return AT + timedelta(days=number)


@pytest.fixture
def person(db):
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    return who("YS1")


def add(person, kind, value, *, at=AT, label="", is_main=False, method="told"):
    origin = by_hand(by="staff:1", method=method, at=at)
    return change_contacts(
        person, kind, lambda part: contacts.added(part, value, label, is_main=is_main), origin=origin, at=at
    )


def act(person, kind, change, *, at=AT):
    return change_contacts(person, kind, change, origin=by_hand(by="staff:1", at=at), at=at)


def shown(person, kind, at=AT):
    found = contacts_of([person], at=at)[person].of(kind)
    return [(one.value, one.label, one.is_main, one.standing.method if one.standing else "") for one in found]


@given(parts, st.sampled_from(KINDS), words, words, st.tuples(st.booleans(), st.sampled_from(["", "home"])))
def test_no_change_loses_a_value_that_it_is_not_about(values, kind, new, chosen, as_main):
    is_main, label = as_main
    known = with_part(KNOWN, kind, Part(values))
    assert part_of(known, kind).values == values
    part, other = part_of(known, kind), next(one for one in KINDS if one != kind)
    if new not in values:
        after = contacts.added(part, new, label, is_main=is_main)
        assert set(after.values) == {*values, new}
        assert (after.main == new) is (is_main or not values)
        assert contacts.removed(after, new) == part
        assert part_of(with_part(known, kind, after), kind) == after
        assert part_of(with_part(known, kind, after), other) == part_of(known, other)
    if chosen in values:
        assert set(contacts.promoted(part, chosen).values) == set(values)
        assert contacts.promoted(part, chosen).main == chosen


def test_values_are_read_as_in_a_list():
    told = [("phone", "138 0000 6621"), ("email", "A@B.cn"), ("wechat", "wxid_a1b2c3"), ("card", "vip-8800 12")]
    assert [contacts.clean(*one) for one in told] == ["+8613800006621", "a@b.cn", "wxid_a1b2c3", "VIP880012"]
    for kind, text, reason in [
        ("phone", "123", "unusable"),
        ("phone", "13800006621;13900000002", "unusable"),
        ("wechat", "a b", "unusable"),
        ("card", "12", "unusable"),
        ("email", " ", "empty"),
    ]:
        with pytest.raises(ContactRefusedError) as refused:
            contacts.clean(kind, text)
        assert refused.value.reason == reason


def test_each_kind_is_kept_sealed_and_found_by_search(person):
    add(person, "phone", SECOND, label="work")
    add(person, "wechat", "Wang_Wei88")
    add(person, "card", "VIP880012")
    add(person, "address", "上海市南京路 1 号", label="delivery")
    row = Person.objects.get()
    assert {str(row.wechats), str(row.cards), str(row.other_phones), str(row.other_addresses)} == {"***"}
    for text in ("13900000002", "wang_wei88", "vip 8800-12", "0002"):
        assert [one.pk for one in customers_found(text).customers] == [person]
    assert shown(person, "phone") == [("+8613800006621", "", True, "told"), (SECOND, "work", False, "told")]
    act(person, "card", lambda part: contacts.removed(part, "VIP880012"))
    assert customers_found("VIP880012").customers == []


def test_a_second_phone_does_not_touch_what_stands_behind_the_main_one(person):
    confirm_contact(person, "phone", KNOWN.phones[0], origin=by_hand(by="staff:1", method="call", at=day(1)), at=day(1))
    add(person, "phone", SECOND, at=day(2), method="document")
    found = contacts_of([person], at=day(3))[person].of("phone")
    assert [(one.standing.method, one.standing.verified_at) for one in found] == [
        ("call", day(1)),
        ("document", day(2)),
    ]


def test_each_value_keeps_its_own_verification_when_the_main_one_changes_and_back(person):
    confirm_contact(person, "phone", KNOWN.phones[0], origin=by_hand(by="staff:1", method="call", at=day(1)), at=day(1))
    add(person, "phone", SECOND, at=day(2), method="document")
    change = act(person, "phone", lambda part: contacts.promoted(part, SECOND), at=day(3))
    assert standings([person], until=day(3))[person]["phone"].verified_at == day(2)
    assert shown(person, "phone", day(3)) == [(SECOND, "", True, "document"), (KNOWN.phones[0], "", False, "call")]
    assert undo(person, change.id, by="staff:1", at=day(4)) is True
    assert standings([person], until=day(4))[person]["phone"].verified_at == day(1)
    assert shown(person, "phone", day(4)) == [(KNOWN.phones[0], "", True, "call"), (SECOND, "", False, "document")]
    assert undo(person, change.id, by="staff:1", at=day(5)) is False


def test_saving_what_is_there_writes_nothing_and_verifies_nothing(person):
    add(person, "phone", SECOND, label="work")
    before = (Person.objects.get().updated_at, Attestation.objects.count(), FieldAttestation.objects.count())
    same = act(person, "phone", lambda part: contacts.changed(part, SECOND, SECOND, "work"), at=day(9))
    assert (same, Fact.objects.filter(kind="PeopleRecorded").count()) == (None, 1)
    assert (Person.objects.get().updated_at, Attestation.objects.count(), FieldAttestation.objects.count()) == before


def test_what_cannot_be_taken_leaves_no_trace(person):
    for change, reason in (
        (lambda part: contacts.added(part, KNOWN.phones[0], "", is_main=False), "there"),
        (lambda _part: contacts.added(Part(tuple("abcdefghij")), "k", "", is_main=False), "many"),
    ):
        with pytest.raises(ContactRefusedError) as refused:
            act(person, "phone", change)
        assert refused.value.reason == reason
    assert not Fact.objects.filter(kind="PeopleRecorded").exists()


def test_an_undo_leaves_what_somebody_changed_since(person):
    change = add(person, "phone", SECOND)
    add(person, "phone", THIRD)
    assert undo(person, change.id, by="staff:1", at=day(1)) is False
    assert [value for value, *_ in shown(person, "phone")] == [KNOWN.phones[0], SECOND, THIRD]


def test_a_lunar_birthday_is_kept_with_its_calendar_and_taken_back(person):
    change = change_birthday(person, date(1990, 5, 17), "lunar", origin=by_hand(by="staff:1", at=AT), at=AT)
    assert contacts_of([person], at=AT)[person].known.calendar == "lunar"
    assert change_birthday(person, date(1990, 5, 17), "lunar", origin=by_hand(by="s", at=AT), at=AT) is None
    assert undo(person, change.id, by="staff:1", at=day(1)) is True
    assert contacts_of([person], at=AT)[person].known == KNOWN


def test_a_list_brings_lunar_birthdays_wechat_ids_and_cards(db, tmp_path):
    columns = (*COLUMNS, "wechat", "card", "lunar_birthday")
    rows = [
        (*WANG[:5], "", *WANG[6:], "wang_wei88", "VIP880012;VIP880013", "1990-4-23"),
        ("YS2", "单雪", "", "", "", "1990-05-18", "", "", "", "", "1990-4-23"),
        ("YS3", "李雷", "", "", "", "", "", "", "a b", "", ""),
        ("YS4", "韩梅", "", "", "", "", "", "", "", "", "2024-闰2-1"),
    ]
    report = run_import(write(tmp_path / "customers.csv", rows, columns))
    assert report.tally == Tally(created=1, rejected=3)
    found = contacts_of([who("YS1")], at=AT)[who("YS1")].known
    assert found == replace(KNOWN, wechats=("wang_wei88",), cards=("VIP880012", "VIP880013"), calendar="lunar")
    assert sorted(ImportRejection.objects.values_list("code", flat=True)) == [
        "birthdays_differ",
        "not_lunar",
        "not_wechat",
    ]


def test_a_later_list_keeps_the_phone_that_staff_added(db, tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG]))
    add(who("YS1"), "phone", SECOND)
    report = run_import(write(tmp_path / "customers.2.csv", [(*WANG[:3], THIRD, *WANG[4:])]))
    assert report.tally == Tally(updated=1)
    assert [value for value, *_ in shown(who("YS1"), "phone")] == [THIRD, SECOND]


def link_of(page, masked):
    found = re.findall(r'href="(/customers/[^"]+/contacts/[^"]+)">[^<]*<span class="visually-hidden"> ([^<]+)<', page)
    return next(href for href, said in found if unescape(said).endswith(masked))


def test_staff_add_change_confirm_and_remove_on_the_record_page(person):
    desk, record = signed_in("lin"), f"/customers/{person}/"
    new = {"kind": "phone", "value": "139 0000 0002", "label": "work", "how": "told"}
    assert desk.post(f"{record}contacts/add", {**new, "value": "123"}).status_code == 422
    desk.post(f"{record}contacts/add", new)
    page = desk.get(record).content.decode()
    assert [plain for plain in (SECOND, KNOWN.phones[0], "星湖街") if plain in page] == []
    edit = link_of(page, "139****0002")
    assert SECOND in desk.get(edit).content.decode()
    assert desk.post(edit, {"value": SECOND, "how": "told", "confirm": "1"}).status_code == 422
    desk.post(edit, {"value": SECOND, "label": "work", "how": "call", "confirm": "1"})
    assert shown(person, "phone")[1][3] == "call"
    desk.post(edit, {"value": SECOND, "label": "work", "how": "told", "main": "1"})
    assert shown(person, "phone", clock.now())[0] == (SECOND, "work", True, "call")
    done = desk.post(edit, {"value": SECOND, "how": "told", "remove": "1"}, follow=True).content.decode()
    assert [value for value, *_ in shown(person, "phone")] == [KNOWN.phones[0]]
    desk.post(re.findall(r'action="(/undo/[^"]+)"', done)[-1])
    assert shown(person, "phone", clock.now())[0] == (SECOND, "work", True, "call")


def test_who_may_not_read_a_value_may_replace_it_and_an_auditor_may_nothing(person):
    page = signed_in("zhou", "b").get(f"/customers/{person}/").content.decode()
    edit = link_of(page, "138****6621")
    support = signed_in("wu", "b")
    assert KNOWN.phones[0] not in support.get(edit).content.decode()
    support.post(edit, {"value": "", "label": "home", "how": "told", "save": "1"})
    assert shown(person, "phone")[0][:2] == (KNOWN.phones[0], "home")
    auditor = signed_in("shen", "auditor")
    assert auditor.get(edit).status_code == auditor.get(f"/customers/{person}/contacts/add").status_code == 403
    assert "/contacts/add" not in auditor.get(f"/customers/{person}/").content.decode()


def test_a_lunar_birthday_is_set_on_the_record_page(person):
    desk, form = signed_in("lin"), f"/customers/{person}/birthday"
    assert "1990-05-17" in desk.get(form).content.decode()
    refused = desk.post(form, {"calendar": "lunar", "day": "2024-闰2-1", "how": "told"})
    assert (refused.status_code, "no such day" in refused.content.decode()) == (422, True)
    desk.post(form, {"calendar": "lunar", "day": "2023-闰2-1", "how": "document"})
    page = desk.get(f"/customers/{person}/").content.decode()
    assert ("闰二月初一" in page, "lunar calendar" in page, "2023" in page.split("闰二月初一")[1][:40]) == (
        True,
        True,
        False,
    )
    assert contacts_of([person], at=AT)[person].born_on == date(2023, 3, 22)


def test_the_contacts_of_many_cost_what_those_of_one_do(person):
    counts = []
    for number in range(2, 12):
        make_customers(f"YS{number}")
        record_people({who(f"YS{number}"): Known(name=f"王{number}", phones=(f"+86138000066{number:02}",))}, at=AT)
        add(who(f"YS{number}"), "card", f"VIP{number:04}")
    for many in (["YS2"], [f"YS{number}" for number in range(1, 12)]):
        with CaptureQueriesContext(connection) as asked:
            contacts_of([who(number) for number in many], at=AT)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_programs_read_a_person_whole_only_with_the_scope_for_it(person):
    add(person, "phone", SECOND, label="work", method="call")
    path = f"/api/v1/customers/{person}/person"
    assert problem_of(a_caller("customers:read").get(path)) == (403, "scope-missing")
    told = a_caller("customers:personal").get(path).json()
    assert (told["name"], told["born_on"], told["calendar"]) == ("王伟鑫", "1990-05-17", "solar")
    phones = [(one["value"], one["label"], one["is_main"], one["method"]) for one in told["contacts"][:2]]
    assert phones == [("+8613800006621", "", True, "told"), (SECOND, "work", False, "call")]


def test_a_merged_person_has_one_card_that_says_which_number_keeps_what(person):
    make_customers("YS2", "YS3")
    add(person, "phone", SECOND)
    for number, phones in (("YS2", (SECOND, "+8613700000003")), ("YS3", ())):
        record_people({who(number): Known(name="王伟", phones=phones, born_on=date(1990, 5, 18))}, at=AT)
        merge_customers(survivor=person, merged=who(number), by="staff:1", at=AT)
    confirm_contact(who("YS2"), "phone", SECOND, origin=by_hand(by="staff:1", method="call", at=AT), at=AT)
    desk = signed_in("lin")
    page = desk.get(f"/customers/{person}/").content.decode()
    card = page.partition("<h2>Contacts and birthday</h2>")[2].partition("</section>")[0]
    assert "Contacts and birthday ·" not in page
    inside = re.sub("<[^>]+>", " ", card[card.index("<dl") :].replace("</dd>", "|"))
    said = [" ".join(unescape(one).split()) for one in inside.split("|")]
    assert [re.sub(r"next on [^·]+", "", one) for one in said if one.startswith(("Phone", "Birthday"))] == [
        "Phone 138****6621 main Edit Phone 138****6621 told, not verified · Mar 1, 2026 · under YS1",
        "Phone 139****0002 Edit under YS1 Phone 139****0002 Edit under YS2 Phone 139****0002 confirmed in a call "
        "· Mar 1, 2026 · under YS1、YS2",
        "Phone 137****0003 Edit Phone 137****0003 from a list · under YS2",
        "Birthday 05-17 Edit Birthday · under YS1",
        "Birthday 05-18 Edit under YS3 Birthday Edit under YS2 Birthday · under YS3、YS2",
    ]
    edit = link_of(page, "137****0003")
    done = desk.post(edit, {"value": "13700000004", "how": "told", "save": "1"}, follow=True)
    assert [value for value, *_more in shown(who("YS2"), "phone")] == [SECOND, "+8613700000004"]
    assert (done.redirect_chain[-1][0], "137****0004" in done.content.decode()) == (f"/customers/{person}/", True)
    desk.post(re.findall(r'action="(/undo/[^"]+)"', done.content.decode())[-1])
    assert [value for value, *_more in shown(who("YS2"), "phone")] == [SECOND, "+8613700000003"]
