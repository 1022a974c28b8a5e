"""The records of the whole wing, for Django."""

from shouyue.surveys.answers.models import AnswerBox, Invitation, Response, Wave, WaveKind
from shouyue.surveys.questionnaires.models import Picture, Questionnaire
from shouyue.surveys.waves.models import AskingGuard, Sheet, SheetFile, WavePlan

__all__ = [
    "AnswerBox",
    "AskingGuard",
    "Invitation",
    "Picture",
    "Questionnaire",
    "Response",
    "Sheet",
    "SheetFile",
    "Wave",
    "WaveKind",
    "WavePlan",
]
