"""A start that finds its tables as they should be says so without Django; anything that differs is migrated."""

import shutil

import psycopg

from shouyue.main.home.migrated import SOURCE, fingerprint, is_migrated, mark_migrated


def test_a_home_is_migrated_until_its_database_differs(owner_url, tmp_path):
    assert not is_migrated(tmp_path, owner_url)
    mark_migrated(tmp_path, owner_url)
    assert is_migrated(tmp_path, owner_url)
    with psycopg.connect(owner_url) as older:
        older.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    assert not is_migrated(tmp_path, owner_url)
    with psycopg.connect(owner_url) as empty:
        empty.execute("DROP TABLE django_migrations")
    assert not is_migrated(tmp_path, owner_url)


def test_the_fingerprint_is_of_every_migration_and_the_settings(tmp_path):
    copy = tmp_path / "shouyue"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "tests"))
    before = fingerprint(copy)
    assert fingerprint(copy) == before
    (copy / "membership" / "migrations" / "0001_x.py").write_text("", encoding="utf-8")
    changed = fingerprint(copy)
    (copy / "main" / "settings.py").write_text("", encoding="utf-8")
    assert len({before, changed, fingerprint(copy)}) == 3
