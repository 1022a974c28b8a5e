"""What duplicates say in words, and what they add to My work and to the page of a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouyue.customers.duplicates.models import Match, Merging
from shouyue.customers.duplicates.queries.persons import merges_of
from shouyue.customers.duplicates.queries.reviewing import matches_of, open_matches
from shouyue.store.contributions.work import WorkItem
from shouyue.store.models import Party, Staff
from shouyue.store.registry import Contribution, Reader
from shouyue.web.format import count

Words = str | Promise
COMPARISONS: Final[Mapping[str, Words]] = {
    "name": pgettext_lazy("of a person", "Name"),
    "contact": _("Phone and home"),
    "born": _("Birthday"),
    "email": _("E-mail"),
    "title": _("Title"),
}
_LEVELS: Final[Mapping[tuple[str, str], Words]] = {
    ("name", "same"): _("the same characters"),
    ("name", "sounds"): _("sounds the same"),
    ("name", "masked"): _("one is the masked form of the other"),
    ("name", "one_off"): _("one character differs"),
    ("name", "short"): _("same surname, one record tells no more"),
    ("name", "family"): _("only the surname is the same"),
    ("name", "other"): _("two different names"),
    ("contact", "both"): _("same phone and same home"),
    ("contact", "phone"): _("same phone"),
    ("contact", "home"): _("same home"),
    ("contact", "other"): _("another phone and another home"),
    ("born", "same"): _("same day"),
    ("born", "swapped"): _("day and month are swapped"),
    ("born", "part"): _("two of year, month and day are the same"),
    ("born", "other"): _("two different days"),
    ("email", "same"): _("same address"),
    ("email", "other"): _("two different addresses"),
    ("title", "same"): _("same title"),
    ("title", "other"): _("two different titles"),
}
_NOTHING: Final = _("nothing to compare")
_COUNTED: Final = 1_000
_TIMES_MAX: Final = 1_000_000
_BITS_SHOWN: Final = 20  # a longer bar would say nothing more
_HALF: Final = 100  # of the drawing's width


@dataclass(frozen=True, slots=True)
class Reason:
    """What one comparison says. start, width: of its bar, which grows to the right for one person, else to the left."""

    title: Words
    said: Words
    strength: str
    tone: str
    start: int
    width: int


def reasons(match: Match) -> list[Reason]:
    """Why a pair was proposed: each comparison in words, with what it adds."""
    return [_reason(name, match.evidence.get(name, ""), match.weights.get(name)) for name in COMPARISONS]


def agreements(match: Match) -> list[tuple[Words, Words]]:
    """What agrees, in a line: for lists."""
    told = [(COMPARISONS[name], name, level) for name, level in match.evidence.items() if name in COMPARISONS]
    return [(title, _LEVELS[name, level]) for title, name, level in told if level not in {"", "other", "family"}]


def _reason(name: str, level: str, bits: float | None) -> Reason:
    said = _LEVELS.get((name, level), _NOTHING)
    if bits is None or not level:
        return Reason(COMPARISONS[name], said, "", "quiet", _HALF, 0)
    width = round(min(abs(bits), _BITS_SHOWN) / _BITS_SHOWN * _HALF)
    tone = "jade" if bits > 0 else "seal"
    return Reason(COMPARISONS[name], said, _strength(bits), tone, _HALF if bits > 0 else _HALF - width, width)


def _strength(bits: float) -> str:
    """2 to the power of the bits, rounded to what a reader keeps in mind."""
    times = 2 ** abs(bits)
    if times < 1.5:
        return gettext("says next to nothing")
    shown = count(_rounded(times)) if times <= _TIMES_MAX else f"> {count(_TIMES_MAX)}"
    if bits > 0:
        return gettext("%(times)s times likelier if it is one person") % {"times": shown}
    return gettext("%(times)s times likelier if they are two") % {"times": shown}


def _rounded(times: float) -> int:
    step = int(10 ** max(len(str(round(times))) - 2, 0))
    return round(times / step) * step


def waiting_pairs(reader: Reader, _at: datetime) -> Sequence[WorkItem]:
    """Likely duplicates that nobody decided, as one thing to do; nothing for those who only read."""
    if not isinstance(reader, Staff) or reader.party == Party.AUDITOR:
        return []
    pairs = open_matches().order_by()[: _COUNTED + 1].count()
    if not pairs:
        return []
    title = ngettext(
        "%(pairs)s pair of records may be one person",
        "%(pairs)s pairs of records may be one person each",
        pairs,
    ) % {"pairs": count(pairs) if pairs <= _COUNTED else f"{count(_COUNTED)}+"}
    return [
        WorkItem(
            key="customers.duplicates",
            kind=_("Duplicates"),
            title=title,
            note=_("Merge them, or say that they are two: it can be taken back at any time."),
            url=reverse("customers:duplicates"),
            action=_("Review"),
        )
    ]


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """What waits and what was merged. merges: the newest first."""

    matches: list[Match] = field(default_factory=list)
    merges: list[Merging] = field(default_factory=list)


def _panel(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, tuple[OfCustomer, bool]]:
    found: dict[UUID, OfCustomer] = {}
    for match in matches_of(customers):
        who = match.one_id if match.one_id in customers else match.other_id
        found.setdefault(who, OfCustomer()).matches.append(match)
    for made in merges_of(customers):
        who = made.survivor_id if made.survivor_id in customers else made.merged_id
        found.setdefault(who, OfCustomer()).merges.append(made)
    may_act = isinstance(reader, Staff) and reader.party != Party.AUDITOR
    return {who: (one, may_act) for who, one in found.items()}


DUPLICATES = Contribution(
    name="customers.duplicates",
    order=3,
    title=_("Duplicates"),
    contribute=_panel,
    template="customers/_duplicates.html",
)
