"""Customers changed by hand: in place with a check, many with preview and undo, on the board; and who may not."""

import re
import threading
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.people.actions.editing import edit_customer, edit_customers, undo_edit
from shouyue.customers.people.models import Customer, CustomerEdit
from shouyue.customers.people.rules import editing
from shouyue.customers.people.tests.test_people import AT, make_customers, who
from shouyue.kernel.ids import new_id
from shouyue.store.models import Fact, Staff


def signed_in(name, party="a"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user(f"{name}@party.example", name=name, party=party))
    return client


@pytest.fixture
def desk(db):
    return signed_in("lin")


def cities():
    return dict(Customer.objects.values_list("source_key", "city"))


def address(number, field="city"):
    return f"/customers/{who(number)}/edit/{field}"


def undo_of(page):
    return re.findall(r'action="(/undo/[^"]+)"', page)[0]


values = st.text(alphabet="abc", max_size=2)


@given(st.lists(st.tuples(values, st.booleans()), max_size=8), values, st.dictionaries(st.integers(0, 7), values))
def test_an_undo_restores_exactly_what_nobody_changed_since(rows, wanted, changed_since):
    standing = [editing.Standing(new_id(), value, is_anonymous) for value, is_anonymous in rows]
    before = editing.to_change(standing, wanted)
    assert all(not row.is_anonymous for row in standing if row.id in before)
    now = {row.id: wanted if row.id in before else row.value for row in standing}
    for place, value in changed_since.items():
        if place < len(standing):
            now[standing[place].id] = value
    after = [editing.Standing(row.id, now[row.id], row.is_anonymous) for row in standing]
    restored = editing.to_restore(before, after, set_to=wanted)
    assert restored == {who: value for who, value in before.items() if now[who] == wanted}


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "anonymous"), ("kind", ""), ("source_key", "x"), ("city", "x" * 81), ("city", "\x00")]
)
def test_values_that_nobody_may_set_are_refused(field, value):
    with pytest.raises(editing.NotEditableError):
        editing.clean(field, value)


@pytest.mark.django_db
def test_a_change_is_written_once_and_announced():
    make_customers("A")
    edit = edit_customer(who("A"), field="city", value=" 苏州 ", seen="", by="staff:1", at=AT)
    assert (cities(), edit.before, Fact.objects.filter(kind="CustomersEdited").count()) == (
        {"A": "苏州"},
        {"": [str(who("A"))]},
        1,
    )
    assert edit_customer(who("A"), field="city", value="苏州", seen="", by="staff:1", at=AT) is None
    assert CustomerEdit.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_leaves_no_trace():
    make_customers("A")
    edit_customer(who("A"), field="city", value="苏州", seen="", by="staff:1", at=AT)
    with pytest.raises(editing.ChangedMeanwhileError) as refused:
        edit_customer(who("A"), field="city", value="上海", seen="", by="staff:2", at=AT)
    assert (refused.value.current, cities(), CustomerEdit.objects.count()) == ("苏州", {"A": "苏州"}, 1)


def test_of_two_who_change_the_same_value_at_once_one_is_told(fresh_database):
    make_customers("A")
    told, gate = [], threading.Barrier(2)

    def change(value):
        gate.wait()
        try:
            edit_customer(who("A"), field="city", value=value, seen="", by="staff:1", at=AT)
        except editing.ChangedMeanwhileError as refused:
            told.append((value, refused.current))
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=[value]) for value in ("苏州", "上海")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = cities()["A"]
    assert told == [({"苏州": "上海", "上海": "苏州"}[kept], kept)]


@pytest.mark.django_db
def test_many_are_changed_in_the_statements_of_one_and_taken_back_once():
    make_customers(*[f"C{number}" for number in range(30)])
    everybody = list(Customer.objects.values_list("pk", flat=True))
    counts = []
    for ids in (everybody[:1], everybody[1:]):
        with CaptureQueriesContext(connection) as asked:
            edit = edit_customers(ids, field="region", value="江苏", by="staff:1", at=AT)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    edit_customer(everybody[5], field="region", value="浙江", seen="江苏", by="staff:2", at=AT)
    first, again = (undo_edit(edit.pk, by="staff:1", at=AT) for _time in range(2))
    assert (first.restored, first.kept, again.restored) == (28, 1, 0)
    assert sorted(Customer.objects.values_list("region", flat=True)) == sorted([*[""] * 28, "江苏", "浙江"])


