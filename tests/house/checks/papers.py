"""What the repository holds besides code: no foreign files, no addresses of one place, documents that are complete."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOT, Tree, text_of

_FOREIGN_FOLDERS = frozenset(
    {"vendor", "vendored", "third_party", "node_modules", "dist", "site-packages", "bower_components"}
)
_FOREIGN_TEXT = re.compile(r"@license|@preserve|sourceMappingURL|Copyright \(c\)", re.IGNORECASE)
_LONG_LINE = 600
_HOSTS = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|unpkg|jsdelivr|cdnjs|cloudflare|debian|ubuntu|aliyun|tsinghua)\.(?:org|com|net|edu)"
    r"|--(?:extra-)?index-url|--find[-]links|\[\[tool\.uv\.index\]\]"
)
_OWN_FOLDERS = re.compile(r"""(?<![\w.~$}/*-])/(?:home|Users|root)/\w""")
_PARTS = (2, 2, 2, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2)  # how many clauses each chapter of the contract has
CLAUSES = [f"{chapter}.{part}" for chapter, parts in enumerate(_PARTS, start=1) for part in range(1, parts + 1)]


def foreign(tree: Tree) -> list[str]:
    """Code of others, and minified files: browser files come from packages, never from the repository."""
    problems = []
    for path in tree.files():
        name = tree.name(path)
        if _FOREIGN_FOLDERS & set(Path(name).parts) or ".min." in path.name:
            problems.append(f"{name} looks like somebody else's file")
        elif path.suffix in {".js", ".css", ".mjs"}:
            text = text_of(path)
            if _FOREIGN_TEXT.search(text):
                problems.append(f"{name} carries somebody else's notice")
            elif any(len(line) > _LONG_LINE for line in text.splitlines()):
                problems.append(f"{name} is minified")
    return problems


def addresses(tree: Tree) -> list[str]:
    """Hosts of package registries and mirrors, and paths of one machine, such as the folder this checkout is in."""
    parent = str(ROOT.parent)
    here = re.compile(rf"(?<![\w.~$}}/*-]){re.escape(parent)}/\w") if len(parent) > 1 else None
    return [
        f"{tree.name(path)}:{number} names {found[0]!r}, which is a place of one machine or registry"
        for path in tree.files()
        if path.name != "LICENSE"
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for pattern in (_HOSTS, _OWN_FOLDERS, here)
        if pattern and (found := pattern.search(line))
    ]


def clauses(tree: Tree) -> list[str]:
    """docs/clauses.md has a row for every clause: its story, which exists, or the words "not yet built"."""
    rows = {row[0]: row for row in table(tree.root / "docs" / "clauses.md")}
    problems = [f"docs/clauses.md has no row for clause {clause}" for clause in CLAUSES if clause not in rows]
    told = set()
    for clause, row in rows.items():
        stories = re.findall(r"test_clause_\w+\.py", row[-1])
        told |= set(stories)
        if not stories and row[-1] != "not yet built":
            problems.append(f"clause {clause} has neither a story nor the words 'not yet built'")
        problems += [
            f"clause {clause}: tests/stories/{story} does not exist"
            for story in stories
            if not (tree.root / "tests" / "stories" / story).exists()
        ]
    found = {path.name for path in (tree.root / "tests" / "stories").glob("test_clause_*.py")}
    return problems + [f"tests/stories/{story} stands in no row of docs/clauses.md" for story in sorted(found - told)]


def words(tree: Tree) -> list[str]:
    """docs/words.md: each row has its Chinese, its English and its name in code; no Chinese word twice.

    The names are in the code, unless they are to come.
    """
    rows = table(tree.root / "docs" / "words.md")
    problems = [f"docs/words.md: {row} is not 中文, English, code" for row in rows if len(row) != 3 or not all(row)]
    seen: set[str] = set()
    for row in rows:
        if row[0] in seen:
            problems.append(f"docs/words.md has {row[0]} twice")
        seen.add(row[0])
    used = {word for path in tree.python() for word in re.findall(r"\w+", text_of(path))}
    for row in rows:
        told = [] if "to come" in row[-1] else re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", row[-1])))
        problems += [f"docs/words.md: {row[0]} is called {name}, which no code is" for name in told if name not in used]
    return problems if rows else ["docs/words.md has no table"]


def unexplained(tree: Tree) -> list[str]:
    """Every silenced warning says why, in the same line."""
    silence = re.compile(r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)\s*$")
    return [
        f"{tree.name(path)}:{number} silences a warning without a reason"
        for path in [*tree.python(tests=True), *tree.test_files()]
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if silence.search(line)
    ]


def table(path: Path) -> list[list[str]]:
    """The cells of every table row of a Markdown file, without headings."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [
        [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith("|") and before.startswith("|") and not _is_rule(line)
    ]


def command_rows(commands: Iterable[tuple[str, str, str]]) -> list[list[str]]:
    """The rows that docs/reference/commands.md must have for (name, arguments, meaning)."""
    return [[f"`{f'./shouyue {name} {arguments}'.strip()}`", meaning] for name, arguments, meaning in commands]


def _is_rule(line: str) -> bool:
    return set(line) <= set("|-: ")
