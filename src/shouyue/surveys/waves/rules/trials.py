"""Quarters at exactly the target through the rules themselves: frame, draw, silence, close, top-up, verdict."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shouyue.surveys.estimates.rules.decision import Decision, literal_verdict, verdict
from shouyue.surveys.estimates.rules.designs import Design, decision_share
from shouyue.surveys.estimates.rules.looks import verdict_at_look
from shouyue.surveys.waves.rules.drawing import drawn, optimal, proportional, share_spread
from shouyue.surveys.waves.rules.reading import Look, Margined, read_wave
from shouyue.surveys.weights.rules.margins import Margins
from shouyue.surveys.weights.rules.raking import cells_of, draw_weights

_FRAME, _SAMPLE, _TOP_UP = 1_000, 500, 250
_P0 = "0.9"
_SPENT = (Fraction(1, 40), Fraction(1, 20))
_ANSWER_RATE = 0.7
# Shares that keep by stratum; weighted by the strata's parts of the customers they give exactly the target.
_STRATA = {"gold": (0.2, 0.98), "silver": (0.3, 0.92), "plain": (0.5, 0.856)}
# By kind and region: part of the customers, share that keeps, share that answers; together exactly the target keeps.
_SILENCE = {
    ("company", "north"): (0.08, 0.78, 0.6),
    ("company", "south"): (0.12, 0.755, 0.7),
    ("person", "north"): (0.45, 0.96, 0.3),
    ("person", "south"): (0.35, 0.9, 0.45),
}
_MARGINS = Margins(
    "percent", (("kind", (("company", "20"), ("person", "80"))), ("region", (("north", "53"), ("south", "47"))))
)
_SMALL = 120
# Half of the customers are companies, who hardly answer: the design effect is about 2.
_FEW, _HEAVY_PART, _HEAVY = 60, 0.15, {"company": 0.85, "person": 0.95}
_HALVES = Margins("percent", (("kind", (("company", "50"), ("person", "50"))),))

Quarter = Callable[[random.Random], Decision]


@dataclass(frozen=True, slots=True)
class Trial:
    """A design and the verdicts that are wrong in it. is_judged: whether they must stay within the agreed risk."""

    name: str
    quarter: Quarter
    wrong: Sequence[Decision]
    is_judged: bool = True

    def verdicts(self, quarters: int) -> list[Decision]:
        """The verdicts of so many quarters; the same every time."""
        chance = random.Random(f"verdict {self.name}")  # noqa: S311  a simulation, repeatable
        return [self.quarter(chance) for _ in range(quarters)]


def _simple(chance: random.Random) -> Decision:
    kept, asked = _count(_answers(chance, _sample(chance, _people(chance), {"": _SAMPLE})))
    return verdict(kept, asked, _P0)


def _by_the_letter(chance: random.Random) -> Decision:
    kept, asked = _count(_answers(chance, _sample(chance, _people(chance), {"": _SAMPLE})))
    return literal_verdict(kept, asked, _P0)


def _proportional(chance: random.Random) -> Decision:
    people = _stratified(chance)
    kept, asked = _count(_answers(chance, _sample(chance, people, proportional(_sizes(), _SAMPLE))))
    return verdict(kept, asked, _P0)


def _planned_top_up(chance: random.Random) -> Decision:
    drawn_people = _sample(chance, _people(chance), {"": _SAMPLE + _TOP_UP})
    first = _count(_answers(chance, drawn_people[:_SAMPLE]))
    if (found := verdict_at_look([first[0]], [first[1]], _SPENT, _P0)) is not Decision.UNDETERMINED:
        return found
    more = _count(_answers(chance, drawn_people[_SAMPLE:]))
    kept, asked = (first[0], first[0] + more[0]), (first[1], first[1] + more[1])
    return verdict_at_look(kept, asked, _SPENT, _P0)


def _weighted(chance: random.Random) -> Decision:
    sizes = _sizes()
    spreads = {name: share_spread(kept) for name, (_part, kept) in _STRATA.items()}
    answers = _answers(chance, _sample(chance, _stratified(chance), optimal(sizes, spreads, _SAMPLE)))
    strata = [stratum for stratum, _keeps in answers]
    weights = draw_weights(sizes, {name: strata.count(name) for name in sizes})
    design = Design(weights=[weights[name] for name in strata], strata=strata)
    found = decision_share([keeps for _s, keeps in answers], design, level=0.9)
    if found.high < float(_P0):
        return Decision.MISSED
    return Decision.MET if found.low >= float(_P0) else Decision.UNDETERMINED


def _raked(chance: random.Random) -> Decision:
    """Companies answer twice as often and are less content: the bare share is wrong, the raked one is not."""
    parts = [part for part, _kept, _rate in _SILENCE.values()]
    answers = []
    for kind, region in chance.choices(list(_SILENCE), parts, k=_SAMPLE):
        _part, kept, rate = _SILENCE[kind, region]
        if chance.random() < rate:
            answers.append(("", (kind, region), chance.random() < kept))
    return _read(answers, _MARGINS)


def _few_raked(chance: random.Random) -> Decision:
    """60 answers, of which about nine stand for half of all customers: the others count a sixth as much each."""
    answers = []
    for _answer in range(_FEW):
        kind = "company" if chance.random() < _HEAVY_PART else "person"
        answers.append(("", (kind,), chance.random() < _HEAVY[kind]))
    return _read(answers, _HALVES)


def _read(answers: Sequence[tuple[str, tuple[str, ...], bool]], margins: Margins) -> Decision:
    last = Look(sum(kept for _s, _l, kept in answers), len(answers), "1/20")
    return read_wave([last], _P0, margined=Margined(cells_of(answers), (("", _FRAME),), margins)).decision


def _small_at_target(chance: random.Random) -> Decision:
    return _small(chance, kept=_SMALL * 9 // 10)


def _small_below_target(chance: random.Random) -> Decision:
    """One customer short of the target: here MET is false, at the target itself it is true."""
    return _small(chance, kept=_SMALL * 9 // 10 - 1)


def _small(chance: random.Random, *, kept: int) -> Decision:
    people = {f"{number:04d}": ("", number < kept) for number in range(_SMALL)}
    found = _count(_answers(chance, _sample(chance, people, {"": _SMALL})))
    return verdict(*found, _P0, population=_SMALL)


def _people(chance: random.Random) -> dict[str, tuple[str, bool]]:
    """The stratum of each customer and whether they keep; each keeps with the target's chance."""
    return {f"{number:04d}": ("", chance.random() < float(_P0)) for number in range(_FRAME)}


