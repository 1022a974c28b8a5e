"""The embedded server: what a supervisor that dies, a stale pid file and a second start must not do."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from shouyue.store.embedded import EmbeddedServer, HomeInUseError, Passwords, home_lock


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shouyue-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def value_of(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def test_server_starts_keeps_rows_and_starts_again_after_kill_9(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    try:
        server.prepare_database()
        with psycopg.connect(server.url(role="owner")) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while server.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.is_running()
        server.start()
        assert value_of(server.url(role="app"), "SELECT n FROM kept") == 7
    finally:
        server.stop()


def test_app_role_may_not_make_or_change_tables(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    try:
        server.prepare_database()
        with psycopg.connect(server.url(role="owner")) as connection:
            connection.execute("CREATE TABLE made_by_owner (n int)")
        for statement in ("CREATE TABLE t (n int)", "DROP TABLE made_by_owner", "SET ROLE owner"):
            with (
                psycopg.connect(server.url(role="app")) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(statement)
    finally:
        server.stop()


def test_stale_pid_of_another_program_does_not_stop_the_start(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    server.stop()
    other = subprocess.Popen(["sleep", "60"])
    try:
        (home / "pg" / "postmaster.pid").write_text(f"{other.pid}\n{home / 'pg'}\n")
        server.start()
        assert value_of(server.url(role="postgres", database="postgres"), "SELECT 1") == 1
        assert other.poll() is None
    finally:
        server.stop()
        other.kill()
        other.wait()


KILLED_OWNER = """
import sys, time
from pathlib import Path
from shouyue.store.embedded import EmbeddedServer, home_lock
home = Path(sys.argv[1])
with home_lock(home):
    server = EmbeddedServer(home, dies_with_parent=sys.argv[2] == "yes")
    server.start()
    server.prepare_database()
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("dies_with_parent", ["yes", "no"])
def test_killed_owner_leaves_a_home_that_starts_again(home: Path, dies_with_parent: str) -> None:
    owner = subprocess.Popen([sys.executable, "-c", KILLED_OWNER, str(home), dies_with_parent], stdout=subprocess.PIPE)
    assert owner.stdout
    assert int(owner.stdout.readline()) > 0
    with pytest.raises(HomeInUseError), home_lock(home):
        pass
    owner.kill()
    owner.wait()
    owner.stdout.close()
    with home_lock(home):
        server = EmbeddedServer(home)
        server.start()
        try:
            assert value_of(server.url(role="app"), "SELECT current_user") == "app"
        finally:
            server.stop()


def test_long_home_path_still_gets_a_socket() -> None:
    with tempfile.TemporaryDirectory(prefix="shouyue-long-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / ("a-rather-long-folder-name-" * 4)
        home.mkdir()
        server = EmbeddedServer(home)
        server.start()
        try:
            assert len(os.fsencode(server.run)) <= 90
            assert value_of(server.url(role="postgres", database="postgres"), "SELECT 2") == 2
        finally:
            server.stop()


def test_owners_that_come_first_at_the_same_moment_know_the_same_passwords(tmp_path):
    for number in range(20):
        home = tmp_path / str(number)
        home.mkdir()
        start = threading.Barrier(8)

        def known(_place, home=home, start=start):
            start.wait()
            return Passwords.of(home)

        with ThreadPoolExecutor(8) as owners:
            assert len(set(owners.map(known, range(8)))) == 1
        assert [path.name for path in home.iterdir()] == ["database.json"]
