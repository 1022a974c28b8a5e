"""Past purchases and other occasions of members, reckoned by a draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from shouyue.membership.ledger.public import EarnProgramme, programme_on
from shouyue.membership.preview.models import Preview
from shouyue.membership.preview.rules.tally import (
    EarnVersion,
    Event,
    Mover,
    Occasion,
    Outcome,
    Past,
    Quote,
    Sold,
    TierRule,
    all_due,
    as_if_begun,
    earn_of,
    lines_of,
    person_tiers_at,
    quote,
    tier_rule_of,
)
from shouyue.membership.programme.public import Award, closed_days
from shouyue.membership.tiers.public import moves_of, pasts_of
from shouyue.membership.tills.public import Earned, Versions, categories_now, earned, parts_of
from shouyue.purchases.public import Goods, goods_kept

_OTHERS = [one.value for one in Occasion if one is not Occasion.PURCHASE]


class Draft:
    """The rules of a preview, read once. on: the day it was asked."""

    def __init__(self, preview: Preview, *, on: date) -> None:
        content = as_if_begun(preview.content, on) if preview.with_coming else preview.content
        self.earn: EarnVersion = earn_of(content, closed_days())
        self.tiers: TierRule = tier_rule_of(content)
        self.versions = Versions()
        self.terms: EarnProgramme | None = programme_on(on)


def pasts(members: Sequence[UUID], draft: Draft, *, first: date, last: date) -> list[Past]:
    """What these members' orders and occasions of these days gave, and what the draft gives. About ten statements."""
    goods = goods_kept([], customers=members, zone=settings.TIME_ZONE, days=(first, last))
    goods = [one for one in goods if first <= one.day <= last]
    had = earned((one.customer_id, one.order_id) for one in goods)
    orders = [(one, had[one.order_id]) for one in goods if one.order_id in had]
    return [*_of_orders(orders, draft), *_of_occasions(members, draft, first=first, last=last)]


def movers(members: Sequence[UUID], content: Mapping[str, Any], *, on: date) -> list[Mover]:
    """Where these members would stand on a day if the tiers of the draft had counted all along, and after their next
    review; nothing if they are those that count."""
    found = []
    for one in moves_of(members, content, on=on):
        once, review = one.at_once, one.at_review
        then = (review.tier or "", review.then or "", review.way)
        told = (once.tier or "", once.then or "", once.way)
        found.append(Mover(str(one.customer_id), *told, review=then, reviewed_on=one.reviewed_on.isoformat()))
    return found


def last_day(on: date) -> date:
    """The last day on which somebody got points, so that records of an earlier time can be looked at; at most `on`."""
    found: date | None = Award.objects.aggregate(last=Max("on"))["last"]
    return min(on, found or on)


def _of_orders(orders: Sequence[tuple[Goods, Earned]], draft: Draft) -> list[Past]:
    tiers = _tiers(orders, draft)
    categories = _categories(orders, draft)
    recorded = [_sold(one, had, had.tier or None, had.categories) for one, had in orders]
    drafted = [
        _sold(one, had, tiers.get(one.order_id, had.tier or None), categories.get(one.order_id)) for one, had in orders
    ]
    before = _by_own_version([had for _one, had in orders], recorded, draft.versions)
    found = []
    for (one, had), sold, was, due in zip(orders, drafted, before, all_due(draft.earn, drafted), strict=True):
        value = draft.versions.numbered(had.version, had.terms).terms.point_value_e4
        found.append(
            Past(
                customer=str(one.customer_id),
                name=str(one.order_id),
                occasion=Occasion.PURCHASE,
                day=one.day.isoformat(),
                tier=sold.tier or "",
                amount_fen=sold.earns_by_fen,
                had=Outcome(had.points, (had.points * value + 50) // 100, parts_of(was)),
                draft=Outcome(due.points, (due.points * value + 50) // 100, parts_of(due)),
                is_settled=was.points == had.points,
            )
        )
    return found


def _by_own_version(had: Sequence[Earned], recorded: Sequence[Sold], versions: Versions) -> list[Quote]:
    """What each order has by the version it was reckoned with."""
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, one in enumerate(had):
        places[one.version, one.terms].append(place)
    found: dict[int, Quote] = {}
    for (number, terms), chosen in places.items():
        quotes = all_due(versions.numbered(number, terms).earn, [recorded[place] for place in chosen])
        found.update(zip(chosen, quotes, strict=True))
    return [found[place] for place in range(len(had))]


def _categories(orders: Sequence[tuple[Goods, Earned]], draft: Draft) -> dict[UUID, dict[str, list[str]]]:
    """By order, where the draft asks for them: the categories that were kept, else those of today."""
    if not draft.earn.asks_categories:
        return {}
    kept = {one.order_id: had.categories for one, had in orders if had.categories is not None}
    return kept | categories_now(
        {one.order_id: (one.source, one.items) for one, _ in orders if one.order_id not in kept}
    )


def _sold(one: Goods, had: Earned, tier: str | None, categories: Mapping[str, Sequence[str]] | None) -> Sold:
    return Sold(
        day=one.day,
        channel=one.source,
        lines=() if one.is_cancelled else lines_of(one.items, one.amounts_fen, categories),
        tier=tier,
        is_first=had.is_first,
        paid_fen=had.paid_fen,
        who=one.customer_id,
    )


def _tiers(orders: Sequence[tuple[Goods, Earned]], draft: Draft) -> Mapping[UUID, str | None]:
    """By order: the tier that the buyer would have had, where the tiers of the draft are other ones."""
    others = [(one, had) for one, had in orders if draft.versions.numbered(had.version, had.terms).tiers != draft.tiers]
    if not others:
        return {}
    buyers = sorted({one.customer_id for one, _had in others})
    pasts = pasts_of(buyers, measure=draft.tiers.measure, on=max(one.day for one, _had in others))
    days: dict[UUID, set[date]] = defaultdict(set)
    for one, _had in others:
        days[one.customer_id].add(one.day)
    told = {
        who: person_tiers_at(draft.tiers, pasts[who].strands, days=sorted(wanted), paid=pasts[who].paid)
        for who, wanted in days.items()
    }
    return {one.order_id: told[one.customer_id][one.day] for one, _had in others}


def _of_occasions(members: Sequence[UUID], draft: Draft, *, first: date, last: date) -> list[Past]:
    awards = Award.objects.filter(customer_id__in=members, on__range=(first, last), occasion__in=_OTHERS)
    value = draft.terms.point_value_e4 if draft.terms else 0
    found = []
    for award in awards.order_by("customer_id", "id"):
        due = quote(draft.earn, Event(Occasion(award.occasion), award.on))
        found.append(
            Past(
                customer=str(award.customer_id),
                name=str(award.id),
                occasion=award.occasion,
                day=award.on.isoformat(),
                tier="",
                amount_fen=0,
                had=Outcome(award.points, award.points * value // 100, award.parts),
                draft=Outcome(due.points, due.points * value // 100, parts_of(due)),
            )
        )
    return found
