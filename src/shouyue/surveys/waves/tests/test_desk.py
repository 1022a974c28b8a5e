"""Screens of waves: planned with open eyes, drawn, invited, asked in person, closed; auditors only read."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.kernel import clock
from shouyue.store.models import JobRun, Staff
from shouyue.surveys.answers.models import Response, Wave
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.django_db
PLAN = {
    "questionnaire": "customer_satisfaction",
    "wanted": "40",
    "response_percent": "50",
    "cost_yuan": "2.50",
    "strata": "",
    "allocation": "",
    "top_up": "20",
}


def reader(party: str = "a") -> Client:
    staff = Staff.objects.create_user(f"{party}@desk.example", name="林知夏", party=party)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(staff)
    return client


def closes_on() -> str:
    return (clock.now() + timedelta(days=10)).date().isoformat()


def test_the_planner_shows_what_to_expect_and_draws_it() -> None:
    people(200, anonymous=3)
    client = reader()
    page = client.get("/surveys/plan/", {**PLAN, "closes_on": closes_on()}).content.decode()
    assert "nobody is known behind the record" in page
    # 40 invitations at 2.50, and 60 with the top-up.
    assert re.search(r"CN¥100\.00.*CN¥150\.00", page, re.DOTALL)
    assert Wave.objects.count() == 0
    opened = client.post("/surveys/plan/", {**PLAN, "closes_on": closes_on()})
    plan = WavePlan.objects.get()
    assert (opened.status_code, opened["Location"]) == (302, f"/surveys/waves/{plan.wave_id}/")
    assert [sum(one["sizes"].values()) for one in plan.looks] == [40, 60]
    page = client.get(opened["Location"]).content.decode()
    assert plan.frame_hash in page
    assert plan.seed in page
    again = client.post("/surveys/plan/", {**PLAN, "closes_on": closes_on()})
    assert (again.status_code, "drawn in this quarter already" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_on": "2020-01-01"}, "Choose a day from today on"),
        ({"wanted": "0"}, "greater than or equal to 1"),
        ({"wanted": "9000", "top_up": "9000"}, "at most 3,000 answers"),
    ],
)
def test_a_plan_that_cannot_be_is_told_why_and_kept(changes, words) -> None:
    people(20)
    page = reader().post("/surveys/plan/", {**PLAN, "closes_on": closes_on(), **changes})
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert 'value="2.50"' in page.content.decode()


def test_a_wave_is_invited_looked_at_and_closed_from_its_page() -> None:
    people(100)
    plan = open_wave(wish(wanted=20, top_up=20), at=AT, by="staff:1")
    client, address = reader(), f"/surveys/waves/{plan.wave_id}/"
    for _twice in range(2):
        client.post(f"{address}invite")
    assert [run.arguments["base"] for run in JobRun.objects.all()] == ["http://testserver/"]
    assert "Take the first look" in client.get(address).content.decode()
    client.post(f"{address}look")
    assert "the planned rest of the sample has been asked" in client.get(address).content.decode()
    assert Sheet.objects.count() == 40
    client.post(f"{address}close")
    assert Wave.objects.get().is_open is False
    assert "Print codes" not in client.get(address).content.decode()


def test_an_interviewer_enters_an_answer_that_is_marked() -> None:
    people(30)
    plan = open_wave(wish(), at=AT, by="staff:1")
    client, sheet = reader("b"), Sheet.objects.order_by("customer_id").first()
    listed = client.get(f"/surveys/waves/{plan.wave_id}/interview/", {"number": sheet.customer.source_key})
    address = f"/surveys/waves/{plan.wave_id}/interview/{sheet.id}/"
    assert address in listed.content.decode()
    assert client.post(address, {"recommend": "9"}).status_code == 422
    assert client.post(address, {"overall": "4", "recommend": "9"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.channel, Response.objects.get().score) == ("interviewer", 4)
    assert "counts once" in client.get(address).content.decode()


def test_codes_are_printed_for_who_is_silent_in_the_same_number_of_statements() -> None:
    people(60)
    plan = open_wave(wish(wanted=60), at=AT, by="staff:1")
    client, address = reader(), f"/surveys/waves/{plan.wave_id}/sheets/"
    counts = []
    for shown in (50, 1):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            page = client.get(address)
        assert page.content.decode().count("<svg") - 1 == shown
        assert "no-store" in page["Cache-Control"]
        counts.append(len(statements))
        Sheet.objects.exclude(id=Sheet.objects.order_by("id").first().id).update(sent_at=AT)
    assert counts[0] == counts[1]
    assert any(token in page.content.decode() for token in tokens(plan))


def test_the_list_has_as_many_statements_for_one_wave_as_for_three() -> None:
    people(30)
    client, counts = reader(), []
    for code in ("customer_satisfaction", "loyalty", "product_use"):
        open_wave(wish(questionnaire=code, wanted=5), at=AT, by="staff:1")
        with CaptureQueriesContext(connection) as statements:
            page = client.get("/surveys/")
        counts.append(len(statements))
    assert (counts[0], page.content.decode().count("answers come in")) == (counts[-1], 3)


def test_an_auditor_reads_and_changes_nothing() -> None:
    people(30)
    plan = open_wave(wish(), at=AT, by="staff:1")
    client, address = reader("auditor"), f"/surveys/waves/{plan.wave_id}/"
    page = client.get(address).content.decode()
    assert (plan.frame_hash in page, "Close the wave" in page) == (True, False)
    for path in ("close", "invite", "look"):
        assert client.post(address + path).status_code == 403
    assert [client.get(address + path).status_code for path in ("sheets/", "interview/")] == [403, 403]
    assert client.get("/surveys/plan/").status_code == 403
