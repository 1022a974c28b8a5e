"""The wizard on screen: each step on real files, what is refused, who may not, and how many queries it takes."""

import csv
from datetime import timedelta
from io import StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.models import Customer
from shouyue.intake.actions.carrying import sweep
from shouyue.intake.desk import incoming
from shouyue.intake.models import ImportMapping, Upload, uploads_folder
from shouyue.intake.tests.wizard_ground import (
    HEADS,
    ROWS,
    form_of,
    gb18030_file,
    parquet_file,
    read,
    rehearsed,
    run_jobs_here,
    upload,
    workbook_file,
)
from shouyue.kernel import clock
from shouyue.purchases.orders.models import Order, OrderLine
from shouyue.store.models import ImportRun, ImportState, JobRun, JobState, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"
    return settings.FILES_FOLDER


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@a.example", name="林知夏", party="a"))
    return client


def signed_in(email: str, party: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(email, name="某人", party=party))
    return client


def imported(client: Client, found: Upload) -> Upload:
    answer = client.post(f"/imports/new/{found.pk}/import")
    assert answer["Location"] == f"/imports/new/{found.pk}/result"
    run_jobs_here()
    found.refresh_from_db()
    return found


def pieces() -> list[str]:
    return sorted(path.name for path in uploads_folder().iterdir())


def test_a_gb18030_file_goes_through_all_steps(desk, tmp_path):
    path = gb18030_file(tmp_path)
    address = upload(desk, path)["Location"]
    page = read(desk, address)
    for words in ("订单.csv", "GB18030", "哪一列是什么", "茶叶", "¥1,289.50"):
        assert words in page
    form = form_of(desk.get(address))
    assert form == {
        "day_style": "ymd",
        "amount_style": "point",
        "currency": "CNY",
        "zone": "Asia/Shanghai",
        "field-order_no": "订单编号",
        "field-customer_no": "会员号",
        "field-ordered_at": "下单时间",
        "field-item_code": "商品编码",
        "field-item_name": "商品名称",
        "field-quantity": "数量",
        "field-unit_price": "单价（元）",
        "field-store": "",
        "field-channel": "",
        "field-paid_by": "",
    }
    answer = desk.post(address, form)
    assert answer["Location"] == f"{address}dry-run"
    assert "后台" in read(desk, answer["Location"])
    run_jobs_here()
    page = read(desk, answer["Location"])
    assert "“下单时间”不是真实存在的日期和时间，或与本文件的写法不一致：2026/2/30 09:00" in page
    assert "2026-03-01 14:05:00" in page
    assert page.index(">订单号<") < page.index(">客户编号<") < page.index(">下单时间<") < page.index(">单价<")
    assert "1289.50" in page
    assert (Order.objects.count(), Customer.objects.count(), OrderLine.objects.count()) == (0, 0, 0)
    found = imported(desk, Upload.objects.get())
    page = read(desk, f"/imports/new/{found.pk}/result")
    assert "文件已导入" in page
    run = ImportRun.objects.get(pk=found.import_run)
    assert (run.state, run.rows_total, run.created, run.rejected) == (ImportState.DONE, 4, 3, 1)
    assert run.rows_total == run.created + run.updated + run.unchanged + run.rejected
    assert sorted(OrderLine.objects.values_list("quantity", "unit_price_e4", "description")) == [
        (1, 350_000, "茶杯"),
        (1, 12_895_000, "茶叶"),
        (2, 12_895_000, "茶叶"),
    ]
    assert Order.objects.get(number="T-1").placed_at.isoformat() == "2026-03-01T06:05:00+00:00"
    assert (pieces(), found.removed_at is not None) == ([], True)


