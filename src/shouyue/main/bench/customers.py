"""How the customers room grows: import, list, search, timeline and the search for doubles at ten times as many each."""

import csv
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import numpy as np
from django.db import connection
from django.urls import reverse

from shouyue.kernel import clock
from shouyue.main.bench.line import Line, line
from shouyue.main.bench.site import Visit, p95, signed_in
from shouyue.main.demo import persons
from shouyue.main.mappings import BY_NAME
from shouyue.rest.actions.keys import make_key
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.jobs import declared_job, enqueue
from shouyue.store.models import JobRun, JobState

_SIZES = (10_000, 100_000, 1_000_000)
_ITEMS = 10_000  # in the timeline of the busiest customer
_ROWS_PER_SECOND = 1_000_000 / 300
_SEARCH_MS, _LIST_MS, _TIMELINE_MS = 100.0, 150.0, 100.0
_LOOKUP_MS = 20.0
_DUPLICATES_SECONDS, _DUPLICATES_MB = 90.0, 6_000.0
_ASKED = 60
_BLOCK = 50_000
_SEED = 20260402
_Row: TypeAlias = tuple[str, ...]

# What is typed to find the person of a row.
_WORDS: dict[str, Callable[[_Row], str]] = {
    "two characters within a name": lambda row: row[1][-2:],
    "the last four digits of a phone": lambda row: row[3][-4:],
    "a whole phone": lambda row: row[3],
    "an e-mail address": lambda row: row[4],
    "pinyin, as an e-mail address begins": lambda row: row[4].split("@")[0].rstrip("0123456789").replace(".", " "),
}


def measure_customers(rows: int | None) -> Iterator[Line]:
    """Lines about customers at 10,000, 100,000 and 1,000,000 with the growth from size to size. rows: where to end."""
    random = np.random.default_rng(_SEED)
    sizes = [size for size in _SIZES if size <= (rows or _SIZES[-1])] or [rows or _SIZES[-1]]
    before: dict[str, float] = {}
    have = 0
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for found in _at_size(Path(folder), random, have, size):
                yield _with_growth(found, before)
            have = size


def _with_growth(found: Line, before: dict[str, float]) -> Line:
    """The line, and against a tenth of the customers; the bound stays that of the value."""
    smaller = before.get(found["what"])
    before[found["what"]] = found["value"]
    if smaller:
        found["baseline"], found["ratio"] = smaller, round(found["value"] / smaller, 3)
    return found


