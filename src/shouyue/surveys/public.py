"""The door of the surveys room."""

from shouyue.surveys.answers.public import (
    OLIST_ANSWERS,
    PLAIN_ANSWERS,
    AnswerRow,
    AnswersImported,
    AnswerSource,
    answers_by_quarter,
    record_answers,
)
from shouyue.surveys.estimates.public import FIVE_PERCENT, decision_interval
from shouyue.surveys.questionnaires.public import ensure_questionnaire
from shouyue.surveys.sheets.public import SurveyAnswered, send_answers
from shouyue.surveys.waves.public import (
    TRIALS,
    WaveClosed,
    WaveWish,
    close_wave,
    conduct_of,
    drawn_readings,
    links_of,
    open_wave,
)

__all__ = [
    "FIVE_PERCENT",
    "OLIST_ANSWERS",
    "PLAIN_ANSWERS",
    "TRIALS",
    "AnswerRow",
    "AnswerSource",
    "AnswersImported",
    "SurveyAnswered",
    "WaveClosed",
    "WaveWish",
    "answers_by_quarter",
    "close_wave",
    "conduct_of",
    "decision_interval",
    "drawn_readings",
    "ensure_questionnaire",
    "links_of",
    "open_wave",
    "record_answers",
    "send_answers",
]