def _stratified(chance: random.Random) -> dict[str, tuple[str, bool]]:
    names = [name for name, size in _sizes().items() for _ in range(size)]
    return {f"{number:04d}": (name, chance.random() < _STRATA[name][1]) for number, name in enumerate(names)}


def _sizes() -> dict[str, int]:
    return {name: round(_FRAME * part) for name, (part, _kept) in _STRATA.items()}


def _sample(
    chance: random.Random, people: dict[str, tuple[str, bool]], sizes: dict[str, int]
) -> list[tuple[str, bool]]:
    frame = {pseudonym: stratum for pseudonym, (stratum, _keeps) in people.items()}
    return [people[one] for one in drawn(frame, f"{chance.getrandbits(256):064x}", sizes)]


def _answers(chance: random.Random, asked: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [one for one in asked if chance.random() < _ANSWER_RATE]


def _count(answers: list[tuple[str, bool]]) -> tuple[int, int]:
    return sum(keeps for _stratum, keeps in answers), len(answers)


_BOTH = (Decision.MISSED, Decision.MET)
TRIALS = (
    Trial("simple draw", _simple, _BOTH),
    Trial("stratified proportional draw", _proportional, _BOTH),
    Trial("planned top-up, two looks", _planned_top_up, _BOTH),
    Trial("stratified optimal draw, weighted by svy", _weighted, _BOTH),
    Trial("silence differs, raked to two margins by svy", _raked, _BOTH),
    Trial("60 answers, nine for half of all customers, raked", _few_raked, _BOTH),
    Trial("all of 120 asked, hypergeometric", _small_at_target, (Decision.MISSED,)),
    Trial("all of 120 asked, hypergeometric, one customer short", _small_below_target, (Decision.MET,)),
    Trial("simple draw by the letter, for comparison", _by_the_letter, _BOTH, is_judged=False),
)
