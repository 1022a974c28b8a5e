"""Persons behind customers: recorded sealed and once, found, imported with reasons, and nowhere in the clear."""

import csv
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.public import Known, UnknownCustomersError
from shouyue.customers.people.queries import persons_in
from shouyue.customers.public import (
    Customer,
    CustomerFacts,
    Person,
    customers_found,
    ensure_customers,
    record_people,
)
from shouyue.kernel.clock import now
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.main.mappings import BY_NAME
from shouyue.store.digests import customers_with
from shouyue.store.imports import committing
from shouyue.store.imports.engine import ImportRefusedError, Request, StepReport, import_files
from shouyue.store.imports.mapping import Tally
from shouyue.store.imports.sealing import readable
from shouyue.store.models import IdentityKind, ImportRejection, ImportRun, ImportState, PersonKey, StagedRow
from shouyue.store.person_keys import PersonKeys, shred
from shouyue.store.tests.test_raw_files import files_with

AT = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = ("customer_no", "name", "title", "phone", "email", "birthday", "address", "city")
WANG = ("YS1", "王伟鑫", "先生", "13800006621", "wang.wx@example.cn", "1990-05-17", "江苏省苏州市星湖街 1 号", "苏州")
SHAN = ("YS2", "单雪", "女", "+86 139 1234 5678", "", "", "", "")
KNOWN = Known(
    name="王伟鑫",
    title="mr",
    phones=("+8613800006621",),
    emails=("wang.wx@example.cn",),
    address="江苏省苏州市星湖街 1 号",
    born_on=date(1990, 5, 17),
)


def who(number: str):
    return keyed_id(source_namespace("plain:customer"), number)


def write(path: Path, rows: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def run_import(path: Path, **request: object) -> StepReport:
    return import_files(BY_NAME["customers"], Request([path], by="test", **request), now=now)[0]


def recorded(*numbers: str) -> list[Known]:
    found = persons_in([who(number) for number in numbers], keys=PersonKeys())
    return [found[who(number)] for number in numbers]


def make_customers(*numbers: str) -> None:
    ensure_customers([CustomerFacts(who(number), "plain", number, "unknown") for number in numbers])


def found(text: str) -> list[str]:
    return [customer.source_key for customer in customers_found(text).customers]


@pytest.mark.django_db
def test_a_person_is_recorded_once_completed_and_told_apart():
    make_customers("YS1")
    one = who("YS1")
    first = record_people({one: Known(name="王伟", phones=("+8613800006621",))}, at=AT)
    assert (first[one].outcome, first[one].changed) == ("created", ("name", "phones"))
    later = datetime(2026, 4, 1, tzinfo=UTC)
    again = record_people({one: Known(name="王伟")}, at=later)
    assert (again[one].outcome, again[one].changed, Person.objects.get().updated_at) == ("unchanged", (), AT)
    more = record_people({one: KNOWN}, at=later)
    assert (more[one].outcome, more[one].changed) == ("updated", ("name", "title", "emails", "address", "born_on"))
    assert (recorded("YS1"), Person.objects.get().updated_at) == ([KNOWN], later)


@pytest.mark.django_db
def test_another_phone_makes_the_old_one_find_nobody():
    make_customers("YS1")
    record_people({who("YS1"): KNOWN}, at=AT)
    record_people({who("YS1"): Known(phones=("+8613900000001", "+8613900000002"))}, at=AT)
    assert (found("13800006621"), found("6621")) == ([], [])
    assert [found(text) for text in ("13900000001", "0002", "wang.wx@example.cn")] == [["YS1"]] * 3
    assert customers_with(IdentityKind.PHONE, "13800006621") == []


@pytest.mark.django_db
def test_of_an_erased_person_nothing_is_written():
    make_customers("YS1", "YS2")
    record_people({who("YS1"): KNOWN}, at=AT)
    shred([who("YS1")], at=AT)
    before = bytes(Person.objects.get().name.box)
    outcomes = record_people({who("YS1"): Known(name="李"), who("YS2"): KNOWN}, at=AT)
    assert [outcomes[who(number)].outcome for number in ("YS1", "YS2")] == ["erased", "created"]
    assert bytes(Person.objects.get(pk=who("YS1")).name.box) == before


@pytest.mark.django_db
def test_persons_of_unknown_customers_are_refused():
    make_customers("YS1")
    with pytest.raises(UnknownCustomersError) as refused:
        record_people({who("YS1"): KNOWN, who("YS9"): KNOWN}, at=AT)
    assert (refused.value.ids, Person.objects.count()) == ({who("YS9")}, 0)


@pytest.mark.django_db
def test_many_cost_the_statements_of_one():
    counts = []
    for numbers in (["A1"], [f"B{index}" for index in range(40)]):
        make_customers(*numbers)
        with CaptureQueriesContext(connection) as asked:
            record_people({who(number): KNOWN for number in numbers}, at=AT)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("王伟鑫", ["YS1"]),
        ("伟鑫", ["YS1"]),
        ("wang wei", ["YS1"]),
        ("wwx", ["YS1"]),
        ("WangWeiX", ["YS1"]),
        ("shan xue", ["YS2"]),
        ("dan xue", ["YS2"]),
        ("dx", ["YS2"]),
        ("6621", ["YS1"]),
        ("138 0000 6621", ["YS1"]),
        ("139-1234-5678", ["YS2"]),
        ("Wang.WX@example.cn", ["YS1"]),
        ("YS2", ["YS2"]),
        ("伟王", []),
        ("wang xue", []),
        ("0000", []),
        ("nobody@example.cn", []),
        ("", []),
    ],
)
def test_people_are_found_by_what_is_asked_at_a_counter(tmp_path, text, numbers):
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    assert found(text) == numbers