def test_rejected_rows_are_mended_and_imported_again(desk, tmp_path):
    found = imported(desk, rehearsed(desk, gb18030_file(tmp_path)))
    answer = desk.get(f"/imports/{found.import_run}/0/rejected.csv")
    heads, row = csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert tuple(heads[:-2]) == HEADS
    assert row[2] == "2026/2/30 09:00"
    mended = tmp_path / "rejected-rows.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, [*row[:2], "2026/2/28 09:00", *row[3:]]])
    address = upload(desk, mended)["Location"]
    assert "您认识这些列" in read(desk, address)
    again = imported(desk, rehearsed(desk, mended))
    run = ImportRun.objects.get(pk=again.import_run)
    assert (run.rows_total, run.created) == (1, 1)
    assert set(Order.objects.values_list("number", flat=True)) == {"T-1", "T-2", "T-3"}


def test_a_sheet_of_a_workbook_is_chosen(desk, tmp_path):
    address = upload(desk, workbook_file(tmp_path))["Location"]
    page = read(desk, address)
    assert '<option value="封面" selected>' in page
    found = desk.get(f"{address}?sheet=明细&target=orders")
    assert found.context["look"].sheet == "明细"
    desk.post(f"{address}?sheet=明细&target=orders", form_of(found))
    run_jobs_here()
    done = imported(desk, Upload.objects.get())
    assert ImportRun.objects.get(pk=done.import_run).created == 3
    assert Order.objects.get(number="T-1").placed_at.isoformat() == "2026-03-01T06:05:00+00:00"


def test_a_parquet_file_with_our_own_names_needs_no_choice(desk, tmp_path):
    done = imported(desk, rehearsed(desk, parquet_file(tmp_path)))
    assert ImportRun.objects.get(pk=done.import_run).created == 3
    assert done.columns["unit_price"] == "unit_price"


def test_a_list_of_customers_is_seen_as_one(desk, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("会员编号,姓名,手机号,出生日期\nM1,李雷,13800138000,1990年5月17日\n", encoding="utf-8")
    found = rehearsed(desk, path)
    assert (found.target, found.day_style) == ("customers", "ymd")
    assert Customer.objects.count() == 0
    done = imported(desk, found)
    assert ImportRun.objects.get(pk=done.import_run).created == 1
    assert Customer.objects.get().source_key == "M1"


def test_what_was_chosen_is_proposed_next_time_to_the_same_party_only(desk, tmp_path):
    path = gb18030_file(tmp_path)
    rehearsed(desk, path, **{"field-item_name": "备注", "zone": "Europe/Berlin"})
    kept = ImportMapping.objects.get()
    assert (kept.columns["item_name"], kept.zone, kept.party) == ("备注", "Europe/Berlin", "a")
    other = gb18030_file(tmp_path, rows=ROWS[:1], name="四月.csv")
    proposed = desk.get(upload(desk, other)["Location"])
    assert (form_of(proposed)["field-item_name"], form_of(proposed)["zone"]) == ("备注", "Europe/Berlin")
    party_b = signed_in("b@b.example", "b")
    assert form_of(party_b.get(upload(party_b, other)["Location"]))["field-item_name"] == "商品名称"


def test_a_second_import_of_the_same_file_says_that_it_was_there(desk, tmp_path):
    path = gb18030_file(tmp_path)
    imported(desk, rehearsed(desk, path))
    again = imported(desk, rehearsed(desk, path))
    assert "这个文件以前导入过" in read(desk, f"/imports/new/{again.pk}/result")
    assert Order.objects.count() == 2


def test_the_form_refuses_what_cannot_be(desk, tmp_path):
    address = upload(desk, gb18030_file(tmp_path))["Location"]
    form = form_of(desk.get(address))
    wrong = form | {"field-order_no": "", "field-item_name": "数量", "zone": "Mars", "currency": "XYZ"}
    answer = desk.post(address, wrong)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["currency", "field-order_no", "field-quantity", "zone"]
    assert (JobRun.objects.count(), ImportMapping.objects.count()) == (0, 0)


def test_nothing_is_imported_before_its_dry_run_came_through(desk, tmp_path):
    found = rehearsed(desk, gb18030_file(tmp_path))
    JobRun.objects.filter(pk=found.rehearsal_job).update(state=JobState.FAILED)
    assert desk.post(f"/imports/new/{found.pk}/import")["Location"] == f"/imports/new/{found.pk}/dry-run"
    assert JobRun.objects.count() == 1


def test_a_dry_run_of_which_no_row_can_be_used_says_so(desk, tmp_path):
    found = rehearsed(desk, gb18030_file(tmp_path, rows=ROWS[3:]))
    page = read(desk, f"/imports/new/{found.pk}/dry-run")
    assert "1 行中没有一行可用" in page
    assert "修改各列" in page
    assert Order.objects.count() == 0


def bomb(path):
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return path


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "解压后"), ("en", "unpacks to far more than a workbook should")]
)
def test_a_bomb_is_refused_in_words_and_leaves_nothing(desk, tmp_path, language, words):
    desk.cookies["shouyue_language"] = language
    answer = upload(desk, bomb(tmp_path / "bomb.xlsx"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (pieces(), Upload.objects.count()) == ([], 0)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "文件大于"), ("en", "The file is larger than")])
