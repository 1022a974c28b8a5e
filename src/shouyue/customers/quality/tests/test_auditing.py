"""An audit from commitment to result, in the database and on screen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.public import Known, record_people
from shouyue.customers.people.tests.test_desk import read
from shouyue.customers.people.tests.test_people import KNOWN, make_customers, who
from shouyue.customers.quality.actions.auditing import (
    AuditOrderError,
    NobodyToDrawError,
    close_audit,
    commit_audit,
    draw_audit,
    note_answers,
)
from shouyue.customers.quality.models import AccuracyAudit, AuditItem
from shouyue.customers.quality.queries.audits import population, results
from shouyue.customers.quality.rules.audit import commitment_of, drawn
from shouyue.store.models import Fact, Staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
SEED = "5e" * 32
SAID = {"name": "王伟鑫", "phone": "138 0000 6621", "email": "wang.wx@example.cn", "address": "苏州市星湖街1号"}


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def people(count: int) -> None:
    numbers = [f"YS{place}" for place in range(count)]
    make_customers(*numbers)
    record_people({who(number): KNOWN for number in numbers}, at=AT)


def committed(size: int = 4) -> AccuracyAudit:
    return commit_audit(month=date(2026, 3, 5), size=size, seed=SEED, by="staff:1", at=AT)


def test_commitment_draw_and_result_are_facts_in_this_order():
    people(10)
    audit = draw_audit(committed().pk, by="staff:1", at=later(1))
    note_answers(audit.pk, 1, SAID)
    note_answers(audit.pk, 2, {**SAID, "phone": "13900000001"})
    note_answers(audit.pk, 3, SAID, was_reached=False)
    closed = close_audit(audit.pk, by="staff:1", at=later(2))
    kinds = list(Fact.objects.filter(kind__in=_KINDS).order_by("id").values_list("kind", flat=True))
    assert kinds == _KINDS
    counts = {one.field: (one.right, one.wrong, one.silent) for one in results(closed)}
    assert counts == {
        "name": (2, 0, 2),
        "phone": (1, 1, 2),
        "email": (2, 0, 2),
        "address": (2, 0, 2),
        "birthday": (0, 0, 4),
        "record": (1, 1, 2),
    }


def test_anyone_can_draw_the_same_sample_from_what_was_announced():
    people(20)
    audit = draw_audit(committed().pk, by="staff:1", at=later(1))
    promised = Fact.objects.get(kind="AuditCommitted").payload
    opened = Fact.objects.get(kind="AuditDrawn").payload
    assert "seed" not in promised
    assert promised["commitment"] == commitment_of(
        audit=str(audit.pk), month=date(2026, 3, 1), size=4, seed=opened["seed"]
    )
    again = drawn(population(later(1)), seed=opened["seed"], size=promised["size"])
    assert [one.customer for one in again] == [
        str(item.customer_id) for item in AuditItem.objects.filter(audit=audit).order_by("place")
    ]


def test_what_is_mended_after_the_draw_does_not_count():
    people(1)
    audit = draw_audit(committed(1).pk, by="staff:1", at=later(1))
    record_people({who("YS0"): Known(phones=("+8613900000001",))}, at=later(2))
    assert note_answers(audit.pk, 1, {"phone": "13900000001"})["phone"] == "wrong"


def test_each_step_happens_once_and_in_its_turn():
    people(6)
    first = committed()
    assert commit_audit(month=date(2026, 3, 20), size=9, seed="00", by="staff:2", at=later(1)).pk == first.pk
    with pytest.raises(AuditOrderError):
        close_audit(first.pk, by="staff:1", at=later(1))
    draw_audit(first.pk, by="staff:1", at=later(1))
    draw_audit(first.pk, by="staff:1", at=later(2))
    assert AuditItem.objects.count() == 4
    close_audit(first.pk, by="staff:1", at=later(3))
    close_audit(first.pk, by="staff:1", at=later(4))
    with pytest.raises(AuditOrderError):
        note_answers(first.pk, 1, SAID)
    assert Fact.objects.filter(kind__in=_KINDS).count() == 3


def test_nobody_is_no_sample():
    with pytest.raises(NobodyToDrawError):
        draw_audit(committed().pk, by="staff:1", at=later(1))
    assert not Fact.objects.filter(kind="AuditDrawn").exists()


@pytest.fixture
def desk(client):
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "抽取样本"), ("en", "Draw the sample")])
def test_a_clerk_audits_on_screen_without_seeing_what_we_have(desk, language, words):
    people(3)
    assert desk.post("/customers/quality/audits/commit", {"size": "2"}).status_code == 302
    audit = AccuracyAudit.objects.get()
    address = f"/customers/quality/audits/{audit.pk}/"
    page = read(desk, address, language)
    assert words in page
    assert audit.seed not in page
    desk.post(f"{address}draw")
    call = read(desk, f"{address}1/", language)
    assert [word for word in ("王伟鑫", "13800006621", "wang.wx", "星湖街", '1990-05-17"') if word in call] == []
    sheet = b"".join(desk.get(f"{address}sheet").streaming_content).decode()
    assert "+8613800006621" in sheet
    assert [word for word in ("王伟鑫", "wang.wx", "星湖街") if word in sheet] == []
    assert desk.post(f"{address}1/", SAID).status_code == 302
    assert desk.post(f"{address}2/", {"unreached": "1"}).status_code == 302
    desk.post(f"{address}close")
    assert "50" in read(desk, address, language)
    assert "100" in read(desk, "/customers/quality/audits/", language)


def test_a_size_that_cannot_be_is_shown_again(desk):
    assert "id_size_error" in read(desk, "/customers/quality/audits/commit", status=422, size="0")


def test_an_auditor_reads_and_does_not_act(client):
    people(2)
    audit = draw_audit(committed(2).pk, by="staff:1", at=later(1))
    client.force_login(Staff.objects.create_user("au@audit.example", name="审计", party="auditor"))
    address = f"/customers/quality/audits/{audit.pk}/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}sheet").status_code == 403
    assert client.get(f"{address}1/").status_code == 403
    assert client.post("/customers/quality/audits/commit", {"size": "2"}).status_code == 403


def test_a_sheet_of_thirty_costs_what_a_sheet_of_one_costs(desk):
    people(31)
    costs = []
    for size, month in ((1, 1), (30, 2)):
        audit = commit_audit(month=date(2026, month, 1), size=size, seed=SEED, by="staff:1", at=AT)
        draw_audit(audit.pk, by="staff:1", at=later(1))
        with CaptureQueriesContext(connection) as spent:
            assert desk.get(f"/customers/quality/audits/{audit.pk}/").status_code == 200
        costs.append(len(spent))
    assert costs[0] == costs[1]


_KINDS = ["AuditCommitted", "AuditDrawn", "AccuracyMeasured"]
