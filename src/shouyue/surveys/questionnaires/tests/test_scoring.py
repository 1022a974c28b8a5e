"""Which mark of an answer counts: the lowest of the questions that the measure speaks of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.satisfaction import satisfied
from shouyue.surveys.questionnaires.rules.scoring import (
    LOYALTY,
    SATISFACTION,
    counted_mark,
    counted_questions,
    is_countable,
)
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES

LOYAL = TEMPLATES["loyalty"].questions
MARKS = st.integers(1, 5)


@given(MARKS, MARKS, MARKS)
def test_an_answer_is_loyal_exactly_when_both_marks_are_high(again, recommend, brand) -> None:
    mark = counted_mark(LOYALTY, LOYAL, {"repurchase": again, "recommend": recommend, "brand": brand})
    assert mark is not None
    assert satisfied(mark, 5) is (again >= 4 and recommend >= 4)


def test_an_answer_without_one_of_the_marks_does_not_count() -> None:
    assert counted_mark(LOYALTY, LOYAL, {"repurchase": 5}) is None
    assert counted_mark(LOYALTY, LOYAL, {"brand": 5}) is None
    assert counted_mark(SATISFACTION, TEMPLATES["customer_satisfaction"].questions, {}) is None


def test_of_other_surveys_the_first_mark_of_satisfaction_counts() -> None:
    for code in ("customer_satisfaction", "product_use", "complaint_closure"):
        template = TEMPLATES[code]
        assert [one.code for one in counted_questions(template.measure, template.questions)] == ["overall"]
        assert counted_mark(template.measure, template.questions, {"overall": 3}) == 3


def test_a_survey_of_loyalty_keeps_what_the_agreement_counts() -> None:
    assert is_countable(LOYALTY, LOYAL)
    assert not is_countable(LOYALTY, [one for one in LOYAL if one.code != "recommend"])
    assert not is_countable(LOYALTY, [replace(one, is_required=False) for one in LOYAL])
    assert is_countable("", [])
