"""What rooms offer through the API: routes, scopes, facts. Light: a start pays for no API that it does not serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRoutes:
    """One room's part of the API.

    order: smaller stands higher in the document. router: dotted name of its `ninja.Router`, "" for none.
    scopes: what a key may be allowed, "room:read" or "room:write".
    facts: kinds that webhooks may be sent for, with a sentence marked by gettext_noop for each.
    """

    name: str
    order: int = 50
    router: str = ""
    scopes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


_rooms: dict[str, RoomRoutes] = {}


def add(room: RoomRoutes) -> None:
    """Offer a room's routes. Called from AppConfig.ready; adding the same name again replaces them."""
    _rooms[room.name] = room


def rooms() -> list[RoomRoutes]:
    """Everything offered, in the order of the document."""
    return sorted(_rooms.values(), key=lambda room: (room.order, room.name))


def scopes() -> list[str]:
    """Every scope that a key may have."""
    return [scope for room in rooms() for scope in room.scopes]


def fact_kinds() -> dict[str, str]:
    """Every kind of fact that a webhook may be sent for, with its sentence in English."""
    return {kind: sentence for room in rooms() for kind, sentence in room.facts.items()}
