"""The API as a whole: its document is true, in both languages, and no input makes it fail."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, openapi, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shouyue.rest import registry
from shouyue.rest.models import ApiKey
from shouyue.rest.tests.callers import a_caller, made_key, post

DOCUMENT = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 15
# A purchase has so many parts that few of those made up are whole.
MORE_EXAMPLES = {"POST /api/v1/purchases": 100}
_CHINESE = re.compile("[一-鿿]")


def document(language: str) -> dict:
    return Client().get(DOCUMENT, headers={"Accept-Language": language}).json()


def texts(told: object, name: str = "") -> list[str]:
    """Every summary and description of the document, in its order."""
    if isinstance(told, dict):
        return [text for key, value in told.items() for text in texts(value, key)]
    if isinstance(told, list):
        return [text for value in told for text in texts(value)]
    return [told] if name in {"summary", "description"} and isinstance(told, str) else []


@pytest.mark.django_db
def test_the_document_says_the_same_in_both_languages():
    english, chinese = document("en"), document("zh-hans")
    assert english["openapi"] == "3.1.0"
    assert list(english["paths"]) == list(chinese["paths"])
    # Names of parameters and of standards stay as they are.
    same = {one for one, other in zip(texts(english), texts(chinese), strict=True) if one == other}
    assert {text for text in same if not re.fullmatch(r"\w+_id", text)} == set()
    assert all(_CHINESE.search(text) for text in texts(chinese) if not re.fullmatch(r"\w+_id", text))
    assert not any(_CHINESE.search(text) for text in texts(english))
    assert Client().get(f"{DOCUMENT}?lang=en", headers={"Accept-Language": "zh-hans"}).json() == english


@pytest.mark.django_db
def test_every_call_names_its_scope_and_its_problems():
    told = document("en")
    calls = {f"{method} {path}": one for path, methods in told["paths"].items() for method, one in methods.items()}
    scopes = {scope for one in calls.values() for [scope] in [entry["ApiKey"] for entry in one["security"]]}
    assert scopes == set(registry.scopes()) == set(told["x-scopes"])
    for name, one in calls.items():
        assert {"401", "403", "405", "429", "500", "503"} <= set(one["responses"]), name
        # A search is asked by POST so that no value comes into an address; it writes nothing.
        if name.startswith("post") and not name.endswith("/search"):
            assert {"400", "409", "413", "422"} <= set(one["responses"]), name
            assert "Idempotency-Key" in [parameter["name"] for parameter in one["parameters"]], name
        if name.startswith("patch"):
            assert {"404", "412", "428"} <= set(one["responses"]), name
            assert "If-Match" in [parameter["name"] for parameter in one["parameters"]], name
    names = [one["operationId"] for one in calls.values()]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_the_reference_shows_every_call_and_nothing_from_elsewhere():
    page = Client().get("/api/v1/", headers={"Accept-Language": "en"})
    text = page.content.decode()
    for path in document("en")["paths"]:
        assert path in text
    places = re.findall(r'role="region" aria-label="([^"]+)"', text)
    assert len(places) == len(set(places))  # whoever goes from region to region hears which is which
    assert "<script" not in text
    assert "style=" not in text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@serializer("application/x-ndjson")
def as_lines(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def test_no_input_makes_the_api_fail_or_answer_what_it_does_not_document(fresh_database):
    key = made_key()
    ApiKey.objects.update(calls_per_minute=1_000_000)
    fill()
    schema = openapi.from_wsgi(f"{DOCUMENT}?lang=en", served)
    statuses = {
        operation.label: statuses_of(operation, key.token)
        for operation in (found.ok() for found in schema.get_all_operations())
    }
    assert set(statuses) == {
        f"{method.upper()} {path}" for path, methods in document("en")["paths"].items() for method in methods
    }
    # It got through to the work behind the checks, not only to refusals.
    assert {200, 201} & statuses["POST /api/v1/purchases"]
    assert 200 in statuses["GET /api/v1/customers"]


def served(environ, start_response) -> list[bytes]:
    """The product as a web server calls it, which closes each answer; the generator's own client does not."""
    answer = get_wsgi_application()(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def statuses_of(operation, token: str) -> set[int]:
    """Send generated cases of a call, good and bad ones; each answer must be as documented. Returns what came."""
    seen: set[int] = set()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=MORE_EXAMPLES.get(operation.label, EXAMPLES),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        send()
    return seen


def fill() -> None:
    """A few records, so that there is something to find."""
    line = {"item": "A", "quantity": 1, "unit_price": "1"}
    for number in range(3):
        at = datetime(2026, 1, 1 + number, tzinfo=UTC).isoformat()
        body = {"number": str(number), "customer_number": "C", "placed_at": at, "lines": [line]}
        assert post(a_caller(), "purchases", json.loads(json.dumps(body))).status_code == 201
