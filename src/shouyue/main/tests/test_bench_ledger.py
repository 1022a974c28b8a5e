"""The measurements of the ledger count what they say, on a database of their own."""

import psycopg
import pytest

from shouyue.main.bench.ledger.ground import made_ground
from shouyue.main.bench.ledger.moving import measure_accrual, measure_expiry, measure_redemptions


@pytest.fixture
def owner(fresh_database, database_server, monkeypatch):
    name = psycopg.conninfo.conninfo_to_dict(fresh_database)["dbname"]
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("DATABASE_OWNER_URL", database_server.server.url(role="owner", database=name))


def test_accrual_redemption_and_expiry_are_measured_at_the_size_asked_for(owner):
    ground = made_ground(640)
    lines = [*measure_accrual(ground), *measure_redemptions(ground), *measure_expiry()]
    assert [(one["unit"], one["size"]) for one in lines[:4]] == [
        ("purchases/s", 640),
        ("purchases/s", 640),
        ("points", 640),
        ("calls/s", 640),
    ]
    told = {one["what"]: one["value"] for one in lines}
    assert told["differences that the proof found"] == 0
    assert next(value for what, value in told.items() if "(difference)" in what) == 0
    assert all(one["value"] > 0 for one in lines if one["unit"] not in {"points", "rows"})
