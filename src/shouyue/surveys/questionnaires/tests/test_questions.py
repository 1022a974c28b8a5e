"""Questions: what is an answer, which questions follow, and templates that can be asked as they ship."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.questionnaires.rules.questions import (
    Choice,
    Question,
    asked,
    checked,
    is_detractor,
    read,
)
from shouyue.surveys.questionnaires.rules.saying import AnswerRefusedError, answer_of, missing, told_of
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES
from shouyue.surveys.questionnaires.rules.wording import Piece, pieces, said

SCALE = Question("s", "satisfaction", "满意吗？", "Satisfied?", is_required=True)
WHY = Question("w", "text", "为什么？", "Why?", after="s", most=3)
ONE = Question("o", "single", "哪个？", "Which?", (Choice("a", "甲", "A"), Choice("b", "乙", "B")))


@pytest.mark.parametrize(
    ("question", "told", "answer"),
    [
        (SCALE, [" 5 "], 5),
        (SCALE, [""], None),
        (ONE, ["b"], "b"),
        (Question("m", "multi", "", "", ONE.choices), ["b", "a", "b"], ["a", "b"]),
        (Question("n", "number", "", ""), ["-12"], -12),
        (Question("d", "date", "", ""), ["2026-05-04"], "2026-05-04"),
        (WHY, [" 慢 "], "慢"),
        (Question("i", "image", "", "", ONE.choices), ["a"], "a"),
        (Question("x", "matrix", "", "", ONE.choices), ["a=5", "b=1"], {"a": 5, "b": 1}),
        (Question("k", "ranking", "", "", ONE.choices), ["a=2", "b=1"], ["b", "a"]),
        (Question("k", "ranking", "", "", ONE.choices), ["a=2"], ["a"]),
    ],
)
def test_an_answer_is_read(question: Question, told: list[str], answer: object) -> None:
    assert answer_of(question, told) == answer


@pytest.mark.parametrize(
    ("question", "told", "reason"),
    [
        (SCALE, "0", "off_scale"),
        (SCALE, "five", "not_number"),
        (SCALE, "²", "not_number"),
        (ONE, "c", "unknown_choice"),
        (Question("d", "date", "", ""), "2026-02-30", "not_day"),
        (WHY, "x" * 2001, "too_long"),
        (Question("x", "matrix", "", "", ONE.choices), "a=6", "off_scale"),
        (Question("x", "matrix", "", "", ONE.choices), "c=1", "unknown_choice"),
        (Question("x", "matrix", "", "", ONE.choices), "a=", "not_number"),
        (Question("k", "ranking", "", "", ONE.choices), "a=3", "off_scale"),
    ],
)
def test_what_is_no_answer_says_why(question: Question, told: str, reason: str) -> None:
    with pytest.raises(AnswerRefusedError) as refused:
        answer_of(question, [told])
    assert refused.value.reason == reason


@given(mark=st.integers(1, 5))
def test_a_question_follows_only_its_condition(mark: int) -> None:
    following = asked((SCALE, WHY), {"s": mark})
    assert following == ([SCALE, WHY] if mark <= 3 else [SCALE])


def test_required_questions_are_missed() -> None:
    assert missing((SCALE, WHY), {}) == ["s"]
    assert missing((SCALE, WHY), {"s": 1}) == []


def test_a_matrix_is_answered_once_every_row_is() -> None:
    matrix = Question("x", "matrix", "", "", ONE.choices, is_required=True)
    assert missing((matrix,), {"x": {"a": 5}}) == ["x"]
    assert missing((matrix,), {"x": {"a": 5, "b": 1}}) == []


def test_two_choices_cannot_have_one_place() -> None:
    with pytest.raises(AnswerRefusedError, match="k: twice"):
        answer_of(Question("k", "ranking", "", "", ONE.choices), ["a=1", "b=1"])


def test_a_form_is_read_by_question() -> None:
    sent = {"s": ["4"], "k:a": ["2"], "k:b": ["1"], "other": ["x"]}
    ranking = Question("k", "ranking", "", "", ONE.choices)
    told = told_of((SCALE, ranking, WHY), lambda name: sent.get(name, []))
    assert told == {"s": ["4"], "k": ["a=2", "b=1"], "w": []}


def test_choices_lead_on_and_what_is_not_asked_leads_nowhere() -> None:
    first = Question("f", "multi", "", "", ONE.choices)
    second = Question("g", "satisfaction", "", "", after="f", among=("b",))
    third = Question("h", "text", "", "", after="g", least=1, most=2)
    questions = (first, second, third)
    assert asked(questions, {"f": ["a", "b"], "g": 2}) == [first, second, third]
    assert asked(questions, {"f": ["a"], "g": 2}) == [first]
    assert asked(questions, {"f": ["b"], "g": 3}) == [first, second]


def test_earlier_answers_are_piped_into_later_questions() -> None:
    first = Question("f", "multi", "选哪些？", "Which?", ONE.choices)
    second = Question("g", "text", "为什么是{f}？{later}{h}", "Why {f}?")
    questions = (first, second, Question("h", "text", "甲", "A"))
    found = pieces(second, questions, {"f": ["a", "b"]}, "zh-hans")
    assert found == [Piece("为什么是"), Piece("甲、乙", "f"), Piece("？"), Piece("{later}"), Piece("{h}")]
    assert pieces(second, questions, {}, "en") == [Piece("Why "), Piece("…", "f"), Piece("?")]
    assert said(Question("x", "matrix", "", "", ONE.choices), {"a": 5}, "en") == "A 5"


def test_who_should_be_called() -> None:
    would = Question("r", "nps", "", "")
    assert [is_detractor((SCALE, would), {"s": s, "r": r}) for s, r in ((2, 10), (3, 6), (3, 7))] == [True, True, False]
    assert is_detractor((SCALE, would), {}) is False


def test_shipped_questionnaires_survive_being_kept() -> None:
    for template in TEMPLATES.values():
        assert read(template.rows()) == template.questions
    assert {one.code: one.measure for one in TEMPLATES.values() if one.measure} == {
        "customer_satisfaction": "satisfaction",
        "loyalty": "loyalty_survey",
    }


@pytest.mark.parametrize(
    "questions",
    [
        (SCALE, SCALE),
        (WHY,),
        (Question("o", "single", "甲", "A"),),
        (Question("x", "riddle", "甲", "A"),),
        (Question("i", "image", "甲", "A", ONE.choices[:1]),),
        (SCALE, Question("w", "text", "甲", "A", after="s", least=3, most=2)),
        (ONE, Question("w", "text", "甲", "A", after="o", among=("c",))),
        (Question("d", "number", "甲", "A"), Question("w", "text", "甲", "A", after="d", most=3)),
        (Question("w", "text", " ", "A"),),
    ],
)
def test_what_cannot_be_asked_is_refused(questions: tuple[Question, ...]) -> None:
    with pytest.raises(ValueError, match="question"):
        checked(questions)
