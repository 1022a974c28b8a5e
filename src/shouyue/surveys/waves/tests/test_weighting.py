"""Margins of a wave: frozen when it is drawn, reached at the close or refused aloud, recomputed by a third person."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shouyue.customers.models import Customer
from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Wave
from shouyue.surveys.estimates.public import Decision
from shouyue.surveys.results.queries.exporting import expected_line, export_of
from shouyue.surveys.results.queries.remeasuring import remeasured, result_choices
from shouyue.surveys.results.queries.results import result_of
from shouyue.surveys.results.rules.remeasuring import Asked
from shouyue.surveys.results.rules.replay import margins_hash, recomputed
from shouyue.surveys.sheets.actions.answering import send_answers, sheet_of
from shouyue.surveys.waves.actions.opening import (
    AnonymityError,
    WaveExistsError,
    close_wave,
    count_first_look,
    open_wave,
)
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries.counting import reading_of
from shouyue.surveys.waves.queries.listing import plan_of
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish
from shouyue.surveys.weights.rules.margins import Margins, MarginsError, checked

pytestmark = pytest.mark.django_db
REGIONS = {"南京": "40", "苏州": "60"}


def by(**values: dict[str, str]) -> Margins:
    return checked(values, "percent", values)


def with_companies(count: int) -> None:
    """So many customers, every fourth of 南京, every fifth a company."""
    people(count)
    companies = [f"C{number}" for number in range(0, count, 5)]
    Customer.objects.filter(source_key__in=companies).update(kind="company")


def answered(plan: WavePlan, *, silent: str = "") -> None:
    """All of 苏州 and half of 南京 answer; who is of 南京 is not satisfied. silent: a region that does not."""
    regions = dict(Customer.objects.values_list("id", "region"))
    heard = {"南京": 0, "苏州": 0}
    for token in tokens(plan):
        region = regions[sheet_of(token).customer_id]
        heard[region] += 1
        if region != silent and (region == "苏州" or heard[region] % 2):
            send_answers(token, {"overall": ["2" if region == "南京" else "5"]}, at=AT)


def closed(plan: WavePlan) -> WavePlan:
    close_wave(plan.wave_id, at=AT, by="staff:1")
    return plan_of(plan.wave_id)


def test_margins_are_frozen_with_the_draw() -> None:
    with_companies(100)
    margins = by(region=REGIONS, kind={"company": "20", "person": "80"})
    plan = open_wave(wish(margins=margins), at=AT, by="staff:1")
    plan.refresh_from_db()
    assert (plan.margins, plan.is_weighted, plan.is_small_frame) == (margins.stored(), True, False)
    # Kind, then region, of everybody in the frame.
    traits = sorted(map(tuple, plan.traits.values()))
    assert (len(plan.traits), traits.count(("company", "南京"))) == (100, 5)
    assert plan.margins_hash == margins_hash(plan.margins, plan.traits)
    (fact,) = Fact.objects.filter(kind="WaveOpened")
    assert (fact.payload["margins_hash"], fact.actor) == (plan.margins_hash, "staff:1")
    assert (plan.opened_at, plan.opened_by) == (AT, "staff:1")


def test_margins_stand_once_the_wave_is_open() -> None:
    with_companies(100)
    plan = open_wave(wish(margins=by(region=REGIONS)), at=AT, by="staff:1")
    # The same wish is the same wave; one with other margins, or with none, is another one.
    assert open_wave(wish(margins=by(region=REGIONS)), at=AT, by="staff:1") == plan
    for other in (by(region={"南京": "30", "苏州": "70"}), by(kind={"company": "20", "person": "80"}), None):
        with pytest.raises(WaveExistsError):
            open_wave(wish(margins=other), at=AT, by="staff:1")
    for changed in ("margins", "traits", "margins_hash", "target", "looks", "frame", "seed", "opened_at", "opened_by"):
        plan.refresh_from_db()
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
            plan.save(update_fields=[changed])
    # A wave without margins gets none afterwards either.
    plain = open_wave(wish(questionnaire="loyalty"), at=AT, by="staff:1")
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        WavePlan.objects.filter(pk=plain.pk).update(margins=plan.margins)


def test_margins_of_other_categories_than_the_frame_has_are_refused_and_nothing_is_drawn() -> None:
    people(100)
    for wrong in ({"南京": "40", "苏州": "50", "无锡": "10"}, {"苏州": "100"}):
        with pytest.raises(MarginsError), transaction.atomic():
            open_wave(wish(margins=by(region=wrong)), at=AT, by="staff:1")
    with pytest.raises(AnonymityError), transaction.atomic():
        open_wave(wish(margins=by(region=REGIONS), is_anonymous=True), at=AT, by="staff:1")
    assert (Wave.objects.count(), Fact.objects.count()) == (0, 0)


def test_the_answers_reach_the_margins_and_a_third_person_finds_the_same() -> None:
    with_companies(400)
    plan = open_wave(
        wish(wanted=400, margins=by(region=REGIONS, kind={"company": "25", "person": "75"})), at=AT, by="a"
    )
    answered(plan)
    plan = closed(plan)
    reading = reading_of(plan)
    raking = reading.raking
    assert (raking.refusal, raking.trimmed) == ("", 0)
    assert max(abs(one.difference) for one in raking.lines) <= 1e-6
    # 300 of 350 answers are satisfied, but only three in five customers are of 苏州.
    assert (round(reading.value, 9), round(raking.drawn.value, 9)) == (0.6, round(300 / 350, 9))
    assert reading.decision is Decision.MISSED
    export = json.loads(json.dumps(export_of(plan)))
    line = recomputed(export)
    assert line == expected_line(plan)
    told = json.loads(line)
    assert (told["raking"], told["weighted_share"], told["verdict"], told["margins_hash"]) == (
        "reached",
        "0.600000",
        "weighted by svy",
        plan.margins_hash,
    )
    assert set(export["traits"]) == set(export["frame"])
    # Other categories of the frame or other margins are noticed by their hash.
    somebody = next(iter(export["traits"]))
    export["traits"][somebody] = ["company", "无锡"]
    assert json.loads(recomputed(export))["margins_hash"] != plan.margins_hash


def test_change_is_between_the_weighted_shares() -> None:
    people(400)
    first = open_wave(wish(wanted=400, margins=by(region=REGIONS)), at=AT - timedelta(days=95), by="staff:1")
    answered(first)
    close_wave(first.wave_id, at=AT, by="staff:1")
    second = open_wave(wish(wanted=400, margins=by(region={"南京": "10", "苏州": "90"})), at=AT, by="staff:1")
    answered(second)
    change = result_of(closed(second)).change
    # The same answers both times, of which the second margins make more.
    assert (round(change.share_before, 6), round(change.difference, 6), change.is_clear) == (0.6, 0.3, True)


def test_a_category_of_which_nobody_answered_leaves_the_weights_of_the_draw() -> None:
    people(200)
    plan = open_wave(wish(wanted=200, margins=by(region=REGIONS)), at=AT, by="staff:1")
    answered(plan, silent="南京")
    plan = closed(plan)
    reading = reading_of(plan)
    assert (reading.raking.refusal, reading.raking.missing) == ("empty", ("region", "南京"))
    assert (reading.value, reading.estimate) == (1.0, reading.raking.drawn)
    # All who were heard are satisfied, and 南京 is not: the draw alone would have said that the target is met.
    assert reading.interval.low > 0.9
    assert (reading.decision, reading.literal, reading.extra_needed) == (Decision.UNDETERMINED, Decision.MET, None)
    assert recomputed(json.loads(json.dumps(export_of(plan)))) == expected_line(plan)
    assert '"raking":"empty"' in expected_line(plan)


def test_nobody_answered_is_no_crash_and_one_answer_no_verdict() -> None:
    people(200)
    for answers, code in ((0, "customer_satisfaction"), (1, "product_use")):
        plan = open_wave(wish(questionnaire=code, margins=by(region=REGIONS)), at=AT, by="staff:1")
        for token in tokens(plan)[:answers]:
            send_answers(token, {"overall": ["5"]}, at=AT)
        plan = closed(plan)
        assert reading_of(plan).decision is Decision.UNDETERMINED
        assert recomputed(json.loads(json.dumps(export_of(plan)))) == expected_line(plan)


def test_where_everybody_answered_margins_have_nothing_to_put_right() -> None:
    people(40)
    plan = open_wave(wish(wanted=40, margins=by(region=REGIONS)), at=AT, by="staff:1")
    for place, token in enumerate(tokens(plan)):
        send_answers(token, {"overall": ["5" if place < 36 else "2"]}, at=AT)
    plan = closed(plan)
    reading = reading_of(plan)
    assert (plan.wave.kind, plan.is_weighted, reading.raking, reading.value) == ("census", False, None, 0.9)
    assert (reading.decision, reading.population) == (Decision.MET, 40)
    assert recomputed(json.loads(json.dumps(export_of(plan)))) == expected_line(plan)


def test_a_first_look_rakes_too_and_shares_the_risk() -> None:
    people(400)
    plan = open_wave(wish(wanted=100, top_up=200, margins=by(region={"南京": "25", "苏州": "75"})), at=AT, by="a")
    for place, token in enumerate(tokens(plan)):
        send_answers(token, {"overall": ["2" if place % 10 == 0 else "5"]}, at=AT)
    first = count_first_look(plan.wave_id, at=AT, by="staff:1")
    assert (first.decision, first.raking.refusal, first.interval.level) == (Decision.UNDETERMINED, "", 0.95)
    for token in tokens(plan_of(plan.wave_id))[:150]:
        send_answers(token, {"overall": ["5"]}, at=AT)
    found = reading_of(closed(plan))
    assert (found.raking.refusal, found.interval.level) == ("", 0.95)


def test_each_question_of_a_weighted_wave_has_its_weighted_result() -> None:
    people(200)
    margins = by(region={"南京": "50", "苏州": "50"})
    plan = open_wave(wish(wanted=200, questionnaire="loyalty", target="0.8", margins=margins), at=AT, by="staff:1")
    regions = dict(Customer.objects.values_list("id", "region"))
    for token in tokens(plan):
        mark = "2" if regions[sheet_of(token).customer_id] == "南京" else "5"
        told = {"repurchase": ["5"], "recommend": [mark], "likely": ["9"], "brand": ["4"]}
        # One customer stays silent, so that it is no census.
        if token != tokens(plan)[0]:
            send_answers(token, told, at=AT + timedelta(hours=1))
    plan = closed(plan)
    keys = [one.key for one in result_choices()]
    asked = [Asked(result=key, delivered_on=None) for key in keys]
    shares = {one.key.partition(":")[2]: round(one.before.share, 6) for one in remeasured(asked, "") if one}
    # 150 of 199 would recommend, but half of the customers are of 南京.
    assert shares == {"all:": 0.5, "question:repurchase": 1.0, "question:recommend": 0.5, "question:brand": 1.0}


def test_a_wish_without_margins_is_as_it_was() -> None:
    people(100)
    plan = open_wave(replace(wish(), margins=None), at=AT, by="staff:1")
    assert (plan.margins, plan.traits, plan.margins_hash, plan.is_weighted) == ({}, {}, "", False)
    assert "margins" not in export_of(closed(plan))
