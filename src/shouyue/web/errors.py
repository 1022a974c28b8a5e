"""Pages for what went wrong: what happened, why, and what to do. They never touch the database."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django's signature
    """400: the request could not be understood."""
    return render(request, "web/error_400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django's signature
    """403: signed in, but not allowed."""
    return render(request, "web/error_403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django's signature
    """404: there is no such page, or it is not this person's to know of."""
    return render(request, "web/error_404.html", status=404)


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature
    """403 of a form whose token is missing or old: nothing was saved, reloading helps."""
    return render(request, "web/error_csrf.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 Django's signature
    """500: our fault. Rendered without the request: its user or session may be what failed."""
    return HttpResponse(render_to_string("web/error_500.html", {"language": get_language()}), status=500)
