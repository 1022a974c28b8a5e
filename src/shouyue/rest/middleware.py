"""Everything under /api answers machines: problem details instead of pages, limits in headers, the asked language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from shouyue.rest import problems

PREFIX = "/api/"
# What an answer says of itself; of a page that is replaced by a problem these headers stay.
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Vary", "Content-Language")


class ApiShell:
    """Stands outside the other middleware, so that their refusals become problems too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        _choose_language(request)
        answer = self.get_response(request)
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != problems.MEDIA_TYPE:
            answer = _as_problem(answer, request)
        standing = getattr(request, "standing", None)
        if standing is not None:
            answer.headers["RateLimit-Limit"] = str(standing.limit)
            answer.headers["RateLimit-Remaining"] = str(standing.remaining)
            answer.headers["RateLimit-Reset"] = str(standing.reset)
        answer.headers.setdefault("Cache-Control", "no-store")
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
