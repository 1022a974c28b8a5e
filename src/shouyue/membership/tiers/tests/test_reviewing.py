"""Tiers on records: what a review writes, once; past days again; late records; warnings; passes; the night's run."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shouyue.intake.tests.wizard_ground import run_jobs_here
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Command, move
from shouyue.membership.passes.actions import sell_tier
from shouyue.membership.programme.actions.versions import publish_version
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tiers.actions.reviewing import Reviewed, review_tiers
from shouyue.membership.tiers.jobs import review as review_job
from shouyue.membership.tiers.models import TierChange, TierStanding
from shouyue.membership.tiers.queries.activities import activities_of
from shouyue.membership.tiers.queries.members import member_view, tier_counts
from shouyue.membership.tiers.queries.replay import tiers_of
from shouyue.membership.tiers.rules.standing import Measure
from shouyue.membership.tiers.rules.tiers import UnknownTierError
from shouyue.membership.tiers.tests.ground import bought, member, noon, published
from shouyue.store.jobs import enqueue
from shouyue.store.models import Fact

ON = date(2026, 8, 29)


def recorded(who):
    rows = TierChange.objects.filter(customer_id=who).order_by("on", "recorded_at")
    return [(row.on, row.tier, row.why) for row in rows]


def review(*who, on=ON):
    return review_tiers(who, on=on, at=noon(on), by="test")


@pytest.mark.django_db
def test_a_review_records_every_change_once_and_any_past_day_again():
    published()
    who = member("A1")
    bought(who, date(2024, 6, 1), 6_000)
    bought(who, date(2026, 3, 5), 1_200)
    assert review(who) == Reviewed(changed=3, warned=0)
    assert recorded(who) == [
        (date(2024, 1, 1), "basic", "joined"),
        (date(2024, 6, 1), "gold", "reached"),
        # Reviewed after 30 days of grace: one step for a year without purchases, not down to the bottom.
        (date(2026, 1, 31), "silver", "fell"),
    ]
    assert review(who) == Reviewed(changed=0, warned=0)


@pytest.mark.django_db
def test_any_past_day_comes_out_of_the_records_as_it_was_found():
    published()
    who = member("A1")
    for day, yuan in ((date(2024, 2, 1), 1_500), (date(2024, 9, 9), 4_000), (date(2025, 12, 1), 800)):
        bought(who, day, yuan)
    review(who, on=date(2025, 6, 1))
    review(who)
    rows = recorded(who)
    for day in (date(2024, 1, 1) + timedelta(days=7 * week) for week in range(139)):
        last = [tier for on, tier, _why in rows if on <= day][-1]
        assert tiers_of([who], on=day) == {who: last}


@pytest.mark.django_db
def test_records_that_come_in_late_are_a_correction_of_today_and_change_nothing_recorded():
    published()
    who = member("A1")
    review(who)
    bought(who, date(2026, 5, 1), 1_000)
    review(who, on=ON + timedelta(days=1))
    assert recorded(who) == [(date(2024, 1, 1), "basic", "joined"), (ON + timedelta(days=1), "silver", "corrected")]
    assert TierStanding.objects.get().tier == "silver"
    fact = Fact.objects.filter(kind="TiersChanged").latest("recorded_at")
    assert (fact.payload["row_count"], fact.payload["fell"]) == (1, 0)


@pytest.mark.django_db
def test_who_is_about_to_fall_is_warned_once_for_each_review():
    published()
    who, safe = member("A1"), member("A2")
    bought(who, date(2025, 6, 1), 1_500)
    bought(safe, date(2026, 6, 1), 1_500)
    early, late = date(2026, 12, 31), date(2027, 1, 2)
    assert review(who, safe, on=early).warned == 0
    assert [review(who, safe, on=late).warned for _time in range(2)] == [1, 0]
    [fact] = Fact.objects.filter(kind="TierAtRisk")
    assert fact.subject_id == who
    assert fact.payload == {"tier": "silver", "projected": "basic", "reviewed_on": "2027-01-31"}
    assert member_view(who, on=late).progress.is_warned


@pytest.mark.django_db
def test_a_bought_tier_counts_on_its_days_and_is_sold_once():
    published()
    who, sale = member("A1"), new_id()
    days = (ON, ON + timedelta(days=364))
    for _time in range(2):
        sell_tier(pass_id=sale, customer_id=who, tier="gold", days=days, price_fen=29_900, at=noon(ON), by="staff:1")
    tiers = [tiers_of([who], on=day)[who] for day in (ON - timedelta(days=1), *days, days[1] + timedelta(days=1))]
    assert tiers == ["basic", "gold", "gold", "basic"]
    assert Fact.objects.filter(kind="TierSold").count() == 1
    with pytest.raises(UnknownTierError):
        sell_tier(pass_id=new_id(), customer_id=who, tier="x", days=days, price_fen=1, at=noon(ON), by="staff:1")


@pytest.mark.django_db
@pytest.mark.parametrize(("measure", "days"), [("visits", [1, 1]), ("spend", [100_000, 50_000])])
def test_what_counts_is_what_the_version_says(measure, days):
    content = standard_content()
    content["tiers"]["measure"] = measure
    ProgrammeVersion.objects.create(content=content, changed_at=noon(ON), changed_by="test")
    published()
    who = member("A1")
    bought(who, date(2026, 3, 1), 1_000)
    bought(who, date(2026, 4, 1), 500)
    assert [amount for _day, amount in activities_of([who], Measure(measure))[who]] == days
    assert member_view(who, on=ON).progress.amount == sum(days)


@pytest.mark.django_db
def test_points_that_count_are_those_earned_less_those_taken_back_and_not_those_spent():
    content = standard_content()
    content["tiers"]["measure"] = "points"
    for step, minimum in zip(content["tiers"]["steps"], (0, 100, 500, 900), strict=True):
        step["minimum_fen"] = minimum
    ProgrammeVersion.objects.create(content=content, changed_at=noon(ON), changed_by="test")
    published()
    who, first, second = member("A1"), date(2026, 3, 1), date(2026, 4, 1)
    lots = [new_id(), new_id()]
    for lot, day, points in zip(lots, (first, second), (120, 400), strict=True):
        move(Command.award(lot, who, points, cost_fen=0, days=(day, None)), at=noon(day), on=day, by="test")
    move(Command.redemption(new_id(), who, 500), at=noon(second), on=second, by="test")
    assert activities_of([who], Measure.POINTS)[who] == [(first, 120), (second, 400)]
    assert [tiers_of([who], on=day)[who] for day in (first, second)] == ["silver", "gold"]


@pytest.mark.django_db
def test_a_new_version_counts_from_its_day():
    published()
    who = member("A1")
    bought(who, date(2026, 2, 1), 1_000)
    content = standard_content()
    content["tiers"]["steps"][1]["minimum_fen"] = 50_000
    ProgrammeVersion.objects.create(content=content, changed_at=noon(ON), changed_by="test")
    publish_version(starts_on=ON, at=noon(ON), today=ON, by="test")
    other = member("A2")
    bought(other, date(2026, 2, 1), 600)
    bought(other, ON, 1)
    assert tiers_of([who, other], on=ON - timedelta(days=1)) == {who: "silver", other: "basic"}
    assert tiers_of([who, other], on=ON) == {who: "silver", other: "silver"}


@pytest.mark.django_db
def test_a_review_asks_as_much_for_thirty_members_as_for_one():
    published()
    counts = []
    for many in (1, 30):
        some = [member(f"B{many}-{number}") for number in range(many)]
        for who in some:
            bought(who, date(2026, 3, 1), 2_000)
        with CaptureQueriesContext(connection) as asked:
            review(*some)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_night_reviews_everybody():
    published()
    some = [member(f"C{number}") for number in range(3)]
    bought(some[0], timezone.localdate(clock.now()), 2_000)
    run = enqueue(review_job, {}, by="test")
    run_jobs_here()
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 3)
    assert tier_counts() == {"basic": 2, "silver": 1}
