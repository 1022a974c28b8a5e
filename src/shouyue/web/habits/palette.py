"""The palette (Ctrl-K): pages, things to do, and whatever rooms find for what a person types.

It is asked by POST: what people type may be a name or a phone, which belongs into no address and no log.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shouyue.store.contributions import search
from shouyue.store.contributions.search import Found, Hit
from shouyue.web import frame

_PAGES_MAX = 30  # the whole rail while nothing is typed


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """GET: the page with the field, for browsers without scripts. POST: what was found, for htmx without the page."""
    asked = request.POST.get("q", "")
    groups = groups_for(request, asked) if request.method == "POST" else []
    context = {"asked": asked, "groups": groups, "hit_count": sum(len(group.hits) for group in groups)}
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/_found.html" if is_part else "web/find.html", context)


def groups_for(request: HttpRequest, asked: str) -> list[Found]:
    """What the palette shows. Nothing typed: every page and action, without a query to the database."""
    pages = [Hit(title=line.label, url=line.url) for line in frame.lines(request)]
    actions = [Hit(title=action.label, url=url) for action, url in frame.actions(request)]
    own = [(_("Screens"), _fitting(asked, pages)), (_("Things to do"), _fitting(asked, actions))]
    return [*(Found(title, hits) for title, hits in own if hits), *search.found(asked, request.user)]


def _fitting(asked: str, hits: list[Hit]) -> list[Hit]:
    typed = asked.strip()
    if not typed or len(typed) > search.QUERY_MAX:
        return hits if not typed else []
    return search.ranked(typed, [(hit, _in_every_language(hit.title)) for hit in hits], most=_PAGES_MAX)


def _in_every_language(words: str | Promise) -> list[str]:
    """People type what they remember: the Chinese name on an English page too."""
    said = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            said.append(str(words))
    return said
