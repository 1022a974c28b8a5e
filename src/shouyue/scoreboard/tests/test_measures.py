"""Measures and the page: small records with figures that can be counted by hand."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from shouyue.agreement.public import AgreementTerms, PartyTerms, complete_records, sign_agreement
from shouyue.agreement.terms.actions import Change, amend
from shouyue.agreement.terms.models import Agreement
from shouyue.kernel.period import Quarter
from shouyue.main.mappings import BY_NAME
from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.public import take_all_measures, take_measures
from shouyue.scoreboard.queries.board import board
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.models import Fact, Staff

Q3 = date(2026, 7, 1)
AT = datetime(2026, 7, 10, 4, tzinfo=UTC)
ORDER = ("order_no", "customer_no", "ordered_at", "item_code", "quantity", "unit_price")
ANSWER = ("answer_no", "customer_no", "order_no", "asked_on", "answered_at", "score")


def write(path: Path, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])


def records(folder: Path, *, satisfied: int, asked: int, invited: int) -> Path:
    """One order a customer in the first quarter of 2026; every second customer buys again in April."""
    folder.mkdir(parents=True, exist_ok=True)
    first = [(f"D{n}", f"K{n}", "2026-02-10 10:00:00", "A1", 1, "9.90") for n in range(invited)]
    again = [(f"E{n}", f"K{n}", "2026-04-15 10:00:00", "A1", 1, "9.90") for n in range(0, invited, 2)]
    write(folder / "orders.csv", ORDER, [*first, *again])
    answers = []
    for n in range(invited):
        score = "" if n >= asked else "5" if n < satisfied else "2"
        at = "2026-03-02 09:00:00" if score else ""
        answers.append((f"Q{n}", f"K{n}", f"D{n}", "2026-03-01", at, score))
    write(folder / "answers.csv", ANSWER, answers)
    return folder


def brought_in(folder: Path) -> None:
    import_files(BY_NAME["plain"], Request(paths=[folder], by="test"), now=lambda: AT)


def signed(until: date = date(2026, 7, 9)) -> Agreement:
    party = PartyTerms(
        name="云杉百货", legal_representative="林", registered_address="苏州", phone="1", email="a@b.example"
    )
    terms = AgreementTerms(number="SY-1", party_a=party, party_b=party, starts_on=date(2026, 1, 1))
    agreement = sign_agreement(terms, by="test", at=AT)
    return complete_records(agreement.pk, until=until, by="test", at=AT)


def figure(agreement: Agreement, measure: str, quarter: str = "2026Q1"):
    shown = board(agreement, wanted=quarter, today=date(2026, 7, 10))
    return shown.cards[measure].figure


@pytest.fixture
def measured(db: None, tmp_path: Path) -> Agreement:
    brought_in(records(tmp_path, satisfied=376, asked=400, invited=800))
    agreement = signed()
    take_measures(agreement.pk, at=AT, by="test")
    return agreement


@pytest.fixture
def reader(measured: Agreement) -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user("a@b.example", "a long password", name="林", party="a"))
    return client


def test_satisfaction_is_judged_by_the_exact_limits(measured):
    found = figure(measured, "satisfaction")
    # 400 answers: 371 satisfied are the least that meet 90 % (design's own table of limits).
    assert (found.kept, found.asked, found.decision, found.literal, found.state) == (376, 400, "met", "met", "met")
    assert found.details["invited"] == 800
    assert found.low >= 0.9


def test_loyalty_counts_everybody_and_waits_for_the_window(measured):
    repurchase, retention = figure(measured, "repurchase"), figure(measured, "retention", "2026Q2")
    assert (repurchase.kept, repurchase.asked, repurchase.state, repurchase.low) == (400, 800, "missed", None)
    assert (retention.kept, retention.asked, retention.state) == (400, 800, "missed")
    early = figure(measured, "retention", "2026Q3")
    assert (early.asked, early.state, early.decision) == (400, "not_due", "")


def test_taking_again_adds_nothing_and_late_records_add_a_version(measured, tmp_path):
    before = MeasureResult.objects.count()
    assert take_measures(measured.pk, at=AT, by="test") == 0
    assert MeasureResult.objects.count() == before
    late = tmp_path / "late"
    late.mkdir()
    write(late / "orders.csv", ORDER, [("E1", "K1", "2026-04-20 10:00:00", "A1", 1, "9.90")])
    brought_in(late)
    assert take_all_measures(at=AT, by="test") == 3
    versions = MeasureResult.objects.filter(measure="repurchase", period="2026Q1").order_by("version")
    assert list(versions.values_list("version", "kept")) == [(1, 400), (2, 401)]
    assert Fact.objects.filter(kind="MeasuresTaken").count() == 2


def test_an_amended_target_judges_later_quarters_only(measured):
    change = Change(kind="target", subject="loyalty_retention", value={"threshold_bp": 4000}, applies_from=Q3)
    amend(measured.pk, change, at=AT)
    assert take_measures(measured.pk, at=AT, by="test") == 1
    before, after = figure(measured, "retention", "2026Q2"), figure(measured, "retention", "2026Q3")
    assert (before.threshold, before.version, before.state) == (0.8, 1, "missed")
    assert (after.threshold, after.version) == (0.4, 2)


def test_results_cannot_be_rewritten(measured):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        MeasureResult.objects.update(kept=0)


def test_page_says_both_verdicts_in_both_languages(reader):
    with override("zh-hans"):
        page = reader.get(
            "/scoreboard/", {"quarter": "2026Q1"}, headers={"accept-language": "zh-hans"}
        ).content.decode()
    assert "400 份答卷中 376 份满意" in page
    assert "整个区间不低于目标：按约定的规则为达标。若只看字面（比例与目标相比）：达标。" in page
    assert "<c-" not in page
    reader.cookies["shouyue_language"] = "en"
    page = reader.get("/scoreboard/", {"quarter": "2026Q1"}).content.decode()
    assert "376 of 400 answers are satisfied" in page
    assert "The whole interval lies at or above the target: met by the agreed rule." in page


def test_json_says_the_same(reader):
    told = json.loads(reader.get("/scoreboard.json", {"quarter": "2026Q1"}).content)
    satisfaction = told["measures"]["satisfaction"]
    assert (satisfaction["kept"], satisfaction["asked"], satisfaction["verdict"]) == (376, 400, "met")
    assert satisfaction["literal_verdict"] == "met"
    assert satisfaction["interval"]["level"] == 0.9
    assert told["measures"]["repurchase"]["interval"] is None
    states = {duty["code"]: duty["state"] for duty in told["obligations"]}
    assert (states["satisfaction"], states["loyalty_repurchase"]) == ("met", "missed")
    # What nothing in the product measures yet says so.
    assert states["complaints_in_time"] == "not_measured"


def test_pages_cost_the_same_for_one_quarter_and_for_many(reader, measured, tmp_path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reader.get("/scoreboard/").status_code == 200
        return len(queries)

    before = cost()
    many = tmp_path / "many"
    many.mkdir()
    days = ["2024-05-01", "2024-08-01", "2024-11-01", "2025-02-01", "2025-05-01", "2025-08-01"]
    rows = [(f"M{n}", "K1", f"{day} 10:00:00", "A1", 1, "5.00") for n, day in enumerate(days)]
    write(many / "orders.csv", ORDER, rows)
    brought_in(many)
    take_measures(measured.pk, at=AT, by="test")
    assert cost() == before


def test_unreadable_quarter_opens_the_latest_closed_one(reader):
    page = reader.get("/scoreboard/", {"quarter": "2026Q9"}).content.decode()
    assert "2026 年第二季度" in page


@pytest.mark.django_db
def test_without_an_agreement_the_page_teaches():
    client = Client()
    client.force_login(Staff.objects.create_user("a@b.example", "a long password", name="林", party="a"))
    page = client.get("/scoreboard/").content.decode()
    assert "没有可守之约" in page
    assert client.get("/measures/satisfaction/").status_code == 404


def test_measure_page_shows_definition_and_history(reader):
    page = reader.get("/measures/repurchase/").content.decode()
    assert "定义第 1 版" in page
    assert "400 / 800" in page
    assert "一年内" not in page  # its window has not passed yet
    assert reader.get("/measures/complaints_on_time/").status_code == 404


def test_two_at_once_write_each_result_once(fresh_database, tmp_path):
    brought_in(records(tmp_path, satisfied=90, asked=100, invited=100))
    agreement = signed()

    def take(_turn: int) -> int:
        try:
            return take_measures(agreement.pk, at=AT, by="test")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = sorted(threads.map(take, range(4)))
    assert made[:3] == [0, 0, 0]
    with psycopg.connect(fresh_database) as plain:
        row = plain.execute("SELECT count(*), max(version) FROM scoreboard_measureresult").fetchone()
    assert row == (made[3], 1)


def test_quarters_are_those_of_the_agreements_zone(measured):
    quarters = board(measured, wanted=None, today=date(2026, 7, 10)).quarters
    assert quarters == [Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)]
