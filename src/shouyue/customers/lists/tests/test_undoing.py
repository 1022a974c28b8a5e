"""An import of customers is taken back: what was there before is there again, except what somebody changed since."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouyue.customers.attesting.public import FieldAttestation, Origin
from shouyue.customers.lists.actions.importing import load_customers
from shouyue.customers.lists.actions.undoing import forget_earlier_values, take_back
from shouyue.customers.lists.models import ListedChange
from shouyue.customers.lists.rules.earlier import Change, as_kept, as_known, digest, outcome
from shouyue.customers.lists.rules.plain import NO_GROUP
from shouyue.customers.models import Match, Person
from shouyue.customers.people.actions.editing import edit_customer
from shouyue.customers.people.actions.standing import standing_of
from shouyue.customers.people.public import Known
from shouyue.customers.people.queries import persons_in
from shouyue.customers.public import BUSINESS_COLUMNS, Customer, customers_found, record_people
from shouyue.customers.quality.public import confirm_values
from shouyue.customers.quality.queries.standings import freshness, standings
from shouyue.customers.quality.rules.freshness import FreshnessTerms
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store.imports.mapping import Batch, StagedDraft, UndoBatch
from shouyue.store.models import Fact, IdentityDigest, PersonKey
from shouyue.store.person_keys import PersonKeys

AT = datetime(2026, 3, 1, tzinfo=UTC)
WANG = Known(name="王伟", phones=("+8613800006621",), emails=("wang@example.cn",), born_on=date(1990, 5, 17))
Row = tuple[str, str, str, Known]

names = st.sampled_from(["", "王伟", "单雪", "欧阳修远"])
phones = st.lists(st.sampled_from(["+8613800006621", "+8613900000001", "+8615012345678"]), unique=True, max_size=2)
knowns = st.builds(
    Known,
    name=names,
    title=st.sampled_from(["", "mr", "ms"]),
    phones=phones.map(tuple),
    emails=st.sampled_from([(), ("a@example.cn",), ("b@example.cn", "c@example.cn")]),
    address=st.sampled_from(["", "苏州市星湖街 1 号"]),
    born_on=st.sampled_from([None, date(1990, 5, 17), date(2001, 12, 31)]),
)
rows = st.tuples(
    st.sampled_from(["M1", "M2", "M3", "M4"]),
    st.sampled_from(["", "江苏", "四川"]),
    st.sampled_from(["", "苏州", "成都"]),
    knowns,
)
lists = st.lists(rows, min_size=1, max_size=6)


def who(number: str) -> UUID:
    return keyed_id(source_namespace("plain:customer"), number)


def load(listed: Sequence[Row], *, at: datetime, is_dated: bool = False) -> UUID:
    """Import the rows as one batch; returns the run's id. is_dated: the list says that it is of that moment."""
    drafts = []
    for number, (key, region, city, known) in enumerate(listed, start=1):
        kept = as_kept(known)
        content = [key, "", region, city, *(kept[name] for name in ("name", "title", "phones", "emails", "address"))]
        drafts.append(
            StagedDraft(
                str(who(key)), NO_GROUP, 0, number, [*content, kept["born_on"], at.isoformat() if is_dated else ""]
            )
        )
    run = uuid4()
    outcomes = load_customers("plain", Batch(run, "CNY", sorted(drafts), at, "test"))
    assert outcomes.tally.rows == len(listed)
    # Of a row that was turned away because a value of ours was kept, the rest was taken.
    changed = outcomes.created + outcomes.updated
    assert changed <= ListedChange.objects.filter(run_id=run).count() <= changed + len(outcomes.rejected)
    return run


def undo(run: UUID, *, at: datetime, records_max: int = 1000) -> dict[UUID, str]:
    """Take the run back in batches; returns the outcomes by customer."""
    outcomes: dict[UUID, str] = {}
    after = None
    while done := take_back(UndoBatch(run, after, records_max, at, "test")):
        outcomes |= {one.subject_id: one.outcome for one in done}
        after = done[-1].subject_id
    return outcomes


