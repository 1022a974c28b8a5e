"""Real records, whole: what the import stored, read back by SQL, against figures computed from the files themselves."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.db import connection

from shouyue.purchases.incoming.rules.online_retail import CODES
from shouyue.purchases.incoming.tests.import_ground import finish_command
from shouyue.purchases.public import purchase_days

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def retail(shared_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as the view `r`, its rows numbered in `place`."""
    path = shared_folder / "data" / "online_retail" / "online_retail.parquet"
    with duckdb.connect() as source:
        # In memory and on one thread: the number must follow the file.
        source.execute("SET threads = 1")
        source.execute(f"CREATE TABLE r AS SELECT *, row_number() OVER () AS place FROM '{path}'")
        yield source


OLIST_FILES = (
    *(f"olist_{name}_dataset" for name in ("customers", "orders", "order_items", "order_payments", "products")),
    "product_category_name_translation",
)


@pytest.fixture(scope="module")
def olist(shared_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = shared_folder / "data" / "olist"
    with duckdb.connect() as source:
        for name in ("customers", "orders", "order_items", "order_payments", "products"):
            source.execute(
                f"CREATE TABLE {name} AS FROM read_csv('{folder}/olist_{name}_dataset.csv.gz', all_varchar = true)"
            )
        yield source


def stored(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_online_retail_is_recorded_to_the_last_row(fresh_database, retail, shared_folder, tmp_path):
    path = shared_folder / "data" / "online_retail" / "online_retail.parquet"
    code, summary, told = finish_command(fresh_database, path, "--mapping", "online_retail")
    assert code == 0, told
    assert {name: summary[name] for name in ("rows", "created", "updated", "unchanged", "rejected")} == {
        "rows": 541_909,
        "created": 541_909,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    _memory_stayed_small(told)
    _lines_are_those_of_the_file(retail)
    _orders_are_those_of_the_file(retail)
    _kinds_are_those_of_the_file(retail)
    _returns_are_linked_as_published()
    _links_agree_with_sql(retail)
    _products_are_named_by_their_latest_sale(retail)
    _days_agree_with_sql(retail)
    code, again, told = finish_command(fresh_database, path, "--mapping", "online_retail")
    assert (code, again["created"], again["unchanged"], again["already_imported"]) == (0, 0, 541_909, True), told


def _memory_stayed_small(told: str) -> None:
    """VmHWM, the most memory that the importing process ever had, told by itself at its end."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", told)
    assert peak is not None
    assert int(peak[1]) <= 500_000


def _lines_are_those_of_the_file(retail: duckdb.DuckDBPyConnection) -> None:
    """Every line, as a bag: repeated rows count as often as they stand in the file."""
    assert stored("SELECT count(*), sum(amount_e4) FROM purchases_orderline") == [(541_909, 97_477_479_340)]
    total = retail.sql("SELECT count(*), (sum(Quantity * UnitPrice) * 10000)::BIGINT FROM r").fetchall()
    assert total == [(541_909, 97_477_479_340)]
    moment = "strftime(timezone('UTC', timezone('Europe/London', InvoiceDate)), '%Y-%m-%d %H:%M')"
    wanted = retail.sql(
        f"""
        SELECT InvoiceNo, StockCode, trim(coalesce(Description, ''), ' \t'), Quantity, (UnitPrice * 10000)::BIGINT,
            {moment}, coalesce(CustomerID::VARCHAR, ''), count(*)
        FROM r GROUP BY ALL
        """
    ).fetchall()
    found = stored(
        """
        SELECT number, item, description, quantity, unit_price_e4,
            to_char(sold_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
            CASE WHEN customer.kind = 'anonymous' THEN '' ELSE source_key END, count(*)
        FROM purchases_orderline AS line
        JOIN purchases_order AS placed ON placed.customer_id = line.customer_id AND placed.id = line.order_id
        JOIN customers_customer AS customer ON customer.id = line.customer_id
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        """
    )
    assert sum(row[-1] - 1 for row in found) == 5_268
    assert set(found) == set(wanted)


def _orders_are_those_of_the_file(retail: duckdb.DuckDBPyConnection) -> None:
    assert stored("SELECT count(*), sum(line_count), sum(total_e4) FROM purchases_order") == [
        (25_900, 541_909, 97_477_479_340)
    ]
    assert stored("SELECT kind, count(*) FROM customers_customer GROUP BY kind ORDER BY kind") == [
        ("anonymous", 3_710),
        ("unknown", 4_372),
    ]
    wanted = retail.sql(
        """
        SELECT InvoiceNo, strftime(timezone('UTC', timezone('Europe/London', min(InvoiceDate))), '%Y-%m-%d %H:%M'),
            (sum(Quantity * UnitPrice) * 10000)::BIGINT, count(*), InvoiceNo LIKE 'C%'
        FROM r GROUP BY InvoiceNo
        """
    ).fetchall()
    found = stored(
        "SELECT number, to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), total_e4, line_count, "
        "kind = 'return' FROM purchases_order"
    )
    assert set(found) == set(wanted)
    two_moments = "SELECT 1 FROM purchases_orderline GROUP BY order_id HAVING count(DISTINCT sold_at) > 1"
    assert stored(f"SELECT count(*) FROM ({two_moments}) AS found") == [(43,)]


def _kinds_are_those_of_the_file(retail: duckdb.DuckDBPyConnection) -> None:
    wanted = retail.sql(
        """
        SELECT CASE WHEN InvoiceNo LIKE 'C%' THEN 'return'
            WHEN StockCode IN ('M', 'm', 'D', 'S', 'B') OR Quantity < 0 OR UnitPrice <= 0 THEN 'adjustment'
            WHEN StockCode IN ('POST', 'DOT', 'C2', 'BANK CHARGES', 'AMAZONFEE', 'CRUK') THEN 'fee'
            ELSE 'sale' END AS kind, count(*)
        FROM r GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    assert wanted == [("adjustment", 2_842), ("fee", 1_987), ("return", 9_288), ("sale", 527_792)]
    assert stored("SELECT kind, count(*) FROM purchases_orderline GROUP BY kind ORDER BY kind") == wanted


def _returns_are_linked_as_published() -> None:
    linked = stored(
        "SELECT count(*) FROM purchases_orderline AS line WHERE kind = 'return' AND NOT EXISTS "
        "(SELECT FROM purchases_unlinkedreturn AS rest WHERE rest.customer_id = line.customer_id AND rest.id = line.id)"
    )
    assert linked == [(7_517,)]
    reasons = stored("SELECT reason, count(*) FROM purchases_unlinkedreturn GROUP BY reason ORDER BY reason")
    assert dict(reasons) == {
        "more_than_bought": 75,
        "no_customer": 383,
        "no_earlier_purchase": 1_031,
        "not_a_product": 282,
    }


def _links_agree_with_sql(retail: duckdb.DuckDBPyConnection) -> None:
    """Newest-first linking as one statement of SQL cannot be said; its bounds by item and the pieces can."""
    pieces = retail.sql(
        """
        SELECT sum(least(bought, returned))::BIGINT FROM (
            SELECT sum(Quantity) FILTER (Quantity > 0 AND InvoiceNo NOT LIKE 'C%') AS bought,
                -sum(Quantity) FILTER (InvoiceNo LIKE 'C%') AS returned
            FROM r WHERE CustomerID IS NOT NULL GROUP BY CustomerID, StockCode
        )
        """
    ).fetchall()[0][0]
    linked = stored("SELECT sum(quantity)::bigint FROM purchases_returnlink")[0][0]
    rest = stored("SELECT sum(quantity)::bigint FROM purchases_unlinkedreturn")[0][0]
    returned = stored("SELECT -sum(quantity)::bigint FROM purchases_orderline WHERE kind = 'return'")[0][0]
    assert linked <= pieces
    assert linked + rest == returned
    broken = """
        SELECT count(*) FROM purchases_returnlink AS link
        JOIN purchases_orderline AS back ON back.customer_id = link.customer_id AND back.id = link.return_line_id
        JOIN purchases_orderline AS sale ON sale.customer_id = link.customer_id AND sale.id = link.sale_line_id
        WHERE back.item <> sale.item OR sale.sold_at > back.sold_at OR back.kind <> 'return' OR sale.quantity <= 0
    """
    assert stored(broken) == [(0,)]
    overdrawn = """
        SELECT count(*) FROM (
            SELECT 1 FROM purchases_returnlink AS link
            JOIN purchases_orderline AS sale ON sale.customer_id = link.customer_id AND sale.id = link.sale_line_id
            GROUP BY sale.customer_id, sale.id, sale.quantity HAVING sum(link.quantity) > sale.quantity
        ) AS found
    """
    assert stored(overdrawn) == [(0,)]


def _days_agree_with_sql(retail: duckdb.DuckDBPyConnection) -> None:
    wanted = retail.sql(
        """
        SELECT count(*), count(DISTINCT CustomerID) FROM (
            SELECT InvoiceNo, any_value(CustomerID) AS CustomerID FROM r
            WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0
                AND StockCode NOT IN ('POST', 'DOT', 'C2', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'M', 'm', 'D', 'S', 'B')
            GROUP BY InvoiceNo
        )
        """
    ).fetchall()[0]
    days = list(purchase_days(zone="Europe/London"))
    assert (len(days), len({customer for customer, _ in days})) == wanted
    assert days == sorted(days)


def test_olist_is_recorded_to_the_last_row(fresh_database, olist, shared_folder, tmp_path):
    for name in OLIST_FILES:
        source = shared_folder / "data" / "olist" / f"{name}.csv.gz"
        (tmp_path / source.name).symlink_to(source)
    code, summary, told = finish_command(fresh_database, tmp_path, "--mapping", "olist")
    assert code == 0, told
    assert {name: summary[name] for name in ("rows", "created", "updated", "unchanged", "rejected")} == {
        "rows": 24_635 + 8_924 + 5_460,
        "created": 24_516 + 8_924 + 5_460,
        "updated": 0,
        "unchanged": 119,
        "rejected": 0,
    }
    assert stored("SELECT count(*) FROM customers_customer") == [(8_016,)]
    assert stored("SELECT count(*), count(*) FILTER (WHERE line_count = 0) FROM purchases_order") == [(8_135, 775)]
    wanted = olist.sql(
        """
        SELECT order_id, customer_unique_id, order_status IN ('canceled', 'unavailable'),
            -- DuckDB reads an hour that clocks repeat as the second pass, we as the first.
            strftime(timezone('UTC', timezone('America/Sao_Paulo', order_purchase_timestamp::TIMESTAMP))
                - INTERVAL 1 HOUR * (order_purchase_timestamp[:13] IN ('2017-02-18 23', '2018-02-17 23'))::INT,
                '%Y-%m-%d %H:%M:%S'),
            coalesce((sum(price::DECIMAL(12, 2) + freight_value::DECIMAL(12, 2)) * 10000)::BIGINT, 0),
            2 * count(order_item_id)
        FROM orders JOIN customers USING (customer_id) LEFT JOIN order_items USING (order_id) GROUP BY ALL
        """
    ).fetchall()
    found = stored(
        """
        SELECT number, source_key, status = 'cancelled', to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
            total_e4, line_count
        FROM purchases_order JOIN customers_customer AS customer ON customer.id = customer_id
        """
    )
    assert set(found) == set(wanted)
    _payments_are_those_of_the_file(olist)
    _products_are_those_of_the_file(olist)
    zone = ZoneInfo("America/Sao_Paulo")
    everything = list(purchase_days(zone=zone.key))
    kept = list(purchase_days(zone=zone.key, without_cancelled=True))
    assert (len(everything), len(kept)) == (8_135, 8_135 - sum(row[2] for row in wanted))


def _payments_are_those_of_the_file(olist: duckdb.DuckDBPyConnection) -> None:
    statement = """
        SELECT order_id, payment_type, (payment_value::DECIMAL(12, 2) * 10000)::BIGINT FROM order_payments ORDER BY ALL
    """
    paid = """
        SELECT placed.number, payment.method, payment.amount_e4 FROM purchases_payment AS payment
        JOIN purchases_order AS placed ON placed.customer_id = payment.customer_id AND placed.id = payment.order_id
    """
    assert sorted(stored(paid)) == olist.sql(statement).fetchall()


def _products_are_those_of_the_file(olist: duckdb.DuckDBPyConnection) -> None:
    wanted = olist.sql("SELECT product_id, coalesce(product_category_name, '') FROM products").fetchall()
    found = stored(
        """
        SELECT product.code, coalesce(category.code, '') FROM purchases_product AS product
        LEFT JOIN purchases_category AS category ON category.id = product.category_id
        """
    )
    assert set(found) == set(wanted)
    english = dict(stored("SELECT code, name_en FROM purchases_category"))
    assert (english["beleza_saude"], english["bebes"]) == ("Health beauty", "Baby")
    assert stored("SELECT count(*) FROM purchases_orderline WHERE is_product AND product_id IS NULL") == [(0,)]


def _products_are_named_by_their_latest_sale(retail: duckdb.DuckDBPyConnection) -> None:
    codes = "', '".join(sorted(CODES.fees | CODES.adjustments))
    wanted = retail.sql(
        f"""
        SELECT trim(StockCode), coalesce(last(trim(Description) ORDER BY InvoiceDate, trim(Description)) FILTER (
            WHERE trim(Description) <> '' AND (InvoiceNo LIKE 'C%' AND Quantity < 0
                OR InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0)), '')
        FROM r WHERE trim(StockCode) NOT IN ('{codes}') GROUP BY 1
        """
    ).fetchall()
    assert set(stored("SELECT code, name FROM purchases_product")) == set(wanted)
