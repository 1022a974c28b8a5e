"""Customers are measured with a real server and a real worker; growth is told from the second size on."""

from shouyue.main.bench import BENCHES, customers


def test_customers_are_measured_with_their_growth(fresh_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setattr(customers, "_SIZES", (300, 900))
    monkeypatch.setattr(customers, "_ITEMS", 30)
    monkeypatch.setattr(customers, "_ASKED", 2)
    lines = list(BENCHES["customers"](900))
    assert all(one["value"] > 0 for one in lines)
    first, second = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    assert [one["what"] for one in first] == [one["what"] for one in second]
    assert {one["baseline"] for one in first} == {None}
    assert [one["baseline"] for one in second] == [one["value"] for one in first]
    assert any("doubles" in one["what"] for one in second)
