"""Two processes read of everybody what one would read, and leave nothing running."""

import multiprocessing
from datetime import UTC, datetime
from uuid import UUID, uuid5

import pyarrow as pa
import pytest

from shouyue.customers.duplicates.queries.everybody import HalfLostError, tables_of_everybody
from shouyue.customers.linking.public import joined
from shouyue.customers.linking.rules.generated import people
from shouyue.customers.people.public import Known
from shouyue.customers.public import Customer, record_people
from shouyue.store.keys import made_key
from shouyue.store.pinyin import readings

AT = datetime(2026, 3, 1, tzinfo=UTC)
SPACE = UUID("0a4c8f6e-57b0-5f7e-9a35-6b7f1f2f6a10")


@pytest.fixture
def everybody(fresh_database) -> int:
    told = {}
    for place, row in enumerate(people(300, 5, read=readings)):
        who = uuid5(SPACE, str(place))
        Customer.objects.create(id=who, kind="person", source="test", source_key=str(place))
        told[who] = Known(row.name, row.title, row.phones, row.emails, row.address, row.born_on)
    record_people(told, at=AT)
    return len(told)


def in_order(*, many: int) -> pa.Table:
    return joined(list(tables_of_everybody(many=many))).sort_by("unique_id")


def test_two_processes_read_what_one_reads(everybody: int):
    alone = in_order(many=everybody + 1)
    assert alone.num_rows == everybody
    assert in_order(many=everybody).equals(alone)
    assert multiprocessing.active_children() == []


def test_a_half_that_could_not_be_read_is_never_left_out_in_silence(everybody: int, monkeypatch):
    monkeypatch.setenv("SHOUYUE_KEYS", made_key())  # the other process cannot open anything
    with pytest.raises(HalfLostError):
        in_order(many=everybody)
    assert multiprocessing.active_children() == []


def test_who_stops_early_leaves_no_process_behind(everybody: int):
    tables = tables_of_everybody(many=everybody)
    next(tables)
    tables.close()
    assert multiprocessing.active_children() == []
