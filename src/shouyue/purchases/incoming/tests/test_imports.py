"""Imports on a real database: what is recorded, repetition, refusals that leave no trace, two at once."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.models import Customer
from shouyue.purchases.incoming.tests.import_ground import (
    another_database,
    finish_command,
    retail_rows,
    run_import,
    write_rows,
)
from shouyue.purchases.orders.models import Order, OrderLine, ReturnLink, UnlinkedReturn
from shouyue.purchases.public import business_digest
from shouyue.store.imports.mapping import Tally
from shouyue.store.imports.refusals import ImportRefusedError
from shouyue.store.models import Fact, ImportRejection, ImportRun, StagedRow
from shouyue.store.tabular import FileRefusedError

BUSINESS = (Customer, Order, OrderLine, ReturnLink, UnlinkedReturn)
EMPTY = (0,) * len(BUSINESS)
SALE = ("536365", "85123A", "HOLDER", 6, "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom")
BACK = ("C536379", "85123A", "HOLDER", -2, "2010-12-02 09:00:00", "2.55", "17850", "United Kingdom")


def held() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in BUSINESS)


@pytest.mark.django_db
def test_a_sale_and_its_return_are_recorded_and_linked(tmp_path):
    report = run_import(write_rows(tmp_path / "a.csv", [SALE, BACK]))
    assert (report.rows, report.tally) == (2, Tally(created=2))
    sale, back = OrderLine.objects.order_by("sold_at")
    assert (sale.amount_e4, sale.kind, sale.sold_at) == (153_000, "sale", datetime(2010, 12, 1, 8, 26, tzinfo=UTC))
    assert (back.amount_e4, back.kind) == (-51_000, "return")
    link = ReturnLink.objects.get()
    assert (link.return_line_id, link.sale_line_id, link.quantity) == (back.id, sale.id, 2)
    assert Customer.objects.get().source_key == "17850"
    assert list(Order.objects.order_by("placed_at").values_list("number", "kind", "total_e4")) == [
        ("536365", "sale", 153_000),
        ("C536379", "return", -51_000),
    ]


@pytest.mark.django_db
def test_moments_are_read_on_the_clocks_of_the_zone(tmp_path):
    summer = ("1", "A", "", 1, "2011-07-01 12:00:00", "1", "7", "")
    run_import(write_rows(tmp_path / "a.csv", [summer]))
    assert Order.objects.get().placed_at == datetime(2011, 7, 1, 11, tzinfo=UTC)


@pytest.mark.django_db
def test_rows_that_cannot_be_used_are_rejected_with_reason_and_counted(tmp_path):
    bad_day = ("536366", "A", "x", 1, "2011-02-30 08:00:00", "1", "1", "")
    half = ("536367", "A", "x", "1.5", "2011-02-03", "1", "1", "")
    many_decimals = ("536368", "A", "x", 1, "2011-02-03", "0.00001", "1", "")
    nameless = ("", "A", "x", 1, "2011-02-03", "1", "1", "")
    other = (*SALE[:6], "99999", SALE[7])
    path = write_rows(tmp_path / "a.csv", [SALE, bad_day, half, many_decimals, nameless, other])
    report = run_import(path)
    assert (report.rows, report.tally) == (6, Tally(created=1, rejected=5))
    found = ImportRejection.objects.order_by("row_number").values_list("row_number", "code", "column", "value")
    assert list(found) == [
        (2, "not_moment", "InvoiceDate", "2011-02-30 08:00:00"),
        (3, "not_whole", "Quantity", "1.5"),
        (4, "not_amount", "UnitPrice", "0.00001"),
        (5, "missing", "InvoiceNo", ""),
        (6, "other_customer", "", ""),
    ]
    assert ImportRejection.objects.get(row_number=6).cells[6] == "99999"
    assert StagedRow.objects.count() == 0


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(tmp_path):
    path = write_rows(tmp_path / "a.csv", retail_rows(300))
    run_import(path)
    before = business_digest(), Fact.objects.count()
    again = run_import(path)
    assert (again.was_done, again.tally) == (True, Tally(unchanged=300))
    assert (business_digest(), Fact.objects.count()) == before


@pytest.mark.django_db
def test_the_same_orders_in_another_file_are_unchanged_and_other_content_is_refused(tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK]))
    before = business_digest()
    dearer = (*SALE[:5], "3.55", *SALE[6:])
    fresh = ("536400", *SALE[1:])
    report = run_import(write_rows(tmp_path / "b.csv", [BACK, dearer, fresh]))
    assert report.tally == Tally(created=1, unchanged=1, rejected=1)
    rejection = ImportRejection.objects.get()
    assert (rejection.code, rejection.value, rejection.cells[5]) == ("order_differs", "536365", "3.55")
    Order.objects.get(number="536400")
    assert business_digest() != before


@pytest.mark.django_db
def test_a_rehearsal_counts_as_the_import_will_and_writes_nothing(tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE]))
    before = business_digest(), Fact.objects.count()
    path = write_rows(tmp_path / "b.csv", [SALE, BACK, ("", *SALE[1:])])
    rehearsed = run_import(path, is_rehearsal=True)
    assert rehearsed.tally == Tally(created=1, unchanged=1, rejected=1)
    assert (business_digest(), Fact.objects.count(), StagedRow.objects.count()) == (*before, 0)
    assert run_import(path, is_rehearsal=True).tally == rehearsed.tally
    assert run_import(path).tally == rehearsed.tally


@pytest.mark.django_db
def test_returns_link_whichever_file_comes_first(tmp_path):
    run_import(write_rows(tmp_path / "b.csv", [BACK]))
    assert list(UnlinkedReturn.objects.values_list("reason", "quantity")) == [("no_earlier_purchase", 2)]
    run_import(write_rows(tmp_path / "a.csv", [SALE]))
    assert (ReturnLink.objects.get().quantity, UnlinkedReturn.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_a_till_sale_gets_a_subject_of_its_own(tmp_path):
    nobody = [(number, *SALE[1:6], "", SALE[7]) for number in ("1", "1", "2")]
    run_import(write_rows(tmp_path / "a.csv", nobody))
    assert list(Customer.objects.values_list("kind", flat=True)) == ["anonymous", "anonymous"]
    assert sorted(Order.objects.values_list("number", "line_count")) == [("1", 2), ("2", 1)]


@pytest.mark.django_db
def test_lines_are_a_ledger(tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE]))
    with pytest.raises(ProgrammingError, match="permission denied"):
        OrderLine.objects.update(quantity=1)


def test_small_batches_record_the_same_as_large_ones(database_server, fresh_database, tmp_path, monkeypatch):
    path = write_rows(tmp_path / "a.csv", retail_rows(400))
    run_import(path)
    large = business_digest()
    monkeypatch.setattr("shouyue.store.imports.committing.BATCH_ROWS", 7)
    with another_database(database_server):
        run_import(path)
        assert Fact.objects.filter(kind="OrdersRecorded").count() > 30
        assert business_digest() == large


@pytest.mark.django_db
def test_new_customers_are_made_before_known_ones_are_locked(tmp_path):
    """Two imports that lock first and make after it can wait for each other."""
    run_import(write_rows(tmp_path / "a.csv", [SALE]))
    other = ("2", *SALE[1:6], "12", SALE[7])
    with CaptureQueriesContext(connection) as asked:
        run_import(write_rows(tmp_path / "b.csv", [("3", *SALE[1:]), other]))
    told = [sql for one in asked.captured_queries if "customers_customer" in (sql := one["sql"] or "")]
    assert "INSERT INTO customers_customer " in told[0]
    assert Customer.objects.count() == 2


def test_two_imports_of_the_same_customers_at_once(fresh_database, tmp_path, monkeypatch):
    # Small batches meet each other more often.
    monkeypatch.setattr("shouyue.store.imports.committing.BATCH_ROWS", 100)
    rows = retail_rows(4_000)
    backs = [row for row in rows if str(row[0]).startswith("C")]
    sales = [row for row in rows if not str(row[0]).startswith("C")]
    paths = [write_rows(tmp_path / f"{index}.csv", part) for index, part in enumerate((backs, sales, backs + sales))]
    wrong: list[BaseException] = []

    def work(path: Path) -> None:
        try:
            run_import(path)
        except BaseException as error:  # noqa: BLE001 told by the assertion below
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    both = business_digest()
    runs = ImportRun.objects.all()
    assert sum(run.created for run in runs) == len(rows)
    assert sum(run.created + run.unchanged for run in runs) == 2 * len(rows)
    path = write_rows(tmp_path / "one.csv", rows)
    assert run_import(path).tally == Tally(unchanged=len(rows))
    assert business_digest() == both


def _csv(text: bytes):
    def write(path: Path) -> Path:
        path.write_bytes(text)
        return path

    return write


HEAD = b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
GOOD = b"1,A,x,1,2011-01-01,1,7,UK\n"
BAD_FILES = {
    "empty": b"",
    "header-only": HEAD,
    "columns-missing": b"InvoiceNo,StockCode\n1,A\n",
    "line-too-long": HEAD + GOOD + b"2,A," + b"x" * 10_000_000 + b"\n",
    "encoding": HEAD + GOOD + b"\xff\xfe\xfa,\x81\xff,\xff,1,2011-01-01,1,7,UK\n" * 40,
    "no-row-usable": HEAD + b"1,A,x,1,2011-02-30,1,7,UK\n",
    "not-csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_leaves_no_trace_in_business_tables(tmp_path, name):
    path = _csv(BAD_FILES[name])(tmp_path / "bad.csv")
    with pytest.raises((FileRefusedError, ImportRefusedError)):
        run_import(path)
    assert (held(), StagedRow.objects.count()) == (EMPTY, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"), [({"currency": "XYZ"}, "unknown-currency"), ({"zone": "Mars/Base"}, "unknown-zone")]
)
def test_unknown_currency_and_zone_are_refused(tmp_path, words, code):
    with pytest.raises(ImportRefusedError) as refused:
        run_import(write_rows(tmp_path / "a.csv", [SALE]), **words)
    assert (refused.value.code, held()) == (code, EMPTY)


def test_the_command_says_in_both_languages_why_it_refuses(fresh_database, tmp_path):
    path = write_rows(tmp_path / "a.csv", [SALE])
    code, summary, told = finish_command(fresh_database, path, "--mapping", "online_retail", "--currency", "XYZ")
    assert (code, summary, held()) == (2, {}, EMPTY)
    assert "is not a currency" in told
    assert "货币" in told


def test_the_command_prints_counts_that_add_up(fresh_database, tmp_path):
    path = write_rows(tmp_path / "a.csv", [SALE, BACK, ("", *SALE[1:])])
    code, summary, _ = finish_command(fresh_database, path, "--mapping", "online_retail")
    assert code == 0
    assert {key: summary[key] for key in ("rows", "created", "updated", "unchanged", "rejected")} == {
        "rows": 3,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }
