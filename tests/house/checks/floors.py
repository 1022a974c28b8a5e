"""The floors where import-linter cannot look: templates, addresses, names of models, imports for annotations."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import Tree, parse

_TEMPLATE_TAG = re.compile(r"""\{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
_URL_TAG = re.compile(r"""\{%\s*url\s+["']([\w-]+):""")
_URL_VALUE = re.compile(r"""(?:_href|\bhref|\burl|view)=["']([a-z]+):[a-z_]""")
_COMPONENT = re.compile(r"<c-([a-z][\w.-]*)")
_BUILT_IN = {"vars", "slot", "component"}
_STRING = re.compile(r"([a-z][a-z_]*)(?::[a-z_:]+|\.[A-Z]\w+|\.[a-z]+_[a-z_]+|/[\w/.-]+\.(?:html|txt|css|js|svg))")


def in_templates(tree: Tree) -> list[str]:
    """Templates that include, extend, link to, or use a component of a room above, or a component that is nowhere."""
    owners = tree.template_rooms()
    problems = []
    for path in tree.templates():
        text, room, name = path.read_text(encoding="utf-8"), tree.room_of(path), tree.name(path)
        used = [(found, owners.get(found.partition("#")[0], room)) for found in _TEMPLATE_TAG.findall(text)]
        problems += [
            f"{name}: there is no template {found}"
            for found in _TEMPLATE_TAG.findall(text)
            if _is_nowhere(found, tree, owners)
        ]
        used += [(f"{found}:…", found) for found in [*_URL_TAG.findall(text), *_URL_VALUE.findall(text)]]
        for component in set(_COMPONENT.findall(text)) - _BUILT_IN:
            owner = _component_owner(component, owners)
            if owner is None:
                problems.append(f"{name}: there is no component <c-{component}>")
            used.append((f"<c-{component}>", owner or room))
        problems += [
            f"{name}: {thing} is of {owner}, a room that {room} may not know"
            for thing, owner in used
            if owner in tree.floors and not tree.may_know(room, owner)
        ]
    return problems


def in_strings(tree: Tree) -> list[str]:
    """Strings in Python that name an address, a model, a template or a permission of a room above."""
    return [
        f"{tree.name(path)}:{node.lineno} {node.value!r} is of {owner}, a room that {tree.room_of(path)} may not know"
        for path in tree.python()
        for node in _strings(parse(path))
        if (found := _STRING.fullmatch(node.value))
        and (owner := found[1]) in tree.floors
        and not tree.may_know(tree.room_of(path), owner)
    ]


def in_annotations(tree: Tree) -> list[str]:
    """Imports under TYPE_CHECKING, which the contracts leave out, look down too."""
    return [
        f"{tree.name(path)}:{node.lineno} {module} is of {owner}, a room that {tree.room_of(path)} may not know"
        for path in tree.python()
        for node in ast.walk(parse(path))
        for module in _modules(node)
        if module.startswith("shouyue.")
        and (owner := module.split(".")[1]) in tree.floors
        and not tree.may_know(tree.room_of(path), owner)
    ]


def folders(tree: Tree) -> list[str]:
    """Templates and static files of a room stand in a folder of its name, so that they cannot hide another's."""
    return [
        f"{tree.name(path)} is outside {kind}/{tree.room_of(path)}"
        for kind in ("templates", "static")
        for path in sorted(tree.source.glob(f"*/{kind}/**/*"))
        if path.is_file() and not _is_at_home(path, tree.source / tree.room_of(path) / kind, tree.room_of(path))
    ]


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _is_at_home(path: Path, folder: Path, room: str) -> bool:
    first, *rest = path.relative_to(folder).parts
    # The shell holds everybody's components, the pages of allauth in our clothes, and Django's error pages.
    return room in {"web", first} or (first == "cotton" and rest[0] == room)


def _is_nowhere(template: str, tree: Tree, owners: dict[str, str]) -> bool:
    """A template of one of our rooms that no file holds; `#part` names a partial of it."""
    file = template.partition("#")[0]
    return file.partition("/")[0] in tree.floors and file not in owners


def _component_owner(component: str, owners: dict[str, str]) -> str | None:
    path = component.replace(".", "/")
    names = (path, path.replace("-", "_"), f"{path}/index", f"{path.replace('-', '_')}/index")
    return next((owners[found] for name in names if (found := f"cotton/{name}.html") in owners), None)


def _strings(module: ast.Module) -> Iterator[ast.Constant]:
    """String values, without docstrings."""
    texts = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield node
