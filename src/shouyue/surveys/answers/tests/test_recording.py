"""Answers on their way in: waves by quarter, replays, who may change them, and rows of files that cannot be used."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction

from shouyue.kernel.cells import RowRejectedError
from shouyue.main.mappings import BY_NAME
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.models import Fact
from shouyue.store.models.imports import ImportRejection
from shouyue.surveys.answers.models import Invitation, Response, Wave, WaveKind
from shouyue.surveys.answers.rules.answers import ANSWER_COLUMNS, PlainAnswerReader
from shouyue.surveys.public import (
    AnswerRow,
    AnswerSource,
    answers_by_quarter,
    ensure_questionnaire,
    record_answers,
)

AT = datetime(2026, 5, 2, tzinfo=UTC)
ROOT = UUID("11111111-1111-4111-8111-111111111111")
ORDER = ("order_no", "customer_no", "ordered_at", "item_code", "quantity", "unit_price")
HEADS = ("answer_no", "customer_no", "order_no", "asked_on", "answered_at", "score")


def write(path: Path, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def customers(folder: Path, count: int) -> list[UUID]:
    """Customers with one order each, through the import; their ids."""
    rows = [(f"D{n}", f"K{n}", "2026-02-10 10:00:00", "A1", 1, "9.90") for n in range(count)]
    path = write(folder / "orders.csv", ORDER, rows)
    import_files(BY_NAME["plain"], Request(paths=[path], by="test"), now=lambda: AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def source(*, has_invitations: bool = False) -> AnswerSource:
    questionnaire = ensure_questionnaire(code="review", title_zh="评分", title_en="Review")
    return AnswerSource("shop", questionnaire, WaveKind.AS_FOUND, "Asia/Shanghai", has_invitations)


def answer(customer: UUID, number: int, *, score: int | None = 5, asked_on: date = date(2026, 3, 31)) -> AnswerRow:
    return AnswerRow(customer, uuid5(ROOT, str(number)), asked_on, score, AT if score else None, None)


@pytest.mark.django_db
def test_answers_fall_into_the_quarter_they_were_asked_in(tmp_path):
    one, two = customers(tmp_path, 2)
    rows = [
        answer(one, 1),
        answer(two, 2, score=2, asked_on=date(2026, 4, 1)),
        answer(two, 3, asked_on=date(2026, 4, 2)),
    ]
    assert len(record_answers(rows, into=source(), at=AT, by="test")) == 3
    found = [(a.quarter.label, a.kept, a.asked, a.invited, a.by_score) for a in answers_by_quarter("satisfaction")]
    assert found == [("2026Q1", 1, 1, None, (0, 0, 0, 0, 1)), ("2026Q2", 1, 2, None, (0, 1, 0, 0, 1))]


@pytest.mark.django_db
def test_a_replay_changes_nothing_and_announces_nothing(tmp_path):
    (one,) = customers(tmp_path, 1)
    record_answers([answer(one, 1)], into=source(), at=AT, by="test")
    facts = Fact.objects.count()
    assert record_answers([answer(one, 1, score=1)], into=source(), at=AT, by="test") == set()
    assert Response.objects.get().score == 5
    assert Fact.objects.count() == facts


@pytest.mark.django_db
def test_who_was_asked_counts_though_they_did_not_answer(tmp_path):
    ids = customers(tmp_path, 4)
    rows = [answer(customer, n, score=4 if n == 0 else None) for n, customer in enumerate(ids)]
    assert len(record_answers(rows, into=source(has_invitations=True), at=AT, by="test")) == 4
    assert [(a.kept, a.asked, a.invited) for a in answers_by_quarter("satisfaction")] == [(1, 1, 4)]


@pytest.mark.django_db
@pytest.mark.parametrize("records", [Response, Invitation])
def test_answers_cannot_be_changed_or_removed(tmp_path, records):
    (one,) = customers(tmp_path, 1)
    record_answers([answer(one, 1)], into=source(has_invitations=True), at=AT, by="test")
    for attempt in (lambda: records.objects.update(asked_on=AT), lambda: records.objects.all()._raw_delete("default")):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            attempt()


def test_equal_answers_of_many_threads_are_kept_once(fresh_database, tmp_path):
    ids = customers(tmp_path, 50)
    into = source()

    def record(_turn: int) -> int:
        try:
            rows = [answer(customer, n) for n, customer in enumerate(ids)]
            return len(record_answers(rows, into=into, at=AT, by="test"))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(record, range(8))) == 50
    assert (Response.objects.count(), Wave.objects.count()) == (50, 1)


@pytest.mark.django_db
def test_every_row_of_a_file_has_an_outcome(tmp_path):
    customers(tmp_path, 2)
    path = write(
        tmp_path / "answers.csv",
        HEADS,
        [
            ("Q1", "K0", "D0", "2026-03-01", "2026-03-02 10:00:00", "5"),
            ("Q1", "K0", "D0", "2026-03-01", "2026-03-02 10:00:00", "5"),
            ("Q2", "K1", "", "2026-03-01", "", ""),
            ("Q3", "K1", "", "2026-02-30", "2026-03-02 10:00:00", "4"),
            ("Q4", "K1", "", "2026-03-01", "2026-03-02 10:00:00", "6"),
            ("Q5", "K1", "", "2026-03-01", "", "4"),
            ("Q6", "K9", "", "2026-03-01", "2026-03-02 10:00:00", "4"),
        ],
    )
    both = [tmp_path / "orders.csv", path]
    _purchases, report = import_files(BY_NAME["plain"], Request(paths=both, by="test"), now=lambda: AT)
    tally = report.tally
    assert (report.rows, tally.created, tally.unchanged, tally.rejected) == (7, 2, 1, 4)
    reasons = dict(ImportRejection.objects.filter(run_id=report.run_id).values_list("row_number", "code"))
    assert reasons == {4: "not_day", 5: "off_scale", 6: "missing", 7: "unknown_customer"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("", "K1", "2026-03-01", "2026-03-02", "4"), "missing"),
        (("Q", "", "2026-03-01", "2026-03-02", "4"), "missing"),
        (("Q", "K1", "", "2026-03-02", "4"), "missing"),
        (("Q", "K1", "01/03/2026", "2026-03-02", "4"), "not_day"),
        (("Q", "K1", "2026-03-01", "yesterday", "4"), "not_moment"),
        (("Q", "K1", "2026-03-01", "2026-03-02", "4.5"), "not_whole"),
        (("Q", "K1", "2026-03-01", "2026-03-02", "0"), "off_scale"),
    ],
)
def test_rows_that_cannot_be_used_say_why(row, code):
    parse = PlainAnswerReader("Asia/Shanghai").parser("answers", ANSWER_COLUMNS)
    with pytest.raises(RowRejectedError) as refused:
        parse(row)
    assert refused.value.code == code
