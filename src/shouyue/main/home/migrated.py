"""Whether a home's tables are as this code wants them, told without starting Django: that costs seconds at each start.

The home keeps what was there after the last migration: a digest of every migration file, the settings and the versions
of the installed packages, and which migration the database recorded last. A database that was put back from a copy, a
changed file or another package differs in one of them, and is migrated as before.
"""

import hashlib
import sysconfig
from pathlib import Path

import psycopg

SOURCE = Path(__file__).resolve().parent.parent.parent
_NAME = "migrated"


def is_migrated(home: Path, url: str) -> bool:
    """Whether nothing that migrations depend on has changed since `mark_migrated`. url: of the tables' owner."""
    stamp = home / _NAME
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _standing(url)


def mark_migrated(home: Path, url: str) -> None:
    """Call it when the migrations have run to their end."""
    (home / _NAME).write_text(_standing(url), encoding="utf-8")


def fingerprint(source: Path = SOURCE) -> str:
    """A digest of what migrations are made from. source: the folder of the rooms."""
    found = hashlib.sha256()
    for path in sorted([*source.glob("**/migrations/*.py"), source / "main" / "settings.py"]):
        found.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes() + b"\0")
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    found.update("\n".join(sorted(package.name for package in packages)).encode())
    return found.hexdigest()


def _standing(url: str) -> str:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        if found is None or not found[0]:
            return ""
        newest = connection.execute("SELECT count(*), max(id), max(applied) FROM django_migrations").fetchone()
    return f"{fingerprint()} {newest}"
