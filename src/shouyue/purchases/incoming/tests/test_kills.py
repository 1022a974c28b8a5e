"""kill -9 of the import, and of the database, at random moments: resumed, it records what an unhurt import does."""

import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from multiprocessing.context import ForkProcess
from pathlib import Path

import psutil
import psycopg
from django.db import connection

from shouyue.purchases.incoming.tests.import_ground import (
    another_database,
    point_django_at,
    retail_rows,
    run_import,
    write_rows,
)
from shouyue.purchases.public import business_digest
from shouyue.store.embedded import EmbeddedServer
from shouyue.store.imports.mapping import Tally
from shouyue.store.models import ImportRejection, ImportRun, StagedRow

ROWS, KILLS = 12_000, 20
PATIENCE = 120.0
Recorded = tuple[str, Tally, int]


def big_file(folder: Path) -> Path:
    """Rows of which some cannot be used."""
    rows = retail_rows(ROWS)
    for place in range(0, ROWS, 997):
        rows[place] = ("", *rows[place][1:])
    return write_rows(folder / "big.csv", rows)


def recorded() -> Recorded:
    """What must be equal: records, counters, rejections."""
    run = ImportRun.objects.get()
    assert run.state == "done"
    tally = Tally(run.created, run.updated, run.unchanged, run.rejected)
    assert tally.rows == run.rows_total
    assert StagedRow.objects.count() == 0
    return business_digest(), tally, ImportRejection.objects.count()


def start_import(url: str, path: Path) -> ForkProcess:
    """The import as a process of its own; forked, so that its life is the import and not the start of Python."""
    connection.close()  # a forked process must not speak on its parent's connection
    process = multiprocessing.get_context("fork").Process(target=_import, args=(url, path))
    process.start()
    return process


def _import(url: str, path: Path) -> None:
    # Small batches: many transactions to be killed between and inside of.
    from shouyue.store.imports import checking, committing

    checking.CHUNK_ROWS = committing.BATCH_ROWS = 1_000
    point_django_at(url)
    run_import(path)


def test_killed_imports_resume_to_the_same_records(database_server, fresh_database, tmp_path):
    path = big_file(tmp_path)
    began = time.monotonic()
    run_import(path)
    seconds = time.monotonic() - began
    whole = recorded()
    pick = random.Random(20)  # noqa: S311 moments of a test, no secret
    kills = 0
    while kills < KILLS:
        with another_database(database_server) as url:
            kills += kill_until_done(url, path, pick, seconds, most=KILLS - kills)
            assert recorded() == whole


def kill_until_done(url: str, path: Path, pick: random.Random, seconds: float, *, most: int) -> int:
    """Start the import again and again, killing it at random moments, until it ends; returns the number of kills."""
    kills = 0
    while True:
        process = start_import(url, path)
        process.join(pick.uniform(0.01, seconds) if kills < most else PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            kills += 1
            continue
        assert process.exitcode == 0
        return kills


def test_imports_survive_kills_of_the_database(fresh_database, tmp_path):
    path = big_file(tmp_path)
    began = time.monotonic()
    run_import(path)
    seconds = time.monotonic() - began
    whole = recorded()
    # Not under pytest's own folder, which the server's user cannot reach.
    home = Path(tempfile.mkdtemp(prefix="shouyue-kill-"))
    home.chmod(0o755)
    server = EmbeddedServer(home, dies_with_parent=False)
    try:
        server.start()
        _kill_server_while_importing(server, path, seconds, whole)
    finally:
        point_django_at(fresh_database)
        server.stop()
        subprocess.run(["rm", "-rf", str(home)], check=False)


def _kill_server_while_importing(server: EmbeddedServer, path: Path, seconds: float, whole: Recorded) -> None:
    server.prepare_database("base")
    _migrate(server.url(role="owner", database="base"))
    pick = random.Random(21)  # noqa: S311 moments of a test, no secret
    kills, number = 0, 0
    while kills < KILLS:
        number += 1
        url = _clone(server, f"round{number}")
        process = start_import(url, path)
        while process.exitcode is None or kills < KILLS:
            process.join(pick.uniform(0.01, seconds) if kills < KILLS else PATIENCE)
            if process.exitcode is None:
                _kill_whole(server)
                kills += 1
                process.join(PATIENCE)
                server.start()
            if process.exitcode == 0:
                break
            process = start_import(url, path)
        point_django_at(url)
        assert recorded() == whole


def _clone(server: EmbeddedServer, name: str) -> str:
    with psycopg.connect(server.url(role="postgres", database="postgres"), autocommit=True) as server_wide:
        server_wide.execute(f"CREATE DATABASE {name} TEMPLATE base OWNER owner")
    return server.url(role="app", database=name)


def _kill_whole(server: EmbeddedServer) -> None:
    """kill -9 of the server and of all that work for it, as a machine that dies does."""
    master = psutil.Process(server.pid)
    for one in [master, *master.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    # Asking also takes the dead process off the table, which the next server would take for a living one.
    while server.is_running():
        time.sleep(0.02)


def _migrate(owner_url: str) -> None:
    variables = {**os.environ, "DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "shouyue.main.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
