"""Every wall is broken on a copy of the house, one violation at a time, and must be named."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Tree
from tests.house.violations import COMPANIONS, IMPORTS, TEXTS

LINT = Path(sys.executable).parent / "lint-imports"
CONTRACTS = ["floors", "doors", "seats", "wing-customers", "wing-membership", "pure", "cycles"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy that each test breaks and mends again."""
    copy = tmp_path_factory.mktemp("copy") / "house"
    keep = shutil.ignore_patterns("__pycache__", "*.mo", "deep_*")
    for folder in ("src", "tests/house", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=keep)
    for name in ("pyproject.toml", "requirements.in", "tests/__init__.py"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "tests" / "stories").mkdir()
    for story in (ROOT / "tests" / "stories").glob("test_clause_*.py"):
        shutil.copy(story, copy / "tests" / "stories")
    return copy


@pytest.fixture(scope="module")
def standing(house: Path) -> Callable[[Callable[[Tree], list[str]]], set[str]]:
    """What a wall says of the unbroken copy; asked once for all violations of it."""

    @cache
    def said(wall: Callable[[Tree], list[str]]) -> set[str]:
        return set(wall(Tree(house)))

    return said


@pytest.fixture
def plant(house: Path):
    """Adds text to files of the copy; afterwards the copy is as before."""
    before: dict[Path, bytes | None] = {}
    made: list[Path] = []

    def add(name: str, text: str) -> None:
        path = house / name
        made.extend(folder for folder in path.parents if not folder.exists())
        path.parent.mkdir(parents=True, exist_ok=True)
        before.setdefault(path, path.read_bytes() if path.exists() else None)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")

    yield add
    for path, content in before.items():
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def lint(house: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """One contract of import-linter on the copy, whose source stands before the installed one."""
    variables = {**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "250", "NO_COLOR": "1"}
    command = [str(LINT), "--no-logo", "--no-cache", "--contract", contract]
    return subprocess.run(command, cwd=house, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_copy_keeps_every_contract_before_it_is_broken(house, contract):
    assert lint(house, contract).returncode == 0


def seat(house: Path, name: str) -> str:
    """The file of a seat, which may have become a folder."""
    folder = f"src/shouyue/{name.removesuffix('.py')}"
    return f"{folder}/__init__.py" if (house / folder).is_dir() else f"src/shouyue/{name}"


@pytest.fixture
def furnished(house, plant) -> None:
    """The modules that violations reach for, where the rooms do not have them."""
    for name, content in COMPANIONS.items():
        if not (house / seat(house, name)).exists():
            plant(f"src/shouyue/{name}", content)


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("row", IMPORTS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_forbidden_import_breaks_its_contract(house, plant, row):
    contract, name, text, said = row
    plant(seat(house, name), text)
    done = lint(house, contract)
    assert done.returncode == 1
    assert said in done.stdout.replace("\n", " ")


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("row", TEXTS, ids=lambda row: f"{row[0].__name__}-{row[1].rpartition('/')[2]}")
def test_a_violation_is_named_by_its_wall(house, plant, standing, row):
    wall, name, text, said = row
    before = standing(wall)
    plant(name, text)
    new = [problem for problem in wall(Tree(house)) if problem not in before]
    assert any(said in problem for problem in new), new
