"""Top-2 box."""

import pytest

from shouyue.surveys.estimates.rules.satisfaction import satisfied


def test_two_best_marks_are_satisfied() -> None:
    assert [satisfied(score) for score in (1, 2, 3, 4, 5)] == [False, False, False, True, True]
    assert [satisfied(score, 7) for score in (5, 6, 7)] == [False, True, True]
    assert [satisfied(score, 10) for score in (8, 9, 10)] == [False, True, True]


@pytest.mark.parametrize(("score", "scale_max"), [(0, 5), (6, 5), (8, 7), (1, 2)])
def test_marks_off_the_scale_are_refused(score: int, scale_max: int) -> None:
    with pytest.raises(ValueError, match=r"scale"):
        satisfied(score, scale_max)
