"""Drawn waves: what is frozen, who is asked, answers that count once, and what the quarter then says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count

from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Invitation, Response, Wave
from shouyue.surveys.public import answers_by_quarter
from shouyue.surveys.questionnaires.public import AnswerRefusedError
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES, Template
from shouyue.surveys.sheets.actions.answering import (
    AnswersMissingError,
    SheetUnknownError,
    WaveOverError,
    answers_on,
    keep_answers,
    send_answers,
    sheet_of,
)
from shouyue.surveys.waves.actions.opening import ASKED_MAX, WaveExistsError, close_wave, open_wave
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.rules.drawing import FrameError, drawn, frame_hash
from shouyue.surveys.waves.tests.ground import AT, SEED, people, tokens, wish
from shouyue.surveys.weights.rules.margins import checked


@pytest.mark.django_db
def test_a_draw_freezes_what_it_was_drawn_from() -> None:
    people(50, anonymous=7)
    plan = open_wave(wish(), at=AT, by="staff:1")
    assert (plan.method, plan.frame_size, plan.excluded) == ("simple", 50, {"anonymous": 7})
    assert plan.frame_hash == frame_hash(plan.frame)
    assert len(drawn(plan.frame, SEED, plan.sizes)) == Invitation.objects.filter(wave=plan.wave).count() == 20
    # The same draw again is the same wave; another one in the quarter is refused.
    assert open_wave(wish(), at=AT, by="staff:1") == plan
    with pytest.raises(WaveExistsError):
        open_wave(wish(seed="cd" * 32), at=AT, by="staff:1")
    (fact,) = Fact.objects.filter(kind="WaveOpened")
    assert (fact.payload["frame_hash"], fact.payload["drawn"]) == (plan.frame_hash, 20)


@pytest.mark.django_db
def test_a_stratified_draw_asks_each_region_in_proportion() -> None:
    people(80)
    plan = open_wave(wish(strata="region"), at=AT, by="staff:1")
    assert (plan.method, plan.sizes) == ("stratified", {"南京": 5, "苏州": 15})
    regions = Invitation.objects.values_list("customer__region").annotate(Count("id")).order_by("customer__region")
    assert dict(regions) == {"南京": 5, "苏州": 15}


@pytest.mark.django_db
def test_few_customers_are_all_asked_and_nobody_is_refused() -> None:
    with pytest.raises(FrameError, match="nobody"):
        open_wave(wish(), at=AT, by="staff:1")
    assert Wave.objects.count() == 0
    people(12)
    assert open_wave(wish(), at=AT, by="staff:1").method == "census"


@pytest.mark.django_db
def test_answers_are_kept_one_by_one_and_count_once() -> None:
    people(30)
    token = tokens(open_wave(wish(), at=AT, by="staff:1"))[0]
    keep_answers(token, {"overall": ["2"]}, at=AT)
    keep_answers(token, {"why": ["等了三天"], "topics": ["delivery", "price"]}, at=AT)
    assert answers_on(sheet_of(token)) == {"overall": 2, "why": "等了三天", "topics": ["delivery", "price"]}
    assert Response.objects.count() == 0
    for _again in range(2):
        send_answers(token, {"recommend": ["9"]}, at=AT + timedelta(hours=1))
    # What comes after sending changes nothing.
    keep_answers(token, {"overall": ["5"]}, at=AT)
    sheet, response = sheet_of(token), Response.objects.get()
    assert (response.id, response.customer_id, response.score) == (sheet.id, sheet.customer_id, 2)
    assert answers_on(sheet)["overall"] == 2
    kinds = list(Fact.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["WaveOpened", "AnswersRecorded", "SurveyAnswered", "DetractorHeard"]
    assert Fact.objects.get(kind="DetractorHeard").subject_id == sheet.customer_id


@pytest.mark.django_db
def test_free_words_are_sealed_and_fall_away_with_their_question() -> None:
    people(30)
    token = tokens(open_wave(wish(), at=AT, by="staff:1"))[0]
    keep_answers(token, {"overall": ["1"], "why": ["秘密的话"]}, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT surveys_sheet::text FROM surveys_sheet WHERE saved_at IS NOT NULL")
        ((row,),) = cursor.fetchall()
    assert "秘密的话" not in row
    keep_answers(token, {"overall": ["5"]}, at=AT)
    assert answers_on(sheet_of(token)) == {"overall": 5}


@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused_and_leaves_no_trace() -> None:
    people(30)
    plan = open_wave(wish(), at=AT, by="staff:1")
    token = tokens(plan)[0]
    with pytest.raises(AnswerRefusedError, match="overall: off_scale"):
        keep_answers(token, {"overall": ["6"]}, at=AT)
    with pytest.raises(AnswersMissingError, match="overall"):
        send_answers(token, {"recommend": ["9"]}, at=AT)
    with pytest.raises(SheetUnknownError):
        keep_answers("guessed", {"overall": ["5"]}, at=AT)
    assert answers_on(sheet_of(token)) == {}
    close_wave(plan.wave_id, at=AT, by="staff:1")
    with pytest.raises(WaveOverError):
        send_answers(token, {"overall": ["5"]}, at=AT)


@pytest.mark.django_db
def test_the_quarter_speaks_once_the_wave_is_closed() -> None:
    people(40)
    plan = open_wave(wish(), at=AT, by="staff:1")
    for number, token in enumerate(tokens(plan)[:10]):
        send_answers(token, {"overall": ["3" if number < 2 else "5"]}, at=AT)
    assert answers_by_quarter("satisfaction") == []
    for _again in range(2):
        close_wave(plan.wave_id, at=AT, by="staff:1")
    (quarter,) = answers_by_quarter("satisfaction")
    assert (quarter.kind, quarter.kept, quarter.asked, quarter.invited) == ("drawn", 8, 10, 20)
    assert Fact.objects.filter(kind="WaveClosed").count() == 1


def test_nobody_is_asked_past_the_cap_by_16_waves_at_once(fresh_database, monkeypatch) -> None:
    people(60)
    for number in range(16):
        template = TEMPLATES["loyalty"]
        monkeypatch.setitem(TEMPLATES, f"t{number}", Template(f"t{number}", "甲", "A", template.questions))

    def draw(number: int) -> int:
        try:
            return sum(open_wave(wish(questionnaire=f"t{number}", wanted=25), at=AT, by="staff:1").sizes.values())
        except FrameError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        sizes = list(pool.map(draw, range(16)))
    times = Invitation.objects.values("customer_id").annotate(times=Count("id")).values_list("times", flat=True)
    # Everybody was asked as often as allowed, nobody more often: 120 invitations for 60 people.
    assert (sum(sizes), max(times), min(times)) == (60 * ASKED_MAX, ASKED_MAX, ASKED_MAX)


def test_of_two_draws_at_once_the_margins_of_one_stand(fresh_database) -> None:
    people(100)

    def draw(region: dict[str, str]) -> str:
        try:
            margins = checked({"region": region}, "percent", {"region": region})
            return open_wave(wish(margins=margins), at=AT, by="staff:1").margins_hash
        except WaveExistsError:
            return "exists"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as desks:
        told = sorted(desks.map(draw, [{"南京": "40", "苏州": "60"}, {"南京": "10", "苏州": "90"}]), key=len)
    assert told == ["exists", WavePlan.objects.get().margins_hash]


def test_a_sheet_sent_by_many_at_once_counts_once(fresh_database) -> None:
    people(30)
    token = tokens(open_wave(wish(), at=AT, by="staff:1"))[0]

    def send(score: int) -> UUID:
        try:
            return send_answers(token, {"overall": [str(score)]}, at=AT).id
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(send, [1, 2, 3, 4, 5, 1, 2, 3]))
    assert {Response.objects.get().id} == ids
    assert Fact.objects.filter(kind="AnswersRecorded").count() == 1