def export(*, without: Sequence[UUID] = ()) -> dict[UUID, Any]:
    """All that is known of all customers, with what finds them and what stands behind their values."""
    found = Customer.objects.exclude(pk__in=without).order_by("pk")
    ids = [one.pk for one in found]
    people = persons_in(ids, keys=PersonKeys())
    moments = {one.pk: (one.updated_at, sorted(one.tokens or [])) for one in Person.objects.filter(pk__in=ids)}
    digests: dict[UUID, list[str]] = {}
    for digest_, one in IdentityDigest.objects.order_by("digest").values_list("digest", "customer_id"):
        digests.setdefault(one, []).append(str(digest_))
    behind = standings(ids, until=AT + timedelta(days=90))
    names_of = {one.name for one in Customer._meta.concrete_fields}
    assert names_of == {*BUSINESS_COLUMNS[1], "by_hand"}
    return {
        one.pk: (
            tuple(getattr(one, name) for name in (*BUSINESS_COLUMNS[1], "by_hand")),
            people.get(one.pk),
            moments.get(one.pk),
            digests.get(one.pk),
            {field: (said.source, said.method, said.verified_at) for field, said in behind.get(one.pk, {}).items()},
        )
        for one in found
    }


@pytest.mark.django_db
def test_what_is_kept_of_new_customers_is_how_they_stand():
    rows: list[Row] = [("M1", "江苏", "苏州", WANG), ("M2", "", "", Known()), ("M3", "", "苏州", WANG)]
    run = load([*rows, ("M3", "", "成都", Known(name="王"))], at=AT + timedelta(microseconds=7), is_dated=True)
    kept = {one.customer_id: bytes(one.after) for one in ListedChange.objects.filter(run_id=run)}
    assert kept == {one: digest(stands) for one, stands in standing_of([who(f"M{n}") for n in (1, 2, 3)]).items()}


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    imports=st.tuples(lists, lists, lists),
    is_dated=st.booleans(),
    edited=st.sets(st.sampled_from(["M1", "M3"])),
    records=st.integers(1, 7),
)
def test_import_then_undo_changes_nothing_but_what_was_edited_since(imports, is_dated, edited, records):
    first, second, third = imports
    with transaction.atomic():
        load(first, at=AT)
        hand = Customer.objects.filter(pk=who("M2")).first()
        if hand:
            edit_customer(hand.pk, field="city", value="太仓", seen=hand.city, by="staff:1", at=AT)
        before_second = export()
        run = load(second, at=AT + timedelta(days=1), is_dated=is_dated)
        between = export()
        changed = set(ListedChange.objects.filter(run_id=run).values_list("customer_id", flat=True))
        later = load(third, at=AT + timedelta(days=2))
        assert set(undo(later, at=AT + timedelta(days=3), records_max=records).values()) <= {"restored", "removed"}
        assert export() == between
        touched = set()
        for number in sorted(edited):
            one = Customer.objects.filter(pk=who(number)).first()
            if one:
                edit_customer(one.pk, field="city", value="昆山", seen=one.city, by="staff:1", at=AT)
                touched.add(one.pk)
        # What was said of a value is never deleted, so a new customer of whom more was said stays too.
        said = set(FieldAttestation.objects.filter(customer__in=changed).values_list("customer_id", flat=True))
        stays = touched | (said - set(before_second))
        outcomes = undo(run, at=AT + timedelta(days=4), records_max=records)
        assert set(outcomes) == changed
        assert {one for one, what in outcomes.items() if what == "edited"} == changed & touched
        assert {one for one, what in outcomes.items() if what == "used"} == (changed & stays) - touched
        assert {one for one, what in outcomes.items() if what == "removed"} == changed - set(before_second) - stays
        assert export(without=stays) == {one: what for one, what in before_second.items() if one not in stays}
        transaction.set_rollback(True)


@given(known=knowns)
def test_what_is_kept_of_a_person_comes_back_as_it_was(known):
    assert as_known(as_kept(known)) == known
    # A field that a person gets later must be kept too.
    assert set(as_kept(known)) == {one.name for one in fields(Known)}


@pytest.mark.parametrize(
    ("is_new", "is_as_left", "is_used", "expected"),
    [
        (True, True, False, "removed"),
        (True, True, True, "used"),
        (True, False, False, "edited"),
        (False, True, False, "restored"),
        (False, True, True, "used"),
        (False, False, True, "edited"),
    ],
)
def test_what_somebody_changed_or_relied_on_stays(is_new, is_as_left, is_used, expected):
    assert outcome(Change(is_new, is_as_left, is_used)) == expected


def test_the_same_standing_has_the_same_digest_in_every_zone():
    there = AT.astimezone(tz=None)
    assert digest(["苏州", AT, None]) == digest(["苏州", there, None])
    assert digest(["苏州", AT, None]) != digest(["苏", "州", AT])


@pytest.mark.django_db
def test_a_new_customer_who_is_gone_can_come_again():
    run = load([("M1", "江苏", "苏州", WANG)], at=AT)
    assert undo(run, at=AT) == {who("M1"): "removed"}
    assert (Customer.objects.count(), IdentityDigest.objects.count(), PersonKey.objects.count()) == (0, 0, 0)
    assert customers_found("王伟").customers == []
    load([("M1", "江苏", "苏州", WANG)], at=AT)
    assert [one.source_key for one in customers_found("王伟").customers] == ["M1"]


