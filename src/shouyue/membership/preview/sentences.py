"""What came out of a preview, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from shouyue.membership.preview.models import Preview
from shouyue.membership.preview.rules.tally import coming, used_up
from shouyue.membership.programme.public import OCCASIONS, campaigns_of, named, rule_name, rule_sentence
from shouyue.membership.tiers.public import tier_titles
from shouyue.membership.tills.public import reason
from shouyue.web.portal.frame import faces_of

_SOURCES: Final = ("base", "tier", "campaign", "fixed", "cap")


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule, or one tier, gave and would have given."""

    name: str
    had: int
    draft: int
    orders: int = 0

    @property
    def change(self) -> int:
        return self.draft - self.had


@dataclass(frozen=True, slots=True)
class Example:
    """One order: points and why, then and by the draft."""

    customer_id: UUID
    number: str
    day: date
    amount_fen: int
    had: int
    had_why: list[str]
    draft: int
    draft_why: list[str]

    @property
    def change(self) -> int:
        return self.draft - self.had


@dataclass(frozen=True, slots=True)
class Mover:
    """One member whose tier the draft would change. way: -1 down, 1 up."""

    customer_id: UUID
    number: str
    tier: str
    then: str
    way: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Members whom the draft would move. steps: (tier, tier of the draft, members, way), who moves first."""

    steps: list[tuple[str, str, int, int]]

    @property
    def up(self) -> int:
        return sum(members for _tier, _then, members, way in self.steps if way > 0)

    @property
    def down(self) -> int:
        return sum(members for _tier, _then, members, way in self.steps if way < 0)

    @property
    def same(self) -> int:
        return sum(members for _tier, _then, members, way in self.steps if way == 0)


@dataclass(frozen=True, slots=True)
class Moves:
    """at_review: None in previews of before it was reckoned; review_days: its first and last day, by the draft."""

    at_once: Moved
    at_review: Moved | None
    review_days: tuple[date, date] | None
    examples: list[Mover]


@dataclass(frozen=True, slots=True)
class Told:
    """points, cost_fen: (in force, draft, change). coming, used_up: names of rules and campaigns.

    moves: None where the tiers of the draft are those that count.
    """

    orders: int
    others: int
    unsettled: int
    points: tuple[int, int, int]
    cost_fen: tuple[int, int, int]
    rules: list[Line]
    tiers: list[Line]
    examples: list[Example]
    coming: list[str]
    used_up: list[str]
    moves: Moves | None


def told(row: Preview, *, on: date) -> Told:
    """A preview that is done. on: the day it was asked."""
    result: Mapping[str, Any] = row.result or {}
    names = _names(row.content)
    had, had_fen, draft, draft_fen = result["all"]
    late = coming(row.content, on) if row.with_coming else []
    return Told(
        orders=result["orders"],
        others=result["others"],
        unsettled=result["unsettled"],
        points=(had, draft, draft - had),
        cost_fen=(had_fen, draft_fen, draft_fen - had_fen),
        rules=_rules(result["rules"], names),
        tiers=[
            Line(names.get(f"tier {tier}", tier or _("no tier")), sums[1], sums[3], sums[0])
            for tier, sums in _by_tier(result["tiers"], row.content)
        ],
        examples=_examples(result["examples"], names, row.content),
        coming=[names.get(f"campaign {one['key']}") or rule_sentence(one) for one in late],
        used_up=[
            names.get(f"campaign {key}") or names.get(f"base {key}") or names.get(f"fixed {key}") or key
            for key in used_up(row.content, result["rules"])
        ],
        moves=_moves(result, names) if result.get("moves") else None,
    )


def _moves(result: Mapping[str, Any], names: Mapping[str, str]) -> Moves:
    titles = tier_titles()

    def name(tier: str) -> str:
        return names.get(f"tier {tier}") or titles.get(tier, tier) or _("no tier")

    def moved(sums: Mapping[str, Sequence[int]]) -> Moved:
        steps = []
        for key, (members,) in sums.items():
            tier, then, way = key.split(" ")
            steps.append((name(tier), name(then), members, int(way)))
        return Moved(sorted(steps, key=lambda step: (step[3] == 0, -step[3], -step[2], step[:2])))

    days = [date.fromisoformat(day) for day in result.get("review_days", [])]
    chosen = [*result["movers"]["up"], *result["movers"]["down"]]
    faces = faces_of([UUID(one["customer"]) for one in chosen])
    return Moves(
        at_once=moved(result["moves"]),
        at_review=moved(result["reviews"]) if result.get("reviews") else None,
        review_days=(days[0], days[1]) if days else None,
        examples=[
            Mover(
                UUID(one["customer"]),
                faces[UUID(one["customer"])].number,
                name(one["tier"]),
                name(one["then"]),
                one["way"],
            )
            for one in chosen
        ],
    )


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    """What parts are called, by source and key."""
    found = {"cap ": _("what one purchase may earn at most")}
    for one in content["earn"]["rules"]:
        source = "base" if one["occasion"] == "purchase" else "fixed"
        found[f"{source} {one['key']}"] = rule_sentence(one)
    found |= {f"campaign {one['key']}": named(one["zh"], one["en"]) for one in campaigns_of(content)}
    found |= {f"tier {one['name']}": named(one["zh"], one["en"]) for one in content["tiers"]["steps"]}
    return found


def _rules(sums: Mapping[str, Sequence[int]], names: Mapping[str, str]) -> list[Line]:
    def place(key: str) -> tuple[int, int, str]:
        return _SOURCES.index(key.partition(" ")[0]), -max(map(abs, sums[key])), key

    return [Line(_name(key, names), *sums[key]) for key in sorted(sums, key=place)]


def _name(key: str, names: Mapping[str, str]) -> str:
    source, _space, name = key.partition(" ")
    if source == "tier":
        return _("more for the tier %(tier)s") % {"tier": names.get(key, name)}
    if source == "campaign":
        return _("campaign %(name)s") % {"name": names.get(key, name)}
    return names.get(key) or str(OCCASIONS.get(name, name))


def _by_tier(sums: Mapping[str, Sequence[int]], content: Mapping[str, Any]) -> list[tuple[str, Sequence[int]]]:
    order = {one["name"]: place for place, one in enumerate(content["tiers"]["steps"])}
    return sorted(sums.items(), key=lambda one: (order.get(one[0], -1), one[0]))


def _examples(
    kept: Mapping[str, Sequence[Mapping[str, Any]]], names: Mapping[str, str], content: Mapping[str, Any]
) -> list[Example]:
    chosen = [*kept["more"], *kept["less"], *kept["same"]]
    faces = faces_of(list({UUID(one["customer"]) for one in chosen}))
    short = {key.partition(" ")[2]: name for key, name in names.items() if key.startswith(("tier ", "campaign "))}
    short |= {one["key"]: rule_name(one) for one in content["earn"]["rules"] if one["per_fen"]}

    def why(parts: Sequence[Sequence[str | None]]) -> list[str]:
        return [reason([source, short.get(key or "", key), *rest]) for source, key, *rest in parts]

    return [
        Example(
            customer_id=UUID(one["customer"]),
            number=faces[UUID(one["customer"])].number,
            day=date.fromisoformat(one["day"]),
            amount_fen=one["amount_fen"],
            had=one["had"]["points"],
            had_why=why(one["had"]["parts"]),
            draft=one["draft"]["points"],
            draft_why=why(one["draft"]["parts"]),
        )
        for one in chosen
    ]
