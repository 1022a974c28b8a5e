"""Ground for tests of the wizard: small files of each kind, and a person who walks through it."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shouyue.intake.models import Upload
from shouyue.store.jobs import engine
from shouyue.store.jobs.running import perform
from shouyue.store.tests.workbooks import write_workbook

HEADS = ("订单编号", "会员号", "下单时间", "商品编码", "商品名称", "数量", "单价（元）", "备注")
ROWS: list[tuple[object, ...]] = [
    ("T-1", "10001", "2026/3/1 14:05", "SKU-1", "茶叶", "2", "¥1,289.50", ""),
    ("T-1", "10001", "2026/3/1 14:05", "SKU-2", "茶杯", "1", "¥35.00", "易碎"),
    ("T-2", "10002", "2026/3/2 09:00", "SKU-1", "茶叶", "1", "¥1,289.50", ""),
    ("T-3", "10002", "2026/2/30 09:00", "SKU-1", "茶叶", "1", "¥1,289.50", ""),
]
TYPED = [(*row[:2], datetime(2026, 3, 1, 14, 5), *row[3:5], int(str(row[5])), 1289.5, row[7]) for row in ROWS[:3]]  # noqa: DTZ001 a workbook's cells


def gb18030_file(folder: Path, rows: Sequence[Sequence[object]] = ROWS, name: str = "订单.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


def workbook_file(folder: Path) -> Path:
    sheets = {"封面": [["这是封面"], ["第二行"]], "明细": [HEADS, *TYPED]}
    return write_workbook(folder / "订单.xlsx", sheets)


def parquet_file(folder: Path) -> Path:
    path = folder / "orders.parquet"
    with duckdb.connect() as database:
        columns = "order_no VARCHAR, customer_no VARCHAR, ordered_at TIMESTAMP, item_code VARCHAR, quantity INT"
        database.execute(f"CREATE TABLE rows ({columns}, unit_price DECIMAL(12,2))")
        for row in TYPED:
            database.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)", [*row[:4], *row[5:7]])
        database.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return path


def upload(client: Client, path: Path):
    """The answer to a file that is brought in."""
    return client.post("/imports/new", {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def form_of(answer) -> dict[str, str]:
    """What the form of the second step would send unchanged."""
    form = answer.context["form"]
    return {field.html_name: field.value() or "" for field in form}


def run_jobs_here() -> None:
    """Carry out every job that is due, in this thread and transaction."""
    worker = engine.enrol()
    while delivery := engine.take(worker):
        perform(delivery, must_stop=lambda: False)
    engine.retire(worker)


def read(client: Client, address: str, language: str = "zh-hans") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    text = answer.content.decode()
    assert "<c-" not in text
    return text


def rehearsed(client: Client, path: Path, **changes: str) -> Upload:
    """The upload of a file after its dry run, with these changes to what was proposed."""
    found = client.get(upload(client, path)["Location"])
    query = f"?{found.request['QUERY_STRING']}" if found.request["QUERY_STRING"] else ""
    answer = client.post(found.request["PATH_INFO"] + query, form_of(found) | changes)
    assert answer.status_code == 302, answer.content.decode()
    run_jobs_here()
    return Upload.objects.latest("uploaded_at")
