"""Lists leave as files: asked for at once, made in the background, masked, inert, fetched for a day, recorded."""

import csv
import re
import signal
import tracemalloc
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.public import Known
from shouyue.customers.public import CustomerFacts, ensure_customers, record_people
from shouyue.kernel import clock
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store.jobs import engine
from shouyue.store.jobs.running import Pace, perform
from shouyue.store.models import Fact, JobRun, JobState, ListExport, Staff
from shouyue.store.saved.exports import file_of, remove_expired
from shouyue.store.tabular import open_table
from shouyue.store.tests.fact_samples import start_process
from shouyue.store.tests.job_samples import WorkerHere, ended, wait_until
from shouyue.web.workbooks import Workbook

AT = datetime(2026, 3, 1, tzinfo=UTC)
AT_JOB = UUID(int=1)
WORKER = """
import threading
from shouyue.store.jobs.running import Pace, run_jobs
print("running", flush=True)
run_jobs(threading.Event(), Pace(beat_seconds=0.1, lost_seconds=1.0))
"""


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "home"


def staff(party: str = "a", name: str = "林知夏") -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(f"{party}{name}@example.com", name=name, party=party))
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    return client


def who(number: str) -> UUID:
    return keyed_id(source_namespace("plain:customer"), number)


def make_customers(count: int, *, city: str = "苏州") -> None:
    numbers = [f"E{place:05}" for place in range(count)]
    ensure_customers(CustomerFacts(who(one), "plain", one, "person", city=city, seen_at=AT) for one in numbers)


def run_jobs_here() -> None:
    worker = engine.enrol()
    while delivery := engine.take(worker):
        perform(delivery, must_stop=lambda: False)
    engine.retire(worker)


def asked(desk: Client, *, kind: str = "csv", query: str = "", listing: str = "customers.customers") -> ListExport:
    answer = desk.post("/exports/start", {"listing": listing, "query": query, "kind": kind})
    assert answer.status_code == 302
    return ListExport.objects.get(pk=answer["Location"].split("/")[-2])


def made(desk: Client, **wish: str) -> ListExport:
    export = asked(desk, **wish)
    run_jobs_here()
    export.refresh_from_db()
    return export


def fetched(desk: Client, export: ListExport) -> bytes:
    answer = desk.get(f"/exports/{export.pk}/file")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.django_db
