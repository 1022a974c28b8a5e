"""Recompute the verdicts of a scoreboard: cat scoreboard.json [export.json ...] | python recompute.py.

One line for each figure: measure, quarter, kept/asked, the verdict found and the one told. Exact binomial tails in
whole numbers: missed if so few would be satisfied with a chance below the risk at exactly the target, met if so many
would be with at most the risk; a full count is compared with the target itself. A drawn wave is judged by its own
plan: the looks that were planned before it was opened, or a small frame. Weighted answers need svy: the line says so.

Each export of a wave that follows gives one JSON line: the hash of its frame, its sample in the order of the draw and
its verdict; with margins also whether the weights reach them. Ends with 1 when a verdict differs, when weights do not
reach their margins, or when an export is not that of a wave on the scoreboard.
"""

import json
import sys
from fractions import Fraction
from math import comb
from typing import Any

from shouyue.surveys.results.rules.replay import recomputed, verdict_of

__all__ = ["judged", "lines", "main", "recomputed", "sample_line", "verdict_of"]

NEEDS_SVY = "needs-svy"


def judged(kept: int, asked: int, p0: Fraction, alpha: Fraction, *, is_census: bool) -> str:
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


def again(figure: dict[str, Any], waves: dict[str, Any]) -> str:
    """The verdict of one figure, by the plan of its wave where there is one."""
    wave = waves.get(str(figure["details"].get("wave")))
    is_census = figure["basis"] == "census"
    if wave is None or is_census:
        p0, alpha = Fraction(figure["target_bp"], 10_000), Fraction(figure["alpha_bp"], 10_000)
        return judged(figure["kept"], figure["asked"], p0, alpha, is_census=is_census)
    if wave["is_weighted"]:
        return NEEDS_SVY
    last = wave["looks"][-1]
    return verdict_of(wave) if (last["kept"], last["asked"]) == (figure["kept"], figure["asked"]) else "other-counts"


def lines(board: dict[str, Any]) -> list[tuple[str, bool]]:
    """(line, whether both verdicts agree) of every decided figure."""
    found = []
    for name, series in sorted(board["series"].items()):
        for figure in series:
            if figure["verdict"]:
                said = again(figure, board.get("waves", {}))
                told = f"{name} {figure['quarter']} {figure['kept']}/{figure['asked']} {said} {figure['verdict']}"
                found.append((told, said in (figure["verdict"], NEEDS_SVY)))
    return found


def sample_line(export: dict[str, Any], board: dict[str, Any]) -> tuple[str, bool]:
    """(what the export leads to, whether a wave of the scoreboard has its frame, its terms and its counts)."""
    line = recomputed(export)
    told = (
        {"margins_hash": ""} | json.loads(line) | {name: export[name] for name in ("p0", "population", "is_weighted")}
    )
    if told.get("raking", "reached") not in ("reached", export.get("refusal")):
        return line, False
    for wave in board.get("waves", {}).values():
        has_terms = all(told[name] == value for name, value in wave.items() if name in told)
        if has_terms and wave["looks"][-len(export["looks"]) :] == export["looks"]:
            return line, True
    return line, False


def documents(text: str) -> list[Any]:
    """JSON documents that stand one after the other."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def main(text: str) -> int:
    """text: the scoreboard, then exports of its waves. 0 when everything agrees."""
    board, *exports = documents(text)
    found = [*lines(board), *(sample_line(export, board) for export in exports)]
    for line, agrees in found:
        sys.stdout.write(f"{line}{'' if agrees else '  DIFFERS'}\n")
    return 0 if all(agrees for _line, agrees in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.stdin.read()))
