"""What a state looks like everywhere: its word, its mark, its colour's name."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    """word: translated. mark: the outline in a box of 10 by 10, different for every state. solid: filled or drawn."""

    name: str
    word: str | Promise
    mark: str
    solid: bool = True


_ROUND = "M5 .5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z"

LOOKS: dict[str, Look] = {
    look.name: look
    for look in (
        Look("met", _("Met"), _ROUND),
        Look("at_risk", _("At risk"), "M5 .8L9.6 9.2H.4z"),
        Look("missed", _("Missed"), "M.8.8h8.4v8.4H.8z"),
        Look(
            "undetermined",
            _("Undetermined"),
            "M5 0a5 5 0 1 1 0 10a5 5 0 1 1 0-10zM5 1.3v7.4a3.7 3.7 0 0 0 0-7.4z",
        ),
        Look("not_due", _("Not due"), "M5 1a4 4 0 1 1 0 8a4 4 0 1 1 0-8z", solid=False),
        Look("not_measured", _("Not measured"), "M1.5 5h7", solid=False),
    )
}
