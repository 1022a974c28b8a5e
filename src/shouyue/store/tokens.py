"""Search in sealed names and phones: keyed 64-bit tokens of their parts, in an array column with a GIN index.

A name gives its characters and pairs of characters, and from each character on the beginnings of its pinyin and of its
initials; a phone gives itself and its last four digits. Whoever reads the column sees numbers: equal parts give equal
numbers, so how common a part is can be seen, what it is cannot.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from shouyue.kernel.identities import phone_form
from shouyue.store import keys
from shouyue.store.keys import Use, keyed_digest
from shouyue.store.pinyin import rare_readings, readings

LETTERS_MAX = 12  # of a beginning in pinyin; longer words of a query are found by their first letters
_UNITS_MAX = 24  # characters and words of a name
_BRANCHES_MAX = 8  # ways to read one stretch of a name
_INITIALS_MAX = 6
_HANZI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNIT = re.compile(rf"[{_HANZI}]|[0-9]+|[^\W\d_{_HANZI}]+")
_RUN = re.compile(rf"[{_HANZI}]+|[0-9]+|[^\W\d_{_HANZI}]+")
_IS_HANZI = re.compile(rf"[{_HANZI}]+")
_IS_PAIR = re.compile(rf"[{_HANZI}]{{2}}")
_PHONE_LIKE = re.compile(r"[+0-9(][0-9\s()\-.]{5,}")
_TAIL = 4

# What a token says is sealed in with its sort, so that the character 万 and the letters "wan" differ.
_CHARACTERS, _LETTERS, _PHONE, _PHONE_TAIL = "h", "l", "p", "t"
Part = tuple[str, str]


def tokens_column() -> "ArrayField[list[int], list[int]]":
    """The column for tokens. Give the model `tokens_index` too."""
    return ArrayField(models.BigIntegerField(), default=list)


def tokens_index(field: str, *, name: str) -> GinIndex:
    """The index that makes `matching` quick.

    New tokens wait in a list until there are 2 MB of them (the rows of some 4,000 people) and go into the index
    together: measured with 60,000 people, a sixth to an eighth of the work; looking through the list takes a search
    up to 4 ms.
    """
    return GinIndex(fields=[field], name=name, fastupdate=True, gin_pending_list_limit=2048)


def tokens_of(*, names: Iterable[str] = (), phones: Iterable[str] = ()) -> list[int]:
    """What to keep in the column: signed 64-bit numbers, sorted, each once.

    names: of people or companies, Chinese or not. phones: as typed; what is no phone gives nothing.
    """
    key = keys.ring().current.derived(Use.TOKENS)
    tokens = {token for name in names for token in _tokens_of_name(key, name)}
    for form in filter(None, map(phone_form, phones)):
        # Whole phones hardly ever come again: they would only push others out of what is remembered.
        tokens |= {_made_token(key, _PHONE, form), _token(key, _PHONE_TAIL, form[-_TAIL:])}
    return sorted(tokens)


def tokens_of_query(text: str) -> list[list[int]]:
    """What to look for: a record matches when it has at least one token of every group.

    Blanks separate words that must all be there: characters (伟鑫), pinyin whole or begun (wangwei, wang w), initials
    (wwx), the last four digits of a phone, or a whole phone. Words that are too long are cut, so a match may be too
    wide; never too narrow. Empty when there is nothing to look for.
    """
    derived = [key.derived(Use.TOKENS) for key in keys.ring().keys]
    return [[_token(key, sort, part) for key in derived for sort, part in group] for group in parts_of_query(text)]


def matching(field: str, text: str) -> Q:
    """The condition on a token column for a query; nothing matches a query without a word."""
    groups = tokens_of_query(text)
    if not groups:
        return Q(pk__in=[])
    condition = Q()
    for group in groups:
        condition &= Q(**{f"{field}__overlap": group})
    return condition


def parts_of_name(name: str) -> set[Part]:
    """The readable parts, before they become numbers."""
    units = _UNIT.findall(_plain(name))[:_UNITS_MAX]
    spoken = tuple(readings(unit) or (unit,) for unit in units)
    initials = tuple(tuple(dict.fromkeys(word[0] for word in words)) for words in spoken)
    parts: set[Part] = {(_CHARACTERS, unit) for unit in units if _IS_HANZI.fullmatch(unit)}
    parts |= {(_CHARACTERS, pair) for pair in map("".join, itertools.pairwise(units)) if _IS_PAIR.fullmatch(pair)}
    for start, unit in enumerate(units):
        parts |= {(_LETTERS, syllable) for syllable in rare_readings(unit)}
        letters = _beginnings(spoken[start:], LETTERS_MAX) | _beginnings(initials[start:], _INITIALS_MAX)
        # One letter is worth a token only where a name begins: elsewhere it would find nearly everybody.
        parts |= {(_LETTERS, begun) for begun in letters if len(begun) > 1 or start == 0}
    return parts


def parts_of_query(text: str) -> list[list[Part]]:
    """The readable groups of `tokens_of_query`."""
    plain = _plain(text)
    if _PHONE_LIKE.fullmatch(plain) and (form := phone_form(plain)):
        return [[(_PHONE, form)]]
    groups: list[list[Part]] = []
    for run in _RUN.findall(plain):
        if _IS_HANZI.fullmatch(run):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            groups += [[(_CHARACTERS, pair)] for pair in pairs]
        elif run.isdecimal() and len(run) >= _TAIL:
            groups.append([(_LETTERS, run[:LETTERS_MAX]), (_PHONE_TAIL, run[-_TAIL:])])
        else:
            groups.append([(_LETTERS, run[:LETTERS_MAX])])
    return groups


def _plain(text: str) -> str:
    """Full-width forms and capitals undone, accents and apostrophes dropped: "Xi’an" is "xian"."""
    apart = unicodedata.normalize("NFKD", text).replace("'", "").replace("’", "")
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return unicodedata.normalize("NFKC", bare).casefold().strip()


@functools.lru_cache(maxsize=50_000)  # given names come again and again
def _beginnings(units: tuple[tuple[str, ...], ...], letters_max: int) -> frozenset[str]:
    """Every beginning, up to so many letters, of every way to say the units one after the other."""
    begun: set[str] = set()
    said = [""]
    for words in units:
        longer = list(dict.fromkeys((before + word)[:letters_max] for before in said for word in words))
        begun |= {text[:end] for text in longer for end in range(1, len(text) + 1)}
        # The usual readings come first; the rarest combinations of a long name are let go.
        said = [text for text in longer if len(text) < letters_max][:_BRANCHES_MAX]
        if not said:
            break
    return frozenset(begun)


@functools.lru_cache(maxsize=20_000)  # and so do whole names
def _tokens_of_name(key: bytes, name: str) -> frozenset[int]:
    return frozenset(_token(key, sort, part) for sort, part in parts_of_name(name))


@functools.lru_cache(maxsize=200_000)
def _token(key: bytes, sort: str, text: str) -> int:
    return _made_token(key, sort, text)


def _made_token(key: bytes, sort: str, text: str) -> int:
    return int.from_bytes(keyed_digest(key, f"{sort}{text}".encode(), size=8), signed=True)
