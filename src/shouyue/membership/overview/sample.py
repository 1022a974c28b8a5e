"""A programme at work, for demos: members by what they bought, with tiers, rewards, benefits, friends and campaigns.

Everything goes through the actions that people and tills use; only who does what is drawn, by a seed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from numpy.random import Generator

from shouyue.kernel.ids import keyed_id
from shouyue.membership.effect.public import measure_effect
from shouyue.membership.ledger.public import enrol_members
from shouyue.membership.programme.public import Occasion, award_occasion, keep_campaign, publish_version
from shouyue.membership.referral.public import join_programme, referral_code, reward_purchases
from shouyue.membership.rewards.public import (
    Reward,
    complete_reservation,
    hand_over,
    keep_reward,
    redeem_reward,
    reserve_reward,
)
from shouyue.membership.tiers.public import member_view, review_tiers, use_benefit
from shouyue.membership.tills.public import earn_from_batches
from shouyue.purchases.public import purchase_days
from shouyue.store.models import Fact

_BY, _SEED = "demo", 20260101
_SPACE = UUID("5d0c1c1e-7a39-4a2e-9d53-0a2f9f6f5a01")
# Who comes more often is asked more often, as in any shop: the effect panel shows why that is no effect.
_ASKED, _ASKED_MORE, _ASKED_MAX = 0.06, 0.012, 0.18
_LAUNCHED_DAYS = 365
_FRIENDS, _REDEMPTIONS, _USES, _REVIEWED = 28, 30, 15, 15
_REWARDS = (
    ("安抚奶嘴 两只装", "Soothers, two", 400, 800),
    ("护手霜 礼盒", "Hand cream box", 900, 300),
    ("保温杯 500 ml", "Thermos flask", 1_200, 120),
    ("龙井 明前 50 g", "Longjing tea", 2_000, 60),
    ("四件套 水洗棉", "Cotton bed linen", 4_500, 25),
    ("亲子工作坊 两人", "Workshop for two", 3_000, None),
)
# What costs money too, in fen: it is reserved, and paid when it is fetched.
_CASH_FEN = {"Workshop for two": 5_000}


@transaction.atomic
def fill_sample(*, until: date, zone: str, at: datetime) -> None:
    """Make members of the customers whose purchases are there. until: the last day of the records."""
    random = np.random.default_rng(_SEED)
    bought = _days(zone)
    _publish(until, at)
    joined = _enrolled(random, bought, until, zone)
    launched = until - timedelta(days=_LAUNCHED_DAYS)
    newcomers = [who for who, days in bought.items() if who not in joined and days[0] > launched + timedelta(days=1)]
    _bring_friends(random, joined, newcomers, bought, zone)
    batches = _batches()
    earn_from_batches(batches, at=at, by=_BY)
    reward_purchases(batches, at=at, by=_BY)
    everybody = sorted(joined)
    for start in range(0, len(everybody), 5000):
        review_tiers(everybody[start : start + 5000], on=until, at=at, by=_BY)
    _take_rewards(random, everybody, until, at)
    measure_effect(at=at, by=_BY)


def _days(zone: str) -> dict[UUID, list[date]]:
    found: dict[UUID, list[date]] = {}
    for who, day in purchase_days(zone=zone, without_cancelled=True):
        found.setdefault(who, []).append(day)
    return found


def _publish(until: date, at: datetime) -> None:
    for key, zh, en, factor, items, begins, ends in (
        ("spring", "母婴双倍积分", "Double points on baby care", "2", ["BB-*"], 75, 45),
        ("autumn", "厨房焕新 1.5 倍", "New kitchen, half more", "1.5", ["KT-*"], 20, -10),
    ):
        days = {
            "first": (until - timedelta(days=begins)).isoformat(),
            "last": (until - timedelta(days=ends)).isoformat(),
        }
        campaign = {"key": key, "zh": zh, "en": en, "factor": factor, "items": items, "categories": [], "channels": []}
        keep_campaign({**campaign, **days, "tiers": [], "cap": 2_000, "budget": 500_000}, at=at, by=_BY)
    publish_version(starts_on=until - timedelta(days=_LAUNCHED_DAYS), at=at, today=None, by=_BY)
    for place, (zh, en, points, stock) in enumerate(_REWARDS):
        reward = Reward(
            id=keyed_id(_SPACE, f"reward {place}"),
            name_zh=zh,
            name_en=en,
            points=points,
            stock_left=stock,
            cash_fen=_CASH_FEN.get(en, 0),
            limit_each=3,
        )
        keep_reward(reward, at=at, by=_BY)


def _enrolled(random: Generator, bought: Mapping[UUID, list[date]], until: date, zone: str) -> dict[UUID, date]:
    """Members with the day on which they joined: with a purchase after the launch, or some time later."""
    joined: dict[UUID, date] = {}
    launched = until - timedelta(days=_LAUNCHED_DAYS)
    for who, all_days in bought.items():
        days = [day for day in all_days if day >= launched]
        if not days:
            continue
        chance = min(_ASKED_MAX, _ASKED + _ASKED_MORE * len(days))
        day = days[0] + timedelta(days=int(random.exponential(40)) if random.random() < 0.5 else 0)
        if random.random() < chance and day <= until:
            joined[who] = day
    by_week: dict[date, list[UUID]] = {}
    for who, day in joined.items():
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(who)
    for week, some in by_week.items():
        enrol_members(some, at=_noon(week, zone))
    return joined


def _bring_friends(
    random: Generator,
    joined: Mapping[UUID, date],
    newcomers: Iterable[UUID],
    bought: Mapping[UUID, list[date]],
    zone: str,
) -> None:
    """Newcomers join by a member's link on the day before their first purchase; one member brings very many."""
    members = sorted(joined)
    eager = members[int(random.integers(len(members)))]
    for number, friend in enumerate(sorted(newcomers)[:_FRIENDS]):
        by = eager if number % 4 == 0 else members[int(random.integers(len(members)))]
        day = bought[friend][0] - timedelta(days=1)
        at = _noon(day, zone)
        code = referral_code(by, at=at)
        join_programme(customer_id=friend, code=code, device="", at=at, on=bought[friend][0])


