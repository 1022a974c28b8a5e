"""Answers as programs write them in JSON, read as a form would send them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from shouyue.surveys.questionnaires.rules.questions import Question
from shouyue.surveys.questionnaires.rules.saying import AnswerRefusedError

# A mark, a number or a day; choices, or a ranking from its first place; the marks of a matrix by row; null: taken back.
Value: TypeAlias = int | str | list[str] | dict[str, int] | None


def told_by(questions: Sequence[Question], values: Mapping[str, Value]) -> dict[str, list[str]]:
    """What a form would have sent. Raises AnswerRefusedError: unknown_question (a file's too), unknown_shape."""
    known = {one.code: one for one in questions if one.kind != "file"}
    told = {}
    for code, value in values.items():
        if code not in known:
            raise AnswerRefusedError(code, "unknown_question")
        told[code] = _said(known[code], value)
    return told


def _said(question: Question, value: Value) -> list[str]:
    if value is None:
        return []
    if isinstance(value, dict) == (question.kind == "matrix"):
        if isinstance(value, dict):
            return [f"{row}={mark}" for row, mark in value.items()]
        if isinstance(value, list) == (question.kind in ("multi", "ranking")):
            if not isinstance(value, list):
                return [str(value)]
            is_ranking = question.kind == "ranking"
            return [f"{code}={place}" for place, code in enumerate(value, start=1)] if is_ranking else value
    raise AnswerRefusedError(question.code, "unknown_shape")
