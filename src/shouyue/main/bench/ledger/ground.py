"""Members, a programme, and the owner's own connection for tables beside the product's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import psycopg
from django.db import connection

from shouyue.customers.public import Customer
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.membership.public import enrol_members, publish_version

AT = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
_PURCHASES_OF_A_MEMBER = 10
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Ground:
    """rows: purchases to accrue. members: their ids, of customers whose numbers are M0, M1 …"""

    rows: int
    members: list[UUID]


def made_ground(rows: int) -> Ground:
    """Members and a programme on an empty database."""
    namespace = source_namespace("plain:customer")
    members = [keyed_id(namespace, f"M{number}") for number in range(max(64, rows // _PURCHASES_OF_A_MEMBER))]
    for start in range(0, len(members), _BLOCK):
        block = members[start : start + _BLOCK]
        Customer.objects.bulk_create(
            Customer(id=one, kind="unknown", source="plain", source_key=f"M{start + place}")
            for place, one in enumerate(block)
        )
        enrol_members(block, at=AT)
    publish_version(starts_on=AT.date(), at=AT, today=None, by="bench")
    return Ground(rows, members)


@contextmanager
def owned() -> Iterator[psycopg.Connection]:
    """A connection that may make tables; what it measures is as durable as the product."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        yield owner


def settled() -> None:
    """What was written so far is on the disk and counted, so that the next measurement does not pay for it."""
    with owned() as owner:
        owner.execute("ANALYZE")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as app:
        app.execute("SELECT 1")
    connection.close()