def _at_size(folder: Path, random: np.random.Generator, have: int, size: int) -> Iterator[Line]:
    rate, asked = _imported(folder, random, have, size)
    yield _line("import of the customers that came to it", size, rate, "rows/s", (">=", _ROWS_PER_SECOND))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with signed_in() as visit:
        yield from _screens(visit, size, asked)
        took = _lookups(visit.address, asked)
    what = "look-up before creating, through the API with its record: p50"
    yield _line(what, size, sorted(took)[len(took) // 2], "ms", ("<=", _LOOKUP_MS))
    seconds, memory = _doubles_searched()
    what = "search for doubles as a job, decryption and recording included"
    yield _line(what, size, seconds, "s", ("<=", _DUPLICATES_SECONDS))
    yield _line("most memory of the worker that did it", size, memory, "MB", ("<=", _DUPLICATES_MB))


def _line(what: str, size: int, value: float, unit: str, bound: tuple[str, float]) -> Line:
    at_most = bound[0] == "<="
    return line("customers", what, size=size, value=value, unit=unit, bound=("<=" if at_most else ">=", bound[1]))


def _imported(folder: Path, random: np.random.Generator, have: int, size: int) -> tuple[float, list[_Row]]:
    """Rows per second, and some of the rows. Each customer has an order; the first of all has _ITEMS."""
    path, asked = folder / "customers.csv", []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(persons.COLUMNS)
        for start in range(have, size, _BLOCK):
            block = list(persons.customers(random, min(_BLOCK, size - start), first=start, with_moves=False))
            asked += [row for row in block if row[3] and row[4] and len(row[1]) > 2][:_ASKED]
            writer.writerows(block)
    began = time.perf_counter()
    import_files(BY_NAME["customers"], Request([path], by="bench"), now=clock.now)
    rate = (size - have) / (time.perf_counter() - began)
    orders = _orders(folder / "orders.csv", have, size)
    import_files(BY_NAME["plain"], Request([orders], by="bench"), now=clock.now)
    return rate, asked[:: max(1, len(asked) // _ASKED)][:_ASKED]


def _orders(path: Path, have: int, size: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write("order_no,customer_no,ordered_at,item_code,quantity,unit_price\n")
        for number in range(have, size + (0 if have else _ITEMS)):
            who = persons.customer_no(number if number < size else 0)
            day = date(2025, 1, 1) + timedelta(days=number % 600)
            file.write(f"B{number},{who},{day} 10:{number % 60:02}:00,A{number % 500},1,9.90\n")
    return path


def _screens(visit: Visit, size: int, asked: list[_Row]) -> Iterator[Line]:
    page = reverse("customers:list")
    took = [visit.milliseconds(page) for _ in range(_ASKED)]
    yield _line("the list: p95", size, p95(took), "ms", ("<=", _LIST_MS))
    for name, word in _WORDS.items():
        took = [visit.milliseconds(page, {"who": word(row)}) for row in asked]
        yield _line(f"search through the screen by {name}: p95", size, p95(took), "ms", ("<=", _SEARCH_MS))
    busiest = _busiest()
    for name, address in (("record page", "customers:record"), ("timeline", "customers:timeline")):
        took = [visit.milliseconds(reverse(address, args=[busiest])) for _ in range(_ASKED)]
        what = f"{name} of a customer with {_ITEMS:,} orders: p95"
        yield _line(what, size, p95(took), "ms", ("<=", _TIMELINE_MS if name == "timeline" else _LIST_MS))


def _lookups(address: str, asked: list[_Row]) -> list[float]:
    """Milliseconds of a program's look-ups of people who are there."""
    key = make_key(name="bench", scopes=["customers:read"], days=1, at=clock.now(), by="bench")
    took = []
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)) as server:
        for place, (_number, name, _title, phone, email, *_rest) in enumerate(asked):
            body = json.dumps({"name": name, "phone": phone, "email": email}).encode()
            headers = {
                "Authorization": f"Bearer {key.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{key.key.prefix}-{place:08}",
            }
            began = time.perf_counter()
            server.request("POST", "/api/v1/customer-lookups", body, headers)
            found = json.load(server.getresponse())["data"]
            took.append((time.perf_counter() - began) * 1_000)
            if not found:
                raise RuntimeError("somebody who is there was not found")
    return took


def _busiest() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM purchases_order GROUP BY customer_id ORDER BY count(*) DESC LIMIT 1")
        return str(cursor.fetchone()[0])


def _doubles_searched() -> tuple[float, float]:
    """Seconds from the request to the recorded pairs, and the worker's most memory in MB."""
    job = declared_job("customers.find_duplicates")
    if job is None:
        raise LookupError("customers.find_duplicates")
    with _worker() as worker:
        began = time.perf_counter()
        run = enqueue(job, {}, by="bench")
        while run.state not in {JobState.DONE, JobState.FAILED}:
            time.sleep(0.2)
            run = JobRun.objects.get(pk=run.pk)
        seconds = time.perf_counter() - began
        if run.state == JobState.FAILED:
            raise RuntimeError(f"the job failed: {run.error}")
        return seconds, _peak_mb(worker.pid)


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(next(row for row in status.splitlines() if row.startswith("VmHWM")).split()[1]) / 1024


@contextmanager
def _worker() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-m", "shouyue.main", "worker"], env=dict(os.environ))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)
