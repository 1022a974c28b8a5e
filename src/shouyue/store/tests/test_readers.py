"""Following: each reader in its own place, effects once, failures visible and forgotten after success."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from shouyue.store.facts import announce
from shouyue.store.models import FactReader, Party, Staff
from shouyue.store.readers import follow, next_try_at, note_failure, read_after
from shouyue.store.sequencer import sequence_once
from shouyue.store.tests.fact_samples import AT, NoteRead, NoteTaken


def announce_mixed(pairs: int) -> None:
    for number in range(pairs):
        announce(NoteTaken(writer=1, number=number), NoteRead(text=str(number)), at=AT, by="test")
    sequence_once()


def positions(facts):
    return [fact.position for fact in facts]


@pytest.mark.django_db
def test_follow_hands_every_fact_over_once_in_batches():
    announce_mixed(5)
    seen = []
    passed = [follow("a", lambda batch: seen.append(positions(batch)), 4) for _ in range(4)]
    assert passed == [4, 4, 2, 0]
    assert seen == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]


@pytest.mark.django_db
def test_readers_of_different_names_do_not_know_each_other():
    announce_mixed(2)
    first, second = [], []
    follow("a", first.extend, 3)
    follow("b", second.extend, 10)
    assert (positions(first), positions(second)) == ([1, 2, 3], [1, 2, 3, 4])


@pytest.mark.django_db
def test_a_reader_of_some_kinds_passes_the_others_unseen():
    announce_mixed(3)
    seen = []
    assert follow("a", seen.extend, 4, kinds={"notes.read"}) == 4
    assert positions(seen) == [2, 4]
    assert positions(read_after(1, 4, kinds={"NoteTaken"})) == [3, 5]


@pytest.mark.django_db
def test_an_idle_poll_is_one_read(django_assert_num_queries):
    announce_mixed(1)
    follow("a", lambda _: None)
    with django_assert_num_queries(1) as asked:
        assert follow("a", lambda _: None) == 0
    assert "FOR UPDATE" not in asked.captured_queries[0]["sql"]


@pytest.mark.django_db
def test_handle_is_not_called_when_nothing_is_for_it():
    announce_mixed(3)
    calls = []
    assert follow("a", calls.append, 10, kinds={"Unheard"}) == 6
    assert calls == []
    assert FactReader.objects.get(pk="a").position == 6


@pytest.mark.django_db
def test_a_failing_handle_moves_nothing_and_leaves_no_effect():
    announce_mixed(1)

    def act(batch):
        Staff.objects.create_user("a@example.org", name="A", party=Party.A)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        follow("a", act)
    assert Staff.objects.count() == 0
    seen = []
    follow("a", seen.extend)
    assert positions(seen) == [1, 2]


@pytest.mark.django_db
def test_a_failure_is_visible_until_the_next_success():
    announce_mixed(1)
    note_failure("a", ValueError("no\x00 such tier"), at=AT)
    note_failure("a", ValueError("no such tier"), at=AT + timedelta(seconds=5))
    reader = FactReader.objects.get(pk="a")
    assert (reader.failures, reader.last_error) == (2, "ValueError: no such tier")
    assert reader.failed_at == AT + timedelta(seconds=5)
    follow("a", lambda _: None)
    reader.refresh_from_db()
    assert (reader.position, reader.failures, reader.failed_at, reader.last_error) == (2, 0, None, "")


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (10_000, 300)])
def test_retries_wait_longer_each_time_up_to_five_minutes(failures, seconds):
    reader = FactReader(name="a", failures=failures, failed_at=AT)
    assert next_try_at(reader) == AT + timedelta(seconds=seconds)


def test_a_reader_that_never_failed_may_be_tried_at_any_time():
    assert next_try_at(FactReader(name="a")) is None


def test_while_one_process_handles_another_of_the_same_name_goes_on_with_other_work(fresh_database):
    with transaction.atomic():
        announce(NoteRead(text="a"), at=AT, by="test")
    sequence_once()
    handling, finish, went_on = threading.Event(), threading.Event(), []

    def slow(batch):
        handling.set()
        went_on.append(finish.wait(60))

    def follow_slowly() -> int:
        try:
            return follow("a", slow)
        finally:
            connection.close()

    FactReader.objects.create(name="a")
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(follow_slowly)
        assert handling.wait(30)
        seen = []
        meanwhile = follow("a", seen.extend)
        finish.set()
        assert (meanwhile, job.result(), follow("a", seen.extend), seen) == (0, 1, 0, [])
    assert went_on == [True]
