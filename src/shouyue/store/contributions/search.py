"""Search over everything: rooms give groups of hits for what a person typed."""

import functools
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from django.utils.functional import Promise

from shouyue.store.registry import Reader
from shouyue.store.tokens import Part, parts_of_name, parts_of_query

QUERY_MAX = 80  # characters; what is longer is no name and no number
HITS = 6

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line of the palette, which leads to `url`."""

    title: str | Promise
    url: str
    note: str | Promise = ""


# What was typed (trimmed, not empty), who asks, how many at most.
Find: TypeAlias = Callable[[str, Reader, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGroup:
    """Hits of one kind. order: smaller stands first; leave gaps of ten. find: best first, only what the reader may see.

    It is asked while a person types: a look-up through an index, or nothing.
    """

    name: str
    order: int
    title: str | Promise
    find: Find


@dataclass(frozen=True, slots=True)
class Found:
    """A group with its hits, at least one."""

    title: str | Promise
    hits: Sequence[Hit]


_groups: dict[str, SearchGroup] = {}


def add(group: SearchGroup) -> None:
    """Register a group. The same name again replaces it."""
    _groups[group.name] = group


def found(text: str, reader: Reader, *, hits_max: int = HITS) -> list[Found]:
    """Every group that has a hit, in order. Nothing for nothing typed, or for more than QUERY_MAX characters."""
    asked = unicodedata.normalize("NFKC", text).strip()
    if not asked or len(asked) > QUERY_MAX or "\x00" in asked:
        return []
    inside = sorted(_groups.values(), key=lambda group: (group.order, group.name))
    given = [Found(group.title, group.find(asked, reader, hits_max)) for group in inside]
    return [one for one in given if one.hits]


def ranked(asked: str, things: Iterable[tuple[Thing, Sequence[str]]], *, most: int = HITS) -> list[Thing]:
    """Of things with their texts (a number, a Chinese title, an English one), those that fit best, at most so many.

    A text fits when it is what was asked, begins with it, contains it, or is read so: pinyin and initials count.
    """
    fits = [(rank, place, thing) for place, (thing, texts) in enumerate(things) if (rank := _rank(asked, texts)) < _NO]
    return [thing for _rank_of, _place, thing in sorted(fits, key=lambda fit: fit[:2])[:most]]


_IS, _BEGINS, _CONTAINS, _SOUNDS, _NO = range(5)


def _rank(asked: str, texts: Sequence[str]) -> int:
    plain = asked.casefold()
    return min((_rank_of(plain, text) for text in texts if text), default=_NO)


def _rank_of(plain: str, text: str) -> int:
    folded = text.casefold()
    if folded == plain:
        return _IS
    if folded.startswith(plain):
        return _BEGINS
    if plain in folded:
        return _CONTAINS
    if not any(letter.isalpha() for letter in plain):
        return _NO  # a number is not read aloud: "4.4" is not every title with a 4
    parts = _spoken(text)
    groups = parts_of_query(plain)
    return _SOUNDS if groups and all(any(part in parts for part in group) for group in groups) else _NO


@functools.lru_cache(maxsize=2_000)  # titles of pages and clauses: the same few hundred at every key press
def _spoken(text: str) -> frozenset[Part]:
    return frozenset(parts_of_name(text))
