"""Cells that come in by hand: pasted from a spreadsheet, what they would change, and rejected rows mended on screen."""

import csv

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.queries import persons_in
from shouyue.customers.public import Customer
from shouyue.intake.models import Upload, uploads_folder
from shouyue.intake.tests.test_undo import listed, staff
from shouyue.intake.tests.wizard_ground import form_of, read, rehearsed, run_jobs_here
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store.models import ImportRun
from shouyue.store.person_keys import PersonKeys

pytestmark = pytest.mark.django_db
PASTED = "会员编号\t姓名\t手机号\t城市\r\nM1\t李雷\t13800138000\t苏州\r\nM2\t韩梅梅\t12345678\t成都\r\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"


def pasted(desk: Client, text: str) -> Upload:
    """The upload of a pasted table after its dry run."""
    answer = desk.post("/imports/new/paste", {"cells": text})
    assert answer.status_code == 302, answer.content.decode()
    page = desk.get(answer["Location"])
    desk.post(answer["Location"], form_of(page))
    run_jobs_here()
    return Upload.objects.latest("uploaded_at")


def imported(desk: Client, found: Upload) -> ImportRun:
    desk.post(f"/imports/new/{found.pk}/import")
    run_jobs_here()
    found.refresh_from_db()
    return ImportRun.objects.get(pk=found.import_run)


def phone_of(number: str) -> tuple[str, ...]:
    who = keyed_id(source_namespace("plain:customer"), number)
    return persons_in([who], keys=PersonKeys())[who].phones


def test_pasted_cells_go_the_way_of_a_file():
    desk = staff()
    assert "/imports/new/paste" in read(desk, "/customers/")
    run = imported(desk, pasted(desk, PASTED))
    assert (run.rows_total, run.created, run.rejected) == (2, 1, 1)
    assert (Customer.objects.get().source_key, phone_of("M1")) == ("M1", ("+8613800138000",))
    assert sorted(path.name for path in uploads_folder().iterdir()) == []


def test_a_cell_of_several_lines_stays_one_cell():
    desk = staff()
    run = imported(desk, pasted(desk, '会员编号\t姓名\t地址\r\nM1\t李雷\t"苏州市星湖街 1 号\n2 幢"\r\n'))
    assert (run.rows_total, run.created) == (1, 1)


