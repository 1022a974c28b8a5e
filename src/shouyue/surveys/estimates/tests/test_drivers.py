"""Drivers of satisfaction: the fit against a second implementation, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from shouyue.surveys.estimates.rules.cells import CELL_MIN, hidden_cells
from shouyue.surveys.estimates.rules.drivers import drivers


def sample(answers: int = 400) -> tuple[list[bool], dict[str, list[float | None]]]:
    """The first question drives satisfaction, the second one does not."""
    chance = np.random.default_rng(7)
    first, second = chance.integers(1, 6, answers), chance.integers(1, 6, answers)
    kept = chance.random(answers) < 1 / (1 + np.exp(2.0 - 0.9 * first))
    return kept.tolist(), {"a": [float(one) for one in first], "b": [float(one) for one in second]}


def test_what_moves_with_satisfaction_is_found() -> None:
    kept, marks = sample()
    found = drivers(kept, marks)
    assert [(one.name, one.is_clear) for one in found.found] == [("a", True), ("b", False)]
    table = np.column_stack([np.ones(len(kept)), marks["a"], marks["b"]])

    def loss(betas: np.ndarray) -> float:
        line = table @ betas
        return float(np.sum(np.logaddexp(0, line) - np.array(kept) * line))

    other = minimize(loss, np.zeros(3), method="BFGS").x
    assert np.log([one.odds for one in found.found]) == pytest.approx(other[1:], abs=1e-4)


def test_answers_that_skip_a_question_are_left_out() -> None:
    kept, marks = sample()
    marks["b"][:100] = [None] * 100
    assert drivers(kept, marks).answers == 300


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({}, "few"),
        ({"a": [3.0] * 400}, "few"),
        ({"a": "copy", "b": "copy"}, "same"),
        ({"a": "outcome"}, "separated"),
    ],
)
def test_what_cannot_be_told_apart_is_told(marks, reason) -> None:
    kept, columns = sample()
    columns = {
        name: {"copy": columns["a"], "outcome": [float(one) for one in kept]}.get(what, what)
        if isinstance(what, str)
        else what
        for name, what in marks.items()
    }
    assert (drivers(kept, columns).found, drivers(kept, columns).reason) == ((), reason)


@given(st.dictionaries(st.integers(0, 20), st.integers(0, 40), max_size=8))
def test_no_hidden_group_follows_from_the_others(sizes: dict[int, int]) -> None:
    hidden = hidden_cells(sizes)
    shown_all = not any(size >= CELL_MIN for name, size in sizes.items() if name not in hidden)
    assert all(name in hidden for name, size in sizes.items() if 0 < size < CELL_MIN)
    if hidden and not shown_all:
        assert len(hidden) > 1
        assert sum(sizes[name] for name in hidden) >= CELL_MIN


def test_the_smallest_group_is_hidden_with_a_single_small_one() -> None:
    assert hidden_cells({"a": 3, "b": 9, "c": 50}) == {"a", "b"}
    assert hidden_cells({"a": 5, "b": 9}) == set()
