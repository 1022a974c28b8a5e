"""Questions: their kinds and which of them are asked after which answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Scales by kind: lowest and highest mark. Each row of a matrix has the scale of satisfaction.
SCALES = {"satisfaction": (1, 5), "nps": (0, 10), "ces": (1, 7)}
MATRIX_MARKS = range(1, 6)
CHOSEN = ("single", "multi", "image", "ranking")
KINDS = (*SCALES, *CHOSEN, "matrix", "number", "date", "text", "file")
# What a later question may depend on.
DECIDING = (*SCALES, "single", "multi", "image")
QUESTIONS_MAX, CHOICES_MAX = 40, 30
Answer = int | str | list[str] | dict[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice, or a row of a matrix. picture: the print of a kept picture, for image questions."""

    code: str
    zh: str
    en: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """after: the question on whose answer this one waits; "": it is always asked.

    A scale lets it through with a mark from `least` to `most`, choices with one of `among`.
    """

    code: str
    kind: str
    zh: str
    en: str
    choices: tuple[Choice, ...] = field(default=())
    is_required: bool = False
    after: str = ""
    most: int = 0
    least: int = 0
    among: tuple[str, ...] = field(default=())

    @property
    def marks(self) -> range:
        """The marks of a scale question, ascending; empty for other kinds."""
        low, high = SCALES.get(self.kind, (0, -1))
        return range(low, high + 1)

    @property
    def needs_choices(self) -> bool:
        return self.kind in CHOSEN or self.kind == "matrix"


class UnaskableError(ValueError):
    """A question cannot be asked. reason: double, kind, choices, after, words, many, counted."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"question {code} cannot be asked: {reason}")
        self.code, self.reason = code, reason


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as they are kept. Raises UnaskableError when they cannot be asked (see checked)."""
    return checked(question_of(row) for row in rows)


def question_of(row: Mapping[str, Any]) -> Question:
    """One question as it is kept, whether it can be asked or not."""
    choices = tuple(Choice(**choice) for choice in row.get("choices", ()))
    return Question(**{**row, "choices": choices, "among": tuple(row.get("among", ()))})


def checked(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Refuses double codes, unknown kinds, choices where there are none or too few, and conditions that never hold."""
    found: dict[str, Question] = {}
    for one in questions:
        if reason := _fault(one, found):
            raise UnaskableError(one.code, reason)
        found[one.code] = one
    return tuple(found.values())


def _fault(one: Question, before: Mapping[str, Question]) -> str:
    if one.code in before:
        return "double"
    if len(before) >= QUESTIONS_MAX:
        return "many"
    if one.kind not in KINDS:
        return "kind"
    if not one.zh.strip() or not one.en.strip():
        return "words"
    codes = [choice.code for choice in one.choices]
    least = 1 if one.kind in ("single", "multi", "matrix") else 2
    is_right = least <= len(set(codes)) == len(codes) <= CHOICES_MAX if one.needs_choices else not codes
    if not is_right:
        return "choices"
    return "after" if one.after and not _can_hold(one, before.get(one.after)) else ""


def _can_hold(one: Question, first: Question | None) -> bool:
    if first is None or first.kind not in DECIDING:
        return False
    if first.marks:
        return any(one.least <= mark <= one.most for mark in first.marks)
    return bool(one.among) and set(one.among) <= {choice.code for choice in first.choices}


def asked(questions: Sequence[Question], answers: Mapping[str, Answer]) -> list[Question]:
    """The questions that these answers lead to, in order. What is not asked leads nowhere."""
    found: list[Question] = []
    open_codes: set[str] = set()
    for one in questions:
        if not one.after or (one.after in open_codes and _leads_to(one, answers.get(one.after))):
            found.append(one)
            open_codes.add(one.code)
    return found


def _leads_to(one: Question, answer: Answer | None) -> bool:
    if isinstance(answer, int):
        return one.least <= answer <= one.most
    chosen = answer if isinstance(answer, list) else [answer]
    return any(code in one.among for code in chosen)


def is_detractor(questions: Sequence[Question], answers: Mapping[str, Answer]) -> bool:
    """Whether somebody should call: dissatisfied (1 or 2 of 5), or would not recommend (0 to 6 of 10)."""
    limits = {"satisfaction": 2, "nps": 6}
    marks = ((one.kind, answers.get(one.code)) for one in questions)
    return any(isinstance(mark, int) and mark <= limits.get(kind, -1) for kind, mark in marks)
