"""An import of customers is taken back on screen, in the background, once, also when its worker is killed."""

import csv
import signal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.public import Customer, customers_found
from shouyue.intake.models import Upload
from shouyue.intake.tests.wizard_ground import form_of, gb18030_file, read, rehearsed, run_jobs_here
from shouyue.purchases.models import Order
from shouyue.store.jobs.running import Pace
from shouyue.store.models import Fact, ImportKept, ImportRun, ImportState, ImportUndo, JobRun, JobState, Staff
from shouyue.store.tests.fact_samples import start_process
from shouyue.store.tests.job_samples import WorkerHere, ended, wait_until

HEADS = ("会员编号", "姓名", "手机号", "城市")
FIRST = [("M1", "李雷", "13800138000", "苏州"), ("M2", "韩梅梅", "13800138001", "成都")]
SECOND = [
    ("M1", "李雷", "13900139000", "昆山"),
    ("M2", "韩梅梅", "13800138001", "重庆"),
    ("M3", "王伟", "13800138003", "上海"),
    ("M4", "单雪", "12345678", "上海"),
]
WORKER = """
import threading
from shouyue.store.imports import undoing
from shouyue.store.jobs.running import Pace, run_jobs
undoing.BATCH_RECORDS = 5
print("running", flush=True)
run_jobs(threading.Event(), Pace(beat_seconds=0.1, lost_seconds=1.0))
"""


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"


def staff(party: str = "a") -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(f"{party}@example.com", name="林知夏", party=party))
    return client


def listed(folder: Path, name: str, rows) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


def imported(desk: Client, path: Path) -> ImportRun:
    found = rehearsed(desk, path)
    desk.post(f"/imports/new/{found.pk}/import")
    run_jobs_here()
    found.refresh_from_db()
    return ImportRun.objects.get(pk=found.import_run)


def places() -> dict[str, str]:
    return dict(Customer.objects.values_list("source_key", "city"))


@pytest.mark.django_db
def test_an_import_is_rehearsed_taken_back_and_made_again(tmp_path):
    desk = staff()
    imported(desk, listed(tmp_path, "一月.csv", FIRST))
    run = imported(desk, listed(tmp_path, "二月.csv", SECOND))
    Customer.objects.filter(source_key="M2").update(city="绵阳")
    assert "这是误操作吗" in read(desk, f"/imports/{run.pk}/")
    answer = desk.post(f"/imports/{run.pk}/undo/rehearse")
    assert answer["Location"] == f"/imports/{run.pk}/undo"
    run_jobs_here()
    page = read(desk, answer["Location"])
    for words in ("将恢复", "将删除", "导入之后有人修改过", "M2</a>"):
        assert words in page
    work = ImportUndo.objects.get()
    assert (work.restored, work.removed, work.kept, work.untouched) == (1, 1, 1, 1)
    assert places() == {"M1": "昆山", "M2": "绵阳", "M3": "上海"}
    desk.post(f"/imports/{run.pk}/undo/begin")
    run_jobs_here()
    page = read(desk, answer["Location"])
    assert "导入已撤销" in page
    assert places() == {"M1": "苏州", "M2": "绵阳"}
    assert [one.source_key for one in customers_found("13800138000").customers] == ["M1"]
    assert customers_found("13900139000").customers == []
    work = ImportUndo.objects.get()
    assert (work.restored, work.removed, work.kept, work.untouched) == (1, 1, 1, 1)
    assert work.restored + work.removed + work.kept + work.untouched == run.rows_total == 4
    [fact] = Fact.objects.filter(kind="CustomersImportUndone")
    assert {name: fact.payload[name] for name in ("restored", "removed", "kept")} == {
        "restored": 1,
        "removed": 1,
        "kept": 1,
    }
    again = imported(desk, listed(tmp_path, "二月.csv", SECOND))
    assert (again.pk != run.pk, again.created, again.updated) == (True, 1, 2)
    assert places() == {"M1": "昆山", "M2": "重庆", "M3": "上海"}


@pytest.mark.django_db
def test_nothing_is_taken_back_without_a_rehearsal_or_twice(tmp_path):
    desk = staff()
    run = imported(desk, listed(tmp_path, "一月.csv", FIRST))
    assert desk.post(f"/imports/{run.pk}/undo/begin")["Location"] == f"/imports/{run.pk}/"
    assert JobRun.objects.filter(name="intake.undo_import").count() == 0
    desk.post(f"/imports/{run.pk}/undo/rehearse")
    run_jobs_here()
    desk.post(f"/imports/{run.pk}/undo/begin")
    run_jobs_here()
    assert Customer.objects.count() == 0
    assert desk.post(f"/imports/{run.pk}/undo/begin")["Location"] == f"/imports/{run.pk}/"
    assert desk.post(f"/imports/{run.pk}/undo/rehearse")["Location"] == f"/imports/{run.pk}/"
    assert "看看各行的结果" in read(desk, f"/imports/{run.pk}/")


