"""./shouyue check on a copy of the house: it goes on after a failure and counts what it leaves out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

TESTS = """
import pytest

def test_right(): assert 1 + 1 == 2
def test_wrong(): assert 1 + 1 == 3
"""
HIDDEN = """
import pytest

def test_right(): assert 1 + 1 == 2
@pytest.mark.skip(reason="hidden")
def test_hidden(): assert 1 + 1 == 3
"""
NEEDY = """
import pytest

def test_right(): assert 1 + 1 == 2
@pytest.mark.browser
def test_in_a_browser(): assert 1 + 1 == 3
@pytest.mark.django_db
def test_on_a_database(): assert 1 + 1 == 3
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy") / "house"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    (copy / "tests").mkdir()
    for name in ("pyproject.toml", "tests/__init__.py", "tests/needs.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def check(house: Path, *words: str) -> tuple[int, list[str]]:
    """Exit code and lines of one run on the copy."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    variables = {**keep, "PYTHONPATH": str(house / "src"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "shouyue.main", "check", *words]
    done = subprocess.run(command, cwd=house, env=variables, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def ends(lines: list[str]) -> list[str]:
    """The summary without its seconds."""
    start = max(number for number, line in enumerate(lines) if not line) + 1
    return [" ".join(word for word in line.split() if word not in {"s"} and "." not in word) for line in lines[start:]]


def test_a_failing_step_does_not_hide_the_next_and_the_end_sums_up(house):
    (house / "src" / "shouyue" / "main" / "crooked.py").write_text("x  =  1\n")
    (house / "tests" / "test_sums.py").write_text(TESTS)
    code, lines = check(house, "--quick", "format", "tests/test_sums.py")
    assert code == 1
    assert any("crooked.py" in line for line in lines)
    assert ends(lines) == ["FAIL format", "FAIL tests 1 failed, 1 passed", "1 passed, 2 failed"]


def test_quick_leaves_out_what_needs_a_database_or_a_browser_and_counts_it(house):
    (house / "tests" / "test_needy.py").write_text(NEEDY)
    code, lines = check(house, "--quick", "tests/test_needy.py")
    assert code == 0
    assert ends(lines) == ["ok tests 1 passed, 2 left out", "1 passed, 0 failed"]
    assert [line for line in lines if line.startswith("left out: ")] == [
        "left out: 1 tests that need: browser",
        "left out: 1 tests that need: database",
    ]


@pytest.mark.shared
@pytest.mark.browser
def test_ci_accepts_no_hidden_test(house, shared_folder, monkeypatch):
    monkeypatch.setenv("SHOUYUE_CASES", str(shared_folder))
    (house / "tests" / "test_hidden.py").write_text(HIDDEN)
    code, lines = check(house, "--ci", "tests/test_hidden.py")
    assert code == 1
    assert "1 tests did not run, and CI leaves none out" in lines
    assert lines[-1] == "1 passed, 1 failed"


@pytest.mark.browser  # where it is here, nothing gets installed
def test_ci_fails_and_names_what_is_missing(house, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOUYUE_CASES", str(tmp_path))
    code, lines = check(house, "--ci", "needs")
    assert code == 1
    assert any(line.startswith("missing: the published cases") for line in lines)


def test_words_that_mean_nothing_are_refused(house):
    code, lines = check(house, "nonsense")
    assert code == 2
    assert lines[0].startswith("usage: ./shouyue check")
