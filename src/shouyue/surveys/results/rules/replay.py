"""Recompute a wave from its export: python replay.py <export.json. Needs nothing but Python; prints one JSON line.

The export holds the frozen frame (pseudonym and stratum of each), the seed, how many of each stratum were drawn, and
the counts of the answers at each look. Printed: the hash of the frame, the sample in the order of the draw, the
verdict by exact limits: binomial, group-sequential where there were two looks, hypergeometric where the export names a
population. A weighted verdict rests on svy and is not recomputed here: it says so. Of a wave with margins also: their
hash, whether the weights of the export reach them within 1e-6 and keep the bound, and the weighted share. Where the
bound lowered no weight the weights are found anew, by iterative proportional fitting, and have to agree; where raking
was refused the reason has to be found again.
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
    found: dict[str, Any] = {
        "frame_hash": hashlib.sha256(lines.encode()).hexdigest(),
        "sample": sample,
        "verdict": verdict_of(export),
    }
    if export.get("margins"):
        found["margins_hash"] = margins_hash(export["margins"], export["traits"])
    if export.get("cells"):
        cells = export["cells"]
        found["raking"] = raking_of(export)
        kept, asked = (sum(one["weight"] * one[name] for one in cells) for name in ("kept", "asked"))
        found["weighted_share"] = f"{kept / asked:.6f}"
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


def margins_hash(margins: dict[str, Any], traits: dict[str, list[str]]) -> str:
    """Of the margins and of the categories of everybody in the frame; fields parted by tabs."""
    lines = [f"{margins['unit']}\t{margins['largest_times']}\n"]
    for name, told in sorted(margins["values"].items()):
        lines += [f"{name}\t{category}\t{text}\n" for category, text in sorted(told.items())]
    lines += ["\t".join([pseudonym, *labels]) + "\n" for pseudonym, labels in sorted(traits.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def raking_of(export: dict[str, Any]) -> str:
    """reached; empty, unreached or bound where it was refused for that reason; else what is wrong with it."""
    cells, told = export["cells"], [float(one["weight"]) for one in export["cells"]]
    names, sizes = sorted(export["margins"]["values"]), {k: one["size"] for k, one in export["strata"].items()}
    start = [sizes[one["stratum"]] / export["strata"][one["stratum"]]["asked"] for one in cells]
    if not all(close(weight, first) for weight, first in zip(told, start, strict=True)) and export["refusal"]:
        return "refused, but not weighted by the draw"
    known = {name: shares_of(export["margins"]["values"][name]) for name in names}
    heard = [{one["labels"][place] for one in cells} for place in range(len(names))]
    if any(set(known[name]) - heard[place] for place, name in enumerate(names)):
        return "empty" if export["refusal"] == "empty" else "empty, but not refused"
    whole = sum(sizes.values())
    fitted = fit(cells, start, known, whole)
    largest = export["margins"]["largest_times"] * whole / sum(one["asked"] for one in cells)
    is_bound = fitted is not None and max(fitted) > largest * (1 + 1e-6)
    if export["refusal"]:
        return "unreached" if fitted is None else ("bound" if is_bound else "within reach, but refused")
    if furthest(cells, told, known) > 1e-6 or max(told) > largest * (1 + 1e-6):
        return "not reached"
    agrees = fitted is not None and all(close(one, other) for one, other in zip(told, fitted, strict=True))
    return "reached" if is_bound or agrees else "reached by other weights"


def shares_of(told: dict[str, str]) -> dict[str, float]:
    """Exact numbers as entered -> shares."""
    whole = sum(map(Fraction, told.values()))
    return {category: float(Fraction(text) / whole) for category, text in told.items()}


def fit(
    cells: list[dict[str, Any]], start: list[float], known: dict[str, dict[str, float]], whole: float
) -> list[float] | None:
    """Iterative proportional fitting (Deming and Stephan 1940); None when it does not come within 1e-9."""
    weights = list(start)
    for _round in range(1000):
        for place, name in enumerate(known):
            for category, share in known[name].items():
                at = [n for n, one in enumerate(cells) if one["labels"][place] == category]
                stands = sum(weights[n] * cells[n]["asked"] for n in at)
                if not stands:
                    return None
                for n in at:
                    weights[n] *= share * whole / stands
        if furthest(cells, weights, known) < 1e-9:
            return weights
    return None


def furthest(cells: list[dict[str, Any]], weights: list[float], known: dict[str, dict[str, float]]) -> float:
    """The largest difference between a weighted and a known share."""
    stands = [weight * int(one["asked"]) for weight, one in zip(weights, cells, strict=True)]
    gaps = [
        sum(part for part, one in zip(stands, cells, strict=True) if one["labels"][place] == category) / sum(stands)
        - share
        for place, name in enumerate(known)
        for category, share in known[name].items()
    ]
    return max(map(abs, gaps))


def close(one: float, other: float) -> bool:
    """Alike to one part in a million."""
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other))


if __name__ == "__main__":
    sys.stdout.write(recomputed(json.load(sys.stdin)) + "\n")
