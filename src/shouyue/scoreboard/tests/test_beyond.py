"""Beyond the two thresholds: further measures, dated duties, what-if, the year, alarms, and the recomputing script."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.disclosures.actions import Owed, note_disclosure, tell
from shouyue.agreement.filings.public import Done, file_duty
from shouyue.agreement.sample_year import live_a_year
from shouyue.kernel.period import Quarter
from shouyue.scoreboard.panels import pressing_duties
from shouyue.scoreboard.public import take_measures
from shouyue.scoreboard.queries.board import Board, board
from shouyue.scoreboard.rules import recompute
from shouyue.scoreboard.rules.alarms import Alarm, Conduct, alarms
from shouyue.scoreboard.rules.annual import year_of
from shouyue.scoreboard.rules.verdict import State
from shouyue.scoreboard.rules.whatif import suppose
from shouyue.scoreboard.tests.test_measures import AT, brought_in, records, signed
from shouyue.store.models import Staff
from shouyue.surveys.estimates.rules.decision import verdict

TEN, FIVE = Fraction(9, 10), Fraction(1, 20)


@pytest.mark.parametrize("asked", [1, 20, 100, 400])
@pytest.mark.parametrize("p0", [Fraction(9, 10), Fraction(4, 5)])
def test_the_script_decides_like_the_product_at_every_count(asked: int, p0: Fraction) -> None:
    for kept in range(asked + 1):
        assert recompute.judged(kept, asked, p0, FIVE, is_census=False) == verdict(kept, asked, p0, FIVE)


@given(st.integers(1, 200), st.data())
def test_no_further_answers_change_nothing(asked: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, asked))
    found = suppose(kept=kept, asked=asked, more=0, share=Fraction(1, 2), p0=TEN, alpha=FIVE)
    assert (found.kept, found.asked, found.decision) == (kept, asked, verdict(kept, asked, TEN, FIVE))


def test_the_year_is_slower_to_accuse_than_a_quarter() -> None:
    quarters = [Quarter(2026, number) for number in (1, 2, 3, 4)]
    # Limits of 400 answers: missed if at most 349 are satisfied.
    counts = [(quarters[0], 349, 400), (quarters[1], 362, 400), (quarters[2], 365, 400), (quarters[3], 390, 400)]
    rows = year_of(counts, p0=TEN, alpha=FIVE)
    assert verdict(349, 400, TEN, FIVE) == "missed"
    assert [row.state for row in rows] == [State.UNDETERMINED, State.UNDETERMINED, State.UNDETERMINED, State.MET]
    assert all(row.adjusted_missed >= row.p_missed for row in rows)
    apart = year_of(counts, p0=TEN, alpha=FIVE, apart={quarters[3]})
    assert [row.state for row in apart] == [State.UNDETERMINED, State.UNDETERMINED, State.UNDETERMINED, None]
    # The others still pay for four looks.
    assert apart[0].adjusted_missed == rows[0].adjusted_missed == pytest.approx(4 * rows[0].p_missed)
    assert year_of([(quarters[0], 300, 400), *counts[1:]], p0=TEN, alpha=FIVE)[0].state is State.MISSED


def conduct(**changes: object) -> Conduct:
    values = {
        "excluded": 10,
        "frame_size": 990,
        "answered": 400,
        "busiest_minute": 9,
        "by_interviewer": 100,
        "closes_on": date(2026, 3, 31),
        "closed_on": date(2026, 3, 31),
        "looks": 1,
    }
    return Conduct(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"excluded": 200}, [Alarm.EXCLUSIONS]),
        ({"busiest_minute": 80}, [Alarm.BURST]),
        ({"busiest_minute": 8, "answered": 10, "by_interviewer": 0}, []),
        ({"by_interviewer": 121}, [Alarm.STAFF]),
        ({"closed_on": date(2026, 3, 20)}, [Alarm.EARLY]),
        ({"closed_on": None, "looks": 2}, [Alarm.TOP_UP]),
    ],
)
def test_what_stands_out_in_a_wave(changes: dict[str, object], found: list[Alarm]) -> None:
    assert alarms(conduct(**changes)) == found


@pytest.fixture
def lived(db: None, tmp_path: Path) -> Board:
    """Half a year lived, with answers in its first quarter."""
    brought_in(records(tmp_path, satisfied=376, asked=400, invited=800))
    agreement = signed()
    a, b = (Staff.objects.create_user(f"{party}@x.example", name=party, party=party) for party in "ab")
    live_a_year(agreement, a=a, b=b, until=date(2026, 7, 9))
    take_measures(agreement.pk, at=AT, by="test")
    return board(agreement, wanted="2026Q1", today=date(2026, 7, 10))


def test_further_measures_stand_beside_the_two_thresholds(lived: Board) -> None:
    rows = {row.measure: row for row in lived.duties if row.figure}
    found = {name: (row.figure.kept, row.figure.asked, str(row.state)) for name, row in rows.items() if row.figure}
    assert found["survey_rhythm"] == (1, 1, "met")
    # Four of the sample's measures were due by March; all were delivered in time.
    assert found["plans_on_schedule"] == (3, 3, "met")
    later = board(lived.agreement, wanted="2026Q2", today=date(2026, 7, 10))
    second = {row.measure: row.figure for row in later.duties if row.figure}
    assert (second["survey_rhythm"].kept, second["survey_rhythm"].state) == (0, "missed")
    assert (second["disclosures_on_time"].kept, second["disclosures_on_time"].asked) == (1, 2)


def test_only_who_owes_a_duty_is_asked_to_file_it(lived: Board) -> None:
    overdue = [row for row in lived.pressing if row.dated]
    actions = {}
    for party in ("a", "b", "auditor"):
        reader = Staff.objects.create_user(f"{party}@work.example", name=party, party=party)
        at = datetime(2026, 7, 10, 3, tzinfo=UTC)
        shown = {one.key: str(one.action) for one in pressing_duties(reader, at) if "/duties/" in one.url}
        actions[party] = {shown[f"duty:{row.code}"] for row in overdue if f"duty:{row.code}" in shown}
    assert actions["auditor"] == {"查看申报"}
    assert actions["a"] | actions["b"] == {"申报履行"}


def test_dated_duties_have_states_and_press(lived: Board) -> None:
    rows = {row.code: row for row in lived.duties if row.dated}
    states = {str(row.state) for row in rows.values()}
    assert states >= {"not_due", "missed"}
    overdue = [row for row in rows.values() if row.dated and row.dated.day.standing == "overdue"]
    assert [row.code for row in overdue] == [row.code for row in lived.pressing if row.dated]
    row = overdue[0]
    assert row.dated is not None
    day = row.dated.day
    staff = Staff.objects.get(party="a" if day.owner == "both" else day.owner)
    said = Done(id=uuid4(), code=row.code, due_on=day.due_on, done_on=day.due_on, what="Done in time.")
    file_duty(lived.agreement, said, by=staff, at=datetime(2026, 7, 9, 2, tzinfo=UTC))
    after = {one.code: one for one in board(lived.agreement, wanted=None, today=date(2026, 7, 10)).duties}
    assert str(after[row.code].state) != "missed"


def test_a_further_fact_is_counted_in_its_quarter(lived: Board) -> None:
    a = Staff.objects.get(party="a")
    owed = Owed(id=uuid4(), owed_by="a", fact="An outage.", known_on=date(2026, 2, 2))
    at = datetime(2026, 2, 3, 2, tzinfo=UTC)
    tell(note_disclosure(lived.agreement, owed, by=a, at=at).pk, text="An outage.", by=a, at=at)
    # Its quarter's figure, and the next one's, which says how it moved since.
    assert take_measures(lived.agreement.pk, at=AT, by="test") == 2
    again = board(lived.agreement, wanted="2026Q1", today=date(2026, 7, 10))
    figure = next(row.figure for row in again.duties if row.measure == "disclosures_on_time")
    assert figure is not None
    assert (figure.kept, figure.asked, figure.version) == (1, 1, 1)


@pytest.fixture
def desk(lived: Board, client: Client) -> Client:
    client.cookies["shouyue_language"] = "en"
    client.force_login(Staff.objects.get(party="a"))
    return client


def test_the_pages_answer_what_if_and_the_year(desk: Client) -> None:
    page = desk.get("/measures/satisfaction/", {"more": "400", "share": "50"}).content.decode()
    assert "With 400 further answers 576 of 800 would be satisfied." in page
    assert "Enter a whole number" in desk.get("/measures/satisfaction/", {"more": "x", "share": "50"}).content.decode()
    year = desk.get("/measures/satisfaction/year/").content.decode()
    assert "376 / 400" in year
    assert "<c-" not in page + year
    assert "No quarter of this agreement is judged yet" in desk.get("/measures/repurchase/year/").content.decode()
    for measure in ("plans_on_schedule", "survey_rhythm", "disclosures_on_time", "record_freshness", "record_accuracy"):
        assert desk.get(f"/measures/{measure}/").status_code == 200
    assert desk.get("/measures/complaints_on_time/year/").status_code == 404


def test_the_script_recomputes_the_export(desk: Client, tmp_path: Path) -> None:
    script = tmp_path / "recompute.py"
    script.write_bytes(desk.get("/scoreboard/recompute.py").content)
    export = desk.get("/scoreboard.json").content
    run = [sys.executable, "-I", str(script)]
    found = subprocess.run(run, input=export, capture_output=True, check=True)
    assert b"satisfaction 2026Q1 376/400 met met" in found.stdout.splitlines()
    told = json.loads(export)
    told["series"]["satisfaction"][0]["kept"] = 360
    altered = subprocess.run(run, input=json.dumps(told).encode(), capture_output=True, check=False)
    assert (altered.returncode, b"DIFFERS" in altered.stdout) == (1, True)
