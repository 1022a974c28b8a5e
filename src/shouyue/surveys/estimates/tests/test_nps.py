"""Net promoter score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.nps import net_promoter, net_promoter_of


def test_published_population() -> None:
    """Promoters 1/2, passives 1/3, detractors 1/6."""
    result = net_promoter(1 / 2, 1 / 6)
    assert result.score == pytest.approx(1 / 3)
    assert result.variance == pytest.approx(5 / 9)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=50))
def test_variance_is_that_of_plus_one_zero_and_minus_one(scores: list[int]) -> None:
    marks = [1 if score >= 9 else -1 if score <= 6 else 0 for score in scores]
    mean = sum(marks) / len(marks)
    result = net_promoter_of(scores)
    assert result.score == pytest.approx(mean)
    assert result.variance == pytest.approx(sum((mark - mean) ** 2 for mark in marks) / len(marks), abs=1e-12)


@pytest.mark.parametrize("scores", [[], [11], [-1]])
def test_answers_off_the_scale_are_refused(scores: list[int]) -> None:
    with pytest.raises(ValueError, match="answers"):
        net_promoter_of(scores)


def test_shares_beyond_a_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        net_promoter(0.6, 0.5)
