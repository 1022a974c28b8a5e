"""Saved views: a list as somebody likes to see it, for themselves or for the colleagues of their party."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shouyue.store.models import Party, SavedView, Staff
from shouyue.store.models.saved import QUERY_MAX, VIEW_NAME_MAX

VIEWS_MAX = 30


class ViewRefusedError(Exception):
    """A view that cannot be kept; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewWish:
    """What to keep. query: without "?", and without a place in the list."""

    listing: str
    name: str
    query: str
    is_shared: bool


def views_for(reader: Staff, *, listing: str) -> list[SavedView]:
    """The reader's own views of a list and those that colleagues of the same party share, by name."""
    shared = Q(is_shared=True, owner__party=reader.party)
    found = SavedView.objects.filter(Q(owner=reader) | shared, listing=listing)
    return list(found.select_related("owner").order_by("name", "id")[: 2 * VIEWS_MAX])


def save_view(wish: ViewWish, *, by: Staff) -> SavedView:
    """Keep it; a view of the same person under the same name gets the new query. Raises ViewRefusedError."""
    name = " ".join(wish.name.split())
    if not name or "\x00" in name:
        raise ViewRefusedError(_("A view needs a name."))
    if len(name) > VIEW_NAME_MAX:
        raise ViewRefusedError(_("The name of a view has at most %(most)s characters.") % {"most": VIEW_NAME_MAX})
    if len(wish.query) > QUERY_MAX:
        raise ViewRefusedError(_("These filters are too long to be kept."))
    own = SavedView.objects.filter(owner=by, listing=wish.listing)
    if not own.filter(name=name).exists() and own.count() >= VIEWS_MAX:
        raise ViewRefusedError(_("You have %(most)s views of this list. Remove one first.") % {"most": VIEWS_MAX})
    kept = {"query": wish.query, "is_shared": wish.is_shared and by.party != Party.AUDITOR}
    view, _made = SavedView.objects.update_or_create(owner=by, listing=wish.listing, name=name, defaults=kept)
    return view


def drop_view(view_id: UUID, *, by: Staff) -> dict[str, Any] | None:
    """Remove one of the person's own views; returns what `restore_view` needs, None if there is no such view."""
    view = SavedView.objects.filter(pk=view_id, owner=by).first()
    if view is None:
        return None
    kept = {"listing": view.listing, "name": view.name, "query": view.query, "is_shared": view.is_shared}
    view.delete()
    return kept


def restore_view(kept: dict[str, Any], *, by: Staff) -> SavedView:
    """Bring a removed view back. Raises ViewRefusedError."""
    return save_view(ViewWish(**kept), by=by)
