"""The Chinese catalogue: collects every visible string of the source, keeps the .po in order, compiles the .mo.

No gettext program is needed: Babel reads Python, Django's `templatize` turns templates into Python, and one pattern
more finds the strings in dynamic attributes of components (`:label="_('…')"`).
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Babel costs 0.1 s; a start that finds the catalogue fresh does without it.
    from babel.messages.catalog import Catalog, Message

    _Text = str | list[str] | tuple[str, ...] | None

SOURCE = Path(__file__).resolve().parent.parent
PO = Path(__file__).resolve().parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Where the .mo goes when the checkout is read-only; settings.LOCALE_PATHS names it second.
FALLBACK_LOCALE = Path(sys.prefix) / "shouyue-locale"

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_HEADER = """\
# Chinese texts of Shouyue. Kept by ./shouyue translate: fill in msgstr, it does the rest.
msgid ""
msgstr ""
"Project-Id-Version: Shouyue\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# The calls that templatize writes between blanked-out text; each stands on one line.
_CALL = re.compile(rf"\b(?:n?p?gettext|_)\({_STRING}(?:,\s*{_STRING})*(?:,\s*count)?\)")
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
_DYNAMIC_ATTRIBUTE = re.compile(r"""\s:[\w.-]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CONSTANT = re.compile(rf"\b_\({_STRING}\)")
_NAMED_PLACE = re.compile(r"%\((\w+)\)[a-z]|\{([a-zA-Z_]\w*)[^{}]*\}")
_UNNAMED_PLACE = re.compile(r"%[sdrf]|\{\d*\}")


class CatalogueError(Exception):
    """A source or catalogue file that cannot be read; the text names the file and the reason."""


def translate_command(words: list[str]) -> int:
    """Update and compile. `--check`: change nothing, exit 1 if incomplete. `--merge FILE…`: take their texts over."""
    if words == ["--check"]:
        problems = catalogue_problems()
        _say(*(problems or ["the Chinese catalogue is complete"]))
        return 1 if problems else 0
    if words and (words[0] != "--merge" or len(words) == 1):
        _say("usage: ./shouyue translate [--check | --merge FILE…]")
        return 2
    update()
    if words:
        _say(*merge([Path(word) for word in words[1:]]))
    compile_catalogue()
    untranslated = missing()
    _say(*(f"no Chinese yet: {text}" for text in untranslated), *check_placeholders())
    _say(f"{PO.name}: {len(_read(PO))} texts, {len(untranslated)} without Chinese")
    return 0


def catalogue_problems(source: Path = SOURCE, po: Path = PO) -> list[str]:
    """Everything that keeps the catalogue from being complete, one sentence each; empty when it is."""
    written = po.read_text(encoding="utf-8") if po.exists() else ""
    stale = [] if written == updated_text(source, po) else ["django.po is out of date: run ./shouyue translate"]
    return [*stale, *(f"no Chinese yet: {text}" for text in missing(po)), *check_placeholders(po)]


def extract(source: Path = SOURCE) -> "Catalog":
    """Every translatable string of the Python files and templates under `source`, ordered by its first place.

    Tests and migrations are left out. Raises CatalogueError naming a file that cannot be read.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract as babel_extract

    found = Catalog(locale="zh_Hans", fuzzy=False)
    for path in _sources(source):
        name = path.relative_to(source).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
            python = text if path.suffix == ".py" else _template_calls(text, name)
            rows = list(babel_extract("python", BytesIO(python.encode()), _KEYWORDS, ("Translators",)))
        except (SyntaxError, UnicodeDecodeError) as wrong:
            raise CatalogueError(f"{name} cannot be read for its texts: {wrong}") from wrong
        for line, message, comments, context in rows:
            if message:
                found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def updated_text(source: Path = SOURCE, po: Path = PO) -> str:
    """The .po as it should be: the source's strings in order, with the Chinese that `po` already has. No guesses."""
    from babel.messages.pofile import generate_po

    known = _read(po)
    wanted = extract(source)
    for message in wanted:
        if message.id:
            message.string = _shaped(message, _translation(known, message))
    return (
        _HEADER
        + "".join(generate_po(wanted, omit_header=True, ignore_obsolete=True, include_lineno=False, width=0)).rstrip(
            "\n"
        )
        + "\n"
    )


def update(source: Path = SOURCE, po: Path = PO) -> None:
    """Write the .po anew: new strings come in empty, strings that left the source are dropped."""
    text = updated_text(source, po)
    po.parent.mkdir(parents=True, exist_ok=True)
    if not po.exists() or po.read_text(encoding="utf-8") != text:
        po.write_text(text, encoding="utf-8")


def merge(files: list[Path], po: Path = PO) -> list[str]:
    """Fill empty texts of `po` from other .po files. Existing Chinese stays; returns a sentence per disagreement."""
    from babel.messages.pofile import generate_po

    catalogue = _read(po)
    notes = []
    for file in files:
        for offered in _read(file):
            if not offered.id or not _is_translated(offered):
                continue
            place = catalogue.get(offered.id, offered.context)
            if place is None:
                notes.append(f"{file.name}: not in the source: {_shown(offered)}")
            elif not _is_translated(place):
                place.string = _shaped(place, offered.string)
            elif _shaped(place, offered.string) != place.string:
                notes.append(f"{file.name}: kept {place.string!r}, not {offered.string!r}, for {_shown(place)}")
    body = "".join(generate_po(catalogue, omit_header=True, ignore_obsolete=True, include_lineno=False, width=0))
    po.write_text(_HEADER + body.rstrip("\n") + "\n", encoding="utf-8")
    return notes


def missing(po: Path = PO) -> list[str]:
    """The English of every text of `po` that has no Chinese."""
    return [_shown(message) for message in _read(po) if message.id and not _is_translated(message)]


def check_placeholders(po: Path = PO) -> list[str]:
    """A sentence for each text whose Chinese names other places than its English, or whose places have no name."""
    problems = []
    for message in _read(po):
        if not message.id:
            continue
        english = message.id[-1] if isinstance(message.id, tuple | list) else message.id
        chinese = "".join(message.string) if isinstance(message.string, tuple | list) else message.string or ""
        if _UNNAMED_PLACE.search(english.replace("%%", "")) or _UNNAMED_PLACE.search(chinese.replace("%%", "")):
            problems.append(f"a place without a name: {_shown(message)}")
        elif chinese and _places(english) != _places(chinese):
            problems.append(f"other places in Chinese than in English: {_shown(message)}")
    return problems


def compile_if_stale(po: Path = PO) -> bool:
    """Compile when the .mo is missing or older than the .po; a fresh one costs two stat calls. True if it compiled."""
    if not po.exists():
        return False
    for mo in (po.with_suffix(".mo"), _fallback(po)):
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            return False
    compile_catalogue(po)
    return True


def compile_catalogue(po: Path = PO) -> Path:
    """Write the .mo beside `po`, or into the environment's folder when the checkout is read-only. Returns its path."""
    from babel.messages.mofile import write_mo

    catalogue = _read(po)
    for message in catalogue:
        if message.id and not _is_translated(message):
            message.string = ""  # Babel would write an empty plural as if it were a translation.
    packed = BytesIO()
    write_mo(packed, catalogue)
    for mo in (po.with_suffix(".mo"), _fallback(po)):
        try:
            _replace(mo, packed.getvalue())
        except OSError:
            continue
        return mo
    raise CatalogueError(
        f"neither {po.parent} nor {FALLBACK_LOCALE} can be written; the Chinese texts need one of them"
    )


def _replace(path: Path, content: bytes) -> None:
    """Write beside and rename: several processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_bytes(content)
    scratch.replace(path)


def _fallback(po: Path) -> Path:
    return FALLBACK_LOCALE.joinpath(*po.parts[-3:]).with_suffix(".mo")


def _sources(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source).parts
        if {"tests", "migrations", "__pycache__"} & set(inside):
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in inside):
            yield path


def _template_calls(text: str, name: str) -> str:
    """A Python text with the template's gettext calls on the lines where the template has them, and nothing else.

    Only the calls go on to Babel: its tokenizer would trip over the indentation of the blanked-out rest.
    """
    from django.utils.translation.template import templatize

    lines: dict[int, list[str]] = {}
    for number, line in enumerate(templatize(text, origin=name).splitlines(), start=1):
        lines.setdefault(number, []).extend(_CALL.findall(line))
    bare = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    for attribute in _DYNAMIC_ATTRIBUTE.finditer(bare):
        number = bare.count("\n", 0, attribute.end()) + 1
        lines.setdefault(number, []).extend(_CONSTANT.findall(attribute[1] or attribute[2] or ""))
    return "".join("; ".join(lines.get(number, [])) + "\n" for number in range(1, max(lines, default=0) + 1))


def _read(po: Path) -> "Catalog":
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import PoFileError, read_po

    if not po.exists():
        return Catalog(locale="zh_Hans", fuzzy=False)
    try:
        with po.open("rb") as file:
            return read_po(file, locale="zh_Hans", abort_invalid=True, charset="utf-8")
    except (PoFileError, UnicodeDecodeError) as wrong:
        raise CatalogueError(f"{po} is not a catalogue: {wrong}") from wrong


def _translation(known: "Catalog", message: "Message") -> "_Text":
    old = known.get(message.id, message.context)
    return old.string if old is not None else None


def _shaped(message: "Message", text: "_Text") -> str | tuple[str, ...]:
    """Chinese has one form: a plural entry holds it as a tuple of one, any other as plain text."""
    plain = text if isinstance(text, str) else next(iter(text or ()), "")
    return (plain,) if isinstance(message.id, tuple | list) else plain


def _is_translated(message: "Message") -> bool:
    return bool(message.string) and all(message.string or "")


def _places(text: str) -> set[str]:
    return {old or new for old, new in _NAMED_PLACE.findall(text.replace("%%", ""))}


def _shown(message: "Message") -> str:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return f"{text!r} ({message.context})" if message.context else repr(text)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
