"""The one mark that an answer counts with: of the questions that its measure speaks of, the lowest.

So an answer is kept by a measure (one of the two highest grades) exactly when it is by every question that counts.
"""

from collections.abc import Mapping, Sequence

from shouyue.surveys.questionnaires.rules.questions import Answer, Question

SATISFACTION, LOYALTY = "satisfaction", "loyalty_survey"
# As the definition in the register says it: who would buy again and would recommend.
_LOYAL = ("repurchase", "recommend")


def counted_questions(measure: str, questions: Sequence[Question]) -> list[Question]:
    """The questions whose marks count: those of loyalty for its survey, else the first about satisfaction."""
    graded = [one for one in questions if one.kind == "satisfaction"]
    return [one for one in graded if one.code in _LOYAL] if measure == LOYALTY else graded[:1]


def counted_mark(measure: str, questions: Sequence[Question], answers: Mapping[str, Answer]) -> int | None:
    """The lowest mark of the questions that count; None where one of them has none."""
    marks = [answers.get(one.code) for one in counted_questions(measure, questions)]
    numbers = [mark for mark in marks if isinstance(mark, int)]
    return min(numbers) if numbers and len(numbers) == len(marks) else None


def is_countable(measure: str, questions: Sequence[Question]) -> bool:
    """Whether every question that the measure speaks of is there, asked of everybody and required."""
    wanted = len(_LOYAL) if measure == LOYALTY else 0
    found = counted_questions(measure, questions)
    return len(found) >= wanted and all(one.is_required and not one.after for one in found if measure == LOYALTY)
