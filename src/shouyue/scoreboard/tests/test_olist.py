"""Olist's real records, through the product's import to the scoreboard's figures, against SQL over the files."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from shouyue.agreement.public import AgreementTerms, PartyTerms, complete_records, sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.kernel.clock import now
from shouyue.main.mappings import BY_NAME
from shouyue.purchases.public import data_until
from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.public import take_measures
from shouyue.store.imports.engine import Request, import_files

pytestmark = pytest.mark.shared

AT = datetime(2026, 11, 23, tzinfo=UTC)
ZONE = "America/Sao_Paulo"
UNTIL = date(2018, 10, 17)

# Answers and satisfied ones (4 or 5) by the quarter of the review's creation; counted once with SQL and pinned.
SATISFIED = {
    "2016Q4": (10, 71),
    "2017Q1": (209, 414),
    "2017Q2": (410, 821),
    "2017Q3": (626, 1068),
    "2017Q4": (785, 1469),
    "2018Q1": (871, 1660),
    "2018Q2": (936, 1572),
    "2018Q3": (691, 1150),
}
REPURCHASE = {
    "2016Q3": (0, 3),
    "2016Q4": (0, 69),
    "2017Q1": (8, 572),
    "2017Q2": (5, 788),
    "2017Q3": (10, 1063),
    "2017Q4": (11, 1496),
    "2018Q1": (9, 1695),
    "2018Q2": (2, 1371),
    "2018Q3": (11, 957),
    "2018Q4": (0, 2),
}


@pytest.fixture
def olist(fresh_database: str, shared_folder: Path) -> Agreement:
    """The records imported and measured, in a database of their own."""
    folder = shared_folder / "data" / "olist"
    files = [
        folder / f"olist_{name}_dataset.csv.gz" for name in ("customers", "orders", "order_items", "order_reviews")
    ]
    reports = import_files(BY_NAME["olist"], Request(paths=files, by="test"), now=now)
    assert [(report.step, report.rows, report.tally.rejected) for report in reports] == [
        ("purchases", 8_135 + 8_135 + 8_365, 0),
        ("reviews", 8_225, 0),
    ]
    terms = AgreementTerms(
        number="OLIST",
        party_a=PartyTerms(name="A"),
        party_b=PartyTerms(name="B"),
        starts_on=date(2018, 1, 1),
        zone=ZONE,
        currency="BRL",
    )
    agreement = sign_agreement(terms, by="test", at=AT)
    assert data_until("olist", zone=ZONE) == UNTIL
    complete_records(agreement.pk, until=UNTIL, by="test", at=AT)
    take_measures(agreement.pk, at=AT, by="test")
    return agreement


@pytest.fixture(scope="module")
def files(shared_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = shared_folder / "data" / "olist"
    with duckdb.connect() as source:
        for name in ("customers", "orders", "order_reviews"):
            path = folder / f"olist_{name}_dataset.csv.gz"
            source.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}', header = true, all_varchar = true)")
        source.execute(
            """CREATE TABLE placed AS SELECT customer_unique_id AS who, order_purchase_timestamp::timestamp AS moment,
               order_purchase_timestamp::date AS day, date_trunc('quarter', order_purchase_timestamp::date) AS quarter
               FROM orders JOIN customers USING (customer_id)"""
        )
        yield source


def kept(measure: str) -> dict[str, tuple[int, int]]:
    rows = MeasureResult.objects.filter(measure=measure).values_list("period", "kept", "asked")
    return {period: (yes, all_) for period, yes, all_ in rows}


def told(source: duckdb.DuckDBPyConnection, statement: str) -> dict[str, tuple[int, int]]:
    rows = source.execute(statement).fetchall()
    return {f"{quarter:%Y}Q{(quarter.month + 2) // 3}": (yes, all_) for quarter, yes, all_ in rows}


def test_olist_figures_equal_independent_sql_and_the_pinned_ones(olist, files):
    by_sql = told(
        files,
        """SELECT date_trunc('quarter', review_creation_date::timestamp),
                  count(*) FILTER (WHERE review_score::int >= 4), count(*)
           FROM order_reviews GROUP BY 1""",
    )
    assert kept("satisfaction") == by_sql == SATISFIED
    by_sql = told(
        files,
        """WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY who ORDER BY moment) AS n FROM placed),
           firsts AS (SELECT f.who, f.quarter, f.day, s.day AS second FROM ranked f
                      LEFT JOIN ranked s ON s.who = f.who AND s.n = 2 WHERE f.n = 1)
           SELECT quarter, count(*) FILTER (WHERE second - day <= 90), count(*) FROM firsts GROUP BY 1""",
    )
    assert kept("repurchase") == by_sql == REPURCHASE
    by_sql = told(
        files,
        """WITH active AS (SELECT DISTINCT who, quarter FROM placed)
           SELECT (a.quarter + INTERVAL 3 MONTH)::date, count(b.who), count(*) FROM active a
           LEFT JOIN active b ON b.who = a.who AND b.quarter = a.quarter + INTERVAL 3 MONTH
           WHERE a.quarter < DATE '2018-10-01' GROUP BY 1""",
    )
    assert kept("retention") == by_sql
    verdicts = MeasureResult.objects.filter(measure="satisfaction").values_list("decision", "literal", "basis")
    assert set(verdicts) == {("missed", "missed", "as_found")}
    # Windows of 90 days that reach past the last record are not judged.
    undue = MeasureResult.objects.filter(measure="repurchase", state="not_due").order_by("period")
    assert list(undue.values_list("period", flat=True)) == ["2018Q3", "2018Q4"]
    assert take_measures(olist.pk, at=AT, by="test") == 0