@pytest.mark.django_db
def test_a_list_is_imported_once(tmp_path):
    path = write(tmp_path / "customers.csv", [WANG, SHAN])
    assert run_import(path).tally == Tally(created=2)
    assert recorded("YS1", "YS2") == [KNOWN, Known(name="单雪", title="ms", phones=("+8613912345678",))]
    assert list(Customer.objects.order_by("source_key").values_list("kind", "city")) == [
        ("person", "苏州"),
        ("person", ""),
    ]
    other = write(tmp_path / "more.customers.csv", [WANG, ("YS2", "", "", "", "shan@example.cn", "", "", "")])
    other = other.rename(tmp_path / "customers.again.csv")
    assert run_import(other).tally == Tally(updated=1, unchanged=1)
    assert recorded("YS2")[0].emails == ("shan@example.cn",)
    assert recorded("YS2")[0].name == "单雪"


@pytest.mark.django_db
def test_a_list_with_numbers_alone_is_a_list_still(tmp_path):
    path = write(tmp_path / "customers.csv", [("YS1", "苏州"), ("YS1", "上海")], ("customer_no", "city"))
    assert run_import(path).tally == Tally(created=1, unchanged=1)
    assert (Customer.objects.get().city, Person.objects.count()) == ("上海", 0)


BAD = {
    "phone": ("12345678", "not_phone"),
    "email": ("wang.at.example", "not_email"),
    "birthday": ("1990-02-30", "not_day"),
    "name": ("çŽ‹ä¼Ÿ", "garbled"),
    "title": ("博士后", "unknown_word"),
    "address": ("路" * 301, "too_long"),
}


def bad_rows():
    for number, (column, (value, _code)) in enumerate(BAD.items()):
        row = list(WANG)
        row[0], row[COLUMNS.index(column)] = f"BAD{number}", value
        yield row
    yield ["BAD9", *WANG[1:5], "2999-01-01", *WANG[6:]]


@pytest.mark.django_db
def test_bad_rows_are_turned_away_with_reasons_and_sealed(tmp_path):
    rows = [WANG, *bad_rows()]
    report = run_import(write(tmp_path / "customers.csv", rows))
    assert report.tally == Tally(created=1, rejected=7)
    run = ImportRun.objects.get(pk=report.run_id)
    kept = list(ImportRejection.objects.order_by("row_number"))
    codes = [*(code for _value, code in BAD.values()), "birthday_future"]
    assert [(one.column, one.code) for one in kept] == list(zip([*BAD, "birthday"], codes, strict=True))
    assert {one.value for one in kept} == {"***", ""}
    assert {type(one.cells) for one in kept} == {str}
    opened = list(readable(run, kept))
    assert [one.cells for one in opened] == [list(row) for row in rows[1:]]
    assert [one.value for one in opened] == [
        *(value[:200] if len(value) < 200 else opened[5].value for value, _ in BAD.values()),
        "",
    ]


@pytest.mark.django_db
def test_what_is_staged_is_sealed_and_its_key_ends_with_the_import(tmp_path, monkeypatch):
    staged: list[str] = []
    write_batch = committing._write

    def spy(*args: object) -> None:
        staged.extend(StagedRow.objects.values_list("payload", flat=True))
        write_batch(*args)

    monkeypatch.setattr(committing, "_write", spy)
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    assert len(set(staged)) == 2
    assert [word for word in ("王", "\\u738b", "6621", "wang", "苏州") for text in staged if word in text] == []
    assert StagedRow.objects.count() == 0
    assert PersonKey.objects.filter(shredded_at__isnull=False).count() == 1