def test_a_file_that_is_too_large_is_refused_while_it_comes(desk, tmp_path, monkeypatch, language, words):
    monkeypatch.setattr(incoming, "SIZE_MAX", 100)
    desk.cookies["shouyue_language"] = language
    answer = upload(desk, gb18030_file(tmp_path))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert pieces() == []


def test_no_file_and_a_picture_are_refused(desk, tmp_path):
    assert desk.post("/imports/new", {}).status_code == 422
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert upload(desk, path).status_code == 422
    assert pieces() == []


def test_the_token_against_forged_forms_is_asked_for(tmp_path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Staff.objects.create_user("x@a.example", name="x", party="a"))
    assert upload(client, gb18030_file(tmp_path)).status_code == 403
    assert pieces() == []


def test_a_file_belongs_to_its_party(desk, tmp_path):
    address = upload(desk, gb18030_file(tmp_path))["Location"]
    assert signed_in("colleague@a.example", "a").get(address).status_code == 200
    assert signed_in("other@b.example", "b").get(address).status_code == 404
    auditor = signed_in("auditor@c.example", "auditor")
    assert (auditor.get(address).status_code, auditor.get("/imports/new").status_code) == (403, 403)
    assert upload(auditor, gb18030_file(tmp_path)).status_code == 403
    assert Client().get("/imports/new").status_code == 302
    assert len(pieces()) == 1


def test_a_file_is_private_and_its_name_leads_nowhere(desk, tmp_path, files):
    path = gb18030_file(tmp_path)
    desk.post("/imports/new", {"file": _named("../../etc/订单?.csv", path)})
    found = Upload.objects.get()
    assert found.path.parent == files / "uploads" / str(found.pk)
    assert found.name == "订单_.csv"
    assert (found.folder.stat().st_mode & 0o077, found.path.stat().st_mode & 0o077) == (0, 0)


def _named(name, path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = SimpleUploadedFile("x.csv", path.read_bytes())
    given._name = name
    return given


def test_a_file_is_given_up_and_gone(desk, tmp_path):
    address = upload(desk, gb18030_file(tmp_path))["Location"]
    assert desk.post(f"{address}drop")["Location"] == "/imports/new"
    assert pieces() == []
    assert desk.get(address).status_code == 410


def test_after_a_week_a_file_is_swept_away(desk, tmp_path):
    upload(desk, gb18030_file(tmp_path))
    soon = clock.now() + timedelta(days=6, hours=23)
    assert (sweep(at=soon), len(pieces())) == (0, 1)
    assert (sweep(at=soon + timedelta(hours=2)), pieces()) == (1, [])


def test_the_pages_take_as_many_queries_for_many_rows_as_for_few(desk, tmp_path):
    few = rehearsed(desk, gb18030_file(tmp_path, rows=ROWS))
    bad = [(f"B-{n}", "1", "never", "S", "", "1", "¥1.00", "") for n in range(40)]
    many = rehearsed(desk, gb18030_file(tmp_path, rows=[*ROWS, *bad], name="many.csv"))
    counts = []
    for found in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            read(desk, f"/imports/new/{found.pk}/dry-run")
        with CaptureQueriesContext(connection) as more:
            read(desk, f"/imports/new/{found.pk}/")
        counts.append((len(caught), len(more)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 8
