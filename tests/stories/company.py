"""A small company whose every figure can be counted by hand, filled in through the doors that anybody uses."""

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from shouyue.agreement.public import AgreementTerms, PartyTerms, complete_records, sign_agreement
from shouyue.main.mappings import BY_NAME
from shouyue.scoreboard.public import take_measures
from shouyue.store.imports.engine import Request, StepReport, import_files

SIGNED_AT = datetime(2025, 1, 1, 1, 0, tzinfo=UTC)
ORDER_COLUMNS = ("order_no", "customer_no", "ordered_at", "store", "item_code", "item_name", "quantity", "unit_price")
ANSWER_COLUMNS = ("answer_no", "customer_no", "order_no", "asked_on", "answered_at", "score")
PARTY_A = PartyTerms(
    name="云杉百货有限公司",
    legal_representative="林知夏",
    registered_address="江苏省苏州市工业园区星海街 200 号",
    phone="0512-0000 0001",
    email="office@party-a.example",
)
PARTY_B = PartyTerms(
    name="知行客户服务有限公司",
    legal_representative="周远",
    registered_address="江苏省苏州市姑苏区干将东路 178 号",
    phone="0512-0000 0002",
    email="office@party-b.example",
)


def order(number: str, customer: str, at: str, *, quantity: int = 1, item: str = "A-1", price: str = "99.00") -> tuple:
    """A line of orders.csv; at: "2025-01-10", at ten o'clock, or with another time."""
    return number, customer, at if " " in at else f"{at} 10:00:00", "园区店", item, f"商品 {item}", quantity, price


def answers(prefix: str, asked_on: str, scores: Iterable[int | None]) -> list[tuple]:
    """Lines of answers.csv, one customer each; None: was asked and did not answer."""
    rows = []
    for number, score in enumerate(scores, 1):
        at, mark = ("", "") if score is None else (f"{asked_on} 12:00:00", score)
        rows.append((f"{prefix}-{number}", f"C{number}", "", asked_on, at, mark))
    return rows


def bring(folder: Path, *, orders: Iterable[tuple] = (), asked: Iterable[tuple] = ()) -> list[StepReport]:
    """Write the files and import them as `./shouyue import FOLDER --mapping plain` does."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "orders.csv", ORDER_COLUMNS, orders)
    if asked := list(asked):
        write(folder / "answers.csv", ANSWER_COLUMNS, asked)
    return import_files(BY_NAME["plain"], Request(paths=[folder], by="story"), now=lambda: SIGNED_AT)


def sign(*, until: date) -> None:
    """A year's agreement from 1 January 2025, whose records are complete up to `until`; then measure."""
    terms = AgreementTerms(number="SY-2025-001", party_a=PARTY_A, party_b=PARTY_B, starts_on=date(2025, 1, 1))
    agreement = sign_agreement(terms, by="story", at=SIGNED_AT)
    complete_records(agreement.pk, until=until, by="story", at=SIGNED_AT)
    at = datetime(until.year, until.month, until.day, 15, 0, tzinfo=UTC)  # eleven in the evening of that day
    take_measures(agreement.pk, at=at, by="story")


def write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
