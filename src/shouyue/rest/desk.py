"""The API's own pages: the OpenAPI document, and the same for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from shouyue.rest import problems, registry, shell
from shouyue.rest.document import document

PREFIX = "/api/v1/"


@cache
def api() -> NinjaAPI:
    """The one API of this process."""
    return shell.make_api()


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view's signature
    """The OpenAPI 3.1 document, in the language of ?lang= or Accept-Language. It tells no secret: no key is asked."""
    answer = HttpResponse(
        orjson.dumps(document(api(), prefix=PREFIX)),
        content_type="application/json",
        headers={"Cache-Control": "no-cache", "Content-Language": get_language() or ""},
    )
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


@login_not_required
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The document as a page: every call with its scope, parameters, body and answers."""
    told = document(api(), prefix=PREFIX)
    context = {
        "info": told["info"],
        "operations": list(_operations(told)),
        "scopes": registry.scopes(),
        "kinds": told["x-fact-kinds"],
        "problems": problems.KINDS,
        "language": get_language(),
    }
    return render(request, "rest/reference.html", context)


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as the page shows it."""

    method: str
    path: str
    scope: str
    told: dict[str, Any]
    fields: list[tuple[str, str, bool, str]]
    statuses: list[str]

    @property
    def anchor(self) -> str:
        return str(self.told["operationId"])


def _operations(told: dict[str, Any]) -> Iterator[Shown]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            security = operation.get("security") or [{}]
            yield Shown(
                method=method.upper(),
                path=path,
                scope=", ".join(scope for one in security for scopes in one.values() for scope in scopes),
                told=operation,
                fields=_body_fields(told, operation),
                statuses=sorted(operation["responses"]),
            )


def _body_fields(told: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """(name, type, required, words) of the fields of a body."""
    content = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = next((one["schema"] for one in content.values()), {})
    schema = _followed(told, found)
    required = schema.get("required", [])
    return [
        (name, _type_of(told, one), name in required, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def _followed(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = told["components"]["schemas"][name] if name else schema
    return found


def _type_of(told: dict[str, Any], schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_type_of(told, one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_type_of(told, schema.get('items', {}))}]"
    if "$ref" in schema:
        inside = _followed(told, schema)
        return "{" + ", ".join(inside.get("properties", {})) + "}" if "properties" in inside else _type_of(told, inside)
    return str(schema.get("format") or schema.get("type") or " | ".join(map(str, schema.get("enum", []))))
