"""Questions about rewards."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from shouyue.membership.programme.public import named
from shouyue.membership.rewards.models import Redemption, RedemptionState, Reward
from shouyue.membership.rewards.rules.vouchers import read
from shouyue.membership.tiers.public import MemberView


def offered_rewards(tier: str | None, *, on: date) -> list[Reward]:
    """Rewards that a member of this tier may take on a day, the cheapest first."""
    begun = Q(first__isnull=True) | Q(first__lte=on)
    lasting = Q(last__isnull=True) | Q(last__gte=on)
    found = Reward.objects.filter(begun & lasting, is_open=True).exclude(stock_left=0).order_by("points", "id")[:100]
    return [reward for reward in found if not reward.tiers or tier in reward.tiers]


def rewards_for(view: MemberView, *, on: date) -> list[tuple[str, Reward, int]]:
    """Name, reward, and how many points this member still lacks for it; the cheapest first."""
    found = offered_rewards(view.progress.tier, on=on)
    return [(named(one.name_zh, one.name_en), one, max(0, one.points - view.usable)) for one in found]


def redemption_of_code(typed: str) -> Redemption | None:
    """What was taken under a voucher's code, however it is typed; None if there is none."""
    code = read(typed)
    return Redemption.objects.select_related("reward").filter(code=code).first() if code else None


def reserved_by(ids: Sequence[UUID]) -> list[Redemption]:
    """Rewards that a person has reserved and not fetched yet, the first to end first. ids: all their numbers."""
    found = Redemption.objects.filter(customer_id__in=ids, state=RedemptionState.RESERVED)
    return list(found.select_related("reward").order_by("until", "id"))


def open_vouchers(ids: Sequence[UUID]) -> list[Redemption]:
    """Rewards that a person took and has not fetched yet, the oldest first. ids: all their numbers."""
    found = Redemption.objects.filter(customer_id__in=ids, state=RedemptionState.DONE)
    return list(found.select_related("reward").order_by("made_at", "id")[:50])


def taken_by_reward() -> Mapping[UUID, int]:
    """How often each reward was taken and not given back."""
    found = Redemption.objects.exclude(state=RedemptionState.RELEASED).values("reward_id").annotate(times=Count("id"))
    return {row["reward_id"]: row["times"] for row in found.order_by("reward_id")}
