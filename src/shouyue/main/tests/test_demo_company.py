"""The generated company: the same for the same seed, of the promised size, with the faults that real lists have."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from shouyue.kernel.period import Quarter
from shouyue.main.demo.company import BAD_QUARTER, Size, write_company
from shouyue.surveys.estimates.rules.loyalty import repurchase_by_cohort

UNTIL = date(2026, 11, 22)
FILES = ("customers.csv", "orders.csv", "answers.csv")
SAME = ("products.csv", "stores.csv", "channels.csv")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, until=UNTIL)
    return folder


def test_the_same_seed_gives_the_same_files(tmp_path):
    small = Size(customers=300, invited_each_quarter=20)
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_company(tmp_path / name, until=UNTIL, seed=seed, size=small)
        texts.append([(tmp_path / name / file).read_bytes() for file in FILES])
        assert all((tmp_path / name / file).read_bytes() == (tmp_path / "a" / file).read_bytes() for file in SAME)
    assert texts[0] == texts[1]
    assert [one == other for one, other in zip(texts[0], texts[2], strict=True)] == [False] * 3


def test_it_is_as_large_as_promised(company):
    assert len({row["customer_no"] for row in rows(company, "customers.csv")}) == 20_000
    orders = rows(company, "orders.csv")
    assert 190_000 <= len(orders) <= 215_000
    days = [row["ordered_at"][:10] for row in orders]
    assert (min(days)[:7], max(days) <= UNTIL.isoformat()) == ("2025-01", True)
    asked = Counter(Quarter.of(date.fromisoformat(row["asked_on"])) for row in rows(company, "answers.csv"))
    assert list(asked.values()) == [1_000] * 8


def test_the_list_has_the_faults_of_lists(company):
    people = rows(company, "customers.csv")
    phones = Counter(row["phone"].replace(" ", "").removeprefix("+86") for row in people if row["phone"])
    moved = Counter(row["customer_no"] for row in people)
    faults = {
        "a family shares a phone": sum(count > 1 for count in phones.values()),
        "surname and title for a name": sum(row["name"][1:] in {"先生", "女士"} for row in people),
        "a phone of eight digits": sum(len(phone) == 8 for phone in phones),
        "a birthday that does not exist": sum(row["birthday"].endswith("-02-30") for row in people),
        "moved, with a second row": sum(count > 1 for count in moved.values()),
        "no phone": sum(not row["phone"] for row in people),
    }
    assert {fault: count for fault, count in faults.items() if count < 10} == {}


def test_orders_have_seasons_returns_till_sales_and_double_rows(company):
    orders = rows(company, "orders.csv")
    months = Counter(row["ordered_at"][:7] for row in orders)
    assert months["2026-02"] < 0.75 * months["2026-01"]
    assert months["2025-12"] > months["2025-10"]
    bought = {(row["customer_no"], row["item_code"]) for row in orders if int(row["quantity"]) > 0}
    backs = [row for row in orders if int(row["quantity"]) < 0]
    wrong = [row for row in backs if (row["customer_no"], row["item_code"]) not in bought]
    assert 0.02 < len(backs) / len(orders) < 0.04
    assert len(wrong) > 10
    assert sum(not row["customer_no"] for row in orders) > 1_000
    assert sum(count > 1 for count in Counter(map(tuple, (row.values() for row in orders))).values()) > 10


def test_satisfaction_and_loyalty_live_and_one_quarter_is_bad(company):
    scores: dict[Quarter, list[int]] = {}
    for row in rows(company, "answers.csv"):
        if row["score"]:
            scores.setdefault(Quarter.of(date.fromisoformat(row["asked_on"])), []).append(int(row["score"]))
    shares = [sum(score >= 4 for score in found) / len(found) for _quarter, found in sorted(scores.items())]
    assert shares.index(min(shares)) == BAD_QUARTER
    assert [share for share in shares if not 0.82 <= share <= 0.96] == []
    days = {
        (row["customer_no"], date.fromisoformat(row["ordered_at"][:10]), row["order_no"])
        for row in rows(company, "orders.csv")
        if row["customer_no"] and int(row["quantity"]) > 0
    }
    cohorts = repurchase_by_cohort([(who, day) for who, day, _order in sorted(days)], 90, UNTIL)
    due = [count.kept / count.asked for count in cohorts.values() if count.is_due]
    assert len(due) >= 6
    assert [share for share in due if not 0.78 <= share <= 0.9] == []
