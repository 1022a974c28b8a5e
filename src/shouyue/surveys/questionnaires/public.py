"""The door of the questionnaires, inside the wing."""

from shouyue.surveys.questionnaires.actions import ensure_questionnaire, ensure_template
from shouyue.surveys.questionnaires.models import Picture, Questionnaire
from shouyue.surveys.questionnaires.queries import askable, questions_of
from shouyue.surveys.questionnaires.rules.questions import Answer, Question, asked, is_detractor
from shouyue.surveys.questionnaires.rules.saying import AnswerRefusedError, answer_of, missing, told_of
from shouyue.surveys.questionnaires.rules.scoring import counted_mark, counted_questions
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES
from shouyue.surveys.questionnaires.rules.wording import worded
from shouyue.surveys.questionnaires.showing import shown

__all__ = [
    "TEMPLATES",
    "Answer",
    "AnswerRefusedError",
    "Picture",
    "Question",
    "Questionnaire",
    "answer_of",
    "askable",
    "asked",
    "counted_mark",
    "counted_questions",
    "ensure_questionnaire",
    "ensure_template",
    "is_detractor",
    "missing",
    "questions_of",
    "shown",
    "told_of",
    "worded",
]
