"""Anonymous waves: nothing in the database leads from an answer to who gave it, and back."""

import json
import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from shouyue.rest.models import KeptCall
from shouyue.rest.tests.callers import a_caller, post, problem_of
from shouyue.store.models import Fact, Staff
from shouyue.surveys.answers.actions.boxing import BOX_MOST
from shouyue.surveys.answers.models import AnswerBox, Response, Wave
from shouyue.surveys.public import answers_by_quarter, conduct_of, links_of
from shouyue.surveys.questionnaires.models import Questionnaire
from shouyue.surveys.results.queries.results import result_of, words_of
from shouyue.surveys.sheets.actions.answering import (
    AnswersMissingError,
    Arrival,
    WaveAnonymousError,
    WaveOverError,
    answers_on,
    keep_answers,
    send_answers,
    sheet_of,
    take_answers,
)
from shouyue.surveys.waves.actions.opening import AnonymityError, close_wave, open_wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.queries.listing import plan_of, progress_of
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish


def opened(number: int = 60, **changes) -> WavePlan:
    people(number)
    return open_wave(wish(wanted=number, is_anonymous=True, **changes), at=AT, by="staff:1")


def answers_of(wave: UUID) -> list[dict]:
    return [marks for box in AnswerBox.objects.filter(wave=wave) for marks in box.marks]


@pytest.mark.django_db
def test_an_answer_counts_once_and_lies_apart_from_its_sheet() -> None:
    plan = opened()
    one, two, *_others = tokens(plan)
    keep_answers(one, {"overall": ["2"]}, at=AT)
    # Before it is sent nothing is kept here.
    assert (answers_on(sheet_of(one)), answers_of(plan.wave_id), sheet_of(one).saved_at) == ({}, [], None)
    with pytest.raises(AnswersMissingError):
        send_answers(one, {"recommend": ["3"]}, at=AT)
    for _again in range(2):
        send_answers(one, {"overall": ["2"], "why": ["慢"], "recommend": ["3"]}, at=AT + timedelta(hours=5))
    send_answers(two, {"overall": ["5"]}, at=AT + timedelta(hours=9))
    assert sorted(answers_of(plan.wave_id), key=str) == [{"overall": 2, "recommend": 3}, {"overall": 5}]
    sheet = sheet_of(one)
    assert (sheet.marks, sheet.words, sheet.saved_at) == ({}, None, None)
    # That somebody took part is known, to the day: for reminders and the response rate.
    assert sheet.sent_at == sheet_of(two).sent_at == AT.replace(hour=16) - timedelta(days=1)
    assert (progress_of(plan.wave_id).sent, Response.objects.count()) == (2, 0)
    # Nobody is told of the answer, nor called back.
    assert list(Fact.objects.values_list("kind", flat=True)) == ["WaveOpened"]


@pytest.mark.django_db
def test_nobody_writes_for_somebody_else() -> None:
    plan = opened()
    token = tokens(plan)[0]
    with pytest.raises(WaveAnonymousError):
        send_answers(token, {"overall": ["5"]}, at=AT, channel="interviewer")
    staff = Client(HTTP_ACCEPT_LANGUAGE="en")
    staff.force_login(Staff.objects.create_user("anna@desk.example", name="安娜", party="a"))
    sheet = sheet_of(token)
    for path in ("", f"{sheet.id}/"):
        assert staff.get(f"/surveys/waves/{plan.wave_id}/interview/{path}").status_code == 404
    page = staff.get(f"/surveys/waves/{plan.wave_id}/").content.decode()
    assert ("Ask in person" in page, "no answer is joined to a customer" in page) == (False, True)
    program = a_caller()
    told = {"invitation_id": str(sheet.id), "answers": {"overall": 5}}
    assert problem_of(post(program, f"waves/{plan.wave_id}/answers", told)) == (409, "wave-anonymous")
    # The digest of a call could be tried with every mark; a refused call leaves none.
    assert (program.get("/api/v1/waves").json(), KeptCall.objects.count(), answers_of(plan.wave_id)) == ([], 0, [])


@pytest.mark.django_db
def test_what_would_say_who_is_refused_before_the_wave_is_opened() -> None:
    people(30)
    Questionnaire.objects.create(
        code="photos",
        title_zh="照片",
        title_en="Photos",
        questions=[{"code": "photo", "kind": "file", "zh": "照片", "en": "Photo"}],
    )
    for changes, reason in (
        ({"strata": "region"}, "strata"),
        ({"top_up": 5}, "top_up"),
        ({"questionnaire": "photos"}, "file"),
    ):
        with pytest.raises(AnonymityError, match=reason):
            open_wave(wish(is_anonymous=True, **changes), at=AT, by="staff:1")
    assert Wave.objects.count() == 0


@pytest.mark.django_db
def test_the_page_says_so_and_keeps_nothing_on_the_server() -> None:
    plan = opened()
    token = tokens(plan)[0]
    phone = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    page = phone.get(f"/a/{token}/").content.decode()
    assert ("This survey is anonymous." in page, 'data-anonymous="1"' in page) == (True, True)
    assert phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "4"}).json()["sent"] is False
    refused = phone.post(f"/a/{token}/", {"recommend": "9", "why": "慢"})
    # Without a script the form comes back with what was said, from the request alone.
    assert (refused.status_code, 'value="9" checked' in refused.content.decode()) == (422, True)
    assert (sheet_of(token).saved_at, answers_of(plan.wave_id)) == (None, [])
    sent = phone.post(f"/a/{token}/", {"overall": "4", "recommend": "9"}, follow=True)
    assert b"Your answers have arrived" in sent.content
    assert answers_of(plan.wave_id) == [{"overall": 4, "recommend": 9}]


