"""Rules and the kernel are plain: the same answer for the same input, no clock, no chance, no files."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

from tests.house.tree import Tree, parse

# The two places whose whole purpose is to read the clock and to make ids.
_OUTERMOST = {"kernel/clock.py", "kernel/ids.py"}
_IMPURE_MODULE = re.compile(
    r"os|io|pathlib|socket|subprocess|tempfile|shutil|urllib|http|time|secrets|sqlite3|logging|threading|asyncio"
)
_IMPURE_CALL = re.compile(r"open|print|input|now|today|utcnow|uuid[14]|new_id|urandom|getenv")


def rules(tree: Tree) -> list[str]:
    """Imports and calls in `rules` and `kernel` that reach for the machine or the moment."""
    problems = []
    for path in tree.python():
        inside = path.relative_to(tree.source)
        is_pure = inside.parts[0] == "kernel" or "rules" in inside.with_suffix("").parts
        if not is_pure or inside.as_posix() in _OUTERMOST:
            continue
        for node in ast.walk(parse(path)):
            problems += [f"{tree.name(path)}:{node.lineno} {what}" for what in _reaches_out(node)]
    return problems


def undeclared(tree: Tree) -> list[str]:
    """Imported packages that requirements.in does not name; what another package brings may leave with it."""
    declared = _declared(tree.root / "requirements.in")
    providers = importlib.metadata.packages_distributions()
    return [
        f"{tree.name(path)}:{node.lineno} {package} is not in requirements.in"
        for path in tree.python()
        for node in ast.walk(parse(path))
        for package in _imported_packages(node)
        if package not in sys.stdlib_module_names
        and package != "shouyue"
        and not declared & {_normal(name) for name in providers.get(package, [package])}
    ]


def _reaches_out(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [f"rules do not import {name}" for name in _imported_packages(node) if _IMPURE_MODULE.fullmatch(name)]
    if not isinstance(node, ast.Call):
        return []
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    if _IMPURE_CALL.fullmatch(last) or (called.startswith("random.") and last != "Random"):
        return [f"rules do not call {called}(); take its value as an argument"]
    if last == "default_rng" and not node.args and not node.keywords:
        return ["rules take their seed as an argument"]
    return []


def _imported_packages(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [(node.module or "").partition(".")[0]]
    return []


def _declared(requirements: Path) -> set[str]:
    lines = requirements.read_text().splitlines()
    return {_normal(found[0]) for line in lines if (found := re.match(r"[A-Za-z0-9._-]+", line))}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
