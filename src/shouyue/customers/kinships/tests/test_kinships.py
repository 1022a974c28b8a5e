"""Households and relations: what fits, what goes round in a circle, what is drawn, and how it is taken back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.kinships.actions import (
    end_relation,
    join_household,
    leave_household,
    make_head,
    relate,
    restore_relation,
    return_to_household,
    undo_joining,
)
from shouyue.customers.kinships.models import HouseholdMember, Relation
from shouyue.customers.kinships.queries import kinships_of_persons
from shouyue.customers.kinships.rules.relations import KINDS, MUTUAL, RelationRefusedError, check, drawing, ordered
from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_editing import signed_in
from shouyue.customers.people.tests.test_people import make_customers, who
from shouyue.customers.public import Customer, record_people
from shouyue.rest.tests.callers import a_caller
from shouyue.store.models import Fact

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
BY = {"by": "staff:1", "at": AT}
LATER = {"by": "staff:1", "at": AT + timedelta(hours=1)}
ids = st.integers(1, 9).map(lambda number: UUID(int=number))
edges = st.lists(st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1]), max_size=14)


def at_once(act, *wishes):
    """What each gives, done at the same moment; raises what one of them raises."""

    def done(wish):
        try:
            return act(wish)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(done, wishes))


@given(ids, edges, st.randoms())
def test_a_drawing_has_everybody_within_two_steps_once_and_nobody_else(centre, pairs, chance):
    found = drawing(centre, pairs)
    near = {centre}
    for _step in range(2):
        near |= {b for a, b in pairs if a in near} | {a for a, b in pairs if b in near}
    assert set(found.points) == near
    assert len(set(found.points.values())) == len(near)
    assert all(0 < point.x < found.width and 0 < point.y < found.height for point in found.points.values())
    chance.shuffle(pairs)
    assert drawing(centre, pairs) == found


@given(st.sampled_from(KINDS), ids, ids)
def test_a_mutual_relation_is_the_same_whoever_is_told_first(kind, one, other):
    assert set(ordered(kind, one, other)) == {one, other}
    assert (ordered(kind, one, other) == ordered(kind, other, one)) is (kind in MUTUAL or one == other)


@pytest.mark.parametrize(
    ("kind", "one", "other", "reason"),
    [
        ("spouse", "person", "unknown", None),
        ("parent", "person", "company", "person"),
        ("works_at", "person", "company", None),
        ("works_at", "unknown", "person", "company"),
        ("contact_of", "company", "company", "person"),
        ("parent_company", "company", "company", None),
        ("parent_company", "person", "company", "company"),
        ("spouse", "anonymous", "person", "anonymous"),
    ],
)
def test_people_and_companies_stand_to_each_other_as_they_can(kind, one, other, reason):
    if reason is None:
        assert check(kind, one=one, other=other) is None
        return
    with pytest.raises(RelationRefusedError) as refused:
        check(kind, one=one, other=other)
    assert refused.value.reason == reason


@pytest.fixture
def family(db):
    make_customers("A", "B", "C", "D", "X")
    Customer.objects.filter(source_key="X").update(kind="company")
    record_people({who(number): Known(name=f"王{number}") for number in "ABCD"}, at=AT)


def stands():
    numbers = dict(Customer.objects.values_list("pk", "source_key"))
    found = Relation.objects.filter(ended_at__isnull=True)
    return sorted((numbers[one.one_id], one.kind, numbers[one.other_id]) for one in found)


def home():
    numbers = dict(Customer.objects.values_list("pk", "source_key"))
    found = HouseholdMember.objects.filter(left_at__isnull=True)
    return sorted((numbers[one.customer_id], one.is_head) for one in found)


def members_with(number):
    numbers = dict(Customer.objects.values_list("pk", "source_key"))
    mine = HouseholdMember.objects.filter(customer=who(number), left_at__isnull=True).values("household")
    living = HouseholdMember.objects.filter(household__in=mine, left_at__isnull=True)
    return sorted(numbers[one.customer_id] for one in living)


def test_a_relation_is_said_once_ended_and_restored(family):
    made = relate(who("B"), "spouse", who("A"), **BY)
    for one, other in (("A", "B"), ("B", "A")):
        with pytest.raises(RelationRefusedError) as refused:
            relate(who(one), "spouse", who(other), **BY)
        assert refused.value.reason == "there"
    end_relation(made.pk, **BY)
    end_relation(made.pk, **BY)
    assert stands() == []
    assert restore_relation(made.pk, **BY) is True
    assert restore_relation(made.pk, **BY) is False
    assert len(stands()) == 1
    assert Fact.objects.filter(kind="RelationChanged").count() == 3


def test_nobody_is_their_own_ancestor_also_by_an_undo(family):
    first = relate(who("A"), "parent", who("B"), **BY)
    for one, other in pairwise("BCD"):
        relate(who(one), "parent", who(other), **BY)
    with pytest.raises(RelationRefusedError) as refused:
        relate(who("D"), "parent", who("A"), **BY)
    assert refused.value.reason == "cycle"
    end_relation(first.pk, **BY)
    relate(who("D"), "parent", who("A"), **BY)
    with pytest.raises(RelationRefusedError):
        restore_relation(first.pk, **BY)
    assert ("A", "parent", "B") not in stands()


def test_a_household_has_one_head_who_is_followed_by_the_longest_member(family):
    join_household(who("B"), of=who("A"), **BY)
    member = join_household(who("C"), of=who("B"), **BY)
    assert home() == [("A", True), ("B", False), ("C", False)]
    make_head(member.pk, **BY)
    assert home() == [("A", False), ("B", False), ("C", True)]
    leave_household(member.pk, **BY)
    assert home() == [("A", True), ("B", False)]
    assert return_to_household(member.pk, **BY) is True
    assert home() == [("A", False), ("B", False), ("C", True)]
    with pytest.raises(RelationRefusedError):
        join_household(who("X"), of=who("A"), **BY)


def test_who_joins_another_household_leaves_the_first(family):
    first = join_household(who("B"), of=who("A"), **BY)
    moved = join_household(who("B"), of=who("C"), **LATER)
    assert home() == [("A", True), ("B", False), ("C", True)]
    assert return_to_household(first.pk, **BY) is False
    assert (undo_joining(moved.pk, **LATER), undo_joining(moved.pk, **LATER)) == (True, False)
    assert members_with("A") == ["A", "B"]


def test_two_who_make_different_members_the_head_at_once_both_end(fresh_database):
    make_customers("A", "B", "C")
    for number in "BC":
        join_household(who(number), of=who("A"), **BY)
    made = {number: HouseholdMember.objects.get(customer=who(number)).pk for number in "BC"}

    def head(membership):
        for _again in range(20):
            make_head(membership, **BY)

    at_once(head, *made.values())
    assert [is_head for _number, is_head in home()].count(True) == 1


def test_two_who_say_the_same_at_once_say_it_once(fresh_database):
    make_customers("A", "B")

    def say(pair):
        try:
            relate(who(pair[0]), "spouse", who(pair[1]), **BY)
        except RelationRefusedError as refused:
            return refused.reason
        return "made"

    assert (sorted(at_once(say, ("A", "B"), ("B", "A"))), Relation.objects.count()) == (["made", "there"], 1)


def test_relations_are_added_found_by_name_removed_and_taken_back_on_the_page(family):
    desk, record = signed_in("lin"), f"/customers/{who('A')}/"
    add = f"{record}relations/add"
    assert desk.post(add, {"kind": "spouse", "who": "张三丰"}).status_code == 422
    several = desk.post(add, {"kind": "spouse", "who": "王"}).content.decode()
    assert ("3 customers were found" in several, stands()) == (True, [])
    chosen = dict(re.findall(r'value="([^"]+)">\s*[^<]*<small class="quiet">(\w)', several))
    [married] = [key for key, number in chosen.items() if number == "B"]
    page = desk.post(add, {"kind": "spouse", "who": "王", "chosen": married}, follow=True).content.decode()
    assert ("王*" in page, "spouse of" in page, len(stands())) == (True, True, 1)
    desk.post(add, {"kind": "works_at", "who": "X"})
    refused = desk.post(add, {"kind": "works_at", "who": "B"})
    assert (refused.status_code, "must be a company" in refused.content.decode()) == (422, True)
    desk.post(add, {"kind": "household", "who": "C"})
    assert home() == [("A", True), ("C", False)]
    relation = Relation.objects.get(kind="works_at")
    done = desk.post(f"{record}relations/{relation.pk}/end", follow=True).content.decode()
    assert "works_at" not in {kind for _one, kind, _other in stands()}
    desk.post(re.findall(r'action="(/undo/[^"]+)"', done)[-1])
    assert "works_at" in {kind for _one, kind, _other in stands()}
    auditor = signed_in("shen", "auditor")
    assert auditor.get(add).status_code == auditor.post(f"{record}relations/{relation.pk}/end").status_code == 403


def test_a_drawing_of_nobody_leads_to_the_page_where_somebody_is_added(family):
    page = signed_in("lin").get(f"/customers/{who('A')}/relations/").content.decode()
    assert f'href="/customers/{who("A")}/">To the customer' in page
    assert ("table-scroll network" in page, "<table" in page) == (False, False)


def test_the_drawing_and_its_table_tell_the_same(family):
    relate(who("A"), "parent", who("B"), **BY)
    relate(who("B"), "works_at", who("X"), **BY)
    join_household(who("C"), of=who("A"), **BY)
    page = unescape(signed_in("lin").get(f"/customers/{who('A')}/relations/").content.decode())
    assert set(re.findall(r'class="small" y="13">(\w)<', page)) == {"A", "B", "C", "X"}
    assert page.count("<line ") == 3
    assert page.count('data-label="Who"') == 3
    assert [word for word in ("parent of", "works at", "in one household with") if word not in page] == []


def test_a_merged_record_brings_its_relations_to_the_page_and_the_drawing(family):
    relate(who("B"), "spouse", who("C"), **BY)
    merge_customers(survivor=who("A"), merged=who("B"), by="staff:1", at=AT)
    desk = signed_in("lin")
    assert "spouse of" in desk.get(f"/customers/{who('A')}/").content.decode()
    page = desk.get(f"/customers/{who('A')}/relations/").content.decode()
    assert set(re.findall(r'class="small" y="13">(\w)<', page)) == {"A", "C"}


def test_kinships_cost_the_same_for_many(family):
    counts = []
    for pair in (("A", "B"), ("A", "C"), ("B", "D")):
        relate(who(pair[0]), "kin", who(pair[1]), **BY)
        with CaptureQueriesContext(connection) as asked:
            kinships_of_persons({who(number): [who(number)] for number in "ABCD"})
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_programs_read_relations_and_household(family):
    relate(who("A"), "parent", who("B"), **BY)
    join_household(who("B"), of=who("A"), **BY)
    told = a_caller("customers:read").get(f"/api/v1/customers/{who('B')}/relations").json()
    assert [(one["one"], one["kind"], one["other"]) for one in told["relations"]] == [
        (str(who("A")), "parent", str(who("B")))
    ]
    assert [(one["customer_id"], one["is_head"]) for one in told["household"]] == [
        (str(who("A")), True),
        (str(who("B")), False),
    ]


def test_a_merged_person_has_one_card_with_the_household_and_relations_of_all_records(family):
    relate(who("A"), "kin", who("B"), **BY)
    relate(who("B"), "spouse", who("C"), **BY)
    join_household(who("B"), of=who("A"), **BY)
    join_household(who("C"), of=who("B"), **BY)
    merge_customers(survivor=who("A"), merged=who("B"), by="staff:1", at=AT)
    desk = signed_in("lin")
    page = desk.get(f"/customers/{who('A')}/").content.decode()
    card = page.partition("Household and relations")[2].partition("</section>")[0]
    listed = desk.get("/customers/?show=listed&cols=customers.household&cols=customers.relations").content.decode()
    assert (listed.count("2 people, head 王*"), listed.count(">spouse of 王*<"), listed.count("relative of")) == (
        3,
        3,
        0,
    )
    assert ("Household and relations ·" in page, page.count("<h2>Household and relations")) == (False, 1)
    assert (card.count('class="between"'), card.count("spouse of"), card.count("relative of")) == (3, 2, 0)
    end_relation(Relation.objects.get(kind="spouse").pk, **BY)
    leave_household(HouseholdMember.objects.get(customer=who("C")).pk, **BY)
    page = signed_in("shen").get(f"/customers/{who('A')}/").content.decode()
    assert "Nobody is known who lives with them" in page


def test_the_list_has_household_and_relations_when_they_are_chosen_at_the_same_cost_for_many(family):
    desk, counts = signed_in("lin"), []
    listed = "/customers/?show=listed&cols=customers.household&cols=customers.relations"
    desk.get(listed)
    for first, second in (("A", "B"), ("C", "D")):
        join_household(who(second), of=who(first), **BY)
        relate(who(first), "parent", who(second), **BY)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(listed).content.decode()
        counts.append(len(asked))
        assert page.count("2 people, head ") == len(counts) * 2
        assert page.count("parent of") == len(counts) * 2
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as asked:
        assert "2 people" not in desk.get("/customers/?show=listed").content.decode()
    assert not any("household" in one["sql"] for one in asked)


def test_others_who_are_one_person_count_and_are_drawn_once(family):
    """B and C are one person who lives with A under both numbers, and is kin of A under both."""
    for number in "BC":
        join_household(who(number), of=who("A"), **BY)
        relate(who("A"), "kin", who(number), **BY)
    relate(who("C"), "spouse", who("D"), **BY)
    merge_customers(survivor=who("B"), merged=who("C"), by="staff:1", at=AT)
    make_head(HouseholdMember.objects.get(customer=who("C")).pk, **BY)
    desk = signed_in("lin")
    listed = desk.get("/customers/?show=listed&cols=customers.household&cols=customers.relations").content.decode()
    # A's row, and the rows of both records of the other person.
    assert (listed.count("2 people, head 王*"), listed.count("3 people"), listed.count(">relative of 王*<")) == (
        3,
        0,
        1,
    )
    card = desk.get(f"/customers/{who('A')}/").content.decode().partition("Household and relations")[2]
    card = card.partition("</section>")[0]
    assert (card.count('class="between"'), card.count("relative of"), card.count(">head<")) == (3, 2, 1)
    page = desk.get(f"/customers/{who('A')}/relations/").content.decode()
    # What a line says stands in the drawing and in the table.
    assert sorted(re.findall(r'class="small" y="13">(\w)<', page)) == ["A", "B", "D"]
    assert (page.count("<line "), page.count(">relative of<"), page.count(">in one household with<")) == (3, 2, 1)