def _batches() -> list[UUID]:
    found = Fact.objects.filter(kind="OrdersRecorded").order_by("recorded_at", "id")
    return [UUID(payload["batch_id"]) for payload in found.values_list("payload", flat=True)]


def _take_rewards(random: Generator, members: list[UUID], until: date, at: datetime) -> None:
    chosen = [members[int(place)] for place in random.choice(len(members), min(90, len(members)), replace=False)]
    taken = used = reviewed = 0
    for number, who in enumerate(chosen):
        if min(taken - _REDEMPTIONS, used - _USES, reviewed - _REVIEWED) >= 0:
            return
        view = member_view(who, on=until)
        if view is None:
            continue
        affordable = [place for place, (_zh, _en, points, _left) in enumerate(_REWARDS) if points <= view.usable]
        if affordable and taken < _REDEMPTIONS:
            place = affordable[int(random.integers(len(affordable)))]
            take = reserve_reward if _REWARDS[place][1] in _CASH_FEN else redeem_reward
            redemption = take(
                redemption_id=keyed_id(who, "demo"),
                customer_id=who,
                reward_id=keyed_id(_SPACE, f"reward {place}"),
                tier=view.progress.tier,
                at=at,
                on=until,
            )
            taken += 1
            if redemption.until is not None:
                complete_reservation(redemption.code, paid_fen=redemption.cash_fen, at=at, on=until, by=_BY)
            elif taken % 3:
                hand_over(redemption.code, at=at)
        counted = [one.benefit.key for one in view.benefits if one.left.quota is not None]
        if counted and used < _USES:
            use_benefit(use_id=keyed_id(who, "demo"), customer_id=who, benefit=counted[0], on=until, at=at, by=_BY)
            used += 1
        if reviewed < _REVIEWED:
            award_occasion(customer_id=who, occasion=Occasion.REVIEW, key=f"{number}", on=until, at=at, by=_BY)
            reviewed += 1


def _noon(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(zone))
