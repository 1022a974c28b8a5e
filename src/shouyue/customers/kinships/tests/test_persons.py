"""Kinships of persons with several records: told once, said once, ended and taken back under all records at once."""

import re

import pytest

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.kinships import actions
from shouyue.customers.kinships.models import HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import RelationRefusedError
from shouyue.customers.kinships.tests.test_kinships import AT, BY, LATER, home, stands
from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_editing import signed_in
from shouyue.customers.people.tests.test_people import make_customers, who
from shouyue.customers.public import record_people
from shouyue.rest.tests.callers import a_caller


@pytest.fixture
def one_person(db):
    """B and C are one person, who lives with A and is kin of A under both numbers."""
    make_customers("A", "B", "C", "D")
    record_people({who(number): Known(name=f"王{number}") for number in "ABCD"}, at=AT)
    for number in "BC":
        actions.join_household(who(number), of=who("A"), **BY)
        actions.relate(who("A"), "kin", who(number), **BY)
    actions.relate(who("C"), "parent", who("D"), **BY)
    merge_customers(survivor=who("B"), merged=who("C"), by="staff:1", at=AT)


def test_programs_are_told_a_merged_person_once_with_all_ids(one_person):
    caller, both = a_caller("customers:read"), [str(who("B")), str(who("C"))]
    a, d = str(who("A")), str(who("D"))
    for number in "BC":
        told = caller.get(f"/api/v1/customers/{who(number)}/relations").json()
        assert {(one["kind"], *sorted([*one["one_ids"], *one["other_ids"]])) for one in told["relations"]} == {
            ("parent", *sorted([*both, d])),
            ("kin", *sorted([*both, a])),
        }
        assert len(told["relations"]) == 2
        assert all((one["one"], one["other"]) == (one["one_ids"][0], one["other_ids"][0]) for one in told["relations"])
        assert told["household"] == [
            {"customer_id": a, "customer_ids": [a], "is_head": True},
            {"customer_id": both[0], "customer_ids": both, "is_head": False},
        ]


@pytest.mark.parametrize("is_head", [False, True])
def test_a_person_with_two_records_leaves_the_household_and_returns_at_once(one_person, is_head):
    member = HouseholdMember.objects.get(customer=who("C"))
    if is_head:
        actions.make_head(member.pk, **BY)
    before = home()
    actions.leave_household(member.pk, **LATER)
    actions.leave_household(member.pk, **BY)
    assert home() == [("A", True)]
    assert [actions.return_to_household(member.pk, **LATER), actions.return_to_household(member.pk, **LATER)] == [
        True,
        False,
    ]
    assert home() == before


def test_what_two_persons_are_ends_and_is_restored_under_all_their_records(one_person):
    kin = Relation.objects.filter(kind="kin").last()
    before = stands()
    actions.end_relation(kin.pk, **LATER)
    assert stands() == [("C", "parent", "D")]
    assert (actions.restore_relation(kin.pk, **LATER), stands()) == (True, before)


def test_one_person_is_nothing_to_themselves_and_nothing_is_said_twice_of_them(one_person):
    for act, reason in (
        (lambda: actions.relate(who("B"), "kin", who("C"), **BY), "self"),
        (lambda: actions.join_household(who("B"), of=who("C"), **BY), "self"),
        (lambda: actions.relate(who("B"), "parent", who("D"), **BY), "there"),
    ):
        with pytest.raises(RelationRefusedError) as refused:
            act()
        assert refused.value.reason == reason


def test_removing_a_merged_person_on_the_page_empties_their_line_and_undo_brings_it_back(one_person):
    desk, record = signed_in("lin"), f"/customers/{who('A')}/"

    def lines():
        card = desk.get(record).content.decode().partition("Household and relations")[2].partition("</section>")[0]
        return card.count('name="leave"'), card.count("relative of")

    assert lines() == (2, 2)
    member = HouseholdMember.objects.filter(customer__in=[who("B"), who("C")]).first()
    kin = Relation.objects.filter(kind="kin").first()
    left = desk.post(f"{record}household/{member.pk}", {"leave": "1"}, follow=True).content.decode()
    assert lines() == (0, 2)
    ended = desk.post(f"{record}relations/{kin.pk}/end", follow=True).content.decode()
    assert lines() == (0, 0)
    for done in (left, ended):
        desk.post(re.findall(r'action="(/undo/[^"]+)"', done)[-1])
    assert lines() == (2, 2)
