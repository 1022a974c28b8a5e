"""Positions: gapless, once each, in the order of cause, whatever crowds, dies or restarts."""

import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import F

from shouyue.store.facts import announce
from shouyue.store.models import FactHead, FactPosition, PendingFact
from shouyue.store.readers import PlacedFact, follow, head_position, read_after
from shouyue.store.sequencer import run_sequencer, sequence_once
from shouyue.store.tests.fact_samples import (
    AT,
    PLACE_AND_HANG,
    SEQUENCE_FOR_EVER,
    NoteTaken,
    start_process,
)

WRITERS = 8
FACTS = 20_000


def write(writer: int, count: int, *, first: int = 0) -> None:
    with transaction.atomic():
        announce(*(NoteTaken(writer=writer, number=first + n) for n in range(count)), at=AT, by="test")


def write_with_delays(writer: int) -> int:
    """One writer's share, in transactions of 1 to 20 facts that wait before their commit; a tenth roll back."""
    chance = random.Random(writer)  # noqa: S311 only spreads the delays
    number, total = 0, FACTS // WRITERS
    try:
        while number < total:
            count = min(chance.randint(1, 20), total - number)
            with transaction.atomic():
                notes = (NoteTaken(writer=writer, number=number + n) for n in range(count))
                announce(*notes, at=AT, by="test")
                time.sleep(chance.random() * 0.03)
                if chance.random() < 0.1:
                    transaction.set_rollback(True)
                    continue
            number += count
    finally:
        connection.close()
    return number


def read_all_with_cursor(deadline: float) -> list[PlacedFact]:
    seen: list[PlacedFact] = []
    try:
        while len(seen) < FACTS and time.monotonic() < deadline:
            news = read_after(len(seen), 700)
            seen += news
            if not news:
                time.sleep(0.01)
    finally:
        connection.close()
    return seen


def read_all_following(deadline: float) -> list[PlacedFact]:
    seen: list[PlacedFact] = []
    try:
        while len(seen) < FACTS and time.monotonic() < deadline:
            if not follow("crowd", seen.extend, 300):
                time.sleep(0.01)
    finally:
        connection.close()
    return seen


def test_a_crowd_is_seen_by_every_reader_once_in_order(fresh_database):
    """8 writers, 20,000 facts, 2 readers, 2 sequencers of which one is killed and replaced under way."""
    stop = threading.Event()
    process = start_process(SEQUENCE_FOR_EVER)
    process.stdout.readline()
    deadline = time.monotonic() + 120
    with ThreadPoolExecutor(WRITERS + 3) as pool:
        readers = [pool.submit(read_all_with_cursor, deadline), pool.submit(read_all_following, deadline)]
        writers = [pool.submit(write_with_delays, writer) for writer in range(WRITERS)]
        inside = pool.submit(run_sequencer, stop)
        try:
            while head_position() < FACTS // 4 and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = start_process(SEQUENCE_FOR_EVER)
            assert [writer.result() for writer in writers] == [FACTS // WRITERS] * WRITERS
            seen = [reader.result() for reader in readers]
        finally:
            stop.set()
            process.kill()
            process.communicate()
        inside.result()
    for facts in seen:
        assert [fact.position for fact in facts] == list(range(1, FACTS + 1))
        assert len({fact.id for fact in facts}) == FACTS
        for writer in range(WRITERS):
            numbers = [fact.payload["number"] for fact in facts if fact.payload["writer"] == writer]
            assert numbers == list(range(FACTS // WRITERS))
    assert seen[0] == seen[1]
    assert (head_position(), PendingFact.objects.count()) == (FACTS, 0)


def test_two_sequencers_at_once_share_the_work_without_gap_or_double(fresh_database):
    write(1, 3000)

    def drain() -> int:
        placed = 0
        while count := sequence_once(limit=7):
            placed += count
        connection.close()
        return placed

    with ThreadPoolExecutor(2) as pool:
        shares = [job.result() for job in [pool.submit(drain), pool.submit(drain)]]
    assert sum(shares) == 3000
    assert min(shares) > 0
    assert [fact.payload["number"] for fact in read_after(0, 5000)] == list(range(3000))
    assert list(FactPosition.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 3001))


def test_a_sequencer_killed_inside_its_transaction_leaves_the_work_to_the_next(fresh_database):
    write(1, 500)
    process = start_process(PLACE_AND_HANG)
    assert process.stdout.readline() == "500\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (head_position(), FactPosition.objects.count(), PendingFact.objects.count()) == (0, 0, 500)
    assert sequence_once() == 500
    assert [fact.position for fact in read_after(0, 1000)] == list(range(1, 501))


def test_a_fact_that_commits_late_is_placed_after_those_already_read(fresh_database):
    announced, commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            announce(NoteTaken(writer=1, number=0), at=AT, by="test")
            announced.set()
            commit.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(late)
        announced.wait(30)
        write(2, 1)
        assert sequence_once() == 1
        commit.set()
        job.result()
    assert sequence_once() == 1
    assert [(fact.position, fact.payload["writer"]) for fact in read_after(0, 10)] == [(1, 2), (2, 1)]


AHEAD = """
from shouyue.kernel.ids import new_id
from shouyue.store.tests.test_sequencer import write
for _ in range(200_000):
    new_id()
write(1, 1)
"""


def test_order_follows_cause_even_when_one_process_is_ahead_of_the_clock(fresh_database):
    # Every UUIDv7 pushes its process's millisecond on, so that one is minutes in the future when it writes.
    process = start_process(AHEAD)
    assert process.wait(60) == 0
    process.communicate()
    write(2, 1)
    assert sequence_once() == 2
    first, second = read_after(0, 10)
    assert (first.payload["writer"], second.payload["writer"]) == (1, 2)
    assert first.id > second.id  # so ordering by id would have told it the wrong way round


@pytest.mark.django_db
def test_limit_takes_the_earliest_and_leaves_the_rest():
    write(1, 10)
    assert [sequence_once(limit=4) for _ in range(4)] == [4, 4, 2, 0]
    assert [fact.payload["number"] for fact in read_after(0, 20)] == list(range(10))
    assert FactHead.objects.get().position == 10


@pytest.mark.django_db
def test_the_earliest_come_first_wherever_their_rows_lie():
    write(1, 10)
    # Rows lie in the table as they came; turned ids stand for pages that were freed and filled again.
    PendingFact.objects.update(id=-F("id"))
    assert sequence_once(limit=4) == 4
    assert [fact.payload["number"] for fact in read_after(0, 20)] == [9, 8, 7, 6]


@pytest.mark.django_db
def test_an_idle_poll_is_one_read(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert sequence_once() == 0
    assert "FOR UPDATE" not in asked.captured_queries[0]["sql"]


def test_the_loop_outlives_lost_connections(fresh_database):
    """Every connection is cut while the loop runs, as a restart of the database would; work goes on."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        loop = pool.submit(run_sequencer, stop)
        try:
            write(1, 10)
            wait_for_head(10)
            connection.close()
            cut_connections(fresh_database)
            write(2, 10)
            wait_for_head(20)
        finally:
            stop.set()
        loop.result(30)
    assert [fact.position for fact in read_after(0, 100)] == list(range(1, 21))


def cut_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def wait_for_head(position: int) -> None:
    deadline = time.monotonic() + 90
    while head_position() < position:
        assert time.monotonic() < deadline, "the sequencer did not come so far"
        time.sleep(0.02)
