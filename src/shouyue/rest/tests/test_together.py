"""Calls that come at the same moment: one batch, one transaction, an answer for each."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from ninja import Schema

from shouyue.rest.idempotency import Made
from shouyue.rest.models import KeptCall
from shouyue.rest.problems import ProblemError
from shouyue.rest.tests.callers import made_key
from shouyue.rest.together import Together

PATIENCE = 60.0


class Told(Schema):
    wish: str


def answered(wish: str) -> Made:
    if wish.startswith("bad"):
        raise ProblemError("points-short")
    return Made(201, Told(wish=wish))


class Till:
    """Callers of one key whose first call runs until the others wait."""

    def __init__(self, *, most: int = 64) -> None:
        self.key, self.most = made_key().key, most
        self.batches: list[list[str]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.together = Together(self.work, of=lambda wish: wish.partition(" ")[0])

    def work(self, wishes, by):
        assert by == self.key.actor
        self.batches.append(list(wishes))
        if len(self.batches) == 1:
            self.begun.set()
            assert self.go_on.wait(PATIENCE)
        if len(wishes) > self.most:
            raise RuntimeError("too many at once")
        return [partial(answered, wish) for wish in wishes]

    def call(self, wish: str, name: str = "") -> HttpResponse | str:
        request = RequestFactory().post("/api/v1/tests", data=wish, content_type="text/plain")
        request.auth = self.key
        try:
            return self.together.answer(request, name or f"name of {wish}", wish)
        except ProblemError as problem:
            return problem.kind
        finally:
            connection.close()

    def all_at_once(self, first: str, *others: str, pool: ThreadPoolExecutor) -> list[HttpResponse | str]:
        calls = [pool.submit(self.call, first)]
        assert self.begun.wait(PATIENCE)
        calls += [pool.submit(self.call, one) for one in others]
        deadline = time.monotonic() + PATIENCE
        while len(self.together._calls._waiting[self.key.pk]) < len(others):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.go_on.set()
        return [one.result(PATIENCE) for one in calls]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_what_arrives_meanwhile_is_one_batch_and_a_refusal_stops_nobody(fresh_database, pool):
    till = Till()
    answers = till.all_at_once("a", "b", "bad", "c", "b again", pool=pool)
    assert [one if isinstance(one, str) else one.status_code for one in answers] == [201, 201, "points-short", 201, 201]
    assert answers[3].content == b'{"wish":"c"}'
    # Two about the same are never in one batch.
    [first, second, third] = till.batches
    assert (first, len(second), len(third)) == (["a"], 3, 1)
    assert {wish.partition(" ")[0] for wish in second} == {"b", "bad", "c"}
    # A refused call keeps nothing: it may be mended and sent again.
    assert set(KeptCall.objects.values_list("idempotency_key", flat=True)) == {
        "name of a",
        "name of b",
        "name of b again",
        "name of c",
    }
    assert till.together._calls._waiting == {}


def test_a_repetition_gets_the_first_answer_and_another_call_under_its_name_is_refused(fresh_database):
    till = Till()
    till.go_on.set()
    first, again = till.call("a"), till.call("a")
    assert (first.content, again.content) == (b'{"wish":"a"}', b'{"wish":"a"}')
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert till.call("b", name="name of a") == "key-reused"
    assert till.batches == [["a"]]


def test_calls_of_a_batch_that_fails_go_their_own_ways(fresh_database, pool):
    till = Till(most=1)
    answers = till.all_at_once("a", "b", "bad", "c", pool=pool)
    assert [one if isinstance(one, str) else one.status_code for one in answers] == [201, 201, "points-short", 201]
    assert sorted(map(len, till.batches)) == [1, 1, 1, 1, 3]
    assert KeptCall.objects.count() == 3
