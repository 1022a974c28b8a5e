"""How records are compared, in words that a linking engine carries out: levels, their exact chances, blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from shouyue.customers.linking.rules.few import Few


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two values can agree.

    name: kept with a match and told in words on screens. condition: SQL on `l` and `r`. pairs: SQL that counts the
    pairs of two records of which it holds, from the frequencies of values in the table `people`; "" for the last level.
    frequent: the column whose frequent values say less.
    """

    name: str
    condition: str
    pairs: str = ""
    frequent: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels of one kind of evidence, the strongest first; the last one is everything else.

    missing: SQL on `l` and `r` of pairs about which it says nothing. compared: SQL that counts the other pairs.
    """

    name: str
    missing: str
    levels: Sequence[Level]
    compared: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """blocks: columns that are equal in the pairs that are looked at. exploded: lists that have a value in common.

    shared, shared_lists: columns whose very frequent values are fillers or hotlines, which say nothing.
    learned_in: blocks in which chances among true pairs are estimated. certain: blocks that hardly hold any false pair,
    which say how many true pairs there are; recall: the share of all true pairs that they hold.
    few: fixed chances for so few people that nothing can be learned of them.
    """

    comparisons: Sequence[Comparison]
    blocks: Sequence[Sequence[str]]
    learned_in: Sequence[Sequence[str]]
    certain: Sequence[Sequence[str]]
    recall: float = 0.8
    exploded: Sequence[str] = ()
    shared: Sequence[str] = ()
    shared_lists: Sequence[str] = ()
    few: Few | None = None


def equal_pairs(*columns: str, where: str = "true") -> str:
    """SQL that counts pairs of records with equal values."""
    listed = ", ".join(columns)
    known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return (
        f"(SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM "  # noqa: S608 names of columns of our own
        f"(SELECT count(*)::double AS n FROM people WHERE {known} AND {where} GROUP BY {listed}))"
    )


def known_pairs(condition: str) -> str:
    """SQL that counts pairs of records of which both fulfil a condition."""
    return f"(SELECT count(*)::double * (count(*) - 1) / 2 FROM people WHERE {condition})"  # noqa: S608 conditions of our own
