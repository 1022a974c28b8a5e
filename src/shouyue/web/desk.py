"""The shell's own screens: theme, health, home, errors, the small files that browsers ask for, and /style."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.web import frame, samples, theme
from shouyue.web.habits import drafts_desk, undo

_SAMPLE = "style"
STYLE_UNDO = "style.undo"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page that the rail offers: rooms above decide what that is."""
    first = next(iter(frame.lines(request)), None)
    return HttpResponseRedirect(first.url if first else reverse("web:style"))


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie and go back to the page it was chosen on."""
    answer = HttpResponseRedirect(_safe_next(request))
    try:
        theme.keep(answer, request.POST.get("theme", ""))
    except ValueError:
        return HttpResponseBadRequest(_("There is no such theme."))
    return answer


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 a view's signature
    """200 while the database answers, 503 when it does not. For load balancers and ./shouyue doctor."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@login_not_required
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where signing in beside an open page ends: that page still has what was typed."""
    return render(request, "web/signed_in.html")


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 a view's signature
    """The web app manifest, in the reader's language."""
    return JsonResponse(
        {
            "name": pgettext("product", "Shouyue"),
            "short_name": pgettext("product", "Shouyue"),
            "lang": get_language(),
            "start_url": "/",
            "display": "standalone",
            "background_color": "#faf9f6",
            "theme_color": "#b3261e",
            "icons": [{"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """Browsers ask for this name whatever the page says."""
    return HttpResponseRedirect(static("web/favicon.svg"))


@require_http_methods(["GET", "HEAD", "POST"])
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with the lines that make it. Its form is checked, and its text never lost."""
    kept = drafts_desk.draft_of(request, _SAMPLE)
    if request.method != "POST":
        return render(request, "web/style.html", {**samples.context(drafts_desk.initial_of(kept)), "kept": kept})
    form = samples.SampleForm(request.POST)
    if not form.is_valid():
        return render(request, "web/style.html", {**samples.context(), "form": form}, status=422)
    drafts_desk.sent(request, _SAMPLE)
    messages.success(request, _("The form is right. Nothing was saved: this page only shows how."))
    return redirect("web:style")


@require_POST
def style_undo(request: HttpRequest) -> HttpResponse:
    """The page's example of an act that can be undone: it does nothing, and takes that back."""
    undo.offer(request, _("Done."), name=STYLE_UNDO, kept={})
    return redirect("web:style")


def style_undone(request: HttpRequest, kept: dict[str, Any]) -> str:  # noqa: ARG001 what undo calls
    """The reversing act of `style_undo`."""
    return _("Taken back.")
