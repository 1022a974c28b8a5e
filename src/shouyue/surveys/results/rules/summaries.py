"""What was answered to each question: counts, means and scores, with intervals where a share is shown."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

from shouyue.kernel.shares import Interval, share_interval
from shouyue.surveys.estimates.rules.nps import SCORE_MAX, net_promoter_of
from shouyue.surveys.questionnaires.rules.questions import Question

Marks = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One mark or choice. share: of those who answered it; interval: Wilson 95 %. Of a hidden one nothing holds."""

    code: str
    count: int
    share: float
    interval: Interval
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class RowMean:
    """The mean mark of a row of a matrix, or the mean place of a choice in a ranking."""

    code: str
    answers: int
    mean: float


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """lines: for marks and choices; rows: for a matrix and a ranking; mean: of numbers and marks; nps: -1 to 1."""

    question: Question
    answers: int
    lines: list[Line] = field(default_factory=list)
    rows: list[RowMean] = field(default_factory=list)
    mean: float | None = None
    nps: float | None = None
    nps_error: float | None = None
    is_hidden: bool = False


def summarised(questions: Sequence[Question], sheets: Sequence[Marks]) -> list[QuestionSummary]:
    """Of every question but free words, files and days. sheets: the marks of each sheet that was sent."""
    return [
        _summary(one, [marks[one.code] for marks in sheets if one.code in marks])
        for one in questions
        if one.kind not in ("text", "file", "date")
    ]


def driving_marks(
    questions: Sequence[Question], counted: Collection[str], sheets: Sequence[Marks]
) -> dict[str, list[float | None]]:
    """What may drive what is counted: scales that everybody is asked, rows of matrices ("aspects:price")."""
    columns: dict[str, list[float | None]] = {}
    for one in questions:
        if one.code in counted or one.after:
            continue
        if one.marks:
            columns[one.code] = [_number(marks.get(one.code)) for marks in sheets]
        elif one.kind == "matrix":
            for choice in one.choices:
                columns[f"{one.code}:{choice.code}"] = [_cell(marks.get(one.code), choice.code) for marks in sheets]
    # What hardly anybody answered would throw all others' answers away.
    return {name: column for name, column in columns.items() if sum(x is not None for x in column) * 2 >= len(sheets)}


def _summary(one: Question, given: Sequence[object]) -> QuestionSummary:
    if not given:
        return QuestionSummary(one, 0)
    if one.marks:
        marks = [int(str(mark)) for mark in given]
        nps = net_promoter_of(marks) if one.marks[-1] == SCORE_MAX else None
        return QuestionSummary(
            one,
            len(marks),
            _lines(Counter(map(str, marks)), [str(mark) for mark in one.marks], len(marks)),
            mean=mean(marks),
            nps=nps.score if nps else None,
            nps_error=(nps.variance / len(marks)) ** 0.5 if nps else None,
        )
    if one.kind == "number":
        return QuestionSummary(one, len(given), mean=mean(int(str(number)) for number in given))
    codes = [choice.code for choice in one.choices]
    if one.kind in ("matrix", "ranking"):
        return QuestionSummary(one, len(given), rows=_rows(one.kind, codes, given))
    counted = Counter(str(code) for answer in given for code in (answer if isinstance(answer, list) else [answer]))
    return QuestionSummary(one, len(given), _lines(counted, codes, len(given)))


def _lines(counted: Mapping[str, int], codes: Sequence[str], answers: int) -> list[Line]:
    return [
        Line(code, counted.get(code, 0), counted.get(code, 0) / answers, share_interval(counted.get(code, 0), answers))
        for code in codes
    ]


def _rows(kind: str, codes: Sequence[str], given: Sequence[object]) -> list[RowMean]:
    found = []
    for code in codes:
        if kind == "matrix":
            marks = [int(str(answer[code])) for answer in given if isinstance(answer, dict) and code in answer]
        else:
            marks = [answer.index(code) + 1 for answer in given if isinstance(answer, list) and code in answer]
        if marks:
            found.append(RowMean(code, len(marks), mean(marks)))
    return found


def _number(mark: object) -> float | None:
    return float(mark) if isinstance(mark, int) else None


def _cell(answer: object, code: str) -> float | None:
    return _number(answer.get(code)) if isinstance(answer, dict) else None