@pytest.mark.django_db
def test_a_confirmed_value_and_a_decided_pair_are_uses():
    run = load([("M1", "", "", WANG), ("M2", "", "", WANG), ("M3", "", "", WANG), ("M4", "", "", WANG)], at=AT)
    said = Origin(key=uuid4(), source="call", method="call", verified_at=AT + timedelta(hours=1))
    confirm_values({who("M1"): ["phone"]}, origin=said, at=AT + timedelta(hours=1))
    decided, undecided = sorted([who("M2"), who("M3")]), sorted([who("M3"), who("M4")])
    found = {"probability": 1, "weight": 9, "evidence": {}, "found_at": AT}
    Match.objects.create(id=uuid4(), one_id=decided[0], other_id=decided[1], state="dismissed", **found)
    Match.objects.create(id=uuid4(), one_id=undecided[0], other_id=undecided[1], **found)
    found = undo(run, at=AT + timedelta(days=1))
    assert [found[who(number)] for number in ("M1", "M2", "M3", "M4")] == ["used", "used", "used", "removed"]
    assert Match.objects.count() == 1


@pytest.mark.django_db
def test_a_restored_value_stands_on_what_stood_behind_it_and_one_that_is_gone_counts_no_more():
    load([("M1", "", "", Known(name="王伟", phones=("+8613800006621",)))], at=AT)
    looked = AT + timedelta(hours=1)
    said = Origin(key=uuid4(), source="call", method="call", verified_at=looked)
    confirm_values({who("M1"): ["phone"]}, origin=said, at=looked)
    other = Known(phones=("+8613900000001",), emails=("a@example.cn",))
    run = load([("M1", "", "", other)], at=AT + timedelta(days=1), is_dated=True)
    undo(run, at=AT + timedelta(days=2))
    now = standings([who("M1")], until=AT + timedelta(days=3))[who("M1")]
    assert (now["phone"].method, now["phone"].verified_at) == ("call", looked)
    assert "email" not in now
    then = standings([who("M1")], until=AT + timedelta(days=1, hours=1))[who("M1")]
    assert (then["phone"].method, then["phone"].verified_at) == ("told", None)
    counted = {one.field: one.values for one in freshness(on=date(2026, 3, 4), agreed=FreshnessTerms())}
    assert (counted["phone"], counted["name"], counted.get("email", 0)) == (1, 1, 0)


@pytest.mark.django_db
def test_a_person_told_later_than_the_import_stays():
    run = load([("M1", "", "苏州", WANG)], at=AT)
    record_people({who("M1"): Known(address="苏州市星湖街 1 号")}, at=AT + timedelta(hours=1))
    assert undo(run, at=AT + timedelta(days=1)) == {who("M1"): "edited"}


@pytest.mark.django_db
def test_an_undo_takes_as_many_statements_for_many_as_for_few():
    counts = []
    for size in (2, 60):
        listed = [(f"N{size}-{place}", "", "苏州", WANG) for place in range(size)]
        load(listed[::2], at=AT)
        run = load([(key, region, "昆山", known) for key, region, _city, known in listed], at=AT + timedelta(days=1))
        with CaptureQueriesContext(connection) as caught:
            undo(run, at=AT + timedelta(days=2))
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_earlier_values_are_sealed_and_forgotten_after_their_time():
    load([("M1", "", "", WANG)], at=AT)
    load([("M1", "", "", Known(phones=("+8613900000001",)))], at=AT + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(kept::text, ' ') FROM customers_listedchange AS kept")
        text = cursor.fetchone()[0]
    assert "13800006621" not in text
    assert "王伟" not in text
    assert forget_earlier_values(before=AT + timedelta(hours=1), rows_max=10) == 1
    assert ListedChange.objects.count() == 1


@pytest.mark.django_db
def test_facts_of_an_undo_hold_counts_alone():
    load([("M1", "", "", WANG)], at=AT)
    run = load([("M1", "", "", Known(name="单雪")), ("M2", "", "", WANG)], at=AT + timedelta(days=1))
    undo(run, at=AT + timedelta(days=2))
    [fact] = Fact.objects.filter(kind="PeopleTakenBack")
    assert (fact.payload["restored"], fact.payload["removed"]) == (1, 1)
    assert set(fact.payload) == {"batch_id", "run_id", "restored", "removed"}
