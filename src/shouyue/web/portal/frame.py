"""The frame of the portal: rooms add tabs, cards of the first page, and who a customer is, at start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

TABS_MAX: Final = 5  # more do not fit 360 px with fingers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab. order: smaller stands further left; leave gaps of ten. url_name: reversed without arguments."""

    order: int
    label: str | Promise
    url_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card of the first page. context: what `template` shows of this customer as `card`; None: no card.

    is_head: it stands in place of the plain member card, above all others.
    """

    name: str
    order: int
    template: str
    context: Callable[[UUID], Mapping[str, Any] | None]
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Who a customer is, as the portal greets them.

    name: in full, for themself alone; masked_name: for whoever shares their phone. "" where it is not known.
    number, masked_number: their customer number. since: when they were first seen.
    """

    name: str = ""
    masked_name: str = ""
    number: str
    masked_number: str
    since: datetime | None = None


Faces = Callable[[Sequence[UUID]], Mapping[UUID, Face]]
_tabs: dict[str, Tab] = {}
_cards: dict[str, Card] = {}
_faces: list[Faces] = []


def add_tab(tab: Tab) -> None:
    """Put a tab on the bar. Called from AppConfig.ready; adding the same address again replaces it."""
    _tabs[tab.url_name] = tab


def add_card(card: Card) -> None:
    """Put a card on the first page. Called from AppConfig.ready; the same name again replaces it."""
    _cards[card.name] = card


def know_faces(faces: Faces) -> None:
    """Say who customers are: for a batch of ids, in a fixed number of queries. The last one that is given answers."""
    _faces[:] = [faces]


def faces_of(customers: Sequence[UUID]) -> dict[UUID, Face]:
    """The face of each customer, in the order asked; who is not known gets a part of the id for a number."""
    known = _faces[0](customers) if _faces else {}
    return {who: known.get(who) or _stranger(who) for who in customers}


def cards_of(customer: UUID, *, is_head: bool = False) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and content of each card for a customer, from top to bottom; with is_head what heads the page."""
    chosen = [card for card in _cards.values() if card.is_head is is_head]
    cards = sorted(chosen, key=lambda card: (card.order, card.name))
    return [(card.template, told) for card in cards if (told := card.context(customer)) is not None]


def tabs() -> list[tuple[Tab, str]]:
    """The tabs from left to right, each with its address."""
    seen = sorted(_tabs.values(), key=lambda tab: (tab.order, tab.url_name))
    return [(tab, url) for tab in seen if (url := _address(tab)) is not None][:TABS_MAX]


def _address(tab: Tab) -> str | None:
    try:
        return reverse(tab.url_name)
    except NoReverseMatch:  # the room is installed without screens (a command, a test)
        return None


def _stranger(customer: UUID) -> Face:
    number = str(customer)[-8:].upper()
    return Face(number=number, masked_number=f"****{number[-4:]}")
