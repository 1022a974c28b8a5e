"""Declared fields in the list: changed in a cell, or on many with preview and undo, and in files."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.fields.actions import FieldRefusedError, edit_values, undo_values
from shouyue.customers.fields.models import CustomValuesEdit
from shouyue.customers.fields.queries import values_by_customer
from shouyue.customers.fields.rules import values as rules
from shouyue.customers.fields.tests.test_fields import AT, declare, key_of, put
from shouyue.customers.people.models import Customer
from shouyue.customers.people.tests.test_editing import signed_in, undo_of
from shouyue.customers.people.tests.test_exports import fetched, made, staff
from shouyue.customers.people.tests.test_people import make_customers, who
from shouyue.kernel.ids import new_id
from shouyue.store.models import Fact
from shouyue.store.person_keys import shred

BULK = "/customers/bulk/"
values = st.sampled_from([None, True, "a", ["a", "b"]])


@given(st.lists(values, max_size=8), values, st.dictionaries(st.integers(0, 7), values))
def test_an_undo_restores_exactly_what_nobody_changed_since(had, wanted, changed_since):
    now = {new_id(): value for value in had}
    before = rules.to_change(now, wanted)
    assert before == {who: value for who, value in now.items() if value != wanted}
    later = {place: value for place, value in changed_since.items() if place < len(now)}
    after = {
        who: later.get(place, wanted if who in before else value) for place, (who, value) in enumerate(now.items())
    }
    restored = rules.to_restore(before, after, set_to=wanted)
    assert restored == {who: before[who] for who in before if after[who] == wanted}


@pytest.fixture
def skin(db):
    """A choice: dry or oily."""
    make_customers("A", "B", "C")
    return declare("肤质", "Skin type", "choice", choices=[("干性", "dry"), ("油性", "oily")])


def held(field):
    ids = {who(number): number for number in "ABC"}
    return {
        ids[one]: value for one, value in sorted(values_by_customer(list(ids), field).items(), key=lambda x: ids[x[0]])
    }


def edited(field, wanted, numbers="ABC"):
    return edit_values([who(number) for number in numbers], field, wanted, by="staff:1", at=AT)


@pytest.mark.parametrize(
    ("kind", "first", "then"),
    [
        ("text", "x", "y"),
        ("number", "1.5", "2"),
        ("date", "2026-03-01", "2026-04-01"),
        ("boolean", False, True),
        ("tags", ["a"], ["a", "b"]),
        ("text", "x", None),
    ],
)
def test_many_are_changed_whatever_they_had_and_each_has_its_own_again(db, kind, first, then):
    make_customers("A", "B", "C")
    field, other = declare("甲", "One", kind), declare("乙", "Other", "text")
    put("A", other, "stays")
    put("A", field, *rules.texts_of(first))
    put("C", field, *rules.texts_of(then))
    edit = edited(field, then)
    assert (edit.count if edit else 0) == (1 if then is None else 2)
    assert held(field) == dict.fromkeys("ABC", then)
    assert edited(field, then) is None
    assert undo_values(edit.pk, by="staff:1", at=AT) == (edit.count, 0)
    assert held(field) == {"A": first, "B": None, "C": then}
    assert (held(other)["A"], undo_values(edit.pk, by="staff:1", at=AT)) == ("stays", (0, 0))
    assert Fact.objects.filter(kind="DeclaredValuesEdited").exclude(payload__count=1).count() == (
        0 if then is None else 2
    )


def test_what_somebody_changed_since_stays(skin):
    dry, oily = key_of(skin, "dry"), key_of(skin, "oily")
    edit = edited(skin, dry)
    put("B", skin, oily, before=dry)
    assert undo_values(edit.pk, by="staff:1", at=AT) == (2, 1)
    assert held(skin) == {"A": None, "B": oily, "C": None}


def test_many_take_the_statements_of_one_and_till_sales_stay(skin):
    dry = key_of(skin, "dry")
    make_customers(*[f"M{number}" for number in range(28)])
    Customer.objects.filter(pk=who("C")).update(kind="anonymous")
    everybody, counts = list(Customer.objects.values_list("pk", flat=True)), []
    for ids in ([who("A")], everybody):
        with CaptureQueriesContext(connection) as asked:
            edit_values(ids, skin, dry, by="staff:1", at=AT)
        counts.append(len(asked))
    assert (counts[0], held(skin)) == (counts[1], {"A": dry, "B": dry})


def test_too_many_are_refused(skin):
    with pytest.raises(FieldRefusedError):
        edit_values([who("A")] * 10_001, skin, key_of(skin, "dry"), by="staff:1", at=AT)
    assert CustomValuesEdit.objects.count() == 0


@pytest.fixture
def allergy(skin):
    return declare("过敏史", "Allergies", "text", data_class="sensitive")


def test_personal_values_of_many_are_sealed_and_each_has_its_own_again(allergy):
    other = declare("病史", "Illness", "text", data_class="sensitive")
    put("A", other, "stays")
    put("A", allergy, "peanuts")
    put("B", allergy, "penicillin")
    edit = edited(allergy, "penicillin")
    assert (edit.count, held(allergy)) == (2, dict.fromkeys("ABC", "penicillin"))
    assert edited(allergy, "penicillin") is None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(edit::text, '') FROM customers_customvaluesedit AS edit)"
            " || (SELECT string_agg(one::text, '') FROM customers_customvaluechange AS one)"
            " || (SELECT string_agg(one::text, '') FROM customers_customvalues AS one)"
        )
        kept = cursor.fetchone()[0]
    assert [word for word in ("penicillin", "peanuts", b"penicillin".hex()) if word in kept] == []
    put("C", allergy, "dust", before="penicillin")
    assert undo_values(edit.pk, by="staff:1", at=AT) == (1, 1)
    assert (held(allergy), held(other)["A"]) == ({"A": "peanuts", "B": "penicillin", "C": "dust"}, "stays")
    assert undo_values(edit.pk, by="staff:1", at=AT) == (0, 0)


def test_who_was_erased_stays_so_when_many_are_changed(allergy):
    put("A", allergy, "peanuts")
    put("B", allergy, "peanuts")
    shred([who("A")], at=AT)
    edit = edited(allergy, "dust")
    assert (edit.count, held(allergy)) == (2, {"B": "dust", "C": "dust"})
    shred([who("B")], at=AT)
    assert undo_values(edit.pk, by="staff:1", at=AT) == (1, 1)
    assert held(allergy) == {"C": None}


def test_personal_values_of_many_take_the_statements_of_one(allergy):
    make_customers(*[f"M{number}" for number in range(28)])
    counts = []
    for ids in ([who("A")], list(Customer.objects.values_list("pk", flat=True))):
        with CaptureQueriesContext(connection) as asked:
            edit = edit_values(ids, allergy, f"dust {len(ids)}", by="staff:1", at=AT)
            undo_values(edit.pk, by="staff:1", at=AT)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "party", "now", "count"), [("lin", "a", ["peanuts", "dust"], 1), ("zhou", "b", ["***", "***"], 2)]
)
def test_the_preview_tells_personal_values_to_whoever_may_read_them(allergy, name, party, now, count):
    """Who may not is told neither by the table nor by a count who has the value already."""
    put("A", allergy, "peanuts")
    put("B", allergy, "dust")
    desk = signed_in(name, party)
    chosen = {"row": [str(who("A")), str(who("B"))], "query": "show=listed", "field": "x-allergies", "value": "dust"}
    page = desk.post(BULK, {**chosen, "preview": "1"}).content.decode()
    assert sorted(re.findall(r'data-label="Now">([^<]+)<', page)) == sorted(now)
    assert (f"Change {count} customer" in page, held(allergy)["A"]) == (True, "peanuts")
    answer = desk.post(BULK, {**chosen, "apply": "1"})
    done = desk.get(answer.url).content.decode()
    assert (f"{count} customer" in done, held(allergy)) == (True, {"A": "dust", "B": "dust", "C": None})
    desk.post(undo_of(done))
    assert held(allergy) == {"A": "peanuts", "B": "dust", "C": None}


def test_many_are_shown_first_then_changed_then_undone(skin):
    desk, dry = signed_in("lin"), key_of(skin, "dry")
    put("B", skin, dry)
    chosen = {"row": [str(who("A")), str(who("B"))], "query": "show=listed", "field": "x-skin-type"}
    asked = desk.post(BULK, chosen).content.decode()
    assert [text for text in ("Skin type", "oily") if text not in asked] == []
    preview = desk.post(BULK, {**chosen, "value": dry, "preview": "1"}).content.decode()
    assert ("Change 1 customer" in preview, held(skin)) == (True, {"A": None, "B": dry, "C": None})
    answer = desk.post(BULK, {**chosen, "value": dry, "apply": "1"})
    assert (answer.url, held(skin)) == ("/customers/?show=listed", {"A": dry, "B": dry, "C": None})
    desk.post(undo_of(desk.get(answer.url).content.decode()))
    assert held(skin) == {"A": None, "B": dry, "C": None}


@pytest.mark.parametrize(
    ("kind", "wrong", "why"), [("number", "a lot", "Write a number"), ("date", "2026-02-30", "Write a day that exists")]
)
def test_a_value_that_many_cannot_have_comes_back(db, kind, wrong, why):
    make_customers("A", "B", "C")
    field = declare("甲", "One", kind)
    answer = signed_in("lin").post(BULK, {"row": [str(who("A"))], "field": "x-one", "value": wrong, "apply": "1"})
    page = answer.content.decode()
    assert (answer.status_code, why in page, f'value="{wrong}"' in page) == (422, True, True)
    assert held(field) == dict.fromkeys("ABC")


def test_a_cell_of_the_list_is_changed_in_place(skin):
    desk, dry, hx = signed_in("lin"), key_of(skin, "dry"), {"HX-Request": "true"}
    listed = "/customers/?show=listed&cols=city&cols=x-skin-type"
    cells = re.findall(r'hx-get="(/customers/[^"]+)" hx-target="closest .in-place"', desk.get(listed).content.decode())
    assert sorted(cells) == sorted(
        f"/customers/{who(one)}/{what}" for one in "ABC" for what in ("edit/city", "fields/skin-type")
    )
    address = f"/customers/{who('A')}/fields/skin-type"
    form = desk.get(address, headers=hx).content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', form)[0]
    after = desk.post(address, {"value": dry, "seen": seen}, headers=hx).content.decode()
    assert ('<span class="in-place">dry ' in after, 'id="messages"' in after, held(skin)["A"]) == (True, False, dry)
    assert '<span class="in-place">dry ' in desk.get(f"{address}?shown=1", headers=hx).content.decode()
    assert (
        '<span class="in-place">– ' in desk.get(f"/customers/{who('B')}/edit/city?shown=1", headers=hx).content.decode()
    )


def test_an_auditor_reads_the_list_without_changing_it(skin):
    auditor = signed_in("shen", "auditor")
    page = auditor.get("/customers/?show=listed&cols=city&cols=x-skin-type").content.decode()
    assert [text for text in ("in-place", "/customers/bulk/", 'name="row"') if text in page] == []
    assert "Skin type" in page
    assert auditor.post(BULK, {"row": [str(who("A"))], "field": "x-skin-type"}).status_code == 403


def test_a_file_made_in_the_background_has_the_declared_columns(skin, settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"
    put("A", skin, key_of(skin, "dry"))
    desk = staff()
    file = fetched(desk, made(desk, query="show=listed&cols=number&cols=x-skin-type")).decode("utf-8-sig")
    assert sorted(file.split()) == ["A,干性", "B,", "C,", "编号,肤质"]
