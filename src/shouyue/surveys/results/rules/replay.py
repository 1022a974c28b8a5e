"""Recompute a wave from its export: python replay.py <export.json. Needs nothing but Python; prints one JSON line.

The export holds the frozen frame (pseudonym and stratum of each), the seed, how many of each stratum were drawn, and
the counts of the answers at each look. Printed: the hash of the frame, the sample in the order of the draw, the
verdict by exact limits: binomial, group-sequential where there were two looks, hypergeometric where the export names a
population. A weighted verdict rests on svy and is not recomputed here: it says so.
"""

import hashlib
import hmac
import json
import sys
from fractions import Fraction
from math import ceil, comb
from typing import Any


def recomputed(export: dict[str, Any]) -> str:
    """The canonical JSON line of what the export must lead to."""
    frame, seed, left = export["frame"], bytes.fromhex(export["seed"]), dict(export["sizes"])
    lines = "".join(f"{pseudonym} {stratum}\n" for pseudonym, stratum in sorted(frame.items()))
    places = {one: hmac.new(seed, one.encode(), hashlib.sha256).hexdigest() for one in frame}
    sample = []
    for one in sorted(frame, key=lambda name: (places[name], name)):
        if left.get(frame[one], 0) > 0:
            left[frame[one]] -= 1
            sample.append(one)
    found = {
        "frame_hash": hashlib.sha256(lines.encode()).hexdigest(),
        "sample": sample,
        "verdict": verdict_of(export),
    }
    return json.dumps(found, sort_keys=True, separators=(",", ":"))


def verdict_of(export: dict[str, Any]) -> str:
    """By the tails that the export names."""
    looks, p0 = export["looks"], Fraction(export["p0"])
    if export.get("is_weighted"):
        return "weighted by svy"
    if not looks or looks[-1]["asked"] == 0:
        return "undetermined"
    if export.get("population"):
        last = looks[-1]
        return verdict_in(int(export["population"]), int(last["kept"]), int(last["asked"]), p0, Fraction(last["spent"]))
    return verdict(looks, p0)


def verdict_in(population: int, kept: int, asked: int, p0: Fraction, risk: Fraction) -> str:
    """For a draw without replacement from a small frame: tails of the worst population on either side of the target."""
    least = ceil(p0 * population)
    total = comb(population, asked)

    def ways(having: int, counts: range) -> int:
        return sum(comb(having, count) * comb(population - having, asked - count) for count in counts)

    if ways(least, range(kept + 1)) <= risk * total:
        return "missed"
    return "met" if ways(least - 1, range(kept, asked + 1)) <= risk * total else "undetermined"


def verdict(looks: list[dict[str, Any]], p0: Fraction) -> str:
    """The first look that decides stands. A look: kept and asked so far, and the risk spent up to it."""
    counts = [(int(look["kept"]), int(look["asked"]), Fraction(look["spent"])) for look in looks]
    low = crossing(counts, p0, is_strict=True)
    high = crossing([(n - k, n, risk) for k, n, risk in counts], 1 - p0, is_strict=False)
    for missed, met in zip(low, high, strict=True):
        if missed or met:
            return "missed" if missed else "met"
    return "undetermined"


def crossing(counts: list[tuple[int, int, Fraction]], share: Fraction, *, is_strict: bool) -> list[bool]:
    """Whether each look's count lies in the lower tail that its risk allows, in whole numbers."""
    going, before, crossed, found = {0: 1}, 0, Fraction(0), []
    for kept, asked, risk in counts:
        more = asked - before
        reached: dict[int, int] = {}
        for count, ways in going.items():
            for extra in range(more + 1):
                reached[count + extra] = reached.get(count + extra, 0) + ways * comb(more, extra)
        tail, limit = Fraction(0), -1
        for count in sorted(reached):
            chance = reached[count] * share**count * (1 - share) ** (asked - count)
            if crossed + tail + chance > risk or (is_strict and crossed + tail + chance == risk):
                break
            tail, limit = tail + chance, count
        crossed, before = crossed + tail, asked
        going = {count: ways for count, ways in reached.items() if count > limit}
        found.append(kept <= limit)
    return found


if __name__ == "__main__":
    sys.stdout.write(recomputed(json.load(sys.stdin)) + "\n")
