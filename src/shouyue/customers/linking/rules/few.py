"""Chances for a handful of people, of whom nothing can be learned: counted beforehand on people with known truth.

How often true pairs agree so was counted on 20,000 generated people (rules/generated.py, seeds 1 to 4, 5,000 each); how
often two different people do, on 40 times 500 (seeds 10 to 49). 500, because of the pairs of so many people a share of
one in 750 is true: with fewer people the truth is more frequent than that, so what is proposed is rather too little.
What generated people never do, people do: two e-mail addresses in 10 % of the pairs, a wrong title in 3 %, a wrong
birthday in 1 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chance:
    """Of a level: its share among pairs of one person, and among pairs of two."""

    among_true: float
    among_others: float


@dataclass(frozen=True, slots=True)
class Few:
    """Fixed chances for less than `below` people. chances: by comparison, in the order of its levels.

    true_share: of all pairs of two records, those that are one person.
    """

    below: int
    true_share: float
    chances: Mapping[str, Sequence[Chance]]


FEW: Final = Few(
    below=300,
    true_share=1 / 750,
    chances={
        "name": (
            Chance(0.735, 0.000983),  # same
            Chance(0.107, 0.000171),  # sounds
            Chance(0.071, 0.000501),  # masked
            Chance(0.025, 0.000531),  # one_off
            Chance(0.049, 0.000506),  # short
            Chance(0.010, 0.0215),  # family
            Chance(0.003, 0.976),  # other
        ),
        "contact": (
            Chance(0.603, 0.00182),  # both
            Chance(0.257, 0.000434),  # phone
            Chance(0.120, 0.00264),  # home
            Chance(0.020, 0.995),  # other
        ),
        "born": (
            Chance(0.958, 0.00125),  # same
            Chance(0.006, 0.0000236),  # swapped
            Chance(0.026, 0.00436),  # part
            Chance(0.010, 0.994),  # other
        ),
        "email": (Chance(0.90, 0.00214), Chance(0.10, 0.998)),
        "title": (Chance(0.97, 0.5), Chance(0.03, 0.5)),
    },
)
