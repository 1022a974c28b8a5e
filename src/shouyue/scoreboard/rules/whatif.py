"""What more answers would decide: the agreed rule on counts that might come, with the looks that were planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from shouyue.surveys.estimates.rules.decision import Decision, Limits, decision_limits, first_deciding, verdict
from shouyue.surveys.estimates.rules.looks import look_limits, verdict_at_look

# kept and asked so far at a look, and the risk spent up to it.
Taken = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Supposed:
    """A verdict on the answers there are and `more` supposed ones, of which `more_kept` are satisfied."""

    more: int
    more_kept: int
    kept: int
    asked: int
    decision: Decision


def suppose(
    *,
    kept: int,
    asked: int,
    more: int,
    share: Fraction,
    p0: Fraction,
    alpha: Fraction,
    looks: Sequence[Taken] = (),
    population: int | None = None,
) -> Supposed:
    """Judge as if `more` answers came of which this share is satisfied, rounded to whole answers.

    kept <= asked; more >= 0; share in [0, 1]. looks: those taken of a wave with planned looks, the last one being
    kept of asked; the supposed answers then come before the last look, whose limits leave the others their part.
    population: of the small frame that was drawn from; no more can come.
    """
    if more < 0 or not 0 <= share <= 1:
        raise ValueError("more answers, and a share of them")
    more = more if population is None else min(more, population - asked)
    more_kept = round(more * share)
    kept_then, asked_then = kept + more_kept, asked + more
    decision = verdict(kept_then, asked_then, p0, alpha, population)
    if len(looks) > 1:
        counted = [*looks[:-1], (kept_then, asked_then, looks[-1][2])]
        decision = verdict_at_look(
            [one[0] for one in counted], [one[1] for one in counted], [one[2] for one in counted], p0
        )
    return Supposed(more, more_kept, kept_then, asked_then, decision)


@dataclass(frozen=True, slots=True)
class NextLook:
    """The look that a wave has before it. number: from 1, of `planned`. asked: answers it can expect.

    limits: of so many answers. more: further answers that would decide if the share stayed what it was at the look
    before; None before the first look, or where none within the plan would.
    """

    number: int
    planned: int
    asked: int
    limits: Limits
    more: int | None = None


def next_look(
    taken: Sequence[Taken],
    *,
    answered: int,
    invited: Sequence[int],
    risks: Sequence[str],
    p0: Fraction,
    population: int | None = None,
) -> NextLook | None:
    """What the next look of an open wave needs, under the limits that were frozen with its plan; None with none left.

    answered: so far. invited: customers asked up to each planned look; risks: what each may have spent. Answers are
    expected at the rate of the look before; before the first one, what came so far is all.
    population: of the small frame of a wave with one look.
    """
    number = len(taken)
    if number >= len(risks) or answered < 1:
        return None
    before = [one[1] for one in taken]
    expected = answered
    if taken and before[-1]:
        expected = max(answered, floor(Fraction(before[-1], invited[number - 1]) * invited[number]), before[-1] + 1)
    if population is not None:
        return NextLook(1, 1, expected, decision_limits(expected, p0, Fraction(risks[0]), population))
    limits = look_limits([*before, expected], risks[: number + 1], p0)[-1]
    more = _deciding(taken, invited=invited, risks=risks, p0=p0) if taken else None
    return NextLook(number + 1, len(risks), expected, limits, more)


def _deciding(taken: Sequence[Taken], *, invited: Sequence[int], risks: Sequence[str], p0: Fraction) -> int | None:
    """By doubling and halving, as decision.extra_answers_needed, within those whom the plan lets be asked."""
    kept, asked, _spent = taken[-1]
    share, most = Fraction(kept, asked), invited[len(taken)] - invited[len(taken) - 1]
    if share == p0 or most < 1:
        return None

    def decides(more: int) -> bool:
        asked_then = [*(one[1] for one in taken), asked + more]
        kept_then = ceil(share * (asked + more)) if share < p0 else floor(share * (asked + more))
        limits = look_limits(asked_then, risks[: len(asked_then)], p0)[-1]
        return limits.decide(kept_then) is not Decision.UNDETERMINED

    return first_deciding(decides, above=0, first=max(1, asked // 8), most=most)
