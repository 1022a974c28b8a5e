"""The tier of a person under several numbers: together, never below what one has alone, and each one's own again."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Balance
from shouyue.membership.passes.actions import AlreadyBoughtError, sell_tier
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tiers.actions.benefits import BenefitRefusedError, use_benefit
from shouyue.membership.tiers.actions.reviewing import Reviewed, review_tiers
from shouyue.membership.tiers.models import TierChange
from shouyue.membership.tiers.queries.members import member_view, tier_counts
from shouyue.membership.tiers.queries.moves import Step, moves_of
from shouyue.membership.tiers.queries.replay import tiers_of
from shouyue.membership.tiers.queries.screens import tier_history
from shouyue.membership.tiers.rules.columns import Activities, histories
from shouyue.membership.tiers.rules.persons import (
    by_person,
    person_history,
    person_progress,
    person_tier_on,
    strands_of,
)
from shouyue.membership.tiers.rules.standing import Activity, Change, Measure, Strand, Timeline, Why, tier_on
from shouyue.membership.tiers.rules.tiers import rank
from shouyue.membership.tiers.rules.windows import WindowKind, WindowRule
from shouyue.membership.tiers.tests.ground import bought, member, noon, published
from shouyue.membership.tiers.tests.test_tiers import CALENDAR, JOINED, OTHER_STEPS, STEPS, activities, rules, timelines
from shouyue.membership.tills.queries import quoted
from shouyue.store.models import Fact

ON = date(2026, 8, 29)
days = st.dates(date(2025, 7, 1), date(2027, 12, 31))
persons = st.lists(
    st.lists(st.builds(Strand, st.dates(JOINED, date(2025, 6, 30)), activities), min_size=1, max_size=3),
    min_size=1,
    max_size=3,
)

several = st.lists(st.builds(Strand, st.dates(JOINED, date(2025, 6, 30)), activities), min_size=2, max_size=3)


@given(timelines, persons, days, st.booleans(), st.sampled_from(Measure))
def test_columns_decide_as_one_by_one(timeline, numbers, day, has_other_steps, measure):
    if has_other_steps:
        first, (second_day, second), *rest = timeline.versions
        timeline = Timeline((first, (second_day, replace(second, steps=OTHER_STEPS)), *rest))
    told = [strands_of(one, measure) for one in numbers]
    strands = [one for person in told for one in person]
    ends = np.cumsum([len(person) for person in told]).tolist()
    groups = [list(range(end - len(person), end)) for end, person in zip(ends, told, strict=True)]
    rows = sorted(
        (place, done.day.toordinal(), int(done.amount)) for place, one in enumerate(strands) for done in one.activities
    )
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    joined = np.array([one.joined_on.toordinal() for one in strands], np.int64)
    alone = histories(timeline, Activities(*columns), joined=joined, until=day)
    found = by_person(timeline, alone, groups, until=day)
    changes = defaultdict(list)
    for place, *change in zip(found.member, found.on, found.tier, found.why, found.amount, strict=True):
        changes[place].append(Change(*change))
    for place, person in enumerate(told):
        one_by_one = person_history(timeline, person, until=day)
        assert changes[place] == [change for change in one_by_one if change.why is not Why.KEPT]
        assert found.tiers[place] == person_tier_on(timeline, person, day=day)


@given(rules, st.lists(st.builds(Strand, st.just(JOINED), activities), min_size=2, max_size=3), days)
def test_a_merge_lowers_no_tier_and_what_is_told_is_what_the_replay_finds(rule, numbers, day):
    told = Timeline.of(rule)
    strands = strands_of(numbers, Measure.SPEND)
    together = person_tier_on(told, strands, day=day)
    alone = [tier_on(told, one.activities, joined_on=one.joined_on, day=day) for one in numbers]
    assert rank(STEPS, together) >= max(rank(STEPS, tier) for tier in alone)
    assert person_history(told, strands, until=day)[-1].tier == together


@given(rules, several, days)
def test_the_projection_is_what_the_review_does_if_nothing_more_happens(rule, numbers, day):
    known = [Strand(one.joined_on, [done for done in one.activities if done.day <= day]) for one in numbers]
    told, strands = Timeline.of(rule), strands_of(known, Measure.SPEND)
    standing = person_progress(told, strands, day=day)
    assert standing.tier == person_tier_on(told, strands, day=day)
    assert standing.projected == person_tier_on(told, strands, day=standing.reviewed_on)
    falls = rank(STEPS, standing.projected) < rank(STEPS, standing.tier)
    before = person_tier_on(told, strands, day=standing.reviewed_on - timedelta(days=1))
    assert (falls, before) == (standing.is_warned or falls, standing.tier)


def test_two_numbers_reach_together_what_neither_has_and_their_days_are_one_visit():
    one = Strand(JOINED, [Activity(date(2024, 6, 1), 3000)])
    other = Strand(date(2024, 5, 1), [Activity(date(2024, 6, 1), 1500), Activity(date(2024, 7, 2), 500)])
    told = Timeline.of(CALENDAR)
    assert person_history(told, strands_of([other, one], Measure.SPEND), until=date(2026, 1, 1)) == [
        Change(JOINED, "basic", Why.JOINED, 0),
        Change(date(2024, 7, 2), "gold", Why.REACHED, 5000),
        Change(date(2025, 1, 1), "gold", Why.KEPT, 5000),
        Change(date(2026, 1, 1), "basic", Why.FELL, 0),
    ]
    visits = [Strand(part.joined_on, [Activity(done.day, 1) for done in part.activities]) for part in (one, other)]
    whole, *_alone = strands_of(visits, Measure.VISITS)
    assert whole.activities == [Activity(date(2024, 6, 1), 1), Activity(date(2024, 7, 2), 1)]


def test_a_tier_that_one_number_has_by_its_own_year_is_not_lost_by_the_year_of_the_other():
    rule = replace(CALENDAR, window=WindowRule(WindowKind.ANNIVERSARY))
    old = Strand(date(2020, 1, 5), [])
    late = Strand(date(2024, 12, 1), [Activity(date(2024, 12, 15), 5000)])
    strands = strands_of([old, late], Measure.SPEND)
    told, day = Timeline.of(rule), date(2026, 2, 1)
    assert tier_on(told, strands[0].activities, joined_on=old.joined_on, day=day) == "basic"
    assert person_tier_on(told, strands, day=day) == "gold"
    # It falls when the number that has it is reviewed.
    standing = person_progress(told, strands, day=date(2026, 11, 15))
    assert (standing.reviewed_on, standing.projected, standing.is_warned) == (date(2026, 12, 1), "basic", True)
    assert person_history(told, strands, until=date(2026, 12, 1))[-1] == Change(date(2026, 12, 1), "basic", Why.FELL, 0)


def two(*, first: int = 3_000, second: int = 2_500):
    """Two numbers of one person who bought this year, not merged yet."""
    one, other = member("P-one"), member("P-two")
    bought(one, date(2026, 3, 1), first)
    bought(other, date(2026, 4, 1), second)
    return one, other


def merged(one, other, *, on=ON):
    return merge_customers(survivor=one, merged=other, by="staff:1", at=noon(on)).pk


def review(*who, on=ON):
    return review_tiers(who, on=on, at=noon(on), by="test")


@pytest.mark.django_db
def test_any_number_has_the_persons_tier_and_un_merging_brings_each_ones_own_back():
    published()
    one, other = two()
    alone = tiers_of([one, other], on=ON)
    assert alone == {one: "silver", other: "silver"}
    made = merged(one, other)
    for asked in ([one, other], [one], [other]):
        assert tiers_of(asked, on=ON) == dict.fromkeys(asked, "gold")
    views = [member_view(who, on=ON) for who in (one, other)]
    assert [(view.tier.name, view.progress.amount, view.progress.missing) for view in views] == [
        ("gold", 550_000, 1_450_000)
    ] * 2
    history = tier_history(other, on=ON, day=date(2026, 3, 15))
    assert (history.progress.tier, history.at_day, history.numbers) == ("gold", "silver", 2)
    unmerge_customers(made, by="staff:1", at=noon(ON))
    assert tiers_of([one, other], on=ON) == alone
    assert tier_history(other, on=ON, day=ON).numbers == 1


@pytest.mark.django_db
def test_the_till_and_the_quote_earn_by_the_persons_tier():
    published()
    one, other = two()
    told = {"items": ["T-1"], "amounts_fen": [10_000], "source": "plain", "placed_at": noon(ON)}
    assert quoted(other, **told).tier == "silver"
    merged(one, other)
    assert [quoted(who, **told).tier for who in (one, other)] == ["gold", "gold"]


@pytest.mark.django_db
def test_a_tier_that_is_corrected_to_and_fro_on_one_day_is_recorded_each_time():
    published()
    one, other = two()
    review(one, other)
    for hour in range(3):
        made = merged(one, other)
        for step in (made, None):
            if step is None:
                unmerge_customers(made, by="staff:1", at=noon(ON))
            at = noon(ON) + timedelta(hours=hour, minutes=step is None)
            assert review_tiers([one, other], on=ON, at=at, by="test") == Reviewed(2, 0)
    assert TierChange.objects.filter(on=ON, why="corrected").count() == 12
    assert tier_counts() == {"silver": 2}


@pytest.mark.django_db
def test_reviews_write_the_persons_tier_for_each_number_warn_once_and_count_the_person_once():
    published()
    one, other = two()
    review(one, other)
    made = merged(one, other)
    tomorrow = ON + timedelta(days=1)
    # In whatever batches the night takes them.
    assert [review(who, on=tomorrow) for who in (one, other, one)] == [Reviewed(1, 0), Reviewed(1, 0), Reviewed(0, 0)]
    rows = TierChange.objects.filter(on=tomorrow).order_by("customer_id")
    assert [(row.before, row.tier, row.why) for row in rows] == [("silver", "gold", "corrected")] * 2
    assert tier_counts() == {"gold": 1}
    late = date(2028, 1, 2)
    assert review(one, other, on=late).warned == 1
    [fact] = Fact.objects.filter(kind="TierAtRisk")
    assert (fact.subject_id, fact.payload["tier"], fact.payload["projected"]) == (one, "gold", "silver")
    unmerge_customers(made, by="staff:1", at=noon(ON))
    review(one, other, on=late + timedelta(days=1))
    assert tiers_of([one, other], on=late + timedelta(days=1)) == {one: "silver", other: "silver"}
    assert tier_counts() == {"silver": 2}


@pytest.mark.django_db
def test_a_bought_tier_of_any_number_counts_and_is_not_sold_to_the_person_again():
    published()
    one, other = two()
    merged(one, other)
    sale = {"tier": "black", "days": (ON, ON + timedelta(days=9)), "price_fen": 1, "at": noon(ON), "by": "staff:1"}
    sell_tier(pass_id=new_id(), customer_id=other, **sale)
    assert tiers_of([one, other], on=ON) == {one: "black", other: "black"}
    assert member_view(one, on=ON).bought_until == ON + timedelta(days=9)
    with pytest.raises(AlreadyBoughtError):
        sell_tier(pass_id=new_id(), customer_id=one, **sale)


@pytest.mark.django_db
def test_benefits_are_those_of_the_persons_tier_and_their_quota_is_the_persons():
    published()
    one, other = two()
    use = {"benefit": "free_delivery", "on": ON, "at": noon(ON), "by": "staff:1"}
    with pytest.raises(BenefitRefusedError):
        use_benefit(use_id=new_id(), customer_id=one, **use)
    merged(one, other)
    for nth in range(12):
        use_benefit(use_id=new_id(), customer_id=(one, other)[nth % 2], **use)
    for who in (one, other):
        with pytest.raises(BenefitRefusedError) as refused:
            use_benefit(use_id=new_id(), customer_id=who, **use)
        assert refused.value.is_used_up


@pytest.mark.django_db
def test_a_person_would_move_once_and_a_number_that_is_no_member_has_the_persons_tier():
    published()
    one, other = two()
    merged(one, other)
    content = standard_content()
    content["tiers"]["steps"][2]["minimum_fen"] = 600_000
    found = moves_of([one, other], content, on=ON)
    assert [(move.customer_id, move.at_once) for move in found] == [(one, Step("gold", "silver", -1))]
    # Gold by the tiers of today, this year's 5,500 yuan do not keep it by the draft.
    assert [(move.at_review, move.reviewed_on) for move in found] == [(Step("gold", "silver", -1), date(2027, 1, 31))]
    Balance.objects.filter(customer_id=one).delete()
    assert tiers_of([one, other], on=ON) == {one: "silver", other: "silver"}
    assert ProgrammeVersion.objects.count() == 1
