"""Why an answer was not taken, in the respondent's words."""

from django.utils.translation import gettext as _


def needed() -> str:
    """For a question that must be answered."""
    return _("Please answer this question.")


def why(reason: str) -> str:
    """reason: of an AnswerRefusedError."""
    words = {
        "off_scale": _("Choose one of the marks that are shown."),
        "unknown_choice": _("Choose one of the answers that are shown."),
        "not_number": _("Write a whole number in digits, such as 12."),
        "not_day": _("Choose a day of the calendar, such as 2026-05-04."),
        "too_long": _("At most 2,000 characters fit here. Please shorten it."),
        "twice": _("Two choices have the same place. Give each place once."),
        "large": _("The file is larger than 4 MB. Choose a smaller one."),
        "not_picture": _("Pictures (JPEG, PNG, WebP) and PDF files are taken. Choose one of these."),
        "unknown_question": _("The wave asks no such question, or it wants a file, which only the answer page takes."),
        "unknown_shape": _("This kind of question is answered by another kind of value."),
    }
    return words[reason]
