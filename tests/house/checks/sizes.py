"""Sizes that one person can hold in the head. Each check returns a sentence for each place that is too large."""

import ast

from tests.house.tree import GROUND, Tree, line_count, parse

FUNCTION_LINES, FILE_LINES, ROOM_LINES, DOOR_NAMES = 50, 400, 2500, 20
TEMPLATE_LINES, COMPONENT_LINES, README_LINES = 150, 60, 120


def functions(tree: Tree) -> list[str]:
    return [
        f"{tree.name(path)}:{node.lineno} {node.name} has {size} lines; the limit is {FUNCTION_LINES}"
        for path in tree.python(tests=True)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def files(tree: Tree) -> list[str]:
    paths = tree.python(tests=True)
    return [
        f"{tree.name(path)} has {size} lines; the limit is {FILE_LINES}"
        for path in paths
        if (size := line_count(path)) > FILE_LINES
    ]


def rooms(tree: Tree) -> list[str]:
    """A room, a sub-room of a wing, or on the ground and in main a folder of it, without tests and migrations."""
    lines: dict[str, int] = {}
    wings = tree.wings()
    for path in tree.python():
        room, *inside = path.relative_to(tree.source).parts
        is_sub_room = inside[:1] != [] and inside[0] in wings.get(room, [])
        is_apart = is_sub_room or (room in GROUND | {"main"} and len(inside) > 1)
        place = f"{room}/{inside[0]}" if is_apart else room
        lines[place] = lines.get(place, 0) + line_count(path)
    return [
        f"{place} has {size} lines; the limit of a room is {ROOM_LINES}"
        for place, size in sorted(lines.items())
        if size > ROOM_LINES
    ]


def doors(tree: Tree) -> list[str]:
    """A public door lists its names, at most so many, and holds nothing but imports."""
    problems = []
    for path in sorted(tree.source.glob("**/public.py")):
        module, names = parse(path), None
        for node in module.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names = ast.literal_eval(node.value) if isinstance(node.value, ast.List | ast.Tuple) else None
            elif not (isinstance(node, ast.Import | ast.ImportFrom) or _is_docstring(node)):
                problems.append(f"{tree.name(path)}:{node.lineno} a door only re-exports")
        if names is None:
            problems.append(f"{tree.name(path)} has no plain __all__")
        elif len(names) > DOOR_NAMES:
            problems.append(f"{tree.name(path)} has {len(names)} names; the limit is {DOOR_NAMES}")
    return problems


def templates(tree: Tree) -> list[str]:
    problems = []
    for path in tree.templates():
        limit = COMPONENT_LINES if "cotton" in path.parts else TEMPLATE_LINES
        if (size := line_count(path)) > limit:
            problems.append(f"{tree.name(path)} has {size} lines; the limit is {limit}")
    return problems


def readmes(tree: Tree) -> list[str]:
    """A room with records explains itself in a README.md of at most so many lines."""
    problems = []
    for room in tree.rooms():
        home = tree.source / room
        readme = home / "README.md"
        if readme.exists():
            if (size := line_count(readme)) > README_LINES:
                problems.append(f"{tree.name(readme)} has {size} lines; the limit is {README_LINES}")
        elif (home / "models.py").exists() or (home / "models").is_dir():
            problems.append(f"the room {room} has records but no README.md")
    return problems


def wings(tree: Tree) -> list[str]:
    """Each wing has its contract in pyproject.toml, which says in which order its sub-rooms may know each other."""
    return [
        f"the wing {room} has no contract wing-{room} that places {sub}"
        for room, subs in tree.wings().items()
        for sub in subs
        if sub not in tree.places_in_wing(room)
    ]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
