"""What lies on the disk: a search of the database's files for known people finds none of them."""

import os
import random
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from django.db import connection

from shouyue.store.digests import customers_with, keep_identities
from shouyue.store.models import IdentityKind
from shouyue.store.sealed_fields import seal, unseal
from shouyue.store.tests.people import COLUMNS, Someone
from shouyue.store.tokens import tokens_of

AT = datetime(2026, 3, 1, tzinfo=UTC)
COUNT = 1_000
# Rare characters: a name must not be found by chance in texts of the product.
RARE = "翀彧珺翊甯羿昶祎骁奡晗筠璟瑄韬颢"


def known_people():
    chance = random.Random(20260301)  # noqa: S311 the same people in each run
    for number in range(COUNT):
        name = "".join(chance.choices(RARE, k=4))
        phone = f"+861{chance.randrange(30, 99)}{chance.randrange(10**8):08}"
        yield name, phone, f"someone.{number}.{chance.randrange(10**9)}@example.cn", f"苏州市{name}街 {number} 号"


def files_with(words, folder: Path) -> list[str]:
    """The files below the folder that hold one of the words as plain bytes."""
    needles = "\n".join(words).encode() + b"\n"
    command = ["grep", "--recursive", "--text", "--fixed-strings", "--files-with-matches", "--file=-", str(folder)]
    found = subprocess.run(command, input=needles, env={**os.environ, "LC_ALL": "C"}, capture_output=True, check=False)
    # The other tests' databases come and go while it reads; what is gone holds nothing.
    faults = [line for line in found.stderr.splitlines() if not line.endswith(b"No such file or directory")]
    assert faults == []
    assert found.returncode in {0, 1} or found.stderr
    return found.stdout.decode().splitlines()


def write(people: list[tuple[str, str, str, str]]) -> None:
    """Through every way that a person takes into the database: columns, keys, digests and tokens."""
    rows = [
        Someone(name=name, phone=phone, email=email, address=address, born_on=date(1990, 5, 17), notes={"name": name})
        for name, phone, email, address in people
    ]
    seal(rows, at=AT)
    Someone.objects.bulk_create(rows)
    keep_identities((row.pk, IdentityKind.PHONE, row.phone.plain) for row in rows)
    keep_identities((row.pk, IdentityKind.EMAIL, row.email.plain) for row in rows)
    with connection.cursor() as cursor:
        found = [(row.pk, tokens_of(names=[row.name.plain], phones=[row.phone.plain])) for row in rows]
        cursor.executemany("INSERT INTO found (id, tokens) VALUES (%s, %s)", found)


def test_files_of_the_database_hold_no_known_person(fresh_database, owner_url, database_server):
    server, people = database_server.server, list(known_people())
    words = [word for name, phone, email, _ in people for word in (name, phone, phone[3:], email)]
    boss = psycopg.connect(server.url(role="postgres", database="postgres"), autocommit=True)
    with boss, psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"CREATE TABLE someone ({COLUMNS})")
        owner.execute("CREATE TABLE found (id uuid, tokens bigint[])")
        owner.execute("CREATE INDEX ON found USING gin (tokens)")
        write(people)
        boss.execute("CHECKPOINT")
        assert files_with(words, server.data) == []

        # The same search finds one row in the clear, so it would have found them.
        owner.execute("CREATE TABLE plain AS SELECT %s AS value", ["\n".join(people[0])])
        boss.execute("CHECKPOINT")
        assert files_with(words, server.data) != []
    (found,) = unseal(Someone.objects.filter(pk__in=customers_with(IdentityKind.PHONE, people[0][1])), ["name"])
    assert found.name.plain == people[0][0]
