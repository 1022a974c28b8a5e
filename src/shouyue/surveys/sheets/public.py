"""The door of the sheets, inside the wing."""

from shouyue.surveys.sheets.actions.answering import send_answers
from shouyue.surveys.sheets.facts import DetractorHeard, SurveyAnswered

__all__ = ["DetractorHeard", "SurveyAnswered", "send_answers"]
