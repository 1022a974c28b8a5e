"""Margins as they are entered: what is taken, what is refused and why, and what freezes them."""

import hashlib
from fractions import Fraction

import pytest

from shouyue.surveys.weights.rules.margins import (
    Margins,
    MarginsError,
    Problem,
    checked,
    margins_from,
    margins_hash,
    pasted,
)

KNOWN = {"kind": ["company", "person"], "region": ["", "南京", "苏州"]}
VALUES = {"region": {"苏州": "60.5", "": "9.4", "南京": "30.1"}, "kind": {"person": "90", "company": "10"}}


def refused(values, unit="percent", known=KNOWN) -> tuple[Problem, ...]:
    with pytest.raises(MarginsError) as refusal:
        checked(values, unit, known)
    return refusal.value.problems


def test_margins_are_kept_as_entered_and_read_back_the_same() -> None:
    margins = checked(VALUES, "percent", KNOWN)
    assert margins == Margins(
        unit="percent",
        values=(
            ("kind", (("company", "10"), ("person", "90"))),
            ("region", (("", "9.4"), ("南京", "30.1"), ("苏州", "60.5"))),
        ),
        largest_times=5,
    )
    assert margins_from(margins.stored()) == margins
    assert margins_from({}) is None
    assert margins.shares()["region"]["苏州"] == Fraction(605, 1000)


def test_rounded_percentages_are_scaled_to_the_whole() -> None:
    thirds = {"region": {"": "33.3", "南京": "33.3", "苏州": "33.3"}}
    margins = checked(thirds, "percent", {"region": KNOWN["region"]})
    assert set(margins.shares()["region"].values()) == {Fraction(1, 3)}
    thirds["region"][""] = "33.1"
    assert refused(thirds, known={"region": KNOWN["region"]}) == (Problem("percent_sum", "region", None, "99.7"),)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"苏州": ""}, Problem("missing", "region", "苏州")),
        ({"苏州": "-60.5"}, Problem("positive", "region", "苏州", "-60.5")),
        ({"苏州": "0"}, Problem("positive", "region", "苏州", "0")),
        ({"苏州": "1e3"}, Problem("number", "region", "苏州", "1e3")),
        ({"苏州": "1/2"}, Problem("number", "region", "苏州", "1/2")),
        ({"苏州": "６０"}, Problem("number", "region", "苏州", "６０")),
        ({"无锡": "1"}, Problem("unknown", "region", "无锡", "1")),
    ],
)
def test_a_category_that_cannot_be_so_is_named(changed, problem) -> None:
    assert refused({**VALUES, "region": {**VALUES["region"], **changed}}) == (problem,)


def test_counts_of_all_attributes_are_of_the_same_people() -> None:
    counts = {"region": {"": "10", "南京": "30", "苏州": "60"}, "kind": {"person": "90", "company": "10"}}
    assert checked(counts, "count", KNOWN).shares()["region"]["南京"] == Fraction(3, 10)
    counts["region"][""] = "11"
    assert refused(counts, "count") == (Problem("count_sum", "", sums=(("kind", "100"), ("region", "101"))),)


def test_an_attribute_of_too_many_categories_is_refused() -> None:
    assert refused({}, known={"region": [str(n) for n in range(41)]}) == (Problem("many", "region", None, "41"),)


def test_lines_of_a_spreadsheet_are_read_by_the_readers_words() -> None:
    words = {"地区": "region", "region": "region"}
    categories = {"region": {"苏州": "苏州", "未知": ""}}
    assert pasted("地区\t苏州\t1,060.5%\nRegion\t 未知 \t9\n\n", words, categories) == {
        "region": {"苏州": "1060.5", "": "9"}
    }
    with pytest.raises(MarginsError) as refusal:
        pasted("地区\t苏州\t1\n地区\t苏州\t2\n地区\t无锡\t3\n城市\t苏州\t4\n地区 苏州 5", words, categories)
    assert refusal.value.problems == (
        Problem("twice", "region", "苏州", "2"),
        Problem("unknown", "region", "无锡", "3"),
        Problem("line", "", None, "城市\t苏州\t4"),
        Problem("line", "", None, "地区 苏州 5"),
    )


def test_the_hash_covers_margins_and_everybodys_categories() -> None:
    margins = checked({"kind": VALUES["kind"]}, "percent", {"kind": KNOWN["kind"]})
    text = "percent\t5\nkind\tcompany\t10\nkind\tperson\t90\na1\tperson\nb2\tcompany\n"
    assert margins_hash(margins, {"b2": ["company"], "a1": ["person"]}) == hashlib.sha256(text.encode()).hexdigest()
