"""The door of the answers, inside the wing."""

from shouyue.surveys.answers.actions.boxing import BoxedAnswer, open_box, put_in_box
from shouyue.surveys.answers.actions.importing import OLIST_ANSWERS, PLAIN_ANSWERS
from shouyue.surveys.answers.actions.recording import AnswerRow, AnswerSource, record_answers, record_in_wave
from shouyue.surveys.answers.facts import AnswersImported, AnswersRecorded
from shouyue.surveys.answers.models import Invitation, Response, Wave, WaveKind
from shouyue.surveys.answers.queries import (
    QuarterAnswers,
    answers_by_quarter,
    boxed_marks,
    boxed_words,
    score_counts,
)

__all__ = [
    "OLIST_ANSWERS",
    "PLAIN_ANSWERS",
    "AnswerRow",
    "AnswerSource",
    "AnswersImported",
    "AnswersRecorded",
    "BoxedAnswer",
    "Invitation",
    "QuarterAnswers",
    "Response",
    "Wave",
    "WaveKind",
    "answers_by_quarter",
    "boxed_marks",
    "boxed_words",
    "open_box",
    "put_in_box",
    "record_answers",
    "record_in_wave",
    "score_counts",
]
