"""The door of the answers, inside the wing."""

from shouyue.surveys.answers.actions.importing import OLIST_ANSWERS, PLAIN_ANSWERS
from shouyue.surveys.answers.actions.recording import AnswerRow, AnswerSource, record_answers, record_in_wave
from shouyue.surveys.answers.facts import AnswersImported, AnswersRecorded
from shouyue.surveys.answers.models import Invitation, Response, Wave, WaveKind
from shouyue.surveys.answers.queries import QuarterAnswers, answers_by_quarter

__all__ = [
    "OLIST_ANSWERS",
    "PLAIN_ANSWERS",
    "AnswerRow",
    "AnswerSource",
    "AnswersImported",
    "AnswersRecorded",
    "Invitation",
    "QuarterAnswers",
    "Response",
    "Wave",
    "WaveKind",
    "answers_by_quarter",
    "record_answers",
    "record_in_wave",
]
