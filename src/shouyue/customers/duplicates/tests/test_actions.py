"""Pairs are found, merged, taken apart and dismissed; nothing that was recorded moves."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from django.db import connections

from shouyue.customers.duplicates.actions.merging import (
    NotMergeableError,
    dismiss_match,
    merge_customers,
    reopen_match,
    unmerge_customers,
)
from shouyue.customers.duplicates.actions.recording import pair_id, record_matches
from shouyue.customers.duplicates.jobs import find_duplicates
from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.duplicates.queries.reviewing import less_likely_matches, next_counted, open_matches, progress
from shouyue.customers.linking.engine import Linked
from shouyue.customers.linking.rules.generated import people, true_pairs
from shouyue.customers.people.public import Known
from shouyue.customers.public import Customer, ids_of_person, record_people
from shouyue.kernel import clock
from shouyue.store.jobs import engine, enqueue
from shouyue.store.jobs.running import perform
from shouyue.store.models import Fact, JobRun, JobState
from shouyue.store.pinyin import readings

AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = AT + timedelta(days=1)
AGREED = {"name": "same", "contact": "phone", "born": "same", "email": "", "title": ""}
SPACE = UUID("7a1e2b0c-3f64-5a58-8d5b-0c5e4d1f9a11")


def customers(*numbers: str) -> list[UUID]:
    rows = [Customer(id=uuid5(SPACE, number), kind="person", source="test", source_key=number) for number in numbers]
    Customer.objects.bulk_create(rows)
    return [row.pk for row in rows]


def linked(one: UUID, other: UUID, probability: float = 0.99, **levels: str) -> Linked:
    return Linked(str(one), str(other), probability, 12.0, {**AGREED, **levels})


def keep(*pairs: Linked, at: datetime = AT) -> tuple[int, int]:
    return record_matches(pairs, run_id=UUID(int=1), persons=3, by="test", at=at)


def merge(survivor: UUID, merged: UUID, at: datetime = AT) -> Merging:
    return merge_customers(survivor=survivor, merged=merged, by="staff:1", at=at)


def kinds() -> list[str]:
    return list(Fact.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_merge_lets_one_stand_for_both_and_is_done_once():
    one, other, third = customers("a", "b", "c")
    made = merge(one, other)
    assert merge(one, other) == made == merge(other, one)
    assert ids_of_person([one, other, third]) == {one: [one, other], other: [one, other], third: [third]}
    assert kinds() == ["CustomersMerged"]
    assert Customer.objects.count() == 3


@pytest.mark.django_db
def test_merges_make_chains_and_each_is_taken_back_alone():
    one, other, third = customers("a", "b", "c")
    first, second = merge(one, other), merge(third, other)
    assert ids_of_person([other])[other] == [third, one, other]
    unmerge_customers(first.pk, by="staff:1", at=LATER)
    assert ids_of_person([one, other]) == {one: [third, one], other: [other]}
    assert unmerge_customers(second.pk, by="staff:1", at=LATER).undone_at == LATER
    assert unmerge_customers(second.pk, by="staff:2", at=LATER + timedelta(1)).undone_by == "staff:1"
    assert ids_of_person([one, other, third]) == {one: [one], other: [other], third: [third]}
    assert kinds() == ["CustomersMerged", "CustomersMerged", "CustomersUnmerged", "CustomersUnmerged"]


@pytest.mark.django_db
def test_who_is_not_there_is_not_merged():
    (one,) = customers("a")
    for stay, go in ((one, UUID(int=5)), (UUID(int=5), one), (one, one)):
        with pytest.raises(NotMergeableError):
            merge(stay, go)
    assert (Merging.objects.count(), kinds()) == (0, [])


@pytest.mark.django_db
def test_a_pair_is_kept_once_and_what_was_decided_outlives_runs():
    one, other, third, fourth = customers("a", "b", "c", "d")
    pairs = [linked(other, one), linked(one, third), linked(third, fourth, 0.3), linked(other, fourth)]
    phone_alone = linked(one, fourth, name="family", born="")
    assert keep(*pairs, phone_alone) == (3, 1)
    assert (open_matches().count(), less_likely_matches().count()) == (3, 1)
    dismissed = dismiss_match(pair_id(one, other), by="staff:1", at=AT)
    merge(one, third)
    assert keep(*pairs[:3], at=LATER) == (1, 1)  # one and third are one person already
    states = dict(Match.objects.values_list("id", "state"))
    assert states == {
        pair_id(one, other): MatchState.DISMISSED,
        pair_id(one, third): MatchState.MERGED,
        pair_id(third, fourth): MatchState.OPEN,
    }
    assert Match.objects.get(pk=dismissed.pk).found_at == AT
    assert reopen_match(dismissed.pk).state == MatchState.OPEN


@pytest.mark.django_db
def test_taking_a_merge_back_opens_its_pair_again():
    one, other = customers("a", "b")
    keep(linked(one, other))
    before = list(Match.objects.values())
    made = merge(other, one, at=LATER)
    assert Match.objects.get().state == MatchState.MERGED
    unmerge_customers(made.pk, by="staff:1", at=LATER)
    assert list(Match.objects.values()) == before


@pytest.mark.django_db
def test_quality_is_told_by_what_people_decided_in_random_order():
    ids = customers(*"abcdefgh")
    assert progress().quality is None
    keep(*(linked(one, other, 0.9 if place else 0.2) for place, (one, other) in enumerate(pairwise(ids))))
    (less,) = less_likely_matches()
    first, second, third, *_rest, last = open_matches().order_by("id")
    dismiss_match(last.pk, by="staff:1", at=AT)
    assert (progress().quality, progress().decided) == (None, 1)  # out of turn: whoever picks, picks what is easy
    assert next_counted(progress()) == first
    dismiss_match(first.pk, by="staff:1", at=AT)
    assert next_counted(progress()) == less
    assert (progress().quality.precision, progress().quality.recall) == (0.0, None)
    merge(third.one_id, third.other_id)
    assert progress().quality.reviewed == 1  # the second one still waits
    merge(second.one_id, second.other_id)
    dismiss_match(less.pk, by="staff:1", at=AT)
    told = progress().quality
    assert (told.reviewed, told.precision, told.recall) == (4, 2 / 3, 1.0)
    assert 0 < told.recall_interval.low < told.recall_interval.high <= 1


@pytest.mark.django_db
def test_pairs_within_one_person_are_decided_with_the_merge_and_opened_with_its_end():
    one, other, third = customers("a", "b", "c")
    keep(linked(one, other), linked(other, third), linked(one, third))
    first = merge(one, other)
    merge(one, third)
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.MERGED}
    unmerge_customers(first.pk, by="staff:1", at=LATER)
    states = {match.pk: match.state for match in Match.objects.all()}
    assert states == {
        pair_id(one, other): MatchState.OPEN,
        pair_id(other, third): MatchState.OPEN,
        pair_id(one, third): MatchState.MERGED,
    }


@pytest.mark.django_db
def test_a_run_finds_the_doubles_of_sealed_persons():
    rows = people(400, 11, read=readings)
    ids = customers(*(f"row {place}" for place in range(len(rows))))
    told = {
        who: Known(row.name, row.title, row.phones, row.emails, row.address, row.born_on)
        for who, row in zip(ids, rows, strict=True)
    }
    record_people(told, at=AT)
    run = enqueue(find_duplicates, {}, by="staff:1")
    worker = engine.enrol()
    while delivery := engine.take(worker):
        perform(delivery, must_stop=lambda: False)
    assert JobRun.objects.get(pk=run.pk).state == JobState.DONE
    truth = {frozenset((ids[one], ids[other])) for one, other in true_pairs(rows)}
    found = {frozenset(pair) for pair in open_matches().values_list("one_id", "other_id")}
    assert len(found & truth) > 0.9 * len(truth)
    assert len(found - truth) < 0.1 * len(truth)
    assert Fact.objects.get(kind="DuplicatesSearched").payload["persons"] == 400


@pytest.mark.django_db
def test_two_obvious_doubles_among_ten_are_found_and_a_household_is_not():
    told = [
        Known(name=name, phones=(phone,) if phone else (), address="星湖街328号5栋1203室" if home else "", born_on=born)
        for name, phone, home, born in [
            ("王伟鑫", "+8613800006621", True, date(1990, 5, 17)),
            ("王玮鑫", "+8613800006621", False, None),
            ("王建国", "+8613800006621", True, date(1962, 1, 8)),
            ("李晓梅", "+8613800006621", True, date(1964, 3, 2)),
            *(
                (name, f"+861391111000{place}", False, None)
                for place, name in enumerate(["陈静", "赵磊", "周洋", "吴勇"])
            ),
            ("欧阳娜娜", "+8613700001111", False, date(2000, 6, 15)),
            ("Ouyang Nana", "", False, date(2000, 6, 15)),
        ]
    ]
    ids = customers(*map(str, range(10)))
    record_people(dict(zip(ids, told, strict=True)), at=AT)
    enqueue(find_duplicates, {}, by="staff:1")
    worker = engine.enrol()
    while delivery := engine.take(worker):
        perform(delivery, must_stop=lambda: False)
    assert {frozenset((match.one_id, match.other_id)) for match in open_matches()} == {
        frozenset(ids[:2]),
        frozenset(ids[8:]),
    }


def test_two_who_merge_crosswise_at_once_make_one_merge(fresh_database):
    one, other = customers("a", "b")
    begin, problems = threading.Barrier(2), []

    def go(survivor: UUID, merged: UUID) -> None:
        try:
            begin.wait(60)
            merge_customers(survivor=survivor, merged=merged, by="staff:1", at=clock.now())
        except Exception as problem:  # noqa: BLE001 told below
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert Merging.objects.count() == 1


@pytest.mark.django_db
def test_all_ids_of_many_persons_are_one_statement(django_assert_num_queries):
    ids = customers(*(f"{place}" for place in range(30)))
    for one, other in zip(ids[::2], ids[1::2], strict=True):
        merge(one, other)
    with django_assert_num_queries(1):
        found = ids_of_person(ids)
    assert found == {who: [ids[place - place % 2], ids[place - place % 2 + 1]] for place, who in enumerate(ids)}
