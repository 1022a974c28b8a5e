"""What counts as an answer to a question, and what is still missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from shouyue.surveys.questionnaires.rules.questions import MATRIX_MARKS, Answer, Question, asked

WORDS_MAX = 2000


class AnswerRefusedError(ValueError):
    """An answer does not fit its question. reason: off_scale, unknown_choice, not_number, not_day, too_long, twice."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason


def answer_of(question: Question, told: Sequence[str]) -> Answer | None:
    """The answer in what a form sends; None when nothing was said. Raises AnswerRefusedError.

    A matrix sends "row=mark" for each row that was answered, a ranking "choice=place" for each choice that has a
    place; places are 1, 2, … without gaps. A file sends the number under which it was kept.
    """
    said = [word.strip() for word in told if word.strip()]
    if not said:
        return None
    return _READERS.get(question.kind, _mark)(question, said)


def missing(questions: Sequence[Question], answers: Mapping[str, Answer]) -> list[str]:
    """Codes of the required questions that are asked and not answered, or not in full."""
    return [one.code for one in asked(questions, answers) if one.is_required and _lacks(one, answers.get(one.code))]


def fields_of(question: Question) -> list[str]:
    """The names under which a form sends the answer: one for each row of a matrix and each choice of a ranking."""
    if question.kind in ("matrix", "ranking"):
        return [f"{question.code}:{choice.code}" for choice in question.choices]
    return [question.code]


def told_of(questions: Sequence[Question], said: Callable[[str], Sequence[str]]) -> dict[str, list[str]]:
    """What a form sent, by question. said: the values of a field's name, none where it was not sent."""
    told: dict[str, list[str]] = {}
    for one in questions:
        if one.kind in ("matrix", "ranking"):
            parts = [(choice.code, said(f"{one.code}:{choice.code}")) for choice in one.choices]
            told[one.code] = [f"{code}={values[0]}" for code, values in parts if values and values[0].strip()]
        else:
            told[one.code] = list(said(one.code))
    return told


def _lacks(question: Question, answer: Answer | None) -> bool:
    return answer is None or (isinstance(answer, dict) and len(answer) < len(question.choices))


def _one_of(question: Question, said: Sequence[str]) -> Answer:
    return _known(question, said[:1])[0]


def _some_of(question: Question, said: Sequence[str]) -> Answer:
    return sorted(set(_known(question, said)))


def _ranks(question: Question, said: Sequence[str]) -> Answer:
    places = _pairs(question, said)
    if len(set(places.values())) < len(places):
        raise AnswerRefusedError(question.code, "twice")
    if any(not 1 <= place <= len(question.choices) for place in places.values()):
        raise AnswerRefusedError(question.code, "off_scale")
    # Places with gaps keep their order: whoever ranks the first and the third means the first and the second.
    return sorted(places, key=lambda code: places[code])


def _marks_of_rows(question: Question, said: Sequence[str]) -> Answer:
    marks = _pairs(question, said)
    if any(mark not in MATRIX_MARKS for mark in marks.values()):
        raise AnswerRefusedError(question.code, "off_scale")
    return marks


def _words(question: Question, said: Sequence[str]) -> Answer:
    if len(said[0]) > WORDS_MAX:
        raise AnswerRefusedError(question.code, "too_long")
    return said[0]


def _day(question: Question, said: Sequence[str]) -> Answer:
    try:
        return date.fromisoformat(said[0]).isoformat()
    except ValueError:
        raise AnswerRefusedError(question.code, "not_day") from None


def _mark(question: Question, said: Sequence[str]) -> Answer:
    mark = _whole(question, said[0])
    if question.marks and mark not in question.marks:
        raise AnswerRefusedError(question.code, "off_scale")
    return mark


def _pairs(question: Question, said: Sequence[str]) -> dict[str, int]:
    pairs = [word.rpartition("=") for word in said]
    _known(question, [code for code, _sign, _mark in pairs])
    return {code: _whole(question, mark) for code, _sign, mark in pairs}


def _known(question: Question, codes: Sequence[str]) -> Sequence[str]:
    if not set(codes) <= {choice.code for choice in question.choices}:
        raise AnswerRefusedError(question.code, "unknown_choice")
    return codes


def _whole(question: Question, word: str) -> int:
    digits = word.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise AnswerRefusedError(question.code, "not_number")
    return int(word)


_READERS: dict[str, Callable[[Question, Sequence[str]], Answer]] = {
    "single": _one_of,
    "image": _one_of,
    "multi": _some_of,
    "ranking": _ranks,
    "matrix": _marks_of_rows,
    "text": _words,
    "file": _words,
    "date": _day,
}
