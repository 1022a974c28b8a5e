"""Why a referral waits, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GUARDS: Final[Mapping[str, str | Promise]] = {
    "self": gettext_lazy("the same person"),
    "device": gettext_lazy("the same phone"),
    "address": gettext_lazy("the same address"),
    "payment": gettext_lazy("the same card"),
    "not_new": gettext_lazy("was a customer before"),
    "velocity": gettext_lazy("very many in a short time"),
}


def guard_words(met: Iterable[str]) -> str:
    """What a referral ran into."""
    return _(", ").join(str(GUARDS[one]) for one in met)
