"""Programs that call the API in tests, with real keys."""

import itertools
from datetime import UTC, datetime, timedelta

from django.test import Client

from shouyue.rest import registry
from shouyue.rest.actions.keys import MadeKey, make_key

_numbers = itertools.count(1)


def made_key(*scopes: str, days: int = 30, at: datetime | None = None) -> MadeKey:
    """A new key with these scopes, or all."""
    return make_key(
        name="a program", scopes=scopes or registry.scopes(), days=days, at=at or datetime.now(UTC), by="test"
    )


def caller(token: str, language: str = "en") -> Client:
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": language})


def a_caller(*scopes: str) -> Client:
    return caller(made_key(*scopes).token)


def new_idempotency_key() -> str:
    return f"call-{next(_numbers):08d}"


def post(client: Client, path: str, body: object = None, *, under: str | None = None, **more):
    """POST as a program does. under: the Idempotency-Key, a new one if not given."""
    headers = {"Idempotency-Key": under or new_idempotency_key(), **more.pop("headers", {})}
    return client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers, **more)


def problem_of(answer) -> tuple[int, str]:
    """Status and name of a problem, which must be one in every respect."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    assert told["instance"].startswith("/api/")
    return answer.status_code, told["type"].removeprefix("urn:shouyue:problem:")


def long_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
