"""Measure whether the programme works."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shouyue.membership.effect.facts import EffectMeasured
from shouyue.membership.effect.models import EffectReading
from shouyue.membership.effect.queries import everybody, friends_brought, friends_since
from shouyue.membership.effect.rules.comebacks import DAYS, Customer, bringing, brought, held_out, returning
from shouyue.membership.effect.rules.comparison import Comparison
from shouyue.membership.effect.rules.friends import before_and_after, last_change
from shouyue.membership.programme.public import ProgrammeVersion, campaigns_of, published_versions, version_on
from shouyue.store import facts

_YEAR = 365


@transaction.atomic
def measure_effect(*, at: datetime, by: str) -> EffectReading | None:
    """Count who comes back and who brings friends, with the programme and without; None without any purchase.

    The last day of the records ends the second span: a day without records yet would look like nobody came.
    """
    people = everybody()
    until = max((one.bought[-1][0] for one in people if one.bought), default=None)
    if until is None:
        return None
    version = version_on(timezone.localdate(at))
    share = version.content.get("holdout", 0.0) if version else 0.0
    since, split = until - timedelta(days=_YEAR), until - timedelta(days=DAYS)
    friends = friends_since(since)
    members = [one.who for one in people if one.joined_on is not None and one.joined_on <= until]
    new = sum(one.joined_on is not None and since < one.joined_on <= until for one in people)
    content = {
        "split": split.isoformat(),
        "days": DAYS,
        "returning": _kept(returning(people, split=split)),
        "held": _kept(held_out(people, first=split + timedelta(days=1), last=until, share=share)),
        "bringing": _kept(bringing(members, friends, share=share)),
        "brought": [brought(new, sum(friends.values())).kept, new],
        "campaigns": _campaigns(people, version, until=until, share=share),
        "rewarded": _rewarded(people, until=until),
    }
    reading = EffectReading.objects.create(measured_at=at, until=until, content=content)
    facts.announce(EffectMeasured(reading_id=reading.pk, until=until), at=at, by=by)
    return reading


def _rewarded(people: list[Customer], *, until: date) -> dict[str, Any] | None:
    """Who brought friends before and after the last change of the reward; None where there was none."""
    versions = [(one.starts_on or date.min, one.content["referral"]) for one in published_versions()]
    change = last_change(versions, until=until)
    if change is None:
        return None
    joined = {one.who: one.joined_on for one in people if one.joined_on is not None}
    compared = _kept(before_and_after(joined, friends_brought(), change))
    return {**asdict(change), "on": change.on.isoformat(), "compared": compared}


def _campaigns(
    people: list[Customer], version: ProgrammeVersion | None, *, until: date, share: float
) -> list[dict[str, Any]]:
    told = []
    for one in campaigns_of(version.content) if version else []:
        first, last = date.fromisoformat(one["first"]), min(until, date.fromisoformat(one["last"]))
        if first <= until:
            compared = _kept(held_out(people, first=first, last=last, share=share))
            days = {"first": first.isoformat(), "last": last.isoformat()}
            told.append({"key": one["key"], "zh": one["zh"], "en": one["en"], **days, "compared": compared})
    return told


def _kept(found: Comparison) -> dict[str, Any]:
    return {
        "ours": [found.ours.kept, found.ours.asked],
        "theirs": [found.theirs.kept, found.theirs.asked],
        "left_out": found.left_out,
    }
