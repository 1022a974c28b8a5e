"""The draw: the same for everybody who has seed and frame, fair, and repeated outside the product byte for byte."""

import json
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.looks import verdict_at_look
from shouyue.surveys.results.rules import replay
from shouyue.surveys.waves.rules.drawing import (
    FrameError,
    drawn,
    frame_hash,
    optimal,
    place,
    proportional,
    share_spread,
)
from shouyue.surveys.waves.rules.trials import TRIALS
from shouyue.surveys.weights.rules.raking import draw_weights

SEED = "00ff" * 8
SIZES = st.dictionaries(st.sampled_from(["gold", "silver", "plain", "new"]), st.integers(1, 300), min_size=1)


def _frame(number: int, strata: tuple[str, ...] = ("",)) -> dict[str, str]:
    return {f"{who:032x}": strata[who % len(strata)] for who in range(number)}


def test_a_place_is_the_published_hmac() -> None:
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert place(b"Jefe".hex(), "what do ya want for nothing?") == expected


def test_the_order_of_the_frame_does_not_matter() -> None:
    frame = _frame(50)
    backwards = dict(reversed(frame.items()))
    assert drawn(frame, SEED, {"": 10}) == drawn(backwards, SEED, {"": 10})
    assert frame_hash(frame) == frame_hash(backwards)
    assert frame_hash(frame) != frame_hash(_frame(51))


def test_a_larger_draw_goes_on_where_the_smaller_ended() -> None:
    frame = _frame(200)
    assert drawn(frame, SEED, {"": 80})[:50] == drawn(frame, SEED, {"": 50})


def test_everybody_is_drawn_about_as_often() -> None:
    frame = _frame(20)
    times = dict.fromkeys(frame, 0)
    for number in range(2000):
        for one in drawn(frame, f"{number:064x}", {"": 5}):
            times[one] += 1
    # 500 expected each, standard deviation 19.4: six of them to either side.
    assert all(384 < count < 616 for count in times.values())


def test_too_many_are_refused() -> None:
    with pytest.raises(FrameError, match="more are wanted"):
        drawn(_frame(5), SEED, {"": 6})
    with pytest.raises(FrameError, match="nobody"):
        drawn({}, SEED, {})


@given(strata=SIZES, wanted=st.integers(1, 1500))
def test_an_allocation_gives_out_what_is_wanted(strata: dict[str, int], wanted: int) -> None:
    for given_out in (proportional(strata, wanted), optimal(strata, {"gold": 0.1, "silver": 0.5}, wanted)):
        assert sum(given_out.values()) == min(wanted, sum(strata.values()))
        assert all(1 <= given_out[name] <= strata[name] for name in given_out)


def test_allocations_follow_size_and_spread() -> None:
    strata = {"gold": 100, "plain": 900}
    assert proportional(strata, 100) == {"gold": 10, "plain": 90}
    # Size times spread: 100 * 0.5 to 900 * 0.3.
    assert optimal(strata, {"gold": share_spread(0.5), "plain": share_spread(0.9)}, 64) == {"gold": 10, "plain": 54}
    assert draw_weights(strata, {"gold": 10, "plain": 54}) == {"gold": 10.0, "plain": pytest.approx(900 / 54)}


LOOKS = st.lists(st.integers(1, 60), min_size=1, max_size=2)


@settings(max_examples=60)
@given(steps=LOOKS, shares=st.lists(st.floats(0, 1), min_size=2, max_size=2), p0=st.sampled_from(["0.9", "0.8", "0.5"]))
def test_the_replayed_verdict_is_the_products(steps: list[int], shares: list[float], p0: str) -> None:
    asked = [sum(steps[: k + 1]) for k in range(len(steps))]
    kept = [
        sum(round(share * step) for share, step in zip(shares, steps[: k + 1], strict=False)) for k in range(len(steps))
    ]
    spent = ["1/20"] if len(steps) == 1 else ["1/40", "1/20"]
    told = [{"kept": k, "asked": n, "spent": risk} for k, n, risk in zip(kept, asked, spent, strict=True)]
    assert replay.verdict(told, Fraction(p0)) == str(verdict_at_look(kept, asked, spent, p0))


def test_the_script_stands_alone(tmp_path) -> None:
    frame = _frame(120, ("gold", "plain", "plain"))
    sizes = {"gold": 10, "plain": 30}
    export = {
        "frame": frame,
        "seed": SEED,
        "sizes": sizes,
        "p0": "9/10",
        "looks": [{"kept": 36, "asked": 38, "spent": "1/40"}, {"kept": 88, "asked": 110, "spent": "1/20"}],
    }
    (tmp_path / "replay.py").write_text(_source(), encoding="utf-8")
    # -I -S: neither the environment nor installed packages help.
    command = [sys.executable, "-I", "-S", "replay.py"]
    told = json.dumps(export)
    printed = subprocess.run(command, cwd=tmp_path, input=told, capture_output=True, text=True, check=True).stdout
    expected = {
        "frame_hash": frame_hash(frame),
        "sample": drawn(frame, SEED, sizes),
        "verdict": str(verdict_at_look([36, 88], [38, 110], ["1/40", "1/20"], "0.9")),
    }
    assert printed == json.dumps(expected, sort_keys=True, separators=(",", ":")) + "\n"
    assert expected["verdict"] == "missed"


def _source() -> str:
    from pathlib import Path

    return Path(replay.__file__).read_text(encoding="utf-8")


def test_trials_repeat_themselves_and_err_about_as_often_as_agreed() -> None:
    for trial in TRIALS:
        found = trial.verdicts(40)
        assert found == trial.verdicts(40)
        # At 5 % more than 8 of 40 wrong ones would be a chance of 0.0002; the letter is wrong half the time.
        wrong = [found.count(one) for one in trial.wrong]
        assert (max(wrong) <= 8) is trial.is_judged
