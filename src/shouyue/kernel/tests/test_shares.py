"""Intervals against published values, a second implementation, and what every interval must obey."""

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from shouyue.kernel.shares import Interval, Method, difference_interval, exact_test, share_interval

METHODS: list[Method] = ["wilson", "beta", "jeffreys", "agresti_coull", "normal"]
COUNTS = st.integers(1, 2_000).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked)))


@pytest.mark.parametrize(
    ("kept", "asked", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_newcombe_1998_table_1(kept: int, asked: int, low: float, high: float) -> None:
    interval = share_interval(kept, asked)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert (interval.level, interval.method) == (0.95, "wilson")


@pytest.mark.parametrize(
    ("kept", "asked", "method", "low", "high"),
    [  # R, binom.confint
        (190, 200, "beta", 0.9099724622986486, 0.975765834527891),
        (190, 200, "normal", 0.919794926420966, 0.980205073579034),
        (18, 20, "jeffreys", 0.716146742695748, 0.97862751197755),
        (4, 200, "wilson", 0.00780442641634947, 0.05028708690582643),
    ],
)
def test_methods_equal_r(kept: int, asked: int, method: Method, low: float, high: float) -> None:
    interval = share_interval(kept, asked, method=method)
    assert interval.low == pytest.approx(low, abs=2e-7)
    assert interval.high == pytest.approx(high, abs=2e-7)


def test_exact_test_equals_r_binom_test() -> None:
    result = exact_test(682, 925, 0.75)
    assert result.p_value == pytest.approx(0.3824916, abs=1e-7)
    assert result.interval.low == pytest.approx(0.7076682641, abs=1e-9)
    assert result.interval.high == pytest.approx(0.7654065582, abs=1e-9)


@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_clopper_pearson_equals_scipy(counts: tuple[int, int], level: float) -> None:
    ours = share_interval(*counts, level, "beta")
    theirs = binomtest(*counts).proportion_ci(level, method="exact")
    assert ours.low == pytest.approx(theirs.low, abs=1e-8)
    assert ours.high == pytest.approx(theirs.high, abs=1e-8)


@given(COUNTS, st.sampled_from(METHODS))
def test_interval_holds_the_share_and_mirrors(counts: tuple[int, int], method: Method) -> None:
    kept, asked = counts
    interval = share_interval(kept, asked, method=method)
    assert 0 <= interval.low <= interval.high <= 1
    if method != "jeffreys" or 0 < kept < asked:  # Jeffreys leaves out the share itself at none and at all
        assert interval.low <= kept / asked + 1e-12
        assert interval.high >= kept / asked - 1e-12
    mirror = share_interval(asked - kept, asked, method=method)
    assert mirror.low == pytest.approx(1 - interval.high, abs=1e-9)


@given(COUNTS, st.sampled_from(METHODS))
def test_more_confidence_is_wider(counts: tuple[int, int], method: Method) -> None:
    narrow, wide = share_interval(*counts, 0.8, method), share_interval(*counts, 0.99, method)
    assert wide.low <= narrow.low + 1e-12
    assert wide.high >= narrow.high - 1e-12


@pytest.mark.parametrize(("kept", "asked", "level"), [(1, 0, 0.95), (-1, 5, 0.95), (6, 5, 0.95), (1, 5, 0), (1, 5, 1)])
def test_impossible_input_is_refused(kept: int, asked: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"need|level"):
        share_interval(kept, asked, level)
    with pytest.raises(ValueError, match=r"need|level"):
        exact_test(kept, asked, 0.5, level)


def test_unknown_method_and_share_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown method: magic"):
        share_interval(1, 2, method="magic")
    with pytest.raises(ValueError, match="p0"):
        exact_test(1, 2, 1.1)


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("newcomb", 0.019, 0.34), ("agresti-caffo", 0.012, 0.32), ("wald", 0.029, 0.32)],
)
def test_difference_equals_fagerland_2015(method: str, low: float, high: float) -> None:
    interval = difference_interval(kept_before=1, asked_before=34, kept_after=7, asked_after=34, method=method)
    assert interval.low == pytest.approx(low, abs=6e-4 if low < 0.1 else 6e-3)
    assert interval.high == pytest.approx(high, abs=6e-3)


@given(COUNTS, COUNTS)
def test_newcombe_difference_is_built_from_wilson(before: tuple[int, int], after: tuple[int, int]) -> None:
    """Newcombe 1998, method 10, from the two Wilson intervals: a second implementation, by its formula."""
    ours = difference_interval(kept_before=before[0], asked_before=before[1], kept_after=after[0], asked_after=after[1])
    (p1, w1), (p2, w2) = ((float(Fraction(*counts)), share_interval(*counts)) for counts in (after, before))
    low = p1 - p2 - ((p1 - w1.low) ** 2 + (w2.high - p2) ** 2) ** 0.5
    high = p1 - p2 + ((w1.high - p1) ** 2 + (p2 - w2.low) ** 2) ** 0.5
    assert ours.low == pytest.approx(low, abs=1e-9)
    assert ours.high == pytest.approx(high, abs=1e-9)


def test_import_is_light() -> None:
    """The heavy libraries wait for the first question (a start-up measure, not a timing)."""
    code = "import sys, shouyue.kernel.shares; print(sorted({'scipy', 'statsmodels', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_interval_is_a_value() -> None:
    assert Interval(0.1, 0.2, 0.9, "beta") == Interval(0.1, 0.2, 0.9, "beta")
