"""The portal's own pages: the first one, what shows without a network, and the small files that a phone asks for."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shouyue.web.portal import frame, principal

# What the page without a network needs; the addresses carry a print of the content.
_KEPT_FILES = ("tokens.css", "base.css", "layout.css", "components.css", "portal.css", "favicon.svg")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The member's card, and the cards of the rooms."""
    customer = principal.member_of(request).customer_id
    context = {
        "face": frame.faces_of([customer])[customer],
        "heads": frame.cards_of(customer, is_head=True),
        "cards": frame.cards_of(customer),
    }
    return render(request, "web/portal/home.html", context)


@login_not_required
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """What the service worker keeps for the time without a network: the same for everybody, in both languages."""
    return HttpResponse(_offline_page())


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """The script that shows the offline page. It keeps that page and static files, never a page of a member."""
    kept = {"offline": reverse("portal:offline"), "files": [static(f"web/{name}") for name in _KEPT_FILES]}
    text = json.dumps(kept)
    # Another page or other files are another cache: a phone fetches them with the next visit.
    mark = hashlib.sha256((text + _offline_page()).encode()).hexdigest()[:12]
    script = render_to_string("web/portal/sw.js", {"kept": text, "mark": mark})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 a view's signature
    """The web app manifest of the portal, in the reader's language."""
    return JsonResponse(
        {
            "name": pgettext("product", "Shouyue"),
            "short_name": _("Members"),
            "lang": get_language(),
            "id": principal.ROOT,
            "start_url": principal.ROOT,
            "scope": principal.ROOT,
            "display": "standalone",
            "background_color": "#faf9f6",
            "theme_color": "#b3261e",
            "icons": [{"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


def _offline_page() -> str:
    return render_to_string("web/portal/offline.html")