@pytest.mark.django_db
def test_the_result_counts_and_hides_what_few_said() -> None:
    plan = opened(80)
    marks = [5] * 30 + [4] * 20 + [3] * 8 + [2] * 2
    for token, mark in zip(tokens(plan), marks, strict=False):
        send_answers(token, {"overall": [str(mark)], "more": ["好"] if mark == 5 else []}, at=AT)
    close_wave(plan.wave_id, at=AT + timedelta(days=21), by="staff:1")
    plan = plan_of(plan.wave_id)
    [quarter] = answers_by_quarter("satisfaction")
    assert (quarter.kept, quarter.asked, quarter.invited, quarter.by_score) == (50, 60, 80, ())
    result = result_of(plan)
    overall = result.questions[0]
    assert [None if line.is_hidden else line.count for line in overall.lines] == [0, None, None, 20, 30]
    assert (result.kept, result.answered, result.change, overall.mean) == (50, 60, None, None)
    assert [(question.code, sum(map(len, topics.values()))) for question, topics in words_of(plan)] == [("more", 30)]
    conduct = conduct_of([plan.wave_id])[plan.wave_id]
    assert (conduct.answered, conduct.busiest_minute) == (60, 0)
    reader = Client(HTTP_ACCEPT_LANGUAGE="en")
    reader.force_login(Staff.objects.create_user("bo@desk.example", name="博", party="b"))
    page = reader.get(f"/surveys/waves/{plan.wave_id}/result/").content.decode()
    assert ("What fewer than five people said is hidden" in page, "3.3% (2)" in page, "13.3% (8)" in page) == (
        True,
        False,
        False,
    )
    with pytest.raises(WaveOverError):
        send_answers(links_of(plan)[0], {"overall": ["5"]}, at=AT)


@pytest.mark.django_db
def test_a_handful_of_answers_says_nothing_at_all() -> None:
    plan = opened()
    for token in tokens(plan)[:4]:
        send_answers(token, {"overall": ["1"]}, at=AT)
    close_wave(plan.wave_id, at=AT, by="staff:1")
    assert (result_of(plan_of(plan.wave_id)), answers_by_quarter("satisfaction")) == (None, [])
    reader = Client(HTTP_ACCEPT_LANGUAGE="en")
    reader.force_login(Staff.objects.create_user("bo@desk.example", name="博", party="b"))
    assert b"Fewer than five answered" in reader.get(f"/surveys/waves/{plan.wave_id}/result/").content
    for name in ("export.json", "recomputed.json"):
        assert reader.get(f"/surveys/waves/{plan.wave_id}/{name}").status_code == 404


def columns() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_no_column_no_time_and_no_order_joins_an_answer_to_its_customer(fresh_database) -> None:
    """Each of 300 customers gives an answer that nobody else gives, each in a transaction of their own."""
    plan = opened(300)
    links, chance = tokens(plan), random.Random(7)  # noqa: S311  an order, not a secret
    chance.shuffle(links)
    given: dict[str, UUID] = {}
    for place, link in enumerate(links):
        mark = {"overall": ["5"], "recommend": [str(place % 11)], "aspects": [f"goods={1 + place % 5}"]}
        said = Arrival(token=link, read=lambda _questions, mark=mark: mark, sends=True)
        with transaction.atomic():
            take_answers([said], at=AT + timedelta(minutes=place), by="customer")
        given[link] = sheet_of(link).id
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, ctid::text, id, marks, words FROM surveys_answerbox")
        boxes = cursor.fetchall()
        cursor.execute("SELECT xmin::text, id, customer_id FROM surveys_sheet ORDER BY ctid")
        sheets = cursor.fetchall()
        cursor.execute("SELECT subject FROM store_personkey")
        subjects = {row[0] for row in cursor.fetchall()}
    assert sum(len(json.loads(box[3])) for box in boxes) == 300
    # By the mark of the transaction: what one sheet shares it with is a box of many, never an answer.
    of_transaction = {xmin: len(json.loads(marks)) for xmin, _place, _id, marks, _words in boxes}
    shared = [of_transaction[xmin] for xmin, *_rest in sheets if xmin in of_transaction]
    assert all(size >= BOX_MOST // 2 for size in shared)
    # By order: inside a box answers stand in the order of their text, whoever came when.
    for _xmin, _place, _id, marks, _words in boxes:
        answers = json.loads(marks)
        assert answers == sorted(answers, key=lambda one: json.dumps(one, sort_keys=True, separators=(",", ":")))
    # By time: each sheet has the day alone, and a box has none.
    days = set(Sheet.objects.values_list("sent_at", "saved_at", "channel"))
    assert days == {(AT.replace(hour=16) - timedelta(days=1), None, "link")}
    assert {name for table, name in columns() if table == "surveys_answerbox"} == {"id", "marks", "wave_id", "words"}
    # By key: nothing in any table has a box's number, and no customer has a key that an answer was sealed with.
    customers = {customer for *_xmin_id, customer in sheets}
    assert subjects == {plan.wave_id}
    assert not subjects & customers
    numbers = {str(box[2]) for box in boxes} | {box[2].hex for box in boxes}
    assert_nowhere(numbers)
    # By what is announced: opening alone.
    assert list(Fact.objects.values_list("kind", flat=True)) == ["WaveOpened"]


def assert_nowhere(numbers: set[str]) -> None:
    """No row of another table holds one of these numbers, as a value or inside a text."""
    tables = sorted({table for table, _name in columns()} - {"surveys_answerbox"})
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS one WHERE one::text ~ %s',
                ["|".join(sorted(numbers))],
            )
            assert cursor.fetchone()[0] == 0, table
