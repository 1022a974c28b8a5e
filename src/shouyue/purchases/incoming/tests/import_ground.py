"""Ground for tests of imports: small files to import, and the command as a process of its own."""

import csv
import json
import os
import random
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from shouyue.kernel.clock import now
from shouyue.main import environment
from shouyue.main.mappings import BY_NAME
from shouyue.purchases.incoming.rules.online_retail import COLUMNS
from shouyue.store.imports.engine import Request, StepReport, import_files

COMMAND = """
import pathlib, sys, django
django.setup()
from shouyue.main.importing import import_command
code = import_command(sys.argv[1:])
sys.stderr.write(pathlib.Path("/proc/self/status").read_text())
sys.exit(code)
"""


def write_rows(path: Path, rows: list[tuple[object, ...]], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def retail_rows(count: int, *, seed: int = 1) -> list[tuple[object, ...]]:
    """Lines as Online Retail has them: returns, till sales, fees, repeated lines."""
    pick = random.Random(seed)  # noqa: S311 a test's rows, no secret
    rows: list[tuple[object, ...]] = []
    start = datetime(2011, 1, 3, 9, 0)  # noqa: DTZ001 the file's local time
    number = 536_000
    while len(rows) < count:
        number += 1
        at = f"{start + timedelta(minutes=7 * len(rows)):%Y-%m-%d %H:%M:%S}"
        customer = "" if pick.random() < 0.2 else str(12_000 + pick.randrange(max(2, count // 40)))
        is_return = pick.random() < 0.1
        for _ in range(pick.randrange(1, 12)):
            item = pick.choice(["POST", "M"]) if pick.random() < 0.02 else f"{20_000 + pick.randrange(40)}A"
            quantity = -pick.randrange(1, 9) if is_return else pick.randrange(1, 30)
            price = f"{pick.randrange(1, 9999) / 1000:.3f}"
            invoice = f"C{number}" if is_return else str(number)
            rows.append((invoice, item, f"ITEM\t{item} \\ ü", quantity, at, price, customer, "United Kingdom"))
    return rows[:count]


def run_import(path: Path, *, mapping: str = "online_retail", **request: object) -> StepReport:
    """The first step's report of an import in this process."""
    return import_files(BY_NAME[mapping], Request([path], by="test", **request), now=now)[0]


def start_command(url: str, *words: object) -> "subprocess.Popen[str]":
    """`./shouyue import` as a process of its own on the database `url`."""
    variables = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shouyue.main.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *map(str, words)],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish_command(url: str, *words: object) -> tuple[int, dict[str, object], str]:
    """Exit code, the last line's JSON, and what stood on the terminal."""
    with start_command(url, *words, "--json") as process:
        out, err = process.communicate(timeout=300)
    lines = out.strip().splitlines()
    return process.returncode, json.loads(lines[-1]) if lines else {}, err


@contextmanager
def another_database(server: Any) -> Iterator[str]:
    """A second clone of the template for the time of the block; Django's connection goes there."""
    name = f"other_{secrets.token_hex(4)}"
    server.clone(name)
    url = server.server.url(role="app", database=name)
    before = os.environ["DATABASE_URL"]
    try:
        point_django_at(url)
        yield url
    finally:
        point_django_at(before)
        server.drop(name)


def point_django_at(url: str) -> None:
    """This thread's connection goes to `url` from now on."""
    parts = environment.read("DATABASE_URL", {"DATABASE_URL": url})
    assert isinstance(parts, dict)
    connection.close()
    connection.settings_dict.update(parts)
    os.environ["DATABASE_URL"] = url
