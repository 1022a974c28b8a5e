"""Templates that a strict Content-Security-Policy accepts, every word of them translatable."""

import ast
import re

from tests.house.tree import Tree, parse

_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_FORBIDDEN = {
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on\b", re.IGNORECASE),
    "a javascript: value": re.compile(r"""["'](?:javascript|js):""", re.IGNORECASE),
    "a filter in hx-trigger": re.compile(r"""\shx-trigger\s*=\s*["'][^"']*\[""", re.IGNORECASE),
    "something from another host": re.compile(r"""(?:src|<link[^>]*href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
}
# Words in a plain attribute of a component or element, which no catalogue can reach.
_WORDS = re.compile(
    r"""\s(?:label|title|heading|placeholder|alt|aria-label|aria-description|summary|note|hint|text|empty|caption)"""
    r"""=["']([^"'{}]*[A-Za-z]{2}[^"'{}]*)["']"""
)
_TAG = re.compile(r"""<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>""", re.IGNORECASE)
_GETTEXT = re.compile(r"_|n?p?gettext(?:_lazy|_noop)?")
_RAW_COMPONENT = re.compile(r"</?c-[a-z]")


def inline(tree: Tree) -> list[str]:
    return [
        f"{tree.name(path)}:{text.count(chr(10), 0, found.start()) + 1} has {what}"
        for path in tree.templates()
        for text in [_without_comments(path.read_text(encoding="utf-8"))]
        for what, pattern in _FORBIDDEN.items()
        for found in pattern.finditer(text)
    ]


def untranslatable(tree: Tree) -> list[str]:
    return [
        f"{tree.name(path)}: {found[0].strip()} cannot be translated; write :name=\"_('…')\" or {{% translate %}}"
        for path in tree.templates()
        for tag in _TAG.findall(_without_comments(path.read_text(encoding="utf-8")))
        if " lang=" not in tag  # the name of a language, in that language
        for found in _WORDS.finditer(tag)
    ]


def glued(tree: Tree) -> list[str]:
    """Texts put together before translation (f-strings, format, %, +), which no catalogue can find."""
    return [
        f"{tree.name(path)}:{node.lineno} {ast.unparse(node)} is glued before it is translated"
        for path in tree.python()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and _GETTEXT.fullmatch(ast.unparse(node.func).rpartition(".")[2])
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call) for argument in node.args[:2])
    ]


def raw_components(page: str) -> list[str]:
    """Component tags that reached a rendered page uncompiled. For the tests of any room: must be []."""
    return _RAW_COMPONENT.findall(page)


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
