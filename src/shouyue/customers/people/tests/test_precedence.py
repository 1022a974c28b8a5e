"""A list that was made before a value was verified or set by hand does not change it, and its row says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.attesting.public import GOVERNED, Origin
from shouyue.customers.attesting.rules.origins import METHODS, TOLD
from shouyue.customers.attesting.rules.standing import Standing
from shouyue.customers.people.actions.editing import edit_customer, undo_edit
from shouyue.customers.people.queries import persons_in
from shouyue.customers.people.rules.people import Known
from shouyue.customers.people.rules.precedence import hand_stands, heard, stands
from shouyue.customers.people.tests.test_people import AT, COLUMNS, KNOWN, WANG, run_import, who, write
from shouyue.customers.public import Customer, CustomerFacts, ensure_customers
from shouyue.customers.quality.actions.confirming import confirm_values
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.kernel.masking import HIDDEN
from shouyue.store.imports.mapping import Tally
from shouyue.store.imports.sealing import readable
from shouyue.store.models import ImportRejection
from shouyue.store.person_keys import PersonKeys

MOVED = ("YS1", "王伟鑫", "先生", "13911112222", "wang.wx@example.cn", "1990-05-17", "上海市南京路 1 号", "上海")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 zone apart


@st.composite
def standings(draw):
    method, asserted = draw(st.sampled_from(METHODS)), draw(moments)
    verified = None if method == TOLD else asserted + timedelta(days=draw(st.integers(0, 99)))
    return Standing(asserted, draw(st.sampled_from(["plain", "desk", "customer"])), method, verified, "")


@given(standings(), moments)
def test_a_value_stands_exactly_when_it_was_made_sure_after_the_list(standing, as_of):
    is_later = bool(standing.verified_at and standing.verified_at > as_of)
    was_set_later = standing.source == "desk" and standing.asserted_at > as_of
    assert stands(standing, as_of) is (is_later or was_set_later)
    assert stands(standing, None) is (standing.verified_at is not None or standing.source == "desk")
    assert stands(None, as_of) is False


@given(st.dictionaries(st.sampled_from(sorted(GOVERNED)), standings()), moments | st.none())
def test_what_is_heard_changes_nothing_that_stands_and_everything_else(found, as_of):
    told = Known("李雷", "ms", ("+8613911112222",), ("li@example.cn",), "上海市南京路 1 号", KNOWN.born_on)
    said, kept = heard(KNOWN, told, found, as_of)
    after = KNOWN.with_more(said)
    differing = set(KNOWN.changed(KNOWN.with_more(told)))
    expected = {field for field in GOVERNED if GOVERNED[field] in differing and stands(found.get(field), as_of)}
    assert set(kept) == expected
    assert set(KNOWN.changed(after)) == differing - {GOVERNED[field] for field in expected}


def test_nothing_that_is_unknown_stands():
    verified = Standing(AT, "customer", "member", AT, "")
    said, kept = heard(replace(KNOWN, phones=()), Known(phones=("+8613911112222",)), {"phone": verified}, None)
    assert (said.phones, kept) == (("+8613911112222",), ())


def test_a_hand_stands_until_a_later_source():
    marks = {"city": "2026-03-01T00:00:00+00:00"}
    assert hand_stands(marks, None) == ["city"]
    assert hand_stands(marks, AT - timedelta(days=1)) == ["city"]
    assert hand_stands(marks, AT + timedelta(days=1)) == hand_stands(None, None) == []


@pytest.fixture
def verified(db, tmp_path):
    """A person of a list whose phone was confirmed in a call on the first of June."""
    run_import(write(tmp_path / "customers.csv", [WANG]))
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    origin = Origin(key=new_id(), source="desk", by="staff:1", method="call", verified_at=at)
    confirm_values({who("YS1"): ["phone"]}, origin=origin, at=clock.now())
    return tmp_path


def again(folder, name, as_of):
    return run_import(write(folder / f"customers.{name}.csv", [(*MOVED, as_of)], (*COLUMNS, "as_of"))).tally


def reasons():
    """What those read who may see whole rows; to all others the value is hidden, and the table holds it sealed."""
    kept = list(ImportRejection.objects.select_related("run"))
    assert [(one.value, isinstance(one.cells, str)) for one in kept] == [(HIDDEN, True)] * len(kept)
    return [(one.code, one.column, one.value) for row in kept for one in readable(row.run, [row])]


def phone_and_address():
    known = persons_in([who("YS1")], keys=PersonKeys())[who("YS1")]
    return known.phones[0], known.address[:2]


@pytest.mark.django_db
@pytest.mark.parametrize("as_of", ["", "2026-05-31"])
def test_a_verified_phone_outlives_an_older_list_whose_row_says_so(verified, as_of):
    assert again(verified, "old", as_of) == Tally(rejected=1)
    assert phone_and_address() == ("+8613800006621", "上海")
    assert reasons() == [("kept_ours", "phone", "+8613800006621")]


@pytest.mark.django_db
def test_a_list_of_a_later_day_is_believed(verified):
    assert again(verified, "new", "2026-06-02") == Tally(updated=1)
    assert (phone_and_address(), reasons()) == (("+8613911112222", "上海"), [])


@pytest.mark.django_db
def test_a_city_set_by_hand_outlives_lists_and_earlier_purchases_until_it_is_undone(db, tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG]))
    seen = Customer.objects.get().city
    edit = edit_customer(who("YS1"), field="city", value="杭州", seen=seen, by="staff:1", at=AT)
    assert again(tmp_path, "old", "2026-02-01") == Tally(rejected=1)
    assert reasons() == [("kept_ours", "city", "杭州")]
    bought = CustomerFacts(who("YS1"), "plain", "YS1", "unknown", city="广州", seen_at=AT - timedelta(days=1))
    ensure_customers([bought])
    assert Customer.objects.get().city == "杭州"
    undo_edit(edit.pk, by="staff:1", at=AT)
    assert (Customer.objects.get().city, Customer.objects.get().by_hand) == ("苏州", None)
    ensure_customers([replace(bought, seen_at=AT)])
    assert Customer.objects.get().city == "广州"
