"""Everything under /api answers machines: problem details instead of pages, limits in headers, the asked language."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_urlconf, resolve
from django.utils import translation

from shouyue.rest import problems, shell

PREFIX = "/api/"
# What the pages' middleware says in its own way; an answer for a program is never a page, nor part of one.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
# What an answer says of itself; of a page that is replaced by a problem these headers stay.
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Vary", "Content-Language")


class ApiShell:
    """The first of all middleware. A call that asks for a key is carried out at once: sessions, forms and frames are
    for pages, and passing through them took a third of a busy call's time. What else is asked for under /api goes on
    to them, and their refusals become problems too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.carry_out = cast(Callable[[HttpRequest], HttpResponseBase], convert_exception_to_response(_carried_out))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        _choose_language(request)
        request.resolver_match = _call_at(request.path_info, get_urlconf())
        answer = (self.carry_out if request.resolver_match else self.get_response)(request)
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != problems.MEDIA_TYPE:
            answer = _as_problem(answer, request)
        standing = getattr(request, "standing", None)
        if standing is not None:
            answer.headers["RateLimit-Limit"] = str(standing.limit)
            answer.headers["RateLimit-Remaining"] = str(standing.remaining)
            answer.headers["RateLimit-Reset"] = str(standing.reset)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


@lru_cache(maxsize=1024)
def _call_at(path: str, urlconf: str | None) -> ResolverMatch | None:
    """The call that a path names. Found by trying one address after the other, so what is asked again is kept."""
    try:
        match = resolve(path, urlconf)
    except Resolver404:
        return None
    return match if shell.is_call(match.func) else None


def _carried_out(request: HttpRequest) -> HttpResponseBase:
    request.get_host()  # refuses a name that is not ours
    match = cast(ResolverMatch, request.resolver_match)
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Language", translation.get_language() or "")
    if isinstance(answer, HttpResponse):
        answer.headers.setdefault("Content-Length", str(len(answer.content)))
    return answer


def _choose_language(request: HttpRequest) -> None:
    """`?lang=` goes before Accept-Language; LocaleMiddleware then finds it there."""
    wanted = request.GET.get("lang", "")
    if wanted and translation.check_for_language(wanted) and wanted in dict(settings.LANGUAGES):
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        request.META["HTTP_ACCEPT_LANGUAGE"] = wanted
    translation.activate(translation.get_language_from_request(request))


def _as_problem(answer: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    replaced = problems.response(problems.standing_for(answer.status_code), request)
    replaced.status_code = answer.status_code
    for name in _KEPT:
        if name in answer.headers:
            replaced.headers[name] = answer.headers[name]
    if "Allow" in replaced.headers:  # made from a set: each process would say it in another order
        replaced.headers["Allow"] = ", ".join(sorted(replaced.headers["Allow"].split(", ")))
    return replaced
