"""Merge, then un-merge: everything that the rooms know of the persons is as it was, byte for byte.

Not by a list of rooms: every table and every contributor that is registered is compared, so a later room is in this
test from its first day.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.apps import apps
from tests.stories.company import answers, bring, order, write

from shouyue.customers.contacts.actions import by_hand, change_birthday, change_contacts
from shouyue.customers.contacts.rules import contacts
from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.customers.duplicates.actions.recording import record_matches
from shouyue.customers.duplicates.models import Merging
from shouyue.customers.fields.actions import Declared, declare_field, seen_key, set_value
from shouyue.customers.kinships.actions import join_household, relate
from shouyue.customers.linking.engine import Linked
from shouyue.customers.public import Customer, ids_of_person
from shouyue.kernel.canonical import canonical_json
from shouyue.kernel.ids import new_id
from shouyue.main.mappings import BY_NAME
from shouyue.membership.public import Command, Reward, enrol_members, move_points, publish_version
from shouyue.membership.rewards.public import redeem_reward, reserve_reward
from shouyue.membership.sharing.public import share
from shouyue.membership.tiers.queries.replay import tiers_of
from shouyue.purchases.orders.models import Order
from shouyue.store.contributions import requests, timeline
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.models import Staff
from shouyue.store.table_digest import tables_digest

AT = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = ("customer_no", "name", "title", "phone", "email", "birthday", "address", "city")
# A merge is itself recorded: as a row that says when it was taken back, and as facts.
KEPT_OF_THE_MERGE = {"customers_merging", "store_fact", "store_pendingfact"}


@pytest.fixture
def company(db, tmp_path):
    people = [
        (f"C{number}", f"王伟{number}", "", f"1380000662{number}", "", "1990-05-17", "", "") for number in range(1, 7)
    ]
    (tmp_path / "people").mkdir()
    write(tmp_path / "people" / "customers.csv", COLUMNS, people)
    import_files(BY_NAME["customers"], Request([tmp_path / "people" / "customers.csv"], by="test"), now=lambda: AT)
    orders = [
        order(f"D{number}", f"C{number % 6 + 1}", f"2025-01-{number + 1:02}", quantity=number)
        for number in range(1, 13)
    ]
    bring(tmp_path / "orders", orders=orders, asked=answers("Q", "2025-02-01", [10, 9, 3, None, 8, 10]))
    ids = sorted(Customer.objects.values_list("pk", flat=True))
    tell_more(ids)
    return ids


def tell_more(ids):
    """What staff record on the page of a customer."""
    first, second, third = ids[:3]
    origin = by_hand(by="staff:1", method="call", at=AT)
    for kind, value in (("phone", "+8613900000002"), ("wechat", "wang_wei88"), ("card", "VIP880012")):
        change_contacts(
            first, kind, lambda part, it=value: contacts.added(part, it, "work", is_main=True), origin=origin, at=AT
        )
    change_birthday(second, date(1990, 5, 17), "lunar", origin=by_hand(by="staff:1", at=AT), at=AT)
    tags = declare_field(Declared("标签", "Tags", "tags"), by="staff:1", at=AT)
    allergy = declare_field(Declared("过敏史", "Allergies", "text", data_class="sensitive"), by="staff:1", at=AT)
    for field, said in ((tags, "VIP"), (allergy, "青霉素")):
        set_value(first, field, [said], seen=seen_key(first, None), by="staff:1", at=AT)
    tell_points(ids)
    relate(first, "spouse", second, by="staff:1", at=AT)
    join_household(third, of=first, by="staff:1", at=AT)


def tell_points(ids):
    """Members with lots, a household, and what they took, reserved, set aside and redeemed."""
    on, pool = AT.date(), new_id()
    publish_version(starts_on=on, at=AT, today=None, by="test")
    enrol_members(ids[:5], at=AT)
    move = {"at": AT, "on": on, "by": "test"}
    for place, who in enumerate(ids[:5]):
        days = (on, date(2046, 1, 1 + place))
        move_points([Command.award(new_id(), who, 100 + place, cost_fen=100, days=days)], **move)
        move_points([Command.redemption(new_id(), who, 10), Command.holding(new_id(), who, 20)], **move)
        share(who, pool, 50 + place, at=AT, by="test")
    named = {"changed_at": AT, "changed_by": "test", "name_zh": "茶", "name_en": "Tea", "points": 5}
    for take, cash_fen, who in ((redeem_reward, 0, ids[0]), (reserve_reward, 900, ids[1])):
        what = Reward.objects.create(cash_fen=cash_fen, **named)
        take(redemption_id=new_id(), customer_id=who, reward_id=what.pk, tier=None, at=AT, on=on)
    told = {"source": "plain", "kind": "sale", "status": "completed", "currency": "CNY"}
    for nth, who in enumerate(ids[:2]):
        key, fen = new_id(), 60_000 * (nth + 1)
        placed = {"placed_at": AT, "total_e4": fen * 100, "line_count": 1}
        Order.objects.create(id=key, number=f"N{nth}", customer_id=who, content=key.bytes, **told, **placed)


@pytest.mark.parametrize("seed", range(6))
def test_merges_taken_back_in_any_order_leave_nothing_behind(company, seed):
    random = Random(seed)  # noqa: S311 no secret
    reader = Staff.objects.create_user("lin@party-b.example", name="林知夏", party="b")
    pairs = [(str(one), str(other)) for one in company for other in company if one < other]
    found = [
        Linked(one, other, 0.9, 9.0, {"name": "same", "contact": "both", "born": "same", "email": "", "title": ""})
        for one, other in pairs
    ]
    record_matches(found, run_id=company[0], persons=6, by="test", at=AT)
    before = known_of(company, reader)
    tiers = tiers_of(company, on=AT.date())
    assert {*tiers.values()} == {"basic", "silver"}
    for step in range(random.randint(1, 8)):
        one, other = random.sample(company, 2)
        if ids_of_person([one])[one] != ids_of_person([other])[other]:
            merge_customers(survivor=one, merged=other, by="staff:1", at=AT + timedelta(seconds=step))
    merges = list(Merging.objects.all())
    assert merges
    persons, held = ids_of_person(company), tiers_of(company, on=AT.date())
    assert all(held.get(one) == held.get(persons[one][0]) for one in company)
    steps = ("basic", "silver", "gold", "black")
    assert all(steps.index(held[one]) >= steps.index(tier) for one, tier in tiers.items())
    random.shuffle(merges)
    for made in merges:
        unmerge_customers(made.pk, by="staff:1", at=AT + timedelta(hours=1))
    assert known_of(company, reader) == before
    assert tiers_of(company, on=AT.date()) == tiers


def test_what_comes_after_a_merge_stays_with_the_number_it_came_under(company, tmp_path):
    """Decision 0009: an event belongs to the id under which its source recorded it; un-merging moves nothing."""
    one, other = company[:2]
    number = dict(Customer.objects.values_list("pk", "source_key"))
    made = merge_customers(survivor=one, merged=other, by="staff:1", at=AT)
    reader = Staff.objects.create_user("lin@party-b.example", name="林知夏", party="b")
    together = len(timeline.page_of([one, other], reader, size=99).items)
    alone = len(timeline.page_of([one], reader, size=99).items)
    bring(tmp_path / "later", orders=[order("D99", number[other], "2025-03-01")])
    assert len(timeline.page_of(ids_of_person([one])[one], reader, size=99).items) == together + 1
    unmerge_customers(made.pk, by="staff:1", at=AT + timedelta(hours=1))
    assert len(timeline.page_of(ids_of_person([one])[one], reader, size=99).items) == alone
    assert len(timeline.page_of(ids_of_person([other])[other], reader, size=99).items) == together - alone + 1


def known_of(ids, reader):
    """Every table, and what every contributor tells of each."""
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    tables = sorted(
        {model._meta.db_table for model in models if model._meta.app_label != "contenttypes"} - KEPT_OF_THE_MERGE
    )
    columns = {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields if field.column]
        for model in models
    }
    digest = tables_digest((table, columns[table], columns[table]) for table in tables)
    held = {
        str(who): [[one.name, [dict(record) for record in one.records]] for one in found]
        for who, found in requests.held_about(ids, reader).items()
    }
    lines = [[str(item) for item in timeline.page_of([who], reader, size=200).items] for who in ids]
    return digest, canonical_json(held), lines
