"""Drawn waves on the scoreboard: recomputed outside the product from what it exports, and what the next look needs."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.public import take_measures
from shouyue.scoreboard.rules.whatif import next_look, suppose
from shouyue.scoreboard.tests.test_measures import signed
from shouyue.store.models import Staff
from shouyue.surveys.estimates.rules.decision import Decision, Limits, decision_limits, verdict
from shouyue.surveys.estimates.rules.looks import look_limits, verdict_at_look
from shouyue.surveys.public import close_wave, open_wave, send_answers
from shouyue.surveys.waves.actions.opening import count_first_look
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.tests.ground import people, tokens, wish
from shouyue.surveys.weights.rules.margins import checked

TEN, FIVE = Fraction(9, 10), Fraction(1, 20)
MAY, AUGUST = datetime(2026, 5, 4, 2, tzinfo=UTC), datetime(2026, 8, 3, 2, tzinfo=UTC)
HALVES = ("1/40", "1/20")


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    client.cookies["shouyue_language"] = "en"
    client.force_login(Staff.objects.create_user("a@desk.example", name="林知夏", party="a"))
    return client


def opened(at: datetime, **changes) -> WavePlan:
    told = {"seed": "ab" * 32 if at is MAY else "cd" * 32, "closes_on": date(at.year, at.month, 28)}
    return open_wave(wish(**{**told, **changes}), at=at, by="staff:1")


def answer(plan: WavePlan, *, kept: int, of: int, at: datetime) -> None:
    """So many of the answers are satisfied; who has answered already is passed over."""
    for place, token in enumerate(tokens(plan)[:of]):
        send_answers(token, {"overall": ["5" if place < kept else "2"]}, at=at)


def recomputed(desk: Client, folder: Path, plans: list[WavePlan]) -> tuple[int, list[str]]:
    """What the script says that is downloaded, run by a Python that knows nothing of the product."""
    script = folder / "recompute.py"
    script.write_bytes(desk.get("/scoreboard/recompute.py").content)
    board = desk.get("/scoreboard.json").content
    waves = json.loads(board)["waves"]
    exports = []
    for plan in plans:
        path = folder / f"{plan.wave_id}.json"
        path.write_bytes(desk.get(waves[str(plan.wave_id)]["export"]).content)
        exports.append(path.read_bytes())
    run = [sys.executable, "-I", "-S", str(script)]
    done = subprocess.run(run, input=b"\n".join([board, *exports]), capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode().splitlines()


def test_sample_and_verdict_of_each_design_are_recomputed_from_the_exports(desk: Client, tmp_path: Path) -> None:
    people(400)
    topped_up = opened(MAY, wanted=100, top_up=100, strata="region")
    answer(topped_up, kept=92, of=100, at=MAY)
    count_first_look(topped_up.wave_id, at=MAY, by="staff:1")
    topped_up.refresh_from_db()
    answer(topped_up, kept=192, of=200, at=MAY)
    weighted = opened(AUGUST, wanted=80, strata="region", spreads={"南京": 0.5, "苏州": 0.1})
    answer(weighted, kept=30, of=80, at=AUGUST)
    # So many are asked of so few that the tails are those of draws without replacement.
    small = opened(MAY, questionnaire="loyalty", wanted=350, target="0.8")
    for place, token in enumerate(tokens(small)[:300]):
        mark = "5" if place < 270 else "1"
        send_answers(token, {"repurchase": [mark], "recommend": [mark], "likely": ["9"], "brand": ["4"]}, at=MAY)
    plans = [topped_up, weighted, small]
    for plan in plans:
        close_wave(plan.wave_id, at=AUGUST, by="staff:1")
    agreement = signed(until=date(2026, 9, 30))
    take_measures(agreement.pk, at=datetime(2026, 10, 9, 4, tzinfo=UTC), by="test")
    code, lines = recomputed(desk, tmp_path, plans)
    assert code == 0, lines
    figures = {one.details.get("wave"): one for one in MeasureResult.objects.all()}
    two, svy, few = (figures[str(plan.wave_id)] for plan in plans)
    assert lines[:-3] == [
        f"loyalty_survey 2026Q2 270/300 {few.decision} {few.decision}",
        f"satisfaction 2026Q2 {two.kept}/200 {two.decision} {two.decision}",
        f"satisfaction 2026Q3 {svy.kept}/80 needs-svy {svy.decision}",
    ]
    # Byte by byte what the product says, for each export.
    expected = [desk.get(f"/surveys/waves/{plan.wave_id}/recomputed.json").content.decode().strip() for plan in plans]
    assert lines[-3:] == expected
    assert [json.loads(line)["verdict"] for line in lines[-3:]] == [two.decision, "weighted by svy", few.decision]


def test_weights_that_do_not_reach_their_margins_are_noticed(desk: Client, tmp_path: Path) -> None:
    people(400)
    regions = {"南京": "40", "苏州": "60"}
    raked = opened(MAY, wanted=200, margins=checked({"region": regions}, "percent", {"region": regions}))
    answer(raked, kept=90, of=120, at=MAY)
    close_wave(raked.wave_id, at=MAY, by="staff:1")
    agreement = signed(until=date(2026, 6, 30))
    take_measures(agreement.pk, at=datetime(2026, 7, 9, 4, tzinfo=UTC), by="test")
    code, lines = recomputed(desk, tmp_path, [raked])
    decision = MeasureResult.objects.get(details__wave=str(raked.wave_id)).decision
    assert (code, lines[0]) == (0, f"satisfaction 2026Q2 90/120 needs-svy {decision}")
    # Their bare counts say nothing of the year; the quarter has its own verdict.
    year = desk.get("/measures/satisfaction/year/").content.decode()
    assert (year.count("by itself only"), "90 / 120" in year) == (1, True)
    told = json.loads(lines[1])
    assert (told["raking"], told["margins_hash"]) == ("reached", raked.margins_hash)
    export = json.loads((tmp_path / f"{raked.wave_id}.json").read_text())
    heavier = [{**export["cells"][0], "weight": export["cells"][0]["weight"] * 1.01}, *export["cells"][1:]]
    other = {**export["margins"], "values": {"region": {"南京": "39", "苏州": "61"}}}
    without = {name: value for name, value in export.items() if name not in ("margins", "traits", "cells")}
    for changed in ({**export, "cells": heavier}, {**export, "margins": other}, without):
        text = json.dumps(desk.get("/scoreboard.json").json()) + json.dumps(changed)
        run = [sys.executable, "-I", "-S", str(tmp_path / "recompute.py")]
        done = subprocess.run(run, input=text.encode(), capture_output=True, check=False)
        assert (done.returncode, done.stderr, b"DIFFERS" in done.stdout) == (1, b"", True)


def test_a_count_of_everybody_is_compared_with_the_target_and_a_foreign_export_is_noticed(
    desk: Client, tmp_path: Path
) -> None:
    people(40)
    census = opened(MAY, wanted=40)
    answer(census, kept=36, of=40, at=MAY)
    close_wave(census.wave_id, at=MAY, by="staff:1")
    agreement = signed(until=date(2026, 6, 30))
    take_measures(agreement.pk, at=datetime(2026, 7, 9, 4, tzinfo=UTC), by="test")
    code, lines = recomputed(desk, tmp_path, [census])
    assert (code, lines[0]) == (0, "satisfaction 2026Q2 36/40 met met")
    path = tmp_path / f"{census.wave_id}.json"
    export = json.loads(path.read_text())
    for changed in (
        {"looks": [{**export["looks"][0], "kept": 35}]},
        {"frame": dict(list(export["frame"].items())[1:])},
    ):
        told = [desk.get("/scoreboard.json").json(), {**export, **changed, "sizes": {"": 39}}]
        run = [sys.executable, "-I", "-S", str(tmp_path / "recompute.py")]
        done = subprocess.run(run, input="".join(map(json.dumps, told)).encode(), capture_output=True, check=False)
        assert (done.returncode, done.stdout.decode().splitlines()[1][-7:]) == (1, "DIFFERS")


@given(st.integers(1, 150), st.integers(1, 150), st.data())
def test_supposed_answers_keep_the_limits_of_the_looks(first: int, more: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, first))
    kept_then = data.draw(st.integers(kept, kept + more))
    further = data.draw(st.integers(0, 100))
    looks = [(kept, first, HALVES[0]), (kept_then, first + more, HALVES[1])]
    found = suppose(
        kept=kept_then, asked=first + more, more=further, share=Fraction(1), p0=TEN, alpha=FIVE, looks=looks
    )
    told = verdict_at_look([kept, kept_then + further], [first, first + more + further], HALVES, TEN)
    assert found.decision is told
    alone = suppose(kept=kept_then, asked=first + more, more=further, share=Fraction(1), p0=TEN, alpha=FIVE)
    assert alone.decision is verdict(kept_then + further, first + more + further, TEN, FIVE)


@given(st.integers(20, 200), st.integers(20, 300), st.data())
def test_the_next_look_needs_what_its_limits_say(asked: int, more: int, data: st.DataObject) -> None:
    invited = (2 * asked, 2 * asked + more)
    kept = data.draw(st.integers(asked * 3 // 4, asked))
    found = next_look([(kept, asked, HALVES[0])], answered=asked, invited=invited, risks=HALVES, p0=TEN)
    assert found is not None
    assert found.limits == look_limits([asked, found.asked], HALVES, TEN)[1]
    # Half of those invited answered at the first look, so half of the others may be expected too.
    assert found.asked == asked + max(more // 2, 1)
    if found.more is not None:
        assert 1 <= found.more <= more
        share = Fraction(kept, asked)
        kept_then = share * (asked + found.more)
        whole = -(-kept_then.numerator // kept_then.denominator) if share < TEN else int(kept_then)
        limits = look_limits([asked, asked + found.more], HALVES, TEN)[1]
        assert limits.decide(whole) is not Decision.UNDETERMINED


def test_the_first_look_and_the_only_one_have_limits_before_anything_is_known() -> None:
    first = next_look([], answered=400, invited=(1000, 1500), risks=HALVES, p0=TEN)
    assert (first.number, first.planned, first.limits, first.more) == (1, 2, Limits(347, 372), None)
    only = next_look([], answered=400, invited=(1000,), risks=("1/20",), p0=TEN)
    assert (only.number, only.limits) == (1, decision_limits(400, TEN))
    small = next_look([], answered=40, invited=(50,), risks=("1/20",), p0=TEN, population=50)
    assert small.limits == decision_limits(40, TEN, FIVE, 50)
    assert next_look([], answered=0, invited=(50,), risks=("1/20",), p0=TEN) is None
    assert next_look([(9, 10, "1/20")], answered=10, invited=(50,), risks=("1/20",), p0=TEN) is None


def test_the_page_says_what_the_next_look_needs_and_not_what_answers_say(desk: Client) -> None:
    people(400)
    signed(until=date(2026, 6, 30))
    plan = opened(MAY, wanted=100, top_up=100, strata="region")
    answer(plan, kept=92, of=100, at=MAY)
    page = desk.get("/measures/satisfaction/").content.decode()
    assert "The first look has not been taken. With the 100 answers that came so far" in page
    count_first_look(plan.wave_id, at=MAY, by="staff:1")
    page = desk.get("/measures/satisfaction/").content.decode()
    limits = look_limits([100, 200], HALVES, TEN)[1]
    assert "Look 2 can expect about 200 answers in all" in page
    for needed in (limits.missed_max, limits.met_min):
        assert f"<dd>{needed}" in page.replace("\n", "")
    assert "no number of answers within the plan decides" in page
    assert "92" not in page.split("What the open wave still needs")[1].split("</section>")[0]
