"""What may be shown of an anonymous wave: no count of fewer people than CELL_MIN, nor anything it follows from.

A reader knows more than the cells that are shown: how many answered each question, how many are satisfied (the
verdict says it), and how many an answer led on to a later question. So each question's cells fall into groups whose
sums are known; within each group the small cells are hidden together with others, until the rest gives none away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shouyue.kernel.shares import share_interval
from shouyue.surveys.estimates.rules.cells import CELL_MIN, hidden_cells
from shouyue.surveys.questionnaires.rules.questions import Question
from shouyue.surveys.results.rules.summaries import Line, QuestionSummary


@dataclass(frozen=True, slots=True)
class Sheltered:
    """summaries: what is left of them. texts: questions whose free words may be shown."""

    summaries: list[QuestionSummary]
    texts: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether nothing had to be hidden."""
        return not any(one.is_hidden or any(line.is_hidden for line in one.lines) for one in self.summaries)


def sheltered(
    summaries: Sequence[QuestionSummary],
    *,
    outcome: str,
    satisfied_from: int,
    texts: Sequence[tuple[Question, int]] = (),
) -> Sheltered:
    """Hide what would show few. summaries: in the order of the questions. texts: questions for words, with how many.

    outcome: the question of the verdict, whose marks from `satisfied_from` on are counted in it.
    """
    counts = {one.question.code: {line.code: line.count for line in one.lines} for one in summaries}
    groups = {code: [set(cells)] for code, cells in counts.items()}
    if outcome in counts:
        low = {code for code in counts[outcome] if int(code) < satisfied_from}
        groups[outcome] = [low, set(counts[outcome]) - low]
    shown: set[str] = set()
    asked = [*((one.question, one.answers) for one in summaries), *texts]
    for question, answers in asked:
        if answers >= CELL_MIN and _may_tell(question, groups, counts, shown, summaries):
            shown.add(question.code)
    return Sheltered(
        [_left(one, groups[one.question.code]) if one.question.code in shown else _hidden(one) for one in summaries],
        {question.code for question, _answers in texts if question.code in shown},
    )


def _may_tell(
    question: Question,
    groups: dict[str, list[set[str]]],
    counts: Mapping[str, Mapping[str, int]],
    shown: set[str],
    summaries: Sequence[QuestionSummary],
) -> bool:
    """Whether the number of its answers may be known; if so, what it tells of the question before it is noted."""
    first = next((one for one in summaries if one.question.code == question.after), None)
    if first is None:
        return not question.after
    code = question.after
    if code not in shown:
        return False
    through = _leading(question, first.question)
    if first.question.kind == "multi":
        return not through & _small_choices(first)
    split = [(group & through, group - through) for group in groups[code]]
    news = [part for parts in split if all(parts) for part in parts]
    if any(0 < sum(counts[code][cell] for cell in part) < CELL_MIN for part in news):
        return False
    groups[code] = [part for parts in split for part in parts if part]
    return True


def _leading(question: Question, first: Question) -> set[str]:
    """The answers to the first question after which this one is asked."""
    if first.marks:
        return {str(mark) for mark in first.marks if question.least <= mark <= question.most}
    return set(question.among)


def _left(one: QuestionSummary, groups: Sequence[set[str]]) -> QuestionSummary:
    rows = [row for row in one.rows if row.answers >= CELL_MIN]
    hidden = _small_choices(one) if one.question.kind == "multi" else _small_cells(one, groups)
    if not hidden:
        return replace(one, rows=rows)
    nothing = share_interval(0, 1)
    lines = [Line(line.code, 0, 0.0, nothing, is_hidden=True) if line.code in hidden else line for line in one.lines]
    # A mean of marks and its count would give one hidden cell after the other.
    return replace(one, lines=lines, rows=rows, mean=None, nps=None, nps_error=None)


def _small_cells(one: QuestionSummary, groups: Sequence[set[str]]) -> set[str]:
    counts = {line.code: line.count for line in one.lines}
    hidden: set[str] = set()
    for group in groups:
        cells = {code: counts[code] for code in group}
        if 0 < sum(cells.values()) < CELL_MIN:
            hidden |= group  # empty ones too: they would tell which of the few it is
        else:
            hidden |= hidden_cells(cells)
    return hidden


def _small_choices(one: QuestionSummary) -> set[str]:
    """Choices that few made, or all but few; the others do not tell how many, for each may choose several."""
    return {line.code for line in one.lines if 0 < line.count < CELL_MIN or 0 < one.answers - line.count < CELL_MIN}


def _hidden(one: QuestionSummary) -> QuestionSummary:
    """Of a question that waits on another one nobody is told either that it was asked of none."""
    return QuestionSummary(one.question, 0, is_hidden=one.answers > 0 or bool(one.question.after))
