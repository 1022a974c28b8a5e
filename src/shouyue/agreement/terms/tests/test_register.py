"""The contract's own tables fit together, and a table that does not is refused."""

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.terms.register import template
from shouyue.agreement.terms.rules.targets import threshold_fraction
from shouyue.agreement.terms.rules.template import TemplateError, parent_number, read_template

CHAPTERS = {
    1: 2, 2: 2, 3: 2, 4: 4, 5: 4, 6: 2, 7: 2, 8: 2, 9: 2, 10: 2, 11: 2, 12: 2, 13: 2, 14: 2,
}  # fmt: skip


def _small() -> dict[str, Any]:
    return {
        "name": "small",
        "title_zh": "小合同",
        "title_en": "Small",
        "months": 3,
        "phases": [
            {"clause": "1.1", "first_month": 1, "last_month": 3, "title_zh": "一", "title_en": "one",
             "must_finish_zh": "完", "must_finish_en": "done"},
        ],
        "clauses": [
            {"number": "1", "title_zh": "一", "title_en": "one"},
            {"number": "1.1", "title_zh": "一", "title_en": "one"},
        ],
        "obligations": [
            {"code": "kept", "clause": "1.1", "title_zh": "守", "title_en": "kept", "owner": "a",
             "cadence": "quarterly", "measure": "kept_share",
             "target": {"threshold_bp": 9000, "alpha_bp": 0, "decision_rule": "census"}},
        ],
        "definitions": [
            {"measure": "kept_share", "title_zh": "守", "title_en": "kept", "text_zh": "守", "text_en": "kept",
             "parameters": {}},
        ],
    }  # fmt: skip


def test_every_clause_of_the_contract_is_registered() -> None:
    clauses = template("one_year").clauses
    numbers = [clause.number for clause in clauses]
    assert [number for number in numbers if "." not in number] == [str(chapter) for chapter in CHAPTERS]
    expected = [f"{chapter}.{part}" for chapter, parts in CHAPTERS.items() for part in range(1, parts + 1)]
    assert [number for number in numbers if "." in number and "(" not in number] == expected
    items = {number for number in numbers if "(" in number}
    assert {"4.1(2)", "4.3(1)", "5.1(2)", "6.2(4)", "8.1(1)", "8.1(2)", "8.1(3)"} <= items


def test_every_clause_has_words_in_both_languages() -> None:
    shape = template("one_year")
    parents = {parent_number(clause.number) for clause in shape.clauses}
    for clause in shape.clauses:
        is_heading = clause.number in parents
        assert bool(clause.text_zh) is not is_heading, clause.number
        assert bool(clause.text_en) is not is_heading, clause.number
        assert "" not in (clause.title_zh, clause.title_en), clause.number


def test_the_two_thresholds_stand_where_the_contract_puts_them() -> None:
    duties = {duty.measure: duty for duty in template("one_year").obligations if duty.measure}
    found = {
        measure: (duties[measure].owner, duties[measure].also_in, duties[measure].target.threshold_bp)  # type: ignore[union-attr]  # a measure has a target
        for measure in ("satisfaction", "repurchase", "retention", "loyalty_survey")
    }
    assert found == {
        "satisfaction": ("a", ("8.1(1)",), 9000),
        "repurchase": ("b", ("8.1(2)",), 8000),
        "retention": ("b", ("8.1(2)",), 8000),
        "loyalty_survey": ("b", ("8.1(2)",), 8000),
    }


def test_duties_of_clause_four_are_of_party_a_and_those_of_five_of_party_b() -> None:
    owners: dict[str, set[str]] = {"4": set(), "5": set()}
    for duty in template("one_year").obligations:
        if (chapter := duty.clause.split(".")[0]) in owners:
            owners[chapter].add(duty.owner)
    assert owners == {"4": {"a"}, "5": {"b", "both"}}


def test_a_small_contract_is_read() -> None:
    shape = read_template(_small())
    assert [duty.code for duty in shape.obligations] == ["kept"]
    assert shape.obligations[0].rhythm.anchor == "calendar"


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("clauses", 1, "number"), "2.1", "before the clause it stands under"),
        (("clauses", 1, "number"), "1.x", "not a clause number"),
        (("clauses", 1, "number"), "1", "there 2 times"),
        (("clauses", 1, "titel"), "x", "not as it should be"),
        (("obligations", 0, "clause"), "9.9", "no clause 9.9"),
        (("obligations", 0, "also_in"), ["7.7"], "no clause 7.7"),
        (("obligations", 0, "cadence"), "weekly", "unknown cadence"),
        (("obligations", 0, "first_month"), 4, "after the term"),
        (("obligations", 0, "measure"), "other", "needs one obligation and one definition"),
        (("obligations", 0, "target"), None, "both a measure and a target"),
        (("phases", 0, "first_month"), 2, "does not begin"),
        (("phases", 0, "last_month"), 2, "cover 2 months of 3"),
    ],
)
def test_a_contradiction_is_refused_by_name(place: tuple[str, int, str], value: object, words: str) -> None:
    wrong = copy.deepcopy(_small())
    table, index, key = place
    wrong[table][index][key] = value
    with pytest.raises(TemplateError, match=words):
        read_template(wrong)


@pytest.mark.parametrize("name", ["missing", "../one_year", ""])
def test_a_contract_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(TemplateError, match="no contract"):
        template(name)


@given(basis_points=st.integers(0, 10_000))
def test_a_threshold_is_exact(basis_points: int) -> None:
    assert threshold_fraction(basis_points) * 10_000 == basis_points


def test_thresholds_compare_without_floats() -> None:
    assert threshold_fraction(9000) == Fraction(9, 10)
    assert Fraction(27, 30) >= threshold_fraction(9000) > Fraction(8999, 10_000)
    with pytest.raises(ValueError, match="basis points"):
        threshold_fraction(10_001)
