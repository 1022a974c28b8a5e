"""The project as the house tests see it: files, rooms and floors under one root, which may be a copy."""

import ast
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUND = frozenset({"web", "rest", "lake", "store", "kernel"})


@dataclass(frozen=True)
class Tree:
    """A checkout, or a copy of its source. Paths given out are absolute; `name` makes them short."""

    root: Path = ROOT

    @property
    def source(self) -> Path:
        return self.root / "src" / "shouyue"

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    @cached_property
    def floors(self) -> dict[str, int]:
        """The height of each room, from the Floors contract in pyproject.toml; neighbours have the same height."""
        layers = self._layers("floors")
        return {
            room.strip(): len(layers) - depth
            for depth, layer in enumerate(layers)
            for room in layer.replace(":", "|").split("|")
        }

    def places_in_wing(self, room: str) -> set[str]:
        """The sub-rooms and seats that the wing's contract in pyproject.toml puts in order."""
        return {place.strip(" ()") for layer in self._layers(f"wing-{room}") for place in layer.split("|")}

    def _layers(self, contract_id: str) -> list[str]:
        contracts = tomllib.loads((self.root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        return next((contract["layers"] for contract in contracts if contract["id"] == contract_id), [])

    def rooms(self) -> list[str]:
        return sorted(path.name for path in self.source.iterdir() if path.is_dir() and path.name != "__pycache__")

    def wings(self) -> dict[str, list[str]]:
        """Rooms that became wings, each with its sub-rooms: the folders inside it that have a door of their own."""
        found: dict[str, list[str]] = {}
        for door in sorted(self.source.glob("*/*/public.py")):
            found.setdefault(self.room_of(door), []).append(door.parent.name)
        return found

    def room_of(self, path: Path) -> str:
        return path.relative_to(self.source).parts[0]

    def may_know(self, room: str, other: str) -> bool:
        """Whether a file of `room` may name something of `other`: itself, or a room on a lower floor."""
        return room == other or self.floors.get(room, 0) > self.floors.get(other, 0)

    def python(self, *, tests: bool = False, migrations: bool = False) -> list[Path]:
        return [
            path
            for path in sorted(self.source.rglob("*.py"))
            if (tests or "tests" not in path.parts) and (migrations or "migrations" not in path.parts)
        ]

    def test_files(self) -> list[Path]:
        beside = [path for path in self.source.rglob("*.py") if "tests" in path.relative_to(self.source).parts]
        return sorted([*beside, *(self.root / "tests").rglob("*.py")])

    def templates(self) -> list[Path]:
        found = self.source.glob("*/templates/**/*")
        return sorted(path for path in found if path.suffix in {".html", ".txt"})

    def template_rooms(self) -> dict[str, str]:
        """Template name -> the room that owns it."""
        return {
            path.relative_to(self.source / self.room_of(path) / "templates").as_posix(): self.room_of(path)
            for path in self.templates()
        }

    def files(self) -> list[Path]:
        """Every file that git keeps or would keep; in a copy without git, every file."""
        if not (self.root / ".git").exists():
            return sorted(path for path in self.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout
        return sorted(path for name in listed.split("\0") if name and (path := self.root / name).is_file())


def parse(path: Path) -> ast.Module:
    """The tree of a file, to be looked at only. What reads the same is read once: each violation is planted in a copy
    of the whole house.
    """
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def text_of(path: Path) -> str:
    """The text of a file; empty for one that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
