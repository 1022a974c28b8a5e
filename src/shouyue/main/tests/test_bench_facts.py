"""The measurements of the outbox run, and refuse a database that holds facts."""

import pytest
from django.db import transaction

from shouyue.main.bench import BENCHES
from shouyue.main.bench.facts import NotScratchError
from shouyue.main.bench.line import line
from shouyue.store.facts import announce
from shouyue.store.models import Fact, FactPosition
from shouyue.store.sequencer import sequence_once
from shouyue.store.tests.fact_samples import AT, NoteRead


def test_facts_are_measured_at_the_size_asked_for(fresh_database):
    lines = list(BENCHES["facts"](2000))
    assert {one["bench"] for one in lines} == {"facts"}
    assert [(one["unit"], one["size"]) for one in lines] == [
        ("commits/s", 80),
        ("facts/s", 2000),
        *[("ms", 2000)] * 4,
    ]
    assert all(one["value"] > 0 for one in lines)
    assert (Fact.objects.count(), FactPosition.objects.count()) == (2000, 2000)


def test_a_database_with_facts_is_left_alone(fresh_database):
    with transaction.atomic():
        announce(NoteRead(text="a"), at=AT, by="test")
    sequence_once()
    with pytest.raises(NotScratchError):
        list(BENCHES["facts"](2000))
    assert Fact.objects.count() == 1


@pytest.mark.parametrize(
    ("ratio", "bound", "holds"),
    [
        (None, ("<=", 5.0), True),
        (None, (">=", 5.0), False),
        (6.0, (">=", 5.0), True),
        (6.0, ("<=", 5.0), False),
        (6.0, None, None),
    ],
)
def test_the_verdict_follows_the_bound(ratio, bound, holds):
    made = line("facts", "x", size=1, value=4.0, unit="ms", ratio=ratio, bound=bound)
    assert made["holds"] is holds
