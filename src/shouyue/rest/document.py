"""The OpenAPI 3.1 document: what ninja reads from the code, completed by problems, and told in one language."""

import http.client
from typing import Any

from django.utils.translation import gettext, gettext_noop
from ninja import NinjaAPI

from shouyue.rest import problems, registry

Json = dict[str, Any]

_DESCRIPTION = gettext_noop(
    "Customers, purchases, answers and the scoreboard for programs. Every call carries an API key; lists are read page "
    "by page with a cursor; every POST names itself with an Idempotency-Key; every PATCH says with If-Match which "
    "version it changes; whatever goes wrong is told as application/problem+json."
)
_KEY = gettext_noop("An API key with the scopes that the call names, made by ./shouyue api-key or on the desk.")
_EVERY = (401, 403, 405, 429, 500, 503)
_MORE = {"get": (422,), "post": (400, 409, 413, 422), "patch": (400, 412, 413, 422, 428), "delete": (422,)}
_GOOD = {
    "200": gettext_noop("The answer."),
    "201": gettext_noop("It was made."),
    "202": gettext_noop("It is taken up."),
    "204": gettext_noop("It is gone."),
}
_WORDS = ("summary", "description", "title")
_LIMITS = {
    "RateLimit-Limit": gettext_noop("Calls that this key may make in a minute."),
    "RateLimit-Remaining": gettext_noop("Calls that are left now."),
    "RateLimit-Reset": gettext_noop("Seconds until all are there again."),
}


def document(api: NinjaAPI, *, prefix: str) -> Json:
    """The whole document in the active language. prefix: where the API stands, e.g. "/api/v1/"."""
    made: Json = dict(api.get_openapi_schema(path_prefix=prefix))
    made["info"]["description"] = _DESCRIPTION
    made["servers"] = [{"url": "/"}]
    components = made["components"]
    _drop_titles(components["schemas"])
    components["schemas"]["Problem"] = _problem_schema()
    components["securitySchemes"] = {"ApiKey": {"type": "http", "scheme": "bearer", "description": _KEY}}
    components["headers"] = {
        name: {"description": words, "schema": {"type": "integer"}} for name, words in _LIMITS.items()
    }
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in _statuses()}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method=method, has_place="{" in path)
    made["x-scopes"] = registry.scopes()
    made["x-fact-kinds"] = registry.fact_kinds()
    told: Json = _told(made)
    return told


def _statuses() -> list[int]:
    return sorted({kind.status for kind in problems.KINDS.values()})


def _complete(operation: Json, *, method: str, has_place: bool) -> None:
    statuses = {*_EVERY, *_MORE.get(method, ()), *((404,) if has_place else ())}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
    responses = {str(status): told for status, told in operation["responses"].items()}
    for status, told in responses.items():
        told["headers"] = {**told.get("headers", {}), **headers}
        if told["description"] == http.client.responses[int(status)]:
            told["description"] = _GOOD[status]
    for status in sorted(statuses):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    operation["responses"] = responses
    for parameter in operation.get("parameters", []):
        parameter["schema"].pop("title", None)
        parameter["schema"].pop("description", None)
        # The name of a path parameter needs no words; the document still gives each its line.
        parameter.setdefault("description", parameter["name"])


def _problem_response(status: int) -> Json:
    kinds = {name: kind for name, kind in problems.KINDS.items() if kind.status == status}
    lines = "\n".join(f"- `{name}`: {kind.title}" for name, kind in kinds.items())
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": lines, "content": content}


def _problem_schema() -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {**text, "description": gettext_noop("The stable name of the problem.")},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "instance": text,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "code", "message"],
                    "properties": {"field": text, "code": text, "message": text},
                },
            },
        },
    }


def _drop_titles(schemas: Any) -> None:
    """Titles that pydantic makes of field names say nothing, and nobody could translate them."""
    if isinstance(schemas, dict):
        if isinstance(schemas.get("title"), str):
            del schemas["title"]
        for value in schemas.values():
            _drop_titles(value)
    elif isinstance(schemas, list):
        for value in schemas:
            _drop_titles(value)


def _told(value: Any, name: str = "") -> Any:
    """The same value with its words in the active language."""
    if isinstance(value, dict):
        is_kinds = name == "x-fact-kinds"
        return {key: gettext(one) if is_kinds else _told(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_told(one) for one in value]
    return gettext(value) if name in _WORDS and isinstance(value, str) and value else value