@pytest.mark.parametrize("text", ["", "   \n\n", "会员编号\t会员编号\r\n1\t2\r\n"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_no_table_is_refused_and_kept_in_the_box(text, language):
    desk = staff()
    desk.cookies["shouyue_language"] = language
    answer = desk.post("/imports/new/paste", {"cells": text})
    assert answer.status_code == 422
    assert answer.context["form"].errors["cells"]
    assert list(uploads_folder().iterdir()) == []


def test_the_dry_run_shows_what_a_row_would_change_masked(tmp_path):
    desk = staff()
    imported(desk, pasted(desk, PASTED))
    again = "会员编号\t姓名\t手机号\t城市\r\nM1\t李雷\t13900139999\t昆山\r\nM3\t王伟\t\t上海\r\nM1\t李雷\t\t苏州\r\n"
    page = read(desk, f"/imports/new/{pasted(desk, again).pk}/dry-run")
    for words in ("138****8000", "139****9999", "<del>苏州</del> → <ins>昆山</ins>", "将更新", "将新建", "保持不变"):
        assert words in page
    assert "13800138000" not in page
    assert phone_of("M1") == ("+8613800138000",)


def test_a_dry_run_takes_as_many_queries_for_ten_rows_as_for_one(tmp_path):
    desk = staff()
    rows = [(f"M{n}", "李雷", f"138001380{n:02}", "苏州") for n in range(10)]
    imported(desk, rehearsed(desk, listed(tmp_path, "前.csv", rows)))
    counts = []
    for size in (1, 10):
        changed = [(key, name, "13900139999", city) for key, name, _phone, city in rows[:size]]
        found = rehearsed(desk, listed(tmp_path, f"{size}.csv", changed))
        with CaptureQueriesContext(connection) as caught:
            read(desk, f"/imports/new/{found.pk}/dry-run")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_rejected_rows_are_mended_on_screen_and_come_in():
    desk = staff()
    run = imported(desk, pasted(desk, PASTED))
    assert "就地修改" in read(desk, f"/imports/new/{Upload.objects.get().pk}/result")
    record = read(desk, f"/imports/{run.pk}/")
    assert (f"/imports/{run.pk}/mend" in record, "12345678" in record) == (True, True)
    page = read(desk, f"/imports/{run.pk}/mend")
    assert ("12345678" in page, "不是能拨通的电话号码" in page) == (True, True)
    form = {"take-2": "on", "cell-2-0": "M2", "cell-2-1": "韩梅梅", "cell-2-2": "13800138001", "cell-2-3": "成都"}
    answer = desk.post(f"/imports/{run.pk}/mend", form)
    found = Upload.objects.latest("uploaded_at")
    assert answer["Location"] == f"/imports/new/{found.pk}/dry-run"
    run_jobs_here()
    mended = imported(desk, found)
    assert (mended.rows_total, mended.created, phone_of("M2")) == (1, 1, ("+8613800138001",))


def test_a_downloaded_file_that_is_mended_comes_in_as_it_was_typed(tmp_path):
    desk = staff()
    desk.cookies["shouyue_language"] = "en"
    rows = [("M1", "-李雷", "+86 138 0013 8000", "苏州"), ("M2", "=王伟", "12345678", "@家")]
    run = imported(desk, rehearsed(desk, listed(tmp_path, "名单.csv", rows)))
    file = b"".join(desk.get(f"/imports/{run.pk}/0/rejected.csv").streaming_content)
    assert "M2,'=王伟,12345678,'@家," in file.decode()
    mended = tmp_path / "mended.csv"
    mended.write_bytes(file.replace(b"12345678", b"'+86 138 0013 8001", 1))
    again = imported(desk, rehearsed(desk, mended))
    assert (again.created, phone_of("M2"), phone_of("M1")) == (1, ("+8613800138001",), ("+8613800138000",))
    who = keyed_id(source_namespace("plain:customer"), "M2")
    assert (persons_in([who], keys=PersonKeys())[who].name, Customer.objects.get(source_key="M2").city) == (
        "=王伟",
        "@家",
    )


def test_mending_needs_a_row_and_keeps_what_was_typed():
    desk = staff()
    run = imported(desk, pasted(desk, PASTED))
    answer = desk.post(f"/imports/{run.pk}/mend", {"cell-2-2": "13800138001"})
    assert (answer.status_code, 'value="13800138001"' in answer.content.decode()) == (422, True)


def test_whole_rejected_rows_are_for_party_a_alone():
    run = imported(staff(), pasted(staff_of("a2"), PASTED))
    others = read(staff("b"), f"/imports/{run.pk}/")
    assert ("12345678" in others, "/mend" in others) == (False, False)
    assert client_of("b").get(f"/imports/{run.pk}/mend").status_code == 403
    assert staff("auditor").get("/imports/new/paste").status_code == 403


def client_of(party: str) -> Client:
    from shouyue.store.models import Staff

    client = Client()
    client.force_login(Staff.objects.get(party=party))
    return client


def staff_of(name: str) -> Client:
    from shouyue.store.models import Staff

    client = Client()
    client.force_login(Staff.objects.create_user(f"{name}@example.com", name="王芳", party="a"))
    return client


def test_mended_rows_survive_quotes_and_commas():
    desk = staff()
    run = imported(desk, pasted(desk, "会员编号\t姓名\t手机号\r\nM1\t李雷\t1\r\nM2\t王\t13800138000\r\n"))
    form = {"take-1": "on", "cell-1-0": 'M"1,', "cell-1-1": "李雷", "cell-1-2": "13800138000"}
    desk.post(f"/imports/{run.pk}/mend", form)
    run_jobs_here()
    with Upload.objects.latest("uploaded_at").path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["会员编号", "姓名", "手机号"], ['M"1,', "李雷", "13800138000"]]
