"""Who is drawn: anyone who has the seed and the frame gets the same people, with the standard library alone.

Every customer of the frame has a place: HMAC-SHA256(seed, pseudonym) as hexadecimal text. The places in ascending
order are the order of the draw; the sample is its beginning, in each stratum. `replay.py` repeats this outside
the product.
"""

import hashlib
import hmac
from collections.abc import Mapping
from math import sqrt


class FrameError(ValueError):
    """The frame cannot be drawn from: empty, or somebody stands in it twice."""


def place(seed: str, pseudonym: str) -> str:
    """Where somebody stands in the draw: 64 hexadecimal digits. seed: hexadecimal, any length."""
    return hmac.digest(bytes.fromhex(seed), pseudonym.encode(), "sha256").hex()


def frame_hash(frame: Mapping[str, str]) -> str:
    """SHA-256 over the lines "pseudonym stratum" in ascending order: what freezes the frame. frame: stratum of each."""
    lines = "".join(f"{pseudonym} {stratum}\n" for pseudonym, stratum in sorted(frame.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def drawn(frame: Mapping[str, str], seed: str, sizes: Mapping[str, int]) -> list[str]:
    """The sample in the order of the draw. frame: stratum of each pseudonym; sizes: how many of each stratum.

    Raises FrameError for an empty frame or a stratum of which more are wanted than it has.
    """
    if not frame:
        raise FrameError("nobody can be asked")
    left, key = dict(sizes), bytes.fromhex(seed)
    # The bytes of a place stand in the same order as its text.
    places = {one: hmac.digest(key, one.encode(), "sha256") for one in frame}
    sample = []
    for pseudonym in sorted(frame, key=lambda one: (places[one], one)):
        if left.get(frame[pseudonym], 0) > 0:
            left[frame[pseudonym]] -= 1
            sample.append(pseudonym)
    if any(left.values()):
        raise FrameError(f"more are wanted than there are: {left}")
    return sample


def proportional(strata: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each stratum, in proportion to its size; everybody when wanted >= all.

    At least one of each stratum that has customers, so that none is left without a voice, as far as `wanted` reaches.
    """
    return allocated(strata, dict.fromkeys(strata, 1.0), wanted)


def optimal(strata: Mapping[str, int], spreads: Mapping[str, float], wanted: int) -> dict[str, int]:
    """Neyman's allocation: by size times spread, the standard deviation expected in the stratum, >= 0."""
    if all(spreads.get(name, 0.0) <= 0 for name in strata):
        return proportional(strata, wanted)
    return allocated(strata, spreads, wanted)


def share_spread(share: float) -> float:
    """The standard deviation of one answer when this share keeps."""
    return sqrt(share * (1 - share))


def allocated(strata: Mapping[str, int], spreads: Mapping[str, float], wanted: int) -> dict[str, int]:
    """wanted >= 1. Raises FrameError when no stratum has customers."""
    sizes = {name: size for name, size in strata.items() if size > 0}
    if not sizes or wanted < 1:
        raise FrameError("nobody can be asked")
    if wanted >= sum(sizes.values()):
        return sizes
    given = dict.fromkeys(sorted(sizes, key=lambda name: (-sizes[name], name))[:wanted], 1)
    for _ in range(wanted - sum(given.values())):
        # The stratum that is furthest behind its claim comes next: largest claim for each answer it has (D'Hondt).
        open_ = [name for name in sorted(given) if given[name] < sizes[name]]
        claims = {name: sizes[name] * max(spreads.get(name, 0.0), 1e-9) / given[name] for name in open_}
        given[max(open_, key=lambda name: claims[name])] += 1
    return given
