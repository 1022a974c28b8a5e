"""The API itself: every room's routes behind one door, and what becomes of what they raise."""

import logging
from collections.abc import Callable
from typing import Any, Final

import orjson
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from shouyue.rest import problems, registry
from shouyue.rest.problems import ProblemError

log = logging.getLogger(__name__)
_CALL: Final = "answers_a_call"


class StrictParser(Parser):
    """Bodies by orjson: no NaN, no half characters, no nesting without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as wrong:
            raise ProblemError("bad-json") from wrong


class Renderer(BaseRenderer):
    """Answers by orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002 ninja's signature
        return orjson.dumps(data)


def make_api() -> NinjaAPI:
    """The API with the routes that rooms registered."""
    api = NinjaAPI(
        title="Shouyue",
        version="1",
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        parser=StrictParser(),
        renderer=Renderer(),
    )
    for room in registry.rooms():
        if room.router:
            api.add_router("", room.router, tags=[room.name])
    for raised in (ProblemError, ValidationError, HttpError, Http404, Exception):
        api.add_exception_handler(raised, _answered)
    return api


def patterns(api: NinjaAPI) -> list[URLPattern]:
    """The API's addresses, which ask for keys instead of a signed-in person."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for pattern in found:
        login_not_required(pattern.callback)
        setattr(pattern.callback, _CALL, True)
    return found


def is_call(view: Callable[..., object]) -> bool:
    """Whether a view is one of `patterns`: it asks for a key, and nothing that belongs to pages."""
    return hasattr(view, _CALL)


def _answered(request: HttpRequest, raised: Exception | type[Exception]) -> HttpResponse:
    return problems.response(_problem_of(raised if isinstance(raised, Exception) else raised()), request)


# What others raise, by the problem it stands for; the first that fits.
_STANDS_FOR: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (Http404, "not-found"),
    (RequestDataTooBig, "too-large"),
    ((SuspiciousOperation, UnreadablePostError), "bad-request"),
    ((OperationalError, InterfaceError, InternalError), "unavailable"),
    (Exception, "failed"),
)


def _problem_of(raised: Exception) -> ProblemError:
    if isinstance(raised, ProblemError):
        return raised
    if isinstance(raised, ValidationError):
        return ProblemError("invalid", errors=[_error(one) for one in raised.errors])
    if isinstance(raised, HttpError):
        # What our parser refused, ninja has wrapped.
        if isinstance(raised.__cause__, ProblemError):
            return raised.__cause__
        return problems.standing_for(raised.status_code)
    kind = next(kind for types, kind in _STANDS_FOR if isinstance(raised, types))
    if kind in {"unavailable", "failed"}:
        log.error("a call of the API failed", exc_info=raised)
    return ProblemError(kind, headers={"Retry-After": "5"} if kind == "unavailable" else None)


def _error(one: dict[str, Any]) -> dict[str, object]:
    """One fault as callers see it, without the value: it may be personal."""
    place = [str(part) for part in one["loc"]]
    # ninja names the parameter of the view between "body" and the field; nobody outside knows it.
    field = ".".join([place[0], *place[2:]] if place[0] == "body" and len(place) > 1 else place)
    return {"field": field, "code": one["type"], "message": one["msg"]}
