"""The result of a closed wave: on its page, and recomputed byte by byte by the script that knows nothing of us."""

import json
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shouyue.store.models import Staff
from shouyue.surveys.estimates.rules.decision import verdict
from shouyue.surveys.results.queries.results import result_of, words_of
from shouyue.surveys.results.rules.replay import verdict_in
from shouyue.surveys.results.rules.words import grouped
from shouyue.surveys.sheets.actions.answering import send_answers
from shouyue.surveys.waves.actions.opening import close_wave, count_first_look, open_wave
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries.listing import plan_of
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.django_db


def reader(party: str = "a") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user(f"{party}@desk.example", name="林知夏", party=party))
    return client


def closed(*, kept: int, of: int, marks: dict[str, list[str]] | None = None, at=AT, **changes) -> WavePlan:
    """A closed wave of 300 customers; so many of the answers are satisfied."""
    plan = open_wave(wish(wanted=300, **changes), at=at, by="staff:1")
    for place, token in enumerate(tokens(plan)[:of]):
        send_answers(token, {"overall": ["5" if place < kept else "2"], **(marks or {})}, at=at)
    close_wave(plan.wave_id, at=at, by="staff:1")
    return plan_of(plan.wave_id)


def replayed(client: Client, plan: WavePlan, folder) -> tuple[bytes, bytes]:
    """What the downloaded script prints for the downloaded export, and what the product says."""
    script = folder / "replay.py"
    script.write_bytes(client.get("/surveys/replay.py").content)
    export = client.get(f"/surveys/waves/{plan.wave_id}/export.json").content
    done = subprocess.run([sys.executable, "-I", "-S", str(script)], input=export, capture_output=True, check=True)
    return done.stdout, client.get(f"/surveys/waves/{plan.wave_id}/recomputed.json").content


def test_the_page_shows_the_verdict_and_what_the_silent_could_change() -> None:
    people(2000)
    plan = closed(kept=180, of=200)
    page = reader().get(f"/surveys/waves/{plan.wave_id}/result/").content.decode()
    assert "by the agreed rule nothing can be concluded" in page
    assert "By the letter alone (share against target): met." in page
    # 180 of 300 whatever the silent think, 280 if all of them were satisfied.
    assert "60.0 – 93.3" in page
    assert "Met over everybody if 90.0% of them are satisfied." in page


def test_the_script_repeats_sample_and_verdict_of_each_design(tmp_path) -> None:
    people(2000)
    client = reader()
    plans = [
        closed(kept=150, of=200, questionnaire="customer_satisfaction"),
        closed(kept=40, of=40, questionnaire="complaint_closure", strata="region"),
    ]
    two = open_wave(wish(questionnaire="product_use", wanted=100, top_up=100, strata="region"), at=AT, by="staff:1")
    for place, token in enumerate(tokens(two)):
        send_answers(token, {"overall": ["5" if place < 90 else "2"]}, at=AT)
    count_first_look(two.wave_id, at=AT, by="staff:1")
    close_wave(two.wave_id, at=AT, by="staff:1")
    verdicts = []
    for plan in [*plans, plan_of(two.wave_id)]:
        script, product = replayed(client, plan, tmp_path)
        assert script == product
        verdicts.append(json.loads(script)["verdict"])
    assert verdicts == ["missed", "met", "undetermined"]


@given(st.data())
def test_the_script_knows_draws_from_small_frames(data: st.DataObject) -> None:
    population = data.draw(st.integers(1, 60))
    asked = data.draw(st.integers(1, population))
    kept = data.draw(st.integers(0, asked))
    p0, risk = Fraction(9, 10), Fraction(1, 20)
    assert verdict_in(population, kept, asked, p0, risk) == verdict(kept, asked, p0, risk, population).value


def test_a_small_frame_is_replayed_with_its_population(tmp_path) -> None:
    people(60)
    plan = closed(kept=56, of=58)
    script, product = replayed(reader(), plan, tmp_path)
    assert (script == product, json.loads(script)["verdict"]) == (True, "met")


def test_change_is_told_with_the_right_test() -> None:
    people(300)
    closed(kept=150, of=200)
    plan = closed(kept=190, of=200, at=AT + timedelta(days=95))
    change = result_of(plan).change
    assert (change.share_before, round(change.difference, 3), change.is_clear) == (0.75, 0.2, True)
    # Everybody was asked both times: the same people are compared with themselves.
    assert change.both_answered > 100
    assert change.paired.p_value < 0.001


def test_small_groups_are_hidden_and_words_only_for_who_serves() -> None:
    people(300)
    plan = closed(kept=4, of=6, marks={"why": ["送货太慢"], "more": ["好"]}, strata="region")
    result = result_of(plan)
    assert all(group.is_hidden for group in result.groups)
    page = reader("a").get(f"/surveys/waves/{plan.wave_id}/result/").content.decode()
    assert (page.count("送货太慢"), "hidden" in page) == (4, True)
    assert "送货太慢" not in reader("auditor").get(f"/surveys/waves/{plan.wave_id}/result/").content.decode()
    assert [question.code for question, _topics in words_of(plan)] == ["why", "more"]


def test_words_are_grouped_by_what_they_speak_of() -> None:
    assert grouped(["送货慢", "慢", "很好"]) == {"waiting": ["送货慢", "慢"], "delivery": ["送货慢"], "other": ["很好"]}


def test_an_open_wave_says_nothing() -> None:
    people(300)
    plan = open_wave(wish(wanted=300), at=AT, by="staff:1")
    for token in tokens(plan)[:20]:
        send_answers(token, {"overall": ["1"]}, at=AT)
    client = reader()
    page = client.get(f"/surveys/waves/{plan.wave_id}/").content.decode()
    assert ("6.7%" in page, "Missed" in page) == (True, False)
    for name in ("result/", "export.json", "recomputed.json"):
        assert client.get(f"/surveys/waves/{plan.wave_id}/{name}").status_code == 404
