"""Test ground: one embedded PostgreSQL for the run, migrated once into a template that every worker clones."""

import base64
import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import hypothesis
import psycopg
import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import HealthCheck
from psycopg import sql

from shouyue.main import environment
from shouyue.main.translate import compile_if_stale
from shouyue.store.embedded import EmbeddedServer, ServerFailedError

ROOT = Path(__file__).resolve().parent
TEMPLATE = "shouyue_template"
# Nothing here must survive a power cut, so the disk need not be waited for.
TEST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
}
# For every process that a test starts; this one's settings are read before it, so pytest_configure sets them too.
os.environ["SHOUYUE_KEYS"] = f"test:{base64.b64encode(bytes(range(32))).decode()}"
os.environ["SHOUYUE_CODE_CHANNEL"] = "sandbox"
os.environ["SHOUYUE_MAIL_CHANNEL"] = "sandbox"
pytest_plugins = ["tests.browsing"]
# How long an example takes says nothing about the code on a busy machine; `./shouyue bench` measures.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    django_settings.SHOUYUE_KEYS = environment.read("SHOUYUE_KEYS")
    django_settings.SHOUYUE_CODE_CHANNEL = environment.read("SHOUYUE_CODE_CHANNEL")
    django_settings.SHOUYUE_MAIL_CHANNEL = environment.read("SHOUYUE_MAIL_CHANNEL")
    if not hasattr(config, "workerinput"):
        # Not under pytest's own folder: as root the server runs as another user, who must reach it.
        config.shouyue_home = Path(tempfile.mkdtemp(prefix="shouyue-test-"))
        config.shouyue_home.chmod(0o755)
        compile_if_stale()  # a fresh checkout has no compiled catalogue, and the pages would speak English only


@pytest.hookimpl(optionalhook=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test begins in the default language, as when it runs alone: requests leave theirs behind."""
    translation.deactivate()


def pytest_configure_node(node) -> None:
    node.workerinput["shouyue_home"] = str(node.config.shouyue_home)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = getattr(config, "shouyue_home", None)
    if home is None:
        return
    from shouyue.store import embedded

    embedded.stop_leftover(home / "pg")
    subprocess.run(["rm", "-rf", str(home)], check=False)


class TestServer:
    """The run's PostgreSQL and its template database."""

    __test__ = False

    def __init__(self, home: Path) -> None:
        self.server = EmbeddedServer(home, settings=TEST_SETTINGS, dies_with_parent=False)

    def ensure(self) -> None:
        """Start and migrate once, whichever worker comes first."""
        with (self.server.home / "making").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                psycopg.connect(self.server.url(role="postgres", database=TEMPLATE)).close()
            except psycopg.OperationalError:
                self.server.start()
                self.server.prepare_database(TEMPLATE)
                migrate(self.server.url(role="owner", database=TEMPLATE))

    def clone(self, name: str) -> None:
        with psycopg.connect(self.server.url(role="postgres", database="postgres"), autocommit=True) as connection:
            # FILE_COPY needs a checkpoint each; the default WAL_LOG is quicker for a template this small.
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER owner")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))

    def drop(self, name: str) -> None:
        with psycopg.connect(self.server.url(role="postgres", database="postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(owner_url: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    variables = {**os.environ, "DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "shouyue.main.settings"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerFailedError(done.stdout + done.stderr)


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> TestServer:
    workerinput = getattr(request.config, "workerinput", None)
    home = Path(workerinput["shouyue_home"]) if workerinput else request.config.shouyue_home
    server = TestServer(home)
    server.ensure()
    # Held to the end of the run: dropped with this fixture, the running server would be held against the last test.
    request.config.database_server = server
    return server


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Django's connection, of every thread that opens one from now on, goes to `url`."""
    from django.db import connections

    parts = environment.read("DATABASE_URL", {"DATABASE_URL": url})
    assert isinstance(parts, dict)
    before = dict(connections.settings["default"])
    connections["default"].close()
    connections.settings["default"].update(parts)
    connections["default"].settings_dict.update(parts)
    old_url = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"].update(before)
        connections["default"].settings_dict.update(before)
        os.environ.pop("DATABASE_URL")
        if old_url is not None:
            os.environ["DATABASE_URL"] = old_url


@pytest.fixture(scope="session")
def django_db_setup(database_server: TestServer, django_db_blocker, request) -> Iterator[None]:
    """pytest-django's hook: this worker's own clone, served as the restricted role `app`."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(3)}"
    database_server.clone(name)
    with django_db_blocker.unblock(), pointed_at(database_server.server.url(role="app", database=name)):
        yield
    database_server.drop(name)


@pytest.fixture
def fresh_database(database_server: TestServer, django_db_blocker) -> Iterator[str]:
    """A database of its own, for tests that commit: threads, processes, crashes. Yields its URL as role `app`."""
    name = f"fresh_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(4)}"
    database_server.clone(name)
    url = database_server.server.url(role="app", database=name)
    with django_db_blocker.unblock(), pointed_at(url):
        yield url
    database_server.drop(name)


@pytest.fixture
def owner_url(database_server: TestServer, fresh_database: str) -> str:
    """The same fresh database as the role that may do everything."""
    name = unquote(fresh_database.split("@/")[1].split("?", maxsplit=1)[0])
    return database_server.server.url(role="owner", database=name)


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Where the optional cases and real records lie: beside the project, or SHOUYUE_CASES."""
    return Path(os.environ.get("SHOUYUE_CASES") or ROOT.parent / "shared")
