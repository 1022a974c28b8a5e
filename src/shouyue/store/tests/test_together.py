"""Calls that are done together: each once, each with its own outcome, none before the batch is over."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_ident

import pytest

from shouyue.store.together import Together

PATIENCE = 30


class Desk:
    """Work whose first batch stands still until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.began, self.go_on = Event(), Event()

    def work(self, asked: Sequence[int]) -> list[int]:
        self.batches.append(list(asked))
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        if -1 in asked:
            raise ValueError(str(list(asked)))
        return [2 * one for one in asked]


def come_together(asked: Sequence[int], *, most: int = 100) -> tuple[Desk, list[int | str]]:
    """The first call is at work; the others come, in order, before it is done."""
    desk = Desk()
    together = Together(desk.work, most=most)

    def call(one: int) -> int | str:
        try:
            return together.do(one)
        except ValueError as fault:
            return str(fault)

    with ThreadPoolExecutor(len(asked)) as threads:
        calls = [threads.submit(call, asked[0])]
        assert desk.began.wait(PATIENCE)
        for place, one in enumerate(asked[1:], start=1):
            calls.append(threads.submit(call, one))
            while len(together._waiting[None]) < place:
                assert not calls[-1].done()
        assert not any(one.done() for one in calls)
        desk.go_on.set()
        return desk, [one.result(PATIENCE) for one in calls]


def test_calls_that_come_meanwhile_are_the_next_batch() -> None:
    desk, told = come_together([1, 2, 3, 4, 5])
    assert desk.batches == [[1], [2, 3, 4, 5]]
    assert told == [2, 4, 6, 8, 10]


def test_a_batch_has_its_most() -> None:
    desk, told = come_together([1, 2, 3, 4, 5, 6], most=2)
    assert desk.batches == [[1], [2, 3], [4, 5], [6]]
    assert told == [2, 4, 6, 8, 10, 12]


def test_the_fault_of_one_call_is_no_others() -> None:
    desk, told = come_together([1, 2, -1, 3])
    assert desk.batches == [[1], [2, -1, 3], [2], [-1], [3]]
    assert told == [2, 4, "[-1]", 6]


def test_a_single_call_runs_at_once_in_its_own_thread() -> None:
    together = Together(lambda asked: [(one, get_ident()) for one in asked])
    assert [together.do(one) for one in (1, 2)] == [(1, get_ident()), (2, get_ident())]


def test_after_a_fault_the_next_call_is_served() -> None:
    desk = Desk()
    desk.go_on.set()
    together = Together(desk.work)
    with pytest.raises(ValueError, match="-1"):
        together.do(-1)
    assert together.do(4) == 8


def test_calls_that_share_a_mark_are_in_different_batches_and_lanes_do_not_wait() -> None:
    began, go_on, batches = Event(), Event(), []

    def work(asked: Sequence[str]) -> list[str]:
        batches.append(list(asked))
        if asked[0] == "a first":
            began.set()
            assert go_on.wait(PATIENCE)
        return list(asked)

    together = Together(work, lane=lambda asked: asked[0], marks=lambda asked: [asked[-1]])
    with ThreadPoolExecutor(5) as threads:
        calls = [threads.submit(together.do, "a first")]
        assert began.wait(PATIENCE)
        assert together.do("b other lane") == "b other lane"
        for place, one in enumerate(["a 1", "a 2", "a again 1"], start=1):
            calls.append(threads.submit(together.do, one))
            while len(together._waiting["a"]) < place:
                assert not calls[-1].done()
        go_on.set()
        assert [one.result(PATIENCE) for one in calls] == ["a first", "a 1", "a 2", "a again 1"]
    assert batches == [["a first"], ["b other lane"], ["a 1", "a 2"], ["a again 1"]]
    assert together._waiting == {}