def test_an_export_of_twenty_thousand_rows_is_a_job_and_the_request_returns_at_once():
    make_customers(20_000)
    desk = staff()
    assert "/exports/start" in desk.get("/customers/").content.decode()
    with CaptureQueriesContext(connection) as caught:
        export = asked(desk, kind="xlsx")
    assert not any("customers_customer" in one["sql"] for one in caught)
    assert (export.rows, JobRun.objects.get(pk=export.job).state) == (None, JobState.WAITING)
    assert "后台" in desk.get(f"/exports/{export.pk}/").content.decode()
    run_jobs_here()
    export.refresh_from_db()
    assert export.rows == 20_000
    with open_table(file_of(export)) as table:
        assert (table.kind, table.columns[0]) == ("xlsx", "编号")
        assert sum(1 for _row in table.rows()) == 20_000


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_rows(tmp_path):
    peaks = []
    for count in (2_000, 40_000):
        tracemalloc.start()
        with Workbook(tmp_path / f"{count}.xlsx", ["编号", "城市"]) as book:
            book.write((f"E{place}", "苏州") for place in range(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_the_view_masked_and_runs_no_formula(kind):
    make_customers(3)
    ensure_customers([CustomerFacts(who("=1+1"), "plain", "=1+1", "person", city="成都", seen_at=AT)])
    record_people({who("=1+1"): Known(name="王伟", phones=("+8613800006621",))}, at=AT)
    export = made(staff(), kind=kind, query="city=%E6%88%90%E9%83%BD&cols=name&cols=phone")
    with open_table(file_of(export)) as table:
        [(_number, cells)] = list(table.rows())
        assert table.columns == ("编号", "姓名", "手机")
    assert list(cells[1:]) == ["王*", "138****6621"]
    assert cells[0] == {"csv": "'=1+1", "xlsx": "=1+1"}[kind]
    assert export.rows == 1
    content = file_of(export).read_bytes()
    assert b"<f>" not in content


@pytest.mark.django_db
def test_orders_are_exported_too():
    export = made(staff(), listing="purchases.orders")
    assert export.rows == 0
    heads = next(csv.reader(StringIO(file_of(export).read_text("utf-8-sig"))))
    assert heads[0] == "编号"


@pytest.mark.django_db
def test_where_nothing_was_exported_the_page_leads_to_the_lists():
    page = staff().get("/exports/").content.decode()
    assert re.findall(r'<a class="btn plain" href="([^"]*)">', page) == ["/customers/", "/orders/", "/products/"]


@pytest.mark.django_db
def test_who_exported_what_is_recorded_and_only_they_fetch_it():
    make_customers(2)
    desk = staff()
    export = made(desk)
    assert b"E00001" in fetched(desk, export)
    export.refresh_from_db()
    assert export.fetched_at is not None
    colleague = staff(name="王芳")
    assert [colleague.get(f"/exports/{export.pk}/{rest}").status_code for rest in ("", "file")] == [404, 404]
    page = staff("auditor", "审计").get("/exports/").content.decode()
    assert ("林知夏" in page, ">客户</a> <small>未筛选</small>" in page, "customers.customers" in page) == (
        True,
        True,
        False,
    )
    [fact] = Fact.objects.filter(kind="ListExported")
    assert (fact.payload["rows"], fact.payload["listing"], fact.actor) == (
        2,
        "customers.customers",
        f"staff:{export.owner_id}",
    )


@pytest.mark.django_db
def test_the_record_says_in_words_what_was_asked_for():
    make_customers(1)
    desk = staff()
    desk.post("/views/save", {"listing": "customers.customers", "name": "苏州企业", "query": "kind=company&city=苏州"})
    for listing, query in (
        ("customers.customers", "city=苏州&kind=company"),
        ("purchases.orders", "kind=return&store=gone&product=0194d3c0-0000-7000-8000-000000000001"),
        ("purchases.products", "words=茶&cols=pieces"),
    ):
        asked(desk, listing=listing, query=query)
    page = desk.get("/exports/").content.decode()
    for words in (
        "客户 · 苏州企业</a> <small>类型：企业；城市：苏州</small>",
        "订单</a> <small>类型：退货；只含某一商品</small>",
        "商品</a> <small>编码或名称：茶</small>",
    ):
        assert words in page
    export = ListExport.objects.filter(listing="customers.customers").get()
    run_jobs_here()
    assert "客户 · 类型：企业；城市：苏州 · CSV" in desk.get(f"/exports/{export.pk}/").content.decode()
    answer = desk.get(f"/exports/{export.pk}/file")
    assert len(b"".join(answer.streaming_content).splitlines()) == 1  # no company in Suzhou: the heads alone
    assert "filename*=utf-8''%E5%AE%A2%E6%88%B7" in answer["Content-Disposition"]
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Kind: company; City: 苏州" in desk.get("/exports/").content.decode()


@pytest.mark.django_db
def test_a_file_expires_after_a_day_and_is_deleted():
    make_customers(1)
    desk = staff()
    export = made(desk)
    assert remove_expired(at=clock.now() + timedelta(hours=23)) == 0
    ListExport.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert desk.get(f"/exports/{export.pk}/file").status_code == 410
    assert "已过期" in desk.get(f"/exports/{export.pk}/").content.decode()
    assert (remove_expired(at=clock.now()), file_of(export).parent.exists()) == (1, False)


@pytest.mark.django_db
def test_what_is_no_list_is_not_exported():
    desk = staff()
    for listing, kind in (("nothing", "csv"), ("customers.customers", "pdf")):
        assert desk.post("/exports/start", {"listing": listing, "kind": kind}).status_code == 404
    assert ListExport.objects.count() == 0


@pytest.mark.django_db
def test_the_record_takes_as_many_queries_for_many_exports_as_for_few():
    desk, counts = staff(), []
    owner = Staff.objects.get()
    for size in (1, 30):
        for _ in range(size):
            ListExport.objects.create(
                owner=owner, listing="customers.customers", kind="csv", language="en", job=AT_JOB, asked_at=AT
            )
        with CaptureQueriesContext(connection) as caught:
            assert desk.get("/exports/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_rows_beyond_one_sheet_go_to_the_next(tmp_path):
    path = tmp_path / "a.xlsx"
    with Workbook(path, ["n"], rows_max=3) as book:
        book.write([[place] for place in range(5)])
    found = []
    for sheet in ("1", "2", "3"):
        with open_table(path, sheet=sheet) as table:
            found += [int(cells[0]) for _number, cells in table.rows()]
    assert found == [0, 1, 2, 3, 4]


def test_an_export_whose_worker_is_killed_is_made_whole(fresh_database, tmp_path, monkeypatch, settings):
    monkeypatch.setenv("SHOUYUE_FILES", str(tmp_path / "home"))
    settings.FILES_FOLDER = tmp_path / "home"
    make_customers(20_000)
    desk = staff()
    process = start_process(WORKER)
    assert process.stdout.readline() == "running\n"
    export = asked(desk)
    job = JobRun.objects.get(pk=export.job)
    wait_until(lambda: JobRun.objects.get(pk=job.pk).done > 0)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    process.stdout.close()
    export.refresh_from_db()
    assert export.made_at is None
    with WorkerHere(Pace(beat_seconds=0.1, lost_seconds=1.0)):
        wait_until(ended(job))
    export.refresh_from_db()
    assert (export.rows, Fact.objects.filter(kind="ListExported").count()) == (20_000, 1)
    assert [path.name for path in file_of(export).parent.iterdir()] == [export.file_name]
    with open_table(file_of(export)) as table:
        assert sum(1 for _row in table.rows()) == 20_000
