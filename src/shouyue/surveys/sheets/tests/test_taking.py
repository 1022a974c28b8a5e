"""Answers taken many at once: one batch, an outcome for each, and a close that forgets none on its way."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Response
from shouyue.surveys.questionnaires.public import AnswerRefusedError
from shouyue.surveys.sheets.actions.answering import (
    AnswersMissingError,
    Arrival,
    SheetUnknownError,
    WaveOverError,
    answers_on,
    send_answers,
    sheet_of,
    take_answers,
)
from shouyue.surveys.waves.actions.opening import close_wave, open_wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

PATIENCE = 60


def arrival(token: str, *, sends: bool = True, keeps_anyhow: bool = False, **told: str) -> Arrival:
    said = {code: [words] for code, words in told.items()}
    return Arrival(token=token, read=lambda _questions: said, sends=sends, keeps_anyhow=keeps_anyhow)


@pytest.mark.django_db
def test_each_arrival_of_a_batch_has_its_own_outcome() -> None:
    people(30)
    one, two, three, four, *_others = tokens(open_wave(wish(), at=AT, by="staff:1"))
    batch = [
        arrival(one, overall="2", why="慢"),
        arrival("guessed", overall="5"),
        arrival(two, overall="9"),
        arrival(three, recommend="9"),
        arrival(four, recommend="8", keeps_anyhow=True),
        arrival(two, sends=False, overall="4"),
        # It was sent a moment ago: what comes after that changes nothing.
        arrival(one, overall="5"),
    ]
    outcomes = take_answers(batch, at=AT, by="customer")
    kinds = [Sheet, SheetUnknownError, AnswerRefusedError, AnswersMissingError, AnswersMissingError, Sheet, Sheet]
    assert [type(outcome) for outcome in outcomes] == kinds
    said = [answers_on(sheet_of(token)) for token in (one, two, three, four)]
    assert said == [{"overall": 2, "why": "慢"}, {"overall": 4}, {}, {"recommend": 8}]
    assert [response.score for response in Response.objects.all()] == [2]


@pytest.mark.django_db
def test_a_batch_costs_as_many_statements_as_one() -> None:
    people(60)
    links = tokens(open_wave(wish(wanted=60), at=AT, by="staff:1"))
    take_answers([arrival(links[0], overall="5")], at=AT, by="customer")
    with CaptureQueriesContext(connection) as log:
        take_answers([arrival(link, overall="1", sends=True) for link in links[1:41]], at=AT, by="customer")
    words = [one["sql"].split(None, 1)[0] for one in log.captured_queries]
    assert words == ["SAVEPOINT", "SELECT", "UPDATE", "INSERT", "WITH", "RELEASE"]
    batches = Fact.objects.filter(kind="AnswersRecorded").order_by("id").values_list("payload__row_count", flat=True)
    assert list(batches) == [1, 40]
    assert Fact.objects.filter(kind="DetractorHeard").count() == 40


@contextmanager
def beside(act: Callable[[], object]) -> Iterator[Future[object]]:
    """`act` in a transaction of another connection, under way inside the block and committed after it."""
    done, go_on = Event(), Event()

    def run() -> object:
        try:
            with transaction.atomic():
                found = act()
                done.set()
                assert go_on.wait(PATIENCE)
            return found
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as other:
        future = other.submit(run)
        assert done.wait(PATIENCE)
        try:
            yield future
        finally:
            go_on.set()


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def in_a_thread(threads: ThreadPoolExecutor, act: Callable[[], object]) -> Future[object]:
    """Started, and seen to wait for what another transaction holds."""

    def run() -> object:
        try:
            return act()
        finally:
            connection.close()

    future = threads.submit(run)
    while not waits_for_a_lock():
        assert not future.done()
    return future


def test_a_close_counts_the_answers_that_are_on_their_way(fresh_database) -> None:
    people(30)
    plan = open_wave(wish(), at=AT, by="staff:1")
    token = tokens(plan)[0]
    with ThreadPoolExecutor(1) as threads:
        with beside(lambda: send_answers(token, {"overall": ["5"]}, at=AT)):
            closing = in_a_thread(threads, lambda: close_wave(plan.wave_id, at=AT + timedelta(days=1), by="staff:1"))
        closing.result(PATIENCE)
    assert WavePlan.objects.get().counted == [{"kept": 1, "asked": 1, "spent": "1/20"}]


def test_an_answer_that_meets_a_close_is_not_taken(fresh_database) -> None:
    people(30)
    plan = open_wave(wish(), at=AT, by="staff:1")
    token = tokens(plan)[0]
    with ThreadPoolExecutor(1) as threads:
        with beside(lambda: close_wave(plan.wave_id, at=AT, by="staff:1")):
            sending = in_a_thread(threads, lambda: send_answers(token, {"overall": ["5"]}, at=AT))
        with pytest.raises(WaveOverError):
            sending.result(PATIENCE)
    assert Response.objects.count() == 0
