"""Questions as the answer page shows them, in the reader's language, with what was said so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouyue.surveys.questionnaires.rules.questions import MATRIX_MARKS, Answer, Question, asked
from shouyue.surveys.questionnaires.rules.wording import Piece, pieces, worded

_SATISFIED = (
    _("very dissatisfied"),
    _("dissatisfied"),
    _("neither"),
    _("satisfied"),
    _("very satisfied"),
)
# Words at both ends of a scale.
_ENDS = {
    "satisfaction": (_SATISFIED[0], _SATISFIED[-1]),
    "nps": (_("not at all likely"), _("extremely likely")),
    "ces": (_("very difficult"), _("very easy")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. name, value: of its control; hint: what the mark means, where it has a word."""

    name: str
    value: str
    words: str
    is_chosen: bool
    hint: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Shown:
    """A question on the page. place: from 1. fault: why the answer was refused, in words; "" for none."""

    question: Question
    pieces: list[Piece]
    answer: Answer | None
    is_asked: bool
    fault: str
    place: int

    @cached_property
    def options(self) -> list[Option]:
        """The marks of a scale, or the choices."""
        one = self.question
        if one.marks:
            hints = _SATISFIED if one.kind == "satisfaction" else ("",) * len(one.marks)
            return [
                Option(one.code, str(mark), str(mark), mark == self.answer, str(hint))
                for mark, hint in zip(one.marks, hints, strict=True)
            ]
        chosen = self.answer if isinstance(self.answer, list) else [self.answer]
        return [
            Option(one.code, choice.code, worded(choice, _language()), choice.code in chosen, picture=choice.picture)
            for choice in one.choices
        ]

    @cached_property
    def rows(self) -> list[tuple[str, str, list[Option]]]:
        """Of a matrix and a ranking: field name, words and the marks or places of each row."""
        one = self.question
        if one.kind == "matrix":
            given = self.answer if isinstance(self.answer, dict) else {}
            steps: Sequence[int] = MATRIX_MARKS
        else:
            ranks = self.answer if isinstance(self.answer, list) else []
            given = {code: place for place, code in enumerate(ranks, start=1)}
            steps = range(1, len(one.choices) + 1)
        hints = _SATISFIED if one.kind == "matrix" else ("",) * len(steps)
        return [
            (
                f"{one.code}:{choice.code}",
                worded(choice, _language()),
                [
                    Option(f"{one.code}:{choice.code}", str(step), str(step), given.get(choice.code) == step, str(hint))
                    for step, hint in zip(steps, hints, strict=True)
                ],
            )
            for choice in one.choices
        ]

    @property
    def ends(self) -> tuple[str, str] | None:
        found = _ENDS.get("satisfaction" if self.question.kind == "matrix" else self.question.kind)
        return (str(found[0]), str(found[1])) if found else None

    @property
    def words(self) -> str:
        return "".join(piece.words for piece in self.pieces)

    @property
    def among(self) -> str:
        return " ".join(self.question.among)


def shown(
    questions: Sequence[Question], answers: Mapping[str, Answer], faults: Mapping[str, str] | None = None
) -> list[Shown]:
    """Every question in order, also those that these answers do not lead to. faults: why, by question."""
    are_asked = {one.code for one in asked(questions, answers)}
    return [
        Shown(
            question=one,
            pieces=pieces(one, questions, answers, _language()),
            answer=answers.get(one.code),
            is_asked=one.code in are_asked,
            fault=(faults or {}).get(one.code, ""),
            place=place,
        )
        for place, one in enumerate(questions, start=1)
    ]


def _language() -> str:
    return get_language() or "zh-hans"
