"""The planned looks of a wave: the top-up that was agreed before the first answer, and no other."""

import pytest

from shouyue.customers.models import Customer
from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Invitation, Response
from shouyue.surveys.estimates.public import Decision
from shouyue.surveys.sheets.actions.answering import WaveOverError, send_answers, sheet_of
from shouyue.surveys.waves.actions.opening import NoTopUpError, close_wave, count_first_look, open_wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.queries.counting import reading_of, strata_counts
from shouyue.surveys.waves.rules.drawing import drawn
from shouyue.surveys.waves.rules.pseudonyms import pseudonym
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.django_db


def answer(plan: WavePlan, *, kept: int, of: int, after: int = 0) -> None:
    """So many of the sheets, in their order, answer; the first `kept` of them are satisfied."""
    for place, token in enumerate(tokens(plan)[after : after + of]):
        send_answers(token, {"overall": ["5" if place < kept else "2"]}, at=AT)


def test_a_look_without_a_verdict_asks_the_planned_rest() -> None:
    people(300)
    plan = open_wave(wish(wanted=40, top_up=60), at=AT, by="staff:1")
    answer(plan, kept=36, of=40)
    assert count_first_look(plan.wave_id, at=AT, by="staff:1").decision is Decision.UNDETERMINED
    plan.refresh_from_db()
    asked = {
        pseudonym(plan.salt, one)
        for one in Invitation.objects.filter(wave=plan.wave).values_list("customer", flat=True)
    }
    assert (sum(plan.sizes.values()), asked) == (100, set(drawn(plan.frame, plan.seed, plan.sizes)))
    assert plan.counted == [{"kept": 36, "asked": 40, "spent": "1/40"}]
    with pytest.raises(NoTopUpError):
        count_first_look(plan.wave_id, at=AT, by="staff:1")
    answer(plan, kept=100, of=100)
    close_wave(plan.wave_id, at=AT, by="staff:1")
    reading = reading_of(WavePlan.objects.select_related("wave__questionnaire").get(wave=plan.wave))
    assert [(one.kept, one.asked, one.spent) for one in reading.looks] == [(36, 40, "1/40"), (96, 100, "1/20")]
    assert reading.decision is Decision.MET
    assert list(Fact.objects.filter(kind="WaveToppedUp").values_list("payload__drawn", flat=True)) == [60]


def test_a_look_that_decides_closes_the_wave() -> None:
    people(300)
    plan = open_wave(wish(wanted=40, top_up=60), at=AT, by="staff:1")
    answer(plan, kept=20, of=40)
    assert count_first_look(plan.wave_id, at=AT, by="staff:1").decision is Decision.MISSED
    Sheet.objects.filter(id=Sheet.objects.first().id).update(sent_at=None)
    with pytest.raises(WaveOverError):
        answer(plan, kept=40, of=40)
    assert Invitation.objects.filter(wave=plan.wave).count() == 40
    assert Fact.objects.filter(kind="WaveClosed").count() == 1


def test_nobody_tops_up_what_was_not_planned() -> None:
    people(100)
    plan = open_wave(wish(wanted=40), at=AT, by="staff:1")
    answer(plan, kept=9, of=10)
    with pytest.raises(NoTopUpError):
        count_first_look(plan.wave_id, at=AT, by="staff:1")
    assert plan.counted == []


def test_who_was_asked_often_meanwhile_is_left_out_of_the_top_up() -> None:
    people(60)
    plan = open_wave(wish(wanted=20, top_up=40), at=AT, by="staff:1")
    for code in ("loyalty", "product_use"):
        open_wave(wish(questionnaire=code, wanted=60, seed="cd" * 32), at=AT, by="staff:1")
    answer(plan, kept=18, of=20)
    count_first_look(plan.wave_id, at=AT, by="staff:1")
    plan.refresh_from_db()
    assert plan.excluded == {"asked_often_since": 40}
    assert Invitation.objects.filter(wave=plan.wave).count() == 20


def test_a_small_frame_has_hypergeometric_limits() -> None:
    people(50)
    plan = open_wave(wish(wanted=50), at=AT, by="staff:1")
    answer(plan, kept=45, of=48)
    plan = close_wave(plan.wave_id, at=AT, by="staff:1")
    # 45 of 50 customers are enough, whatever the two silent ones think; a binomial rule would not see that.
    reading = reading_of(plan)
    assert (reading.decision, reading.population, reading.interval.method) == (Decision.MET, 50, "hypergeometric")


def test_a_draw_out_of_proportion_is_weighted_back() -> None:
    people(200)
    spreads = {"南京": 0.5, "苏州": 0.1}
    plan = open_wave(wish(wanted=80, strata="region", spreads=spreads), at=AT, by="staff:1")
    assert (plan.is_weighted, plan.sizes) == (True, {"南京": 50, "苏州": 30})
    regions = dict(Customer.objects.values_list("id", "region"))
    for token in tokens(plan):
        mark = "2" if regions[sheet_of(token).customer_id] == "南京" else "5"
        send_answers(token, {"overall": [mark]}, at=AT)
    plan = close_wave(plan.wave_id, at=AT, by="staff:1")
    assert {name: (one.size, one.asked, one.kept) for name, one in strata_counts(plan).items()} == {
        "南京": (50, 50, 0),
        "苏州": (150, 30, 30),
    }
    reading = reading_of(plan)
    # 30 of 80 answers, but three quarters of the customers.
    assert (round(reading.value, 9), Response.objects.filter(score=5).count()) == (0.75, 30)
    assert reading.decision is Decision.MISSED
