"""The monthly audit of accuracy: a sample nobody could choose, a comparison without regard, bounds for silence.

The seed is fixed by its commitment before anybody is drawn. After the audit the seed is open, and anyone can draw the
same sample again from the list of customers of that moment.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Final

from shouyue.kernel.identities import email_form, phone_form
from shouyue.kernel.shares import Interval, share_interval

RIGHT, WRONG, SILENT = "right", "wrong", "silent"
VERDICTS: Final = (RIGHT, WRONG, SILENT)
# The record is right when all of these that it has are; as the contract defines accuracy.
RECORD_FIELDS: Final = ("name", "phone", "address")
RECORD: Final = "record"
_LOOSE = re.compile(r"[\W_]+")


def commitment_of(*, audit: str, month: date, size: int, seed: str) -> str:
    """What is made known before the draw: it fixes seed and size without showing the seed. 64 hexadecimal digits."""
    return hashlib.sha256(f"shouyue:audit:1|{audit}|{month.isoformat()}|{size}|{seed}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One customer of a sample, in the order of the sheet."""

    customer: str
    stratum: str


def allocated(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw from each stratum: in proportion, by largest remainders, never more than there are."""
    total = sum(sizes.values())
    size = min(size, total)
    if not size:
        return dict.fromkeys(sizes, 0)
    shares = {name: divmod(many * size, total) for name, many in sizes.items()}
    found = {name: whole for name, (whole, _) in shares.items()}
    by_rest = sorted(shares, key=lambda name: (-shares[name][1], name))
    for name in by_rest[: size - sum(found.values())]:
        found[name] += 1
    return found


def drawn(population: Iterable[tuple[str, str]], *, seed: str, size: int) -> list[Drawn]:
    """The sample from (customer, stratum): whoever has the smallest digests with the seed, in each stratum.

    The order of the population does not matter. The sheet's order is by digest, so that it tells nothing of strata.
    """
    strata: dict[str, list[str]] = defaultdict(list)
    for customer, stratum in population:
        strata[stratum].append(customer)
    quotas = allocated({name: len(members) for name, members in strata.items()}, size)
    found = [
        (_digest(seed, customer), customer, name)
        for name, members in strata.items()
        for customer in nsmallest(quotas[name], members, key=lambda one: (_digest(seed, one), one))
    ]
    return [Drawn(customer, stratum) for _, customer, stratum in sorted(found)]


def is_same(field: str, ours: str, said: str) -> bool:
    """Whether what the customer said is what we had. Spelling of numbers, width, case and punctuation do not count.

    An address is the same when one of the two holds the other: people leave out the province or the flat.
    """
    if field == "phone":
        return (phone_form(said) or said.strip()) == (phone_form(ours) or ours)
    if field == "email":
        return (email_form(said) or said.strip().lower()) == (email_form(ours) or ours)
    mine, theirs = _loose(ours), _loose(said)
    if field == "address":
        short, long = sorted((mine, theirs), key=len)
        return mine == theirs or (len(short) >= 4 and short in long)
    return mine == theirs


@dataclass(frozen=True, slots=True)
class FieldAccuracy:
    """One field of a sample. asked = right + wrong + silent; silent: nobody answered for it.

    interval: exact, for the share of right ones among the answers; None without an answer. low, high: what the share
    among all asked can be, whatever the silent ones would have said.
    """

    field: str
    right: int
    wrong: int
    silent: int
    interval: Interval | None

    @property
    def asked(self) -> int:
        return self.right + self.wrong + self.silent

    @property
    def share(self) -> float | None:
        answered = self.right + self.wrong
        return self.right / answered if answered else None

    @property
    def low(self) -> float:
        return self.right / self.asked

    @property
    def high(self) -> float:
        return (self.right + self.silent) / self.asked


def accuracy(verdicts: Sequence[Mapping[str, str]], fields: Sequence[str]) -> list[FieldAccuracy]:
    """By field, then for the whole record, from the verdicts of each customer; fields that nobody had are left out."""
    found = [_accuracy(name, [one[name] for one in verdicts if name in one]) for name in fields]
    whole = [record for one in verdicts if (record := record_verdict(one))]
    return [one for one in [*found, _accuracy(RECORD, whole)] if one.asked]


def record_verdict(verdicts: Mapping[str, str]) -> str:
    """wrong when a part is wrong, silent when a part is not known, right when all are; "" without any part."""
    parts = [verdicts[name] for name in RECORD_FIELDS if name in verdicts]
    if not parts:
        return ""
    return next((word for word in (WRONG, SILENT) if word in parts), RIGHT)


def _accuracy(name: str, words: Sequence[str]) -> FieldAccuracy:
    counts = Counter(words)
    answered = counts[RIGHT] + counts[WRONG]
    interval = share_interval(counts[RIGHT], answered, method="beta") if answered else None
    return FieldAccuracy(name, counts[RIGHT], counts[WRONG], counts[SILENT], interval)


def _digest(seed: str, customer: str) -> str:
    return hashlib.sha256(f"{seed}:{customer}".encode()).hexdigest()


def _loose(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).casefold()