def test_a_field_is_changed_in_place_and_undone(desk):
    make_customers("A")
    form = desk.get(address("A"), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in form, 'name="seen"' in form) == (False, True)
    page = desk.post(address("A"), {"value": "苏州", "seen": ""}, follow=True).content.decode()
    assert cities() == {"A": "苏州"}
    desk.post(undo_of(page))
    assert cities() == {"A": ""}


def test_who_was_slower_sees_both_values_and_loses_nothing(desk):
    make_customers("A")
    desk.post(address("A"), {"value": "苏州", "seen": ""})
    answer = desk.post(address("A"), {"value": "上海", "seen": ""}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [text for text in ("“苏州”", 'value="上海"', 'name="seen" value="苏州"') if text not in page] == []
    desk.post(address("A"), {"value": "上海", "seen": "苏州"})
    assert cities() == {"A": "上海"}


def test_a_value_that_cannot_be_used_comes_back_in_place(desk):
    make_customers("A")
    answer = desk.post(address("A"), {"value": "x" * 81, "seen": ""})
    assert (answer.status_code, "x" * 81 in answer.content.decode(), cities()) == (422, True, {"A": ""})


def test_many_are_shown_first_then_changed_then_undone(desk):
    make_customers("A", "B", "C")
    chosen = {"row": [str(who("A")), str(who("B"))], "scope": "chosen", "query": "show=listed", "field": "city"}
    preview = desk.post("/customers/bulk/", {**chosen, "value": "苏州", "preview": "1"}).content.decode()
    assert ("Change 2 customers" in preview, cities()) == (True, {"A": "", "B": "", "C": ""})
    answer = desk.post("/customers/bulk/", {**chosen, "value": "苏州", "apply": "1"})
    assert (answer.url, cities()) == ("/customers/?show=listed", {"A": "苏州", "B": "苏州", "C": ""})
    desk.post(undo_of(desk.get(answer.url).content.decode()))
    assert cities() == {"A": "", "B": "", "C": ""}


def test_all_of_a_list_means_its_filters(desk):
    make_customers("A", "B")
    desk.post(address("A"), {"value": "苏州", "seen": ""})
    asked = {"scope": "all", "query": "show=listed&city=苏州", "field": "region", "value": "江苏", "apply": "1"}
    desk.post("/customers/bulk/", asked)
    assert dict(Customer.objects.values_list("source_key", "region")) == {"A": "江苏", "B": ""}


def test_nothing_chosen_is_said(desk):
    page = desk.post("/customers/bulk/", {"scope": "chosen"}, follow=True).content.decode()
    assert "Choose rows first" in page


def test_a_card_moves_on_the_board(desk):
    make_customers("A")
    board = desk.get("/customers/board/?show=listed").content.decode()
    assert board.count('class="card board-card"') == 1
    answer = desk.post(address("A", "kind"), {"value": "company", "seen": "unknown", "back": "board"})
    assert (answer.url, Customer.objects.get().kind) == ("/customers/board/", "company")


def test_a_card_that_is_moved_leaves_the_filters_as_they_were(desk):
    make_customers("A", "B")
    Customer.objects.filter(source_key="A").update(city="苏州")
    board = desk.get("/customers/board/?show=listed&city=苏州").content.decode()
    query = unescape(re.findall(r'name="query" value="([^"]+)"', board)[0])
    moved = {"value": "company", "seen": "unknown", "back": "board", "query": query}
    after = desk.post(address("A", "kind"), moved, follow=True)
    assert after.request["PATH_INFO"] == "/customers/board/"
    assert after.content.decode().count('class="card board-card"') == 1


def test_the_board_costs_the_same_for_many(desk):
    counts = []
    for numbers in (("A",), [f"B{number}" for number in range(19)]):
        make_customers(*numbers)
        with CaptureQueriesContext(connection) as asked:
            desk.get("/customers/board/?show=listed")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_auditor_changes_nothing(db):
    make_customers("A")
    auditor = signed_in("shen", "auditor")
    assert auditor.post(address("A"), {"value": "苏州", "seen": ""}).status_code == 403
    assert auditor.post("/customers/bulk/", {"row": [str(who("A"))]}).status_code == 403
    assert (cities(), "/edit/city" in auditor.get(f"/customers/{who('A')}/").content.decode()) == ({"A": ""}, False)


def test_the_subject_of_a_till_sale_stays_as_it_is(desk):
    make_customers("A")
    Customer.objects.update(kind="anonymous")
    assert desk.post(address("A"), {"value": "苏州", "seen": ""}).status_code == 404
    asked = {"row": [str(who("A"))], "field": "city", "value": "苏州", "apply": "1"}
    desk.post("/customers/bulk/", asked)
    assert cities() == {"A": ""}