@pytest.mark.django_db
def test_a_refusal_says_nothing_personal_and_can_be_tried_again(tmp_path):
    path = write(tmp_path / "customers.csv", [["BAD1", *WANG[1:3], "12345678", *WANG[4:]]])
    for _time in range(2):
        with pytest.raises(ImportRefusedError) as refused:
            run_import(path)
        assert "12345678" not in str(refused.value)
    run = ImportRun.objects.get()
    assert (run.state, "12345678" in run.error) == (ImportState.REFUSED, False)
    assert [one.value for one in readable(run, ImportRejection.objects.all())] == ["12345678"]


@pytest.mark.django_db
def test_without_keys_nothing_is_taken_in(tmp_path, settings):
    settings.SHOUYUE_KEYS = None
    with pytest.raises(ImportRefusedError) as refused:
        run_import(write(tmp_path / "customers.csv", [WANG]))
    assert (refused.value.code, ImportRun.objects.count()) == ("keys-missing", 0)


@pytest.mark.django_db
def test_a_rehearsal_writes_nothing_and_can_be_repeated(tmp_path):
    path = write(tmp_path / "customers.csv", [WANG, *bad_rows()])
    for _time in range(2):
        assert run_import(path, is_rehearsal=True).tally == Tally(created=1, rejected=7)
    assert (Person.objects.count(), Customer.objects.count()) == (0, 0)
    assert run_import(path).tally == Tally(created=1, rejected=7)


class Stopped(Exception):  # noqa: N818 a power cut, not an error of ours
    pass


def test_a_list_that_was_cut_off_goes_on_where_it_was(fresh_database, tmp_path, monkeypatch):
    rows = [(f"YS{index}", *WANG[1:3], f"138{index:08d}", *WANG[4:]) for index in range(60)]
    path = write(tmp_path / "customers.csv", rows)
    monkeypatch.setattr(committing, "BATCH_ROWS", 10)
    write_batch, batches = committing._write, []

    def stop_at_third(*args: object) -> None:
        batches.append(args)
        if len(batches) == 3:
            raise Stopped
        write_batch(*args)

    monkeypatch.setattr(committing, "_write", stop_at_third)
    with pytest.raises(Stopped):
        run_import(path)
    half = Person.objects.count()
    monkeypatch.setattr(committing, "_write", write_batch)
    assert run_import(path).tally == Tally(created=60)
    assert 0 < half < 60
    numbers = [row[0] for row in rows]
    assert [known.phones for known in recorded(*numbers)] == [(f"+86{row[3]}",) for row in rows]
    assert run_import(write(tmp_path / "customers.2.csv", rows)).tally == Tally(unchanged=60)


# Rare characters: a name must not be found by chance in texts of the product.
RARE = "翀彧珺翊甯羿昶祎骁奡晗筠璟瑄韬颢"


def thousand_people():
    chance = random.Random(20260302)  # noqa: S311 the same people in each run
    for number in range(1_000):
        name = "".join(chance.choices(RARE, k=4))
        phone = f"1{chance.randrange(30, 99)}{chance.randrange(10**8):08}"
        email = f"someone.{number}.{chance.randrange(10**9)}@example.cn"
        yield f"YS{number}", name, "女士", phone, email, "1988-08-08", f"苏州市{name}街 {number} 号", "苏州"


def test_files_of_the_database_hold_nobody_of_an_imported_list(fresh_database, database_server, tmp_path):
    server, people = database_server.server, list(thousand_people())
    wrong = [(*row[:5], "1988-02-30", *row[6:]) for row in people[:50]]
    wrong = [(f"BAD{row[0]}", *row[1:]) for row in wrong]
    report = run_import(write(tmp_path / "customers.csv", [*people, *wrong]))
    assert report.tally == Tally(created=1_000, rejected=50)
    words = [word for row in people for word in (row[1], row[3], row[4])]
    boss = psycopg.connect(server.url(role="postgres", database="postgres"), autocommit=True)
    with boss:
        boss.execute("CHECKPOINT")
        assert files_with(words, server.data) == []
        # The number that stands in the clear is found, so the others would have been.
        assert files_with(["BADYS49"], server.data) == []
        assert files_with(["YS998"], server.data) != []
    assert found(people[7][3]) == ["YS7"]
    shown = [str(row.name) for row in Person.objects.all()[:3]]
    assert shown == ["***"] * 3


@pytest.mark.django_db
def test_a_mask_never_equals_the_value(tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    from shouyue.customers.people.queries import masked_persons

    fields = ("name", "phone", "email", "address", "born_on", "title")
    for row in masked_persons([who("YS1"), who("YS2")], fields).values():
        values = [getattr(row, name) for name in fields]
        assert [str(value) for value in values if value and str(value) == str(value.plain)] == []
    wang = masked_persons([who("YS1")], fields)[who("YS1")]
    shown = [str(getattr(wang, name)) for name in fields]
    assert shown == ["王*", "138****6621", "w***@e*.cn", "苏州市 ***", "05-17", "***"]
