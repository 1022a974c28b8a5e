"""Saving and removing views of lists."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouyue.store.saved.views import ViewRefusedError, ViewWish, drop_view, restore_view, save_view
from shouyue.web.habits import lists, undo
from shouyue.web.staff import must_be_staff

UNDO = "views.restore"


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name, and go there."""
    listing = _listing(request.POST.get("listing", ""))
    query = lists.view_query(QueryDict(request.POST.get("query", "")))
    is_shared = request.POST.get("shared") == "on"
    wish = ViewWish(listing=listing.name, name=request.POST.get("name", ""), query=query, is_shared=is_shared)
    try:
        view = save_view(wish, by=must_be_staff(request))
    except ViewRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The view “%(name)s” is kept as a tab.") % {"name": view.name})
    return redirect(f"{listing.path()}?{query}")


@require_POST
def view_drop(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Remove one of one's own views; the toast brings it back."""
    kept = drop_view(view_id, by=must_be_staff(request))
    if kept is None:
        raise Http404
    undo.offer(request, _("The view “%(name)s” was removed.") % {"name": kept["name"]}, name=UNDO, kept=kept)
    return redirect(_listing(kept["listing"]).path())


def restore(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of `view_drop`."""
    try:
        view = restore_view(kept, by=must_be_staff(request))
    except ViewRefusedError as refused:
        return str(refused)
    return _("The view “%(name)s” is back.") % {"name": view.name}


def _listing(name: str) -> lists.Listing:
    listing = lists.declared(name)
    if listing is None:
        raise Http404
    return listing
