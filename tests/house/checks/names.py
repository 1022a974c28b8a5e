"""Names say what a thing is; every module says what it is for."""

import ast
import re

from tests.house.tree import Tree, parse

_EMPTY_WORD = re.compile(r"utils?|helpers?|misc|common|managers?")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def banned(tree: Tree) -> list[str]:
    """Modules, folders, classes, functions and top-level values whose name holds a word that says nothing."""
    problems = []
    for path in tree.python(tests=True):
        parts = path.relative_to(tree.source).with_suffix("").parts
        problems += [f"{tree.name(path)}: {part!r} says nothing" for part in parts if _says_nothing(part)]
        for node in ast.walk(parse(path)):
            is_definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if is_definition and _says_nothing(node.name):
                problems.append(f"{tree.name(path)}:{node.lineno} {node.name!r} says nothing")
    return problems


def docstrings(tree: Tree) -> list[str]:
    """Every module that holds something opens with what it is for."""
    return [
        f"{tree.name(path)} does not say what it is for"
        for path in tree.python(tests=True)
        if (module := parse(path)).body and ast.get_docstring(module) is None
    ]


def errors(tree: Tree) -> list[str]:
    """Exceptions of our own end in Error."""
    return [
        f"{tree.name(path)}:{node.lineno} {node.name} is an exception and does not end in Error"
        for path in tree.python()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).rpartition(".")[2].endswith(("Error", "Exception")) for base in node.bases)
        and not node.name.endswith("Error")
    ]


def _says_nothing(name: str) -> bool:
    return any(_EMPTY_WORD.fullmatch(word.lower()) for word in _WORD.findall(name))
