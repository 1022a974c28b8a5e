"""How fast the pages come: the real web server over HTTP, signed in, on many records."""

import statistics
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from django.urls import reverse

from shouyue.agreement.public import AgreementTerms, PartyTerms, complete_records, sign_agreement
from shouyue.kernel import clock
from shouyue.main.bench.imports import write_invoices
from shouyue.main.bench.line import Line, line
from shouyue.main.bench.site import p95, signed_in
from shouyue.main.mappings import BY_NAME
from shouyue.purchases.public import data_until
from shouyue.scoreboard.public import take_measures
from shouyue.store.imports.engine import Request, import_files

_LINES = 541_909  # as many as Online Retail has
_TIMES = 40
_MS_RETAIL, _MS_LARGE = 200.0, 150.0


def measure_screens(rows: int | None) -> Iterator[Line]:
    """Lines about pages, p95 of their server's answers over HTTP. rows: customers with one order each.

    None: as many order lines as Online Retail has, in invoices like its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        mapping, path = _records(Path(folder), rows)
        import_files(BY_NAME[mapping], Request([path], by="bench"), now=clock.now)
    _measure_agreement(mapping)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    target = _MS_LARGE if rows else _MS_RETAIL
    with signed_in() as visit:
        for name, page in _pages():
            took = [visit.milliseconds(page) for _ in range(_TIMES)]
            what = f"{name}: p95 of {_TIMES} requests (median {statistics.median(took):.1f} ms)"
            yield line("screens", what, size=rows or _LINES, value=p95(took), unit="ms", bound=("<=", target))


def _records(folder: Path, rows: int | None) -> tuple[str, Path]:
    if rows is None:
        path = folder / "retail.csv"
        write_invoices(path, _LINES)
        return "online_retail", path
    path = folder / "orders.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("order_no,customer_no,ordered_at,item_code,quantity,unit_price\n")
        for number in range(rows):
            day = date(2025, 1, 1) + timedelta(days=number % 600)
            file.write(f"D{number},K{number},{day} 10:{number % 60:02}:00,A{number % 500},1,9.90\n")
    return "plain", path


def _measure_agreement(source: str) -> None:
    at = clock.now()
    until = data_until(source, zone="Asia/Shanghai") or at.date()
    party = PartyTerms(name="Bench", legal_representative="-", registered_address="-", phone="-", email="a@b.example")
    terms = AgreementTerms(number="BENCH", party_a=party, party_b=party, starts_on=date(until.year, 1, 1))
    agreement = sign_agreement(terms, by="bench", at=at)
    complete_records(agreement.pk, until=until, by="bench", at=at)
    take_measures(agreement.pk, at=at, by="bench")


def _pages() -> Iterator[tuple[str, str]]:
    for name in ("scoreboard:home", "customers:list", "purchases:orders", "purchases:returns", "purchases:imports"):
        yield name, reverse(name)
    yield "agreement:home", reverse("agreement:home")
    yield "scoreboard:measure", reverse("scoreboard:measure", args=["repurchase"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM purchases_order GROUP BY customer_id ORDER BY count(*) DESC, customer_id LIMIT 1"
        )
        customer = cursor.fetchone()[0]
        cursor.execute("SELECT customer_id, id FROM purchases_order ORDER BY line_count DESC, id LIMIT 1")
        order = cursor.fetchone()
    yield "customers:record (most orders)", reverse("customers:record", args=[customer])
    yield "purchases:order (most lines)", reverse("purchases:order", args=order)
