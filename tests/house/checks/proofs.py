"""Tests that can be trusted: real commits, no mock of our own code, nothing skipped; migrations in one line."""

import ast
import itertools
import re

from tests.house.tree import Tree, parse


def transactional(tree: Tree) -> list[str]:
    """Tests that ask Django to flush the tables. Those that commit use the fixture fresh_database instead."""
    return [
        f"{tree.name(path)}:{node.lineno} uses transaction=True; take the fixture fresh_database"
        for path in tree.test_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.keyword) and node.arg == "transaction" and ast.unparse(node.value) == "True"
    ]


def mocked(tree: Tree) -> list[str]:
    """Mocks of our own code: the test would show what the mock does."""
    return [
        f"{tree.name(path)}:{node.lineno} mocks our own code"
        for path in tree.test_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and (ast.unparse(node.func).endswith("patch") or "patch.object" in ast.unparse(node.func))
        and node.args
        and "shouyue" in ast.unparse(node.args[0])
    ]


def skipped(tree: Tree) -> list[str]:
    """Skips and expected failures hide; what a machine lacks is left out and counted by ./shouyue check."""
    pattern = re.compile(r"(?:pytest|mark)\.(?:skip|skipif|xfail|importorskip)$")
    return [
        f"{tree.name(path)}:{node.lineno} {ast.unparse(node)} hides a test"
        for path in tree.test_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and pattern.search(ast.unparse(node))
    ]


def deep(tree: Tree) -> list[str]:
    """Long runs stand in files named deep_*.py, which only ./shouyue check --deep collects."""
    return [
        f"{tree.name(path)}: tests marked deep belong in a file named deep_*.py"
        for path in tree.test_files()
        if not path.name.startswith("deep_")
        and any(
            isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.deep"
            for node in ast.walk(parse(path))
        )
    ]


def migrations(tree: Tree) -> list[str]:
    """Each room's migrations are one line, numbered without gaps and named for what they do."""
    problems = []
    for folder in sorted(tree.source.glob("*/migrations")):
        names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
        expected = [f"{number:04d}" for number in range(1, len(names) + 1)]
        if [name[:4] for name in names] != expected:
            problems.append(f"{tree.name(folder)}: {', '.join(names)} are not numbered {', '.join(expected)}")
        problems += [f"{tree.name(folder)}/{name}.py is named by a machine" for name in names if "_auto_" in name]
        for before, name in itertools.pairwise(names):
            if f"'{before}'" not in _dependencies(tree, folder.name, folder.parent.name, name):
                problems.append(f"{tree.name(folder)}/{name}.py does not follow {before}")
    return problems


def _dependencies(tree: Tree, folder: str, room: str, name: str) -> str:
    module = parse(tree.source / room / folder / f"{name}.py")
    found = [
        ast.unparse(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "dependencies"
    ]
    return " ".join(found)
