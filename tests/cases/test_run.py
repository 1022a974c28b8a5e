"""The runner itself: it must see a wrong figure, and the sample cases of the served areas must pass."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.programme import PROGRAMME_KINDS
from tests.cases.run import agrees, main, run

PROJECT = Path(__file__).parents[2]

RIGHT = {
    "id": "right",
    "area": "proportion_ci",
    "input": {"k": 15, "n": 148, "method": "wilson"},
    "expected": [0.0624, 0.1605],
    "tol": 6e-5,
}
WRONG = RIGHT | {"id": "wrong", "expected": [0.0624, 0.1705]}


def _write(path: Path, *cases: dict) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def test_right_case_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_write(tmp_path / "cases.jsonl", RIGHT))]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_wrong_expectation_fails_with_got_and_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_write(tmp_path / "cases.jsonl", RIGHT, WRONG))]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"wrong: got \[0\.06238\d+, 0\.16048\d+\], expected \[0\.0624, 0\.1705\]", first)
    assert last == "1 passed, 1 failed"


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"area": "astrology"}, "not served yet: area astrology"),
        ({"input": {"k": 1, "n": 2, "method": "magic"}}, "not served yet: method magic"),
        ({"input": {"k": 3, "n": 2}}, "ValueError: need 0 <= kept <= asked and asked >= 1, not 3 of 2"),
        ({"input": {"n": 2}}, "KeyError: 'k'"),
        ({"kind": "magic", "area": None}, "not served yet: area None"),
    ],
)
def test_what_cannot_run_is_failed_and_does_not_stop_the_rest(change: dict, failure: str) -> None:
    assert run(RIGHT | change).failure == failure


def test_areas_can_be_chosen_and_the_script_stands_alone(tmp_path: Path) -> None:
    path = _write(tmp_path / "cases.jsonl", RIGHT, WRONG | {"area": "astrology"})
    script = [sys.executable, str(PROJECT / "tests" / "cases" / "run.py"), str(path)]
    chosen = subprocess.run([*script, "--area", "proportion_ci"], capture_output=True, text=True, check=False)
    assert (chosen.returncode, chosen.stdout) == (0, "1 passed, 0 failed\n")
    everything = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (everything.returncode, everything.stdout.splitlines()[-1]) == (1, "1 passed, 1 failed")


def test_served_leaves_out_what_no_room_answers_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [RIGHT, WRONG | {"area": "astrology"}, {"kind": "root", "leaves": [], "root": "00"}]
    path = str(_write(tmp_path / "cases.jsonl", *cases))
    assert main(["--served", path]) == 0
    assert capsys.readouterr().out.splitlines() == ["left out: 2 cases that no room serves yet", "1 passed, 0 failed"]
    assert main([path]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 2 failed"
    wrong = str(_write(tmp_path / "wrong.jsonl", RIGHT | {"input": {"k": 1, "n": 2, "method": "magic"}}))
    assert main(["--served", wrong]) == 1


@pytest.mark.parametrize(
    ("got", "expected", "tol", "same"),
    [
        (1.0, 1, 0, True),
        (1.1, 1, 0.05, False),
        ([1, 2], [1, 2, 3], 1, False),
        ({"a": 1, "b": 2}, {"a": 1}, 0, True),
        ({"b": 2}, {"a": 1}, 0, False),
        ({"a": [1.0, {"b": 2.0}]}, {"a": [1.04, {"b": 1.96}]}, 0.05, True),
        (None, None, 0, True),
        (None, 0, 1, False),
        (True, 1, 1, False),
        (True, True, 0, True),
        ("x", "x", 0, True),
        (float("nan"), 1.0, 1, False),
    ],
)
def test_agreement_is_within_the_tolerance(got: object, expected: object, tol: float, same: bool) -> None:
    assert agrees(got, expected, tol) is same


@pytest.mark.parametrize(
    ("area", "given", "expected"),
    [
        ("decision", {"n": 100, "p0": 0.9, "N": 100}, {"breach_max": 89, "comply_min": 90}),
        ("decision", {"n": [100, 400]}, [{"breach_max": 84, "comply_min": 96}, {"breach_max": 349, "comply_min": 371}]),
        ("decision", {"n": 100, "k": 84}, {"verdict": "missed"}),
        ("nonresponse", {"N": 1000, "n": 400, "k": 372, "p0": 0.9}, 0.88),
        ("nonresponse", {"N": 1000, "n": 400}, 0.4),
        ("nps", {"scores": [10, 9, 8, 6, 0]}, {"nps": 0.0, "var": 0.8}),
        ("sample_size", {"p": 0.85, "p0": 0.9}, 299),
    ],
)
def test_other_shapes_of_input_are_read(area: str, given: dict, expected: object) -> None:
    case = {"id": "shape", "area": area, "input": given, "expected": expected, "tol": 1e-9}
    assert run(case).failure is None


@pytest.mark.shared
def test_all_sample_cases_of_statistics_pass(shared_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = shared_folder / "cases" / "statistics-sample.jsonl"
    status = main([str(sample)])
    report = capsys.readouterr().out.splitlines()
    assert (status, len(report)) == (0, 1), report
    assert report[-1] == "47 passed, 0 failed"


POINTS = {
    "id": "own",
    "kind": "points",
    "program": {},
    "events": [{"op": "earn", "points": "10", "cost": "1"}, {"op": "redeem", "points": "11"}],
    "expect": {"available": "10", "failed_events": [1], "liability_cost": "1.00"},
}


def test_decimals_as_text_are_compared_by_value() -> None:
    assert run(POINTS).failure is None
    assert run(POINTS | {"expect": {"available": "11"}}).failure is not None
    assert run(POINTS | {"events": [{"op": "wish"}]}).failure == "not served yet: op wish"


@pytest.mark.shared
def test_sample_cases_of_membership_pass(shared_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = shared_folder / "cases" / "loyalty-sample.jsonl"
    kinds = ("points", "transfers", "concurrency", "convert", "accounting", *PROGRAMME_KINDS)
    status = main([str(sample), *(word for kind in kinds for word in ("--area", kind))])
    assert (status, capsys.readouterr().out) == (0, "24 passed, 0 failed\n")