@pytest.mark.django_db
def test_an_auditor_takes_nothing_back(tmp_path):
    run = imported(staff(), listed(tmp_path, "一月.csv", FIRST))
    auditor = staff("auditor")
    assert auditor.post(f"/imports/{run.pk}/undo/rehearse").status_code == 403
    assert auditor.post(f"/imports/{run.pk}/undo/begin").status_code == 403
    assert "这是误操作吗" not in read(auditor, f"/imports/{run.pk}/")


@pytest.mark.django_db
def test_the_page_takes_as_many_queries_for_many_kept_rows_as_for_few(tmp_path):
    desk = staff()
    counts = []
    for size in (1, 30):
        rows = [(f"K{size}-{place}", "王伟", "", "苏州") for place in range(size)]
        run = imported(desk, listed(tmp_path, f"{size}.csv", rows))
        Customer.objects.filter(source_key__startswith=f"K{size}-").update(city="绵阳")
        desk.post(f"/imports/{run.pk}/undo/rehearse")
        run_jobs_here()
        assert ImportKept.objects.filter(run=run).count() == size
        with CaptureQueriesContext(connection) as caught:
            read(desk, f"/imports/{run.pk}/undo")
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.fixture
def worker(fresh_database, tmp_path, monkeypatch, settings):
    monkeypatch.setenv("SHOUYUE_FILES", str(tmp_path / "home"))
    settings.FILES_FOLDER = tmp_path / "home"
    process = start_process(WORKER)
    assert process.stdout.readline() == "running\n"
    yield process
    process.kill()
    process.wait(60)
    process.stdout.close()


def test_an_undo_whose_worker_is_killed_is_finished_once(worker, tmp_path):
    desk = staff()
    before = listed(tmp_path, "一月.csv", [(f"M{n}", "李雷", f"138{n:08}", "苏州") for n in range(150)])
    after = listed(tmp_path, "二月.csv", [(f"M{n}", "韩梅梅", f"139{n:08}", "昆山") for n in range(300)])
    for path in (before, after):
        answer = desk.get(_uploaded(desk, path))
        desk.post(answer.request["PATH_INFO"], form_of(answer))
        found = Upload.objects.latest("uploaded_at")
        wait_until(ended(JobRun.objects.get(pk=found.rehearsal_job)))
        desk.post(f"/imports/new/{found.pk}/import")
        found.refresh_from_db()
        wait_until(ended(JobRun.objects.get(pk=found.import_job)))
    found.refresh_from_db()
    run = ImportRun.objects.get(pk=found.import_run)
    desk.post(f"/imports/{run.pk}/undo/rehearse")
    wait_until(ended(JobRun.objects.latest("pk")))
    desk.post(f"/imports/{run.pk}/undo/begin")
    job = JobRun.objects.latest("pk")
    wait_until(lambda: ImportUndo.objects.filter(is_rehearsal=False, restored__gt=0).exists())
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    killed_at = ImportUndo.objects.get()
    assert 0 < killed_at.restored + killed_at.removed < 300
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.UNDOING
    with WorkerHere(Pace(beat_seconds=0.1, lost_seconds=1.0)):
        wait_until(ended(job))
    job.refresh_from_db()
    work = ImportUndo.objects.get()
    assert (job.state, job.attempts, work.restored, work.removed, work.kept) == (JobState.DONE, 2, 150, 150, 0)
    assert set(places().values()) == {"苏州"}
    assert [one.source_key for one in customers_found("13800000007").customers] == ["M7"]
    assert Fact.objects.filter(kind="CustomersImportUndone").count() == 1


def _uploaded(desk: Client, path: Path) -> str:
    from shouyue.intake.tests.wizard_ground import upload

    return upload(desk, path)["Location"]


@pytest.mark.django_db
def test_an_import_of_orders_is_taken_back_but_for_what_was_returned_since(tmp_path):
    desk = staff()
    found = rehearsed(desk, gb18030_file(tmp_path))
    assert "90 天内可以撤销" in read(desk, f"/imports/new/{found.pk}/dry-run")
    desk.post(f"/imports/new/{found.pk}/import")
    run_jobs_here()
    found.refresh_from_db()
    run = ImportRun.objects.get(pk=found.import_run)
    assert (run.created, run.rejected) == (3, 1)
    back = ("T-9", "10001", "2026/3/5 10:00", "SKU-1", "茶叶", "-1", "¥1,289.50", "")
    later = rehearsed(desk, gb18030_file(tmp_path, [back], name="退货.csv"))
    desk.post(f"/imports/new/{later.pk}/import")
    run_jobs_here()
    desk.post(f"/imports/{run.pk}/undo/rehearse")
    run_jobs_here()
    page = read(desk, f"/imports/{run.pk}/undo")
    for words in ("订单 T-1</a>", "之后有退货", "像退货一样追回"):
        assert words in page
    desk.post(f"/imports/{run.pk}/undo/begin")
    run_jobs_here()
    assert "导入已撤销" in read(desk, f"/imports/{run.pk}/undo")
    work = ImportUndo.objects.get(pk=run.pk)
    assert (work.removed, work.restored, work.kept, work.untouched) == (1, 0, 2, 1)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["T-1", "T-9"]
    assert read(desk, f"/orders/{Order.objects.get(number='T-1').customer_id}/{Order.objects.get(number='T-1').id}/")
