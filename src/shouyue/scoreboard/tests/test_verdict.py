"""What the page says: the three-state decision, the letter beside it, and the states around them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.scoreboard.rules.verdict import Basis, Judgement, State, judge
from shouyue.surveys.estimates.rules.decision import Decision, decision_interval, extra_answers_needed

COUNTS = st.integers(1, 400).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked)))


def _judge(kept: int, asked: int, *, basis: Basis = Basis.SAMPLE, is_due: bool = True) -> Judgement:
    return judge(kept=kept, asked=asked, p0="0.9", basis=basis, is_due=is_due)


@pytest.mark.parametrize(
    ("kept", "state", "decision", "literal"),
    [
        (84, State.MISSED, Decision.MISSED, State.MISSED),
        (85, State.AT_RISK, Decision.UNDETERMINED, State.MISSED),
        (89, State.AT_RISK, Decision.UNDETERMINED, State.MISSED),
        (90, State.UNDETERMINED, Decision.UNDETERMINED, State.MET),
        (95, State.UNDETERMINED, Decision.UNDETERMINED, State.MET),
        (96, State.MET, Decision.MET, State.MET),
    ],
)
def test_sample_of_a_hundred(kept: int, state: State, decision: Decision, literal: State) -> None:
    judgement = _judge(kept, 100)
    assert (judgement.state, judgement.decision, judgement.literal_state) == (state, decision, literal)
    assert judgement.interval == decision_interval(kept, 100)
    assert judgement.extra_needed == extra_answers_needed(kept, 100, "0.9")
    assert (judgement.kept, judgement.asked, judgement.share) == (kept, 100, kept / 100)
    assert judgement.is_supported_by_draw


def test_answers_as_found_have_the_same_arithmetic_and_no_support() -> None:
    found, drawn = _judge(84, 100, basis=Basis.AS_FOUND), _judge(84, 100)
    assert (found.state, found.decision, found.interval) == (drawn.state, drawn.decision, drawn.interval)
    assert not found.is_supported_by_draw


@pytest.mark.parametrize(("kept", "state"), [(89, State.MISSED), (90, State.MET)])
def test_census_is_the_count_itself(kept: int, state: State) -> None:
    judgement = _judge(kept, 100, basis=Basis.CENSUS)
    assert (judgement.state, judgement.literal_state) == (state, state)
    assert judgement.decision == state.value
    assert judgement.interval is None
    assert judgement.extra_needed == 0


@pytest.mark.parametrize("basis", list(Basis))
def test_nothing_is_decided_before_it_is_due_or_without_answers(basis: Basis) -> None:
    early = _judge(10, 100, basis=basis, is_due=False)
    assert (early.state, early.kept, early.asked, early.share) == (State.NOT_DUE, 10, 100, 0.1)
    empty = _judge(0, 0, basis=basis)
    assert (empty.state, empty.share) == (State.NOT_MEASURED, None)
    assert _judge(0, 0, basis=basis, is_due=False).state is State.NOT_DUE
    for judgement in (early, empty):
        assert (judgement.decision, judgement.literal_state, judgement.interval) == (None, None, None)
        assert judgement.extra_needed is None


def test_small_population_decides_sooner() -> None:
    drawn = judge(kept=90, asked=95, p0="0.9", basis=Basis.SAMPLE, is_due=True, population=100)
    assert (drawn.state, _judge(90, 95).state) == (State.MET, State.UNDETERMINED)
    assert drawn.interval == decision_interval(90, 95, population=100)


def test_population_belongs_to_samples_only() -> None:
    with pytest.raises(ValueError, match="drawn sample"):
        judge(kept=9, asked=10, p0="0.9", basis=Basis.CENSUS, is_due=True, population=10)


@pytest.mark.parametrize(("kept", "asked"), [(-1, 10), (11, 10)])
@pytest.mark.parametrize("is_due", [True, False])
def test_impossible_counts_are_refused(kept: int, asked: int, is_due: bool) -> None:
    with pytest.raises(ValueError, match="need"):
        _judge(kept, asked, is_due=is_due)


@given(COUNTS)
@settings(max_examples=60)
def test_state_never_contradicts_share_or_interval(counts: tuple[int, int]) -> None:
    kept, asked = counts
    judgement = _judge(kept, asked)
    below = Fraction(kept, asked) < Fraction(9, 10)
    assert judgement.interval is not None
    assert judgement.state in ({State.MISSED, State.AT_RISK} if below else {State.MET, State.UNDETERMINED})
    assert (judgement.state is State.MISSED) == (judgement.interval.high < 0.9)
    assert (judgement.state is State.MET) == (judgement.interval.low >= 0.9)


@given(st.integers(1, 300))
@settings(max_examples=30)
def test_more_kept_answers_never_make_it_worse(asked: int) -> None:
    rank = [State.MISSED, State.AT_RISK, State.UNDETERMINED, State.MET]
    ranks = [rank.index(_judge(kept, asked).state) for kept in range(0, asked + 1, max(1, asked // 20))]
    assert ranks == sorted(ranks)
