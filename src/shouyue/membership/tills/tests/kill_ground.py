"""A whole installation of its own - database, web server, worker - that clients load while parts of it are killed."""

import http.client
import json
import os
import random
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from conftest import migrate
from django.db import DatabaseError, connection

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.public import Customer
from shouyue.kernel.ids import keyed_id
from shouyue.main.environment import WebServer
from shouyue.main.serving import Child, web_command, worker_command
from shouyue.membership.ledger.public import Balance, Command, Transfer, enrol_members, move_points, prove_balances
from shouyue.membership.programme.public import publish_version
from shouyue.membership.tills.models import Earning
from shouyue.purchases.incoming.tests.import_ground import point_django_at
from shouyue.purchases.incoming.tests.test_kills import _kill_whole
from shouyue.purchases.orders.models import Order
from shouyue.purchases.orders.rules.told import identities
from shouyue.rest.models import ApiKey
from shouyue.rest.tests.callers import made_key
from shouyue.store.embedded import EmbeddedServer
from shouyue.store.models import FactHead, FactReader, PendingFact

AT = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)
CLIENTS, MEMBERS, WEALTH = 64, 16, 1_000_000
PATIENCE = 180.0


@dataclass
class Load:
    """What clients sent and what was acknowledged, by Idempotency-Key: the answer's status and points."""

    port: int
    token: str
    members: list[UUID]
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, tuple[str, int, dict[str, object]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def client(self, number: int) -> None:
        """One till: a redemption, then a sale that points pay in part, and so on; repeated until each is answered."""
        pick, turn = random.Random(number), 0  # noqa: S311 no secret
        while not self.stop.is_set():
            member, key = pick.randrange(MEMBERS), f"till-{number:02}-{turn:05}"
            points = pick.randrange(1, 9)
            if turn % 2:
                path, body = "points/purchases", sale(key, member, points)
            else:
                path, body = f"points/members/{self.members[member]}/redemptions", {"points": points}
            self._until_answered(path, key, body, points)
            turn += 1

    def _until_answered(self, path: str, key: str, body: dict[str, object], points: int) -> None:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as server:
                    server.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
                    with server.getresponse() as answer:
                        told = answer.read()
            except (OSError, http.client.HTTPException):
                self.stop.wait(0.1)
                continue
            if answer.status in {200, 201}:
                self.acknowledged[key] = (path.partition("/")[2], points, json.loads(told))
                return
            if answer.status < 500 and answer.status != 409:
                self.wrong.append(f"{answer.status} {told.decode()}")
                return
            self.stop.wait(0.1)
        self.wrong.append(f"{key} was never answered")


def sale(number: str, member: int, points: int) -> dict[str, object]:
    line = {"item": "TEA", "quantity": 1, "unit_price": "20.00"}
    placed_at = "2026-02-01T08:00:00+08:00"
    told = {"number": number, "customer_number": f"M{member}", "placed_at": placed_at, "lines": [line]}
    return {**told, "points": points}


@dataclass
class Installation:
    """Its parts, each of which can be killed and comes back."""

    database: EmbeddedServer
    web: Child
    worker: Child
    load: Load

    def kill(self, what: str) -> None:
        """kill -9 of a part with all its processes, and a new start of it."""
        if what == "database":
            _kill_whole(self.database)
            self.database.start()
            return
        child = self.web if what == "web" else self.worker
        child.kill_group()
        if child.process is not None:
            child.process.wait()
        child.start()


@contextmanager
def installation() -> Iterator[Installation]:
    """A durable database (fsync as in production), the web server and the worker, with rich members."""
    before = os.environ["DATABASE_URL"]
    # Not under pytest's own folder, which the server's user cannot reach.
    home = Path(tempfile.mkdtemp(prefix="shouyue-till-kill-"))
    home.chmod(0o755)
    database = EmbeddedServer(home, dies_with_parent=False)
    parts: list[Child] = []
    try:
        database.start()
        database.prepare_database()
        migrate(database.url(role="owner"))
        url = database.url(role="app")
        point_django_at(url)
        members, token = _furnish()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        variables = {**os.environ, "DATABASE_URL": url, "SHOUYUE_SECRET_KEY": "of-this-test-alone"}
        web = Child("web", web_command(WebServer("127.0.0.1", threads=16), port=port), variables)
        worker = Child("worker", worker_command(), variables)
        parts = [web, worker]
        for part in parts:
            part.start()
        yield Installation(database, web, worker, Load(port, token, members))
    finally:
        for part in parts:
            part.kill_group()
            if part.process is not None:
                part.process.wait()
        point_django_at(before)
        database.stop()
        shutil.rmtree(home, ignore_errors=True)


def _furnish() -> tuple[list[UUID], str]:
    members = [UUID(identities("plain").customer(f"M{number}")) for number in range(MEMBERS)]
    Customer.objects.bulk_create(
        Customer(id=who, kind="unknown", source="plain", source_key=f"M{number}") for number, who in enumerate(members)
    )
    enrol_members(members, at=AT)
    publish_version(starts_on=AT.date(), at=AT, today=None, by="test")
    days = (AT.date(), date(2046, 1, 1))
    gifts = [Command.award(keyed_id(who, "start"), who, WEALTH, cost_fen=0, days=days) for who in members]
    move_points(gifts, at=AT, on=AT.date(), by="test")
    # Two persons have two numbers each, which tills use alike: what is bought under one is paid by the other too.
    for survivor, merged in (members[:2], members[2:4]):
        merge_customers(survivor=survivor, merged=merged, by="test", at=AT)
    token = made_key("points:write").token
    ApiKey.objects.update(calls_per_minute=100_000_000)
    return members, token


def killed_under_load(*, kills: int, seed: int, apart: tuple[float, float]) -> Load:
    """Load the installation 64-fold, kill a part at so many moments, let everything be answered; returns what was sent.

    apart: the seconds between two kills lie between these. Asserts what must hold whatever was killed.
    """
    pick = random.Random(seed)  # noqa: S311 moments of a test, no secret
    with installation() as built:
        load = built.load
        clients = [threading.Thread(target=load.client, args=(number,)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        _wait(lambda: len(load.acknowledged) >= CLIENTS // 2)
        for number in range(kills):
            time.sleep(pick.uniform(*apart))
            built.kill(("web", "database", "worker")[number % 3])
        seen = len(load.acknowledged)
        _wait(lambda: len(load.acknowledged) > seen)
        load.stop.set()
        for client in clients:
            client.join(PATIENCE)
        _wait(_worker_is_through)
        _assert_nothing_lost_or_doubled(load)
        return load


def _wait(until) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _worker_is_through() -> bool:
    try:
        head = FactHead.objects.get(pk=1).position
        reader = FactReader.objects.filter(pk="points").first()
        return not PendingFact.objects.exists() and reader is not None and reader.position == head
    except DatabaseError:
        connection.close()  # it died with the server
        return False


def _assert_nothing_lost_or_doubled(load: Load) -> None:
    assert load.wrong == []
    redeemed = {key: one for key, one in load.acknowledged.items() if "redemptions" in one[0]}
    sold = {key: one for key, one in load.acknowledged.items() if key not in redeemed}
    rows = Transfer.objects.filter(reason="redemption")
    answered = {UUID(str(told["id"])) for _path, _points, told in redeemed.values()}
    # What another number of the person paid has a name of its own under it.
    theirs = {keyed_id(name, str(who)): name for name in answered for who in load.members[:4]}
    assert {theirs.get(name, name) for name in rows.filter(order_id=None).values_list("id", flat=True)} == answered
    assert set(Order.objects.values_list("number", flat=True)) == set(sold)
    assert sum(rows.values_list("points", flat=True)) == sum(
        points for _path, points, _told in load.acknowledged.values()
    )
    assert dict(Earning.objects.values_list("id", "points")) == {
        UUID(str(told["id"])): told["earned"] for _path, _points, told in sold.values()
    }
    assert sum(row.available for row in Balance.objects.all()) == (
        MEMBERS * WEALTH
        - sum(points for _path, points, _told in load.acknowledged.values())
        + sum(int(str(told["earned"])) for _path, _points, told in sold.values())
    )
    assert prove_balances(at=AT, by="test").found == []
