"""Looks at the machine and the database and says what is missing, with what to do about it."""

import os
import sys
from collections.abc import Iterator

import psycopg

from shouyue.main import home

_WANTED_VERSION = 160000
_ROLES_SQL = """\
CREATE ROLE owner LOGIN PASSWORD '…';
CREATE ROLE app LOGIN PASSWORD '…';
CREATE DATABASE shouyue OWNER owner;
\\c shouyue
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO owner;
GRANT USAGE ON SCHEMA public TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app;
"""


def examine() -> int:
    """Print one line a finding; 1 when something must be mended first."""
    healthy = True
    with home.database(home.serving_home()) as variables:
        for good, line in [*_machine(), *_database(variables["DATABASE_URL"])]:
            healthy = healthy and good
            sys.stdout.write(f"{'ok  ' if good else 'BAD '} {line}\n")
    if not healthy and os.environ.get("DATABASE_URL"):
        sys.stdout.write(f"\nThe roles and the database that Shouyue expects:\n{_ROLES_SQL}")
    return 0 if healthy else 1


def _machine() -> Iterator[tuple[bool, str]]:
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}"
    running = home.Running.read(home.serving_home())
    yield True, f"serving at {running.address}" if running else "not serving now"


def _database(url: str) -> Iterator[tuple[bool, str]]:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
            yield version >= _WANTED_VERSION, f"PostgreSQL {version // 10000} (16 or newer is needed)"
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            yield row is not None and not row[0], "the serving role is no superuser"
            row = connection.execute("SELECT to_regclass('store_fact') IS NOT NULL").fetchone()
            made = row is not None and bool(row[0])
            yield made, "the tables are there" if made else "the tables are missing: run ./shouyue migrate"
            if made:
                row = connection.execute("SELECT has_table_privilege('store_fact', 'UPDATE')").fetchone()
                yield row is not None and not row[0], "the serving role cannot change recorded facts"
    except psycopg.OperationalError as wrong:
        yield False, f"the database does not answer: {wrong}".strip()
