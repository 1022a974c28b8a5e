"""Files as they really come: whatever is wrong has a reason in the reader's language, and no row is lost."""

import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from django.conf import settings as django_settings
from django.test import Client

from shouyue.customers.people.queries import persons_in
from shouyue.customers.public import Customer
from shouyue.intake.models import Upload, uploads_folder
from shouyue.intake.tests.test_undo import staff
from shouyue.intake.tests.test_wizard import bomb
from shouyue.intake.tests.wizard_ground import read, rehearsed, run_jobs_here, upload
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store.models import ImportRun
from shouyue.store.person_keys import PersonKeys
from shouyue.store.tests.workbooks import Raw, write_workbook

pytestmark = pytest.mark.django_db
HEADS = ("会员编号", "姓名", "手机号", "出生日期", "地址")
GOOD = ("M1", "李雷", "13800138000", "1990-05-17", "苏州市星湖街 1 号")
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"


def imported(desk: Client, path: Path) -> ImportRun:
    found = rehearsed(desk, path)
    desk.post(f"/imports/new/{found.pk}/import")
    run_jobs_here()
    found.refresh_from_db()
    run = ImportRun.objects.get(pk=found.import_run)
    assert run.created + run.updated + run.unchanged + run.rejected == run.rows_total
    return run


def written(
    path: Path, rows: Sequence[Sequence[str]], *, heads: Sequence[str] = HEADS, encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def row(number: str, **changes: str) -> tuple[str, ...]:
    values = dict(zip(("number", "name", "phone", "born", "address"), GOOD, strict=True)) | {"number": number}
    return tuple((values | changes).values())


BAD_ROWS = {
    "a day that is none": (row("B1", born="1990-02-30"), "不是真实存在的日期", "is not a day that exists"),
    "a day to come": (row("B2", born="2999-01-01"), "还没有到来", "has not come yet"),
    "a phone of eight digits": (row("B3", phone="12345678"), "不是能拨通的电话号码", "is not a phone number"),
    "mojibake": (row("B4", name="æŽé›·"), "乱码", "were damaged on the way"),
    "lost characters": (row("B5", address="锟斤拷"), "乱码", "were damaged on the way"),
    "no number": (row(""), "为空", "is empty"),
    "an address without end": (row("B7", address="长" * 301), "过长", "longer than it may be"),
    "surplus cells": ((*row("B8"), "surplus"), "单元格", "cells where the first line names"),
    "a NUL byte": (row("B9", name="李\0雷"), "NUL", "NUL byte"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_has_its_reason_in_both_languages_and_the_good_one_comes_in(tmp_path, name):
    bad, *words = BAD_ROWS[name]
    desk = staff()
    run = imported(desk, written(tmp_path / "会员.csv", [GOOD, bad]))
    assert (run.rows_total, run.created, run.rejected) == (2, 1, 1)
    for language, said in zip(LANGUAGES, words, strict=True):
        assert said in read(desk, f"/imports/{run.pk}/", language)
        desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        answer = desk.get(f"/imports/{run.pk}/0/rejected.csv")
        assert said in b"".join(answer.streaming_content).decode("utf-8-sig")


def bytes_file(folder: Path, content: bytes) -> Path:
    path = folder / "会员.csv"
    path.write_bytes(content)
    return path


BAD_FILES = {
    "a cell of 10 MB": (
        lambda folder: written(folder / "会员.csv", [GOOD, row("B1", address="长" * 3_400_000)]),
        "超过",
        "is longer than",
    ),
    "a column twice": (
        lambda folder: written(folder / "会员.csv", [GOOD], heads=("会员编号", "姓名", "姓名", "出生日期", "地址")),
        "不止一次",
        "more than one column named",
    ),
    "501 columns": (
        lambda folder: written(folder / "会员.csv", [["x"] * 501], heads=[f"c{n}" for n in range(501)]),
        "501 列",
        "has 501 columns",
    ),
    "nothing": (lambda folder: bytes_file(folder, b""), "空", "is empty"),
    "names alone": (lambda folder: written(folder / "会员.csv", []), "没有", "no rows below it"),
    "NUL bytes alone": (lambda folder: bytes_file(folder, bytes(4_000)), "编码", "in none of the encodings"),
    "a bomb": (lambda folder: bomb(folder / "会员.xlsx"), "解压", "unpacks to far more"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(tmp_path, name, language):
    made, *words = BAD_FILES[name]
    desk = staff()
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    answer = upload(desk, made(tmp_path))
    assert answer.status_code == 422
    assert words[LANGUAGES.index(language)] in answer.content.decode()
    assert (Upload.objects.count(), list(uploads_folder().iterdir())) == (0, [])


def test_500_columns_are_read(tmp_path):
    heads = [*HEADS, *(f"c{n}" for n in range(500 - len(HEADS)))]
    run = imported(staff(), written(tmp_path / "会员.csv", [[*GOOD, *["x"] * (500 - len(HEADS))]], heads=heads))
    assert (run.rows_total, run.created) == (1, 1)


def test_formulas_are_text_and_come_out_so_that_nothing_runs(tmp_path):
    desk = staff()
    bad = row("B1", name="=HYPERLINK(1)", phone="12345678")
    run = imported(desk, written(tmp_path / "会员.csv", [row("M1", name="=1+1"), bad]))
    assert (run.created, run.rejected) == (1, 1)
    who = keyed_id(source_namespace("plain:customer"), "M1")
    assert persons_in([who], keys=PersonKeys())[who].name == "=1+1"
    answer = desk.get(f"/imports/{run.pk}/0/rejected.csv")
    assert "'=HYPERLINK(1)" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_formula_without_its_result_is_a_reason_of_its_row(tmp_path):
    formula = Raw('<c r="B3"><f>1+1</f><v></v></c>')
    path = write_workbook(tmp_path / "会员.xlsx", {"名单": [HEADS, GOOD, ["B1", formula, "", "", ""]]})
    run = imported(staff(), path)
    assert (run.rows_total, run.created, run.rejected) == (2, 1, 1)
    assert "公式" in read(staff("b"), f"/imports/{run.pk}/")


def parquet(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    names, places = ", ".join(f'"{head}" VARCHAR' for head in HEADS), ", ".join("?" * len(HEADS))
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE t ({names})")
        database.executemany(f"INSERT INTO t VALUES ({places})", rows)
        database.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


KINDS = {
    "csv": lambda folder, rows: written(folder / "会员.csv", rows),
    "gb18030": lambda folder, rows: written(folder / "会员.csv", rows, encoding="gb18030"),
    "utf-16": lambda folder, rows: written(folder / "会员.csv", rows, encoding="utf-16"),
    "xlsx": lambda folder, rows: write_workbook(folder / "会员.xlsx", {"名单": [HEADS, *rows]}),
    "parquet": lambda folder, rows: parquet(folder / "会员.parquet", rows),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_has_an_outcome_in_every_kind_of_file(tmp_path, kind):
    desk = staff()
    imported(desk, written(tmp_path / "前.csv", [row("M1"), row("M2")]))
    rows = [row("M1"), row("M2", phone="13900139000"), row("M3"), row("M4", phone="12345678"), row("M3")]
    run = imported(desk, KINDS[kind](tmp_path, rows))
    assert (run.rows_total, run.created, run.updated, run.unchanged, run.rejected) == (5, 1, 1, 2, 1)
    assert set(Customer.objects.values_list("source_key", flat=True)) == {"M1", "M2", "M3"}
