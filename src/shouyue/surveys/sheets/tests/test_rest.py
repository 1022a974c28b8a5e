"""Answers through the API: of those who were drawn, once, by the same action as the page."""

import json
from uuid import uuid4

import pytest

from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of
from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Response
from shouyue.surveys.sheets.actions.answering import answers_on, send_answers, sheet_of
from shouyue.surveys.waves.actions.opening import close_wave, open_wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.queries.conduct import conduct_of
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.django_db
GIVEN = {"overall": 2, "why": "慢", "recommend": 9, "aspects": {"goods": 4}, "topics": ["price", "goods"]}


@pytest.fixture
def plan() -> WavePlan:
    people(30)
    return open_wave(wish(), at=AT, by="staff:1")


def sheets(plan: WavePlan) -> list[Sheet]:
    return list(Sheet.objects.filter(wave=plan.wave_id).order_by("customer_id", "id"))


def bulk(client, plan: WavePlan, lines: list[dict], under: str):
    answer = client.post(
        f"/api/v1/waves/{plan.wave_id}/answers/bulk",
        b"\n".join(json.dumps(one).encode() for one in lines),
        content_type="application/x-ndjson",
        headers={"Idempotency-Key": under},
    )
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_a_program_learns_what_is_asked_and_of_whom(plan: WavePlan) -> None:
    client = a_caller()
    [wave] = client.get("/api/v1/waves").json()
    assert (wave["id"], wave["questionnaire"], wave["closes_on"]) == (
        str(plan.wave_id),
        "customer_satisfaction",
        "2026-05-25",
    )
    assert {one["code"]: (one["kind"], one["lowest"], one["highest"]) for one in wave["questions"]}["recommend"] == (
        "nps",
        0,
        10,
    )
    drawn = client.get(f"/api/v1/waves/{plan.wave_id}/invitations?limit=200").json()
    assert [(one["id"], one["pseudonym"], one["answered"]) for one in drawn["data"]] == [
        (str(sheet.id), plan.pseudonym_of(sheet.customer_id), False) for sheet in sheets(plan)
    ]
    close_wave(plan.wave_id, at=AT, by="staff:1")
    assert client.get("/api/v1/waves").json() == []


def test_answers_count_once_by_invitation_and_by_pseudonym(plan: WavePlan) -> None:
    client, path = a_caller(), f"waves/{plan.wave_id}/answers"
    one, two, *_others = sheets(plan)
    first = post(client, path, {"invitation_id": str(one.id), "answers": GIVEN})
    assert (first.status_code, first.json()["outcome"], first.json()["id"]) == (201, "created", str(one.id))
    again = post(client, path, {"invitation_id": str(one.id), "answers": GIVEN})
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    other = post(client, path, {"invitation_id": str(one.id), "answers": {"overall": 5}})
    assert problem_of(other) == (409, "answers-differ")
    named = {"pseudonym": plan.pseudonym_of(two.customer_id)}
    kept = post(client, path, {**named, "answers": {"recommend": 3}, "complete": False})
    assert (kept.status_code, kept.json()["outcome"], kept.json()["sent_at"]) == (200, "updated", None)
    sent = post(client, path, {**named, "answers": {"overall": 5}, "channel": "interviewer"})
    assert (sent.status_code, sent.json()["customer_id"]) == (201, str(two.customer_id))
    found = {row.id: row for row in Sheet.objects.filter(sent_at__isnull=False)}
    assert {key: (answers_on(row), row.channel) for key, row in found.items()} == {
        one.id: ({**GIVEN, "topics": ["goods", "price"]}, "api"),
        two.id: ({"overall": 5, "recommend": 3}, "interviewer"),
    }
    assert sorted(row.score for row in Response.objects.all()) == [2, 5]
    # Whoever would not recommend is heard too, whichever way they say it.
    assert Fact.objects.filter(kind="DetractorHeard").count() == 2
    # Neither was given by the customer's own hand: the scoreboard's alarm counts them.
    assert conduct_of([plan.wave_id])[plan.wave_id].by_interviewer == 2


def test_what_cannot_be_taken_is_refused_with_its_reason(plan: WavePlan) -> None:
    client, path = a_caller(), f"waves/{plan.wave_id}/answers"
    one = str(sheets(plan)[0].id)

    def refused(told: dict) -> list[tuple[str, str]]:
        answer = post(client, path, told)
        assert problem_of(answer) == (422, "invalid"), answer.content
        return [
            (error["field"].removeprefix("body").removeprefix("."), error["code"]) for error in answer.json()["errors"]
        ]

    assert refused({"invitation_id": one, "answers": {"overall": 9}}) == [("answers.overall", "off_scale")]
    assert refused({"invitation_id": one, "answers": {"recommend": 9}}) == [("answers.overall", "missing")]
    assert refused({"invitation_id": one, "answers": {"age": 9}}) == [("answers.age", "unknown_question")]
    assert refused({"invitation_id": one, "answers": {"aspects": [1]}})[0][0].startswith("answers.aspects")
    assert refused({"invitation_id": one, "answers": {"topics": "price"}}) == [("answers.topics", "unknown_shape")]
    # Nobody answers who was not drawn.
    assert refused({"invitation_id": str(uuid4()), "answers": {"overall": 5}}) == [("invitation", "not_drawn")]
    assert refused({"pseudonym": "0" * 32, "answers": {"overall": 5}}) == [("invitation", "not_drawn")]
    assert refused({"answers": {"overall": 5}}) == [("", "value_error")]
    assert post(client, f"waves/{uuid4()}/answers", {"invitation_id": one, "answers": GIVEN}).status_code == 404
    assert Response.objects.count() == 0
    close_wave(plan.wave_id, at=AT, by="staff:1")
    late = post(client, path, {"invitation_id": one, "answers": {"overall": 5}})
    assert problem_of(late) == (409, "too-late")


def test_many_come_at_once_and_each_line_has_its_outcome(plan: WavePlan) -> None:
    client = a_caller()
    by_link, *rest = tokens(plan)
    send_answers(by_link, {"overall": ["4"]}, at=AT)
    waiting = [sheet for sheet in sheets(plan) if sheet.id != sheet_of(by_link).id]
    assert len(rest) == len(waiting)
    lines = [{"invitation_id": str(sheet.id), "answers": {"overall": 4}} for sheet in waiting]
    lines += [lines[0], {"invitation_id": str(sheet_of(by_link).id), "answers": {"overall": 1}}, {"answers": {}}]
    key = new_idempotency_key()
    done = bulk(client, plan, lines, key)
    words = [one["outcome"] for one in done]
    assert words == ["created"] * len(waiting) + ["unchanged", "rejected", "rejected"]
    assert [error["code"] for error in done[-2]["errors"]] == ["differs"]
    # The same call again says the same and does nothing.
    assert bulk(client, plan, lines, key) == done
    assert Response.objects.count() == 20
    batches = Fact.objects.filter(kind="AnswersRecorded").order_by("id").values_list("payload__row_count", flat=True)
    assert list(batches) == [1, 19]


def test_only_keys_with_the_scope_may_write(plan: WavePlan) -> None:
    reader = caller(made_key("answers:read").token)
    answer = post(reader, f"waves/{plan.wave_id}/answers", {"invitation_id": str(uuid4()), "answers": GIVEN})
    assert problem_of(answer) == (403, "scope-missing")
    assert reader.get("/api/v1/waves").status_code == 200
