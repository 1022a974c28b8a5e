"""What a draft would have given beside what was earned, added up: in all, by rule, by tier, with examples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

from shouyue.membership.programme.rules.content import budgets_of, campaigns_of, earn_of
from shouyue.membership.programme.rules.earning import EarnVersion, Event, Occasion, Quote, quote
from shouyue.membership.programme.rules.holdout import is_held_out
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tills.rules.due import Sold, all_due, lines_of
from shouyue.membership.tills.rules.tiers import TierRule, person_tiers_at

__all__ = [
    "EarnVersion",
    "Event",
    "Mover",
    "Occasion",
    "Outcome",
    "Past",
    "Quote",
    "Sold",
    "Tally",
    "TierRule",
    "all_due",
    "as_if_begun",
    "budgets_of",
    "coming",
    "earn_of",
    "is_held_out",
    "lines_of",
    "person_tiers_at",
    "quote",
    "tier_rule_of",
    "used_up",
]
Parts: TypeAlias = Sequence[Sequence[str | None]]
Sums: TypeAlias = dict[str, list[int]]
EXAMPLES_EACH = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points with their cost and reasons. parts: as `Award.parts`."""

    points: int
    cost_fen: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Past:
    """An order, or something else that gave points: what it gave, and what the draft gives. day: in ISO's form.

    tier: with which the draft reckons. is_settled: what it gave is what its own version says.
    """

    customer: str
    name: str
    occasion: str
    day: str
    tier: str
    amount_fen: int
    had: Outcome
    draft: Outcome
    is_settled: bool = True

    @property
    def change(self) -> int:
        return self.draft.points - self.had.points


@dataclass(frozen=True, slots=True)
class Mover:
    """A member with the tier that they have and the one of the draft. way: -1 down, 0 the same, 1 up.

    review: tier, tier of the draft and way after the next review, which by the draft is on reviewed_on (in ISO's form).
    """

    customer: str
    tier: str
    then: str
    way: int
    review: tuple[str, str, int]
    reviewed_on: str


class Tally:
    """Sums of [points, cost in fen] had and drafted; goes into JSON and back, so that a job goes on where it was."""

    def __init__(self, told: Mapping[str, Any] | None = None) -> None:
        start = told or {}
        self.orders: int = start.get("orders", 0)
        self.others: int = start.get("others", 0)
        self.unsettled: int = start.get("unsettled", 0)
        self.all: list[int] = list(start.get("all", [0, 0, 0, 0]))
        self.rules: Sums = {key: list(sums) for key, sums in start.get("rules", {}).items()}
        self.tiers: Sums = {key: list(sums) for key, sums in start.get("tiers", {}).items()}
        self.examples: dict[str, list[dict[str, Any]]] = {
            which: list(start.get("examples", {}).get(which, [])) for which in ("more", "less", "same")
        }
        self.moves: Sums = {key: list(sums) for key, sums in start.get("moves", {}).items()}
        self.reviews: Sums = {key: list(sums) for key, sums in start.get("reviews", {}).items()}
        self.review_days: list[str] = list(start.get("review_days", []))
        self.movers: dict[str, list[dict[str, Any]]] = {
            which: list(start.get("movers", {}).get(which, [])) for which in ("up", "down")
        }

    def add(self, pasts: Iterable[Past]) -> None:
        for past in pasts:
            figures = (past.had.points, past.had.cost_fen, past.draft.points, past.draft.cost_fen)
            is_order = past.occasion == Occasion.PURCHASE
            self.orders += is_order
            self.others += not is_order
            self.unsettled += not past.is_settled
            self.all = [sum(pair) for pair in zip(self.all, figures, strict=True)]
            if is_order:
                _plus(self.tiers, past.tier, (1, *figures))
                self._keep(past)
            for place, outcome in enumerate((past.had, past.draft)):
                for source, key, points, *_rest in outcome.parts:
                    _plus(self.rules, f"{source} {key}", (0,) * place + (int(points or 0),) + (0,) * (1 - place))

    def add_moves(self, movers: Iterable[Mover]) -> None:
        """Members by (tier, tier of the draft), with the first few who would move, either way."""
        for one in movers:
            _plus(self.moves, f"{one.tier} {one.then} {one.way}", (1,))
            _plus(self.reviews, "{} {} {}".format(*one.review), (1,))
            self.review_days = [min([one.reviewed_on, *self.review_days]), max([one.reviewed_on, *self.review_days])]
            if one.way:
                which = "up" if one.way > 0 else "down"
                kept = sorted([*self.movers[which], asdict(one)], key=lambda kept: str(kept["customer"]))
                self.movers[which] = kept[:EXAMPLES_EACH]

    def told(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "orders": self.orders,
            "others": self.others,
            "unsettled": self.unsettled,
            "all": self.all,
            "rules": self.rules,
            "tiers": self.tiers,
            "examples": self.examples,
            "moves": self.moves,
            "reviews": self.reviews,
            "review_days": self.review_days,
            "movers": self.movers,
        }

    def _keep(self, past: Past) -> None:
        """The orders whose points change most, either way, and the first few that stay as they are."""
        which = "more" if past.change > 0 else "less" if past.change < 0 else "same"
        if which == "same" and (len(self.examples["same"]) >= EXAMPLES_EACH or not past.had.points):
            return
        kept = [*self.examples[which], {**asdict(past), "change": past.change}]
        # Of equal ones the smallest number, so that another order of reading shows the same ones.
        kept.sort(key=lambda one: (-abs(one["change"]), one["name"]))
        self.examples[which] = kept[:EXAMPLES_EACH]


def _plus(sums: Sums, key: str, more: Sequence[int]) -> None:
    sums[key] = [sum(pair) for pair in zip(sums.get(key, [0] * len(more)), more, strict=True)]


def coming(content: Mapping[str, Any], on: date) -> list[Mapping[str, Any]]:
    """Rules and campaigns that begin after a day."""
    kept = [*content["earn"]["rules"], *campaigns_of(content)]
    return [one for one in kept if one["first"] and date.fromisoformat(one["first"]) > on]


def as_if_begun(content: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The content with whatever begins after a day counting on every day: the only way to see it on past purchases."""
    keys = {one["key"] for one in coming(content, on)}

    def always(some: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**one, "first": None, "last": None} if one["key"] in keys else dict(one) for one in some]

    earn = {**content["earn"], "rules": always(content["earn"]["rules"])}
    return {**content, "earn": earn, "campaigns": always(campaigns_of(content))}


def used_up(content: Mapping[str, Any], rules: Mapping[str, Sequence[int]]) -> list[str]:
    """Keys of rules and campaigns that would have given more than their budget; a preview does not stop there."""
    given: dict[str, int] = {}
    for name, (_had, drafted) in rules.items():
        key = name.partition(" ")[2]
        given[key] = given.get(key, 0) + drafted
    return [key for key, budget in budgets_of(content).items() if given.get(key, 0) > budget]
