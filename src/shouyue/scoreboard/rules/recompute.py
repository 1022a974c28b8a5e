"""Recompute the verdicts of a scoreboard: python recompute.py <scoreboard.json. Needs nothing but Python.

One line for each figure: measure, quarter, kept/asked, the verdict found and the one told. Exact binomial tails in
whole numbers: missed if so few would be satisfied with a chance below the risk at exactly the target, met if so many
would be with at most the risk; a full count is compared with the target itself. Ends with 1 when a verdict differs.
"""

import json
import sys
from fractions import Fraction
from math import comb
from typing import Any


def verdict(kept: int, asked: int, p0: Fraction, alpha: Fraction, *, is_census: bool) -> str:
    """met, missed or undetermined."""
    if is_census:
        return "met" if Fraction(kept, asked) >= p0 else "missed"
    if tail(range(kept + 1), asked, p0) < alpha:
        return "missed"
    return "met" if tail(range(kept, asked + 1), asked, p0) <= alpha else "undetermined"


def tail(counts: range, asked: int, p0: Fraction) -> Fraction:
    """The chance of these counts of `asked` answers when the true share is exactly p0."""
    have, lack, whole = p0.numerator, p0.denominator - p0.numerator, p0.denominator
    return Fraction(sum(comb(asked, k) * have**k * lack ** (asked - k) for k in counts), whole**asked)


def lines(board: dict[str, Any]) -> list[tuple[str, bool]]:
    """(line, whether both verdicts agree) of every decided figure; a drawn wave's come from the wave's own export."""
    found = []
    for name, series in sorted(board["series"].items()):
        for figure in series:
            if not figure["verdict"] or "wave" in figure["details"]:
                continue
            p0, alpha = Fraction(figure["target_bp"], 10_000), Fraction(figure["alpha_bp"], 10_000)
            is_census = figure["basis"] == "census"
            again = verdict(figure["kept"], figure["asked"], p0, alpha, is_census=is_census)
            told = f"{name} {figure['quarter']} {figure['kept']}/{figure['asked']} {again} {figure['verdict']}"
            found.append((told, again == figure["verdict"]))
    return found


if __name__ == "__main__":
    recomputed = lines(json.load(sys.stdin))
    for line, agrees in recomputed:
        sys.stdout.write(f"{line}{'' if agrees else '  DIFFERS'}\n")
    sys.exit(0 if all(agrees for _line, agrees in recomputed) else 1)
