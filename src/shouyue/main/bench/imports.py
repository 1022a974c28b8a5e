"""How fast files come in: generated invoices through the whole import, against one bare COPY of the same rows."""

import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.db import connection, transaction

from shouyue.kernel import clock
from shouyue.main.bench.line import Line, line
from shouyue.main.mappings import BY_NAME
from shouyue.store.imports.engine import Request, import_files

_COLUMNS = (
    *("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate"),
    *("UnitPrice", "CustomerID", "Country"),
)
_SIZES = (100_000, 1_000_000)
_ROWS_PER_SECOND = 1_000_000 / 60  # a million purchase lines in a minute
_MEMORY_MB = 500.0
_LINES_OF_AN_ORDER = 20
_ORDERS_OF_A_CUSTOMER = 5
_CREATE = (
    "CREATE TEMP TABLE bare (invoice text, item text, description text, quantity integer, at timestamp, "
    "price numeric(12, 4), customer text, country text)"
)


def measure_imports(rows: int | None) -> Iterator[Line]:
    """Lines about imports. rows: of one generated file; None: 100,000 and 1,000,000."""
    for size in (rows,) if rows else _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{size}.csv"
            write_invoices(path, size)
            copied = size / _copy_seconds(path)
            imported = size / _import_seconds(path)
        what = "rows of a CSV checked, recorded, returns linked, announced"
        yield line("import", what, size=size, value=imported, unit="rows/s", bound=(">=", _ROWS_PER_SECOND))
        yield line(
            "import",
            "the same rows, against one COPY into a bare table (ratio: the import's cost)",
            size=size,
            value=imported,
            unit="rows/s",
            baseline=copied,
            ratio=copied / imported,
        )
        yield line(
            "import",
            "most memory of the importing process, from its start",
            size=size,
            value=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            unit="MB",
            bound=("<=", _MEMORY_MB),
        )


def _copy_seconds(path: Path) -> float:
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CREATE)
        with path.open("rb") as file, cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := file.read(1 << 16):
                copy.write(block)
        cursor.execute("DROP TABLE bare")
    return time.perf_counter() - began


def _import_seconds(path: Path) -> float:
    began = time.perf_counter()
    import_files(BY_NAME["online_retail"], Request([path], by="bench"), now=clock.now)
    return time.perf_counter() - began


def write_invoices(path: Path, rows: int) -> None:
    """Invoices of about 20 lines, five to a customer; one in thirty is a return, one in seven a till sale."""
    random = Random(rows)  # noqa: S311 generated rows, no secret
    start = datetime(2011, 1, 3, 9)  # noqa: DTZ001 the file's local time
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        number = 0
        while rows > 0:
            number += 1
            count = min(rows, random.randint(1, 2 * _LINES_OF_AN_ORDER - 1))
            rows -= count
            writer.writerows(_invoice(random, path.stem, number, count, start + timedelta(minutes=number)))


def _invoice(random: Random, stem: str, number: int, lines: int, at: datetime) -> Iterator[tuple[object, ...]]:
    is_return = random.random() < 1 / 30
    customer = "" if random.random() < 1 / 7 else f"{stem}-{random.randrange(1 + number // _ORDERS_OF_A_CUSTOMER)}"
    invoice = f"{'C' if is_return else ''}{stem}-{number}"
    for _ in range(lines):
        item = random.randrange(4_000)
        quantity = random.randint(1, 24) * (-1 if is_return else 1)
        price = f"{random.randint(10, 2_000) / 100:.2f}"
        yield invoice, f"{20_000 + item}", f"GENERATED ITEM {item}", quantity, at, price, customer, "United Kingdom"
