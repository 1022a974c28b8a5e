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
    open_waves,
)

__all__ = [
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
    "drawn_readings",
    "ensure_questionnaire",
    "links_of",
    "open_wave",
    "open_waves",
    "record_answers",
    "send_answers",
]
