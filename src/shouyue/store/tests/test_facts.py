"""Announcing: in the transaction or not at all, one text, never changed afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from shouyue.kernel.canonical import canonical_json
from shouyue.kernel.merkle import merkle_root
from shouyue.store.facts import FactBase, NoTransactionError, RowsFact, announce
from shouyue.store.models import Fact, FactPosition, PendingFact
from shouyue.store.readers import read_after
from shouyue.store.sequencer import sequence_once
from shouyue.store.tests.fact_samples import AT, NoteRead, NoteTaken

PERMISSION_DENIED = "42501"


def test_announce_outside_a_transaction_is_refused(fresh_database):
    with pytest.raises(NoTransactionError):
        announce(NoteRead(text="a"), at=AT, by="test")
    assert (Fact.objects.count(), PendingFact.objects.count()) == (0, 0)


def test_a_rolled_back_transaction_leaves_no_trace(fresh_database):
    with transaction.atomic():
        announce(NoteRead(text="a"), NoteRead(text="b"), at=AT, by="test")
        assert (Fact.objects.count(), PendingFact.objects.count()) == (2, 2)
        transaction.set_rollback(True)
    assert (Fact.objects.count(), PendingFact.objects.count(), sequence_once()) == (0, 0, 0)


@pytest.mark.django_db
def test_a_reader_gets_what_was_announced():
    customer = uuid4()
    earlier = AT - timedelta(days=2)
    (fact_id,) = announce(NoteRead(subject=customer, occurred_at=earlier, text="伟"), at=AT, by="staff:7")
    sequence_once()
    (fact,) = read_after(0, 10)
    assert (fact.position, fact.id, fact.kind, fact.version) == (1, fact_id, "notes.read", 3)
    assert (fact.subject, fact.payload, fact.actor) == (customer, {"text": "伟"}, "staff:7")
    assert (fact.occurred_at, fact.recorded_at) == (earlier, AT)
    assert fact_id.version == 7


@pytest.mark.django_db
def test_kind_is_the_class_name_and_occurred_at_the_announcement_unless_said():
    announce(NoteTaken(writer=1, number=2), at=AT, by="test")
    fact = Fact.objects.get()
    assert (fact.kind, fact.version, fact.subject_id, fact.occurred_at) == ("NoteTaken", 1, None, AT)


@pytest.mark.django_db
def test_stored_payload_gives_back_its_canonical_text():
    @dataclass(frozen=True, kw_only=True)
    class Mixed(FactBase):
        who: UUID
        when: datetime
        counts: dict[str, int]

    who = UUID(int=7)
    announce(Mixed(who=who, when=AT, counts={"zz": 1, "b": 2**53 - 1}), at=AT, by="test")
    assert canonical_json(Fact.objects.get().payload) == (
        '{"counts":{"b":9007199254740991,"zz":1},'
        '"when":"2026-03-01T04:00:00.000000Z","who":"00000000-0000-0000-0000-000000000007"}'
    )


@pytest.mark.django_db
def test_a_payload_without_one_text_is_refused_before_anything_is_written():
    @dataclass(frozen=True, kw_only=True)
    class Shared(FactBase):
        share: float

    with pytest.raises(TypeError):
        announce(NoteRead(text="a"), Shared(share=0.1), at=AT, by="test")
    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_a_thousand_facts_take_one_statement_and_keep_their_order(django_assert_num_queries):
    notes = [NoteTaken(writer=1, number=number) for number in range(2001)]
    with django_assert_num_queries(3):
        ids = announce(*notes, at=AT, by="test")
    sequence_once(limit=3000)
    placed = read_after(0, 3000)
    assert [fact.payload["number"] for fact in placed] == list(range(2001))
    assert [fact.id for fact in placed] == ids


@pytest.mark.django_db
def test_announcing_nothing_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert announce(at=AT, by="test") == []


@pytest.mark.django_db
def test_a_batch_of_rows_is_one_fact_with_its_root():
    @dataclass(frozen=True, kw_only=True)
    class NotesImported(RowsFact):
        source: str

    rows = [b"one", b"two", b"three"]
    batch = uuid4()
    imported = NotesImported(batch_id=batch, row_count=3, rows_root=merkle_root(rows), source="file")
    announce(imported, at=AT, by="import")
    fact = Fact.objects.get()
    assert fact.kind == "NotesImported"
    assert fact.payload == {
        "batch_id": str(batch),
        "row_count": 3,
        "rows_root": merkle_root(rows),
        "source": "file",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["store_fact", "store_factposition"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {} = {}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "SELECT 1 FROM {} FOR UPDATE",
    ],
)
def test_the_serving_role_can_only_append(table, statement):
    announce(NoteRead(text="a"), at=AT, by="test")
    sequence_once()
    column = {"store_fact": "actor", "store_factposition": "position"}[table]
    with (
        pytest.raises(ProgrammingError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))
    assert refused.value.__cause__.sqlstate == PERMISSION_DENIED
    assert (Fact.objects.count(), FactPosition.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_clock_of_a_fact_is_kept_in_utc():
    announce(NoteRead(text="a"), at=datetime.fromisoformat("2026-03-01T12:00:00+08:00"), by="test")
    assert Fact.objects.get().recorded_at == datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
