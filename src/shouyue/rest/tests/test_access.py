"""Who may call: keys, scopes, limits; and what everybody is told when something goes wrong."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client

from shouyue.rest.actions.keys import KeyRefusedError, make_key, revoke_key
from shouyue.rest.models import ApiKey
from shouyue.rest.tests.callers import a_caller, caller, long_ago, made_key, post, problem_of

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_key_is_kept_without_its_secret():
    made = made_key("webhooks:read")
    row = ApiKey.objects.values().get()
    assert made.token.startswith(f"shy_{made.key.prefix}_")
    # The secret may hold underscores of its own.
    secret = made.token.removeprefix(f"shy_{made.key.prefix}_")
    assert len(secret) == 43
    assert secret not in str(row)


@pytest.mark.django_db
def test_calls_without_a_good_key_are_told_why():
    good = made_key("webhooks:read")
    revoked, expired = made_key("webhooks:read"), made_key("webhooks:read", days=1, at=long_ago(2))
    revoke_key(revoked.key.prefix, at=datetime.now(UTC), by="test")
    forged = good.token[:-1] + ("a" if good.token[-1] != "a" else "b")
    told = {
        name: problem_of(client.get("/api/v1/webhooks"))
        for name, client in {
            "none": Client(),
            "basic": Client(headers={"Authorization": "Basic YTpi"}),
            "forged": caller(forged),
            "nonsense": caller("nonsense"),
            "revoked": caller(revoked.token),
            "expired": caller(expired.token),
        }.items()
    }
    assert told == {
        "none": (401, "key-missing"),
        "basic": (401, "key-missing"),
        "forged": (401, "key-unknown"),
        "nonsense": (401, "key-unknown"),
        "revoked": (401, "key-revoked"),
        "expired": (401, "key-expired"),
    }
    assert caller(good.token).get("/api/v1/webhooks").status_code == 200
    assert Client().get("/api/v1/webhooks").headers["WWW-Authenticate"] == 'Bearer realm="shouyue"'


@pytest.mark.django_db
def test_a_signed_in_person_is_no_key(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("a@example.org", name="A", party="a"))
    assert problem_of(client.get("/api/v1/webhooks")) == (401, "key-missing")


@pytest.mark.django_db
def test_a_scope_opens_its_calls_only():
    reader = a_caller("webhooks:read")
    assert reader.get("/api/v1/webhooks").status_code == 200
    refused = post(reader, "webhooks", {"url": "https://example.org/", "kinds": ["MeasuresTaken"]})
    assert problem_of(refused) == (403, "scope-missing")
    assert "webhooks:write" in refused.json()["detail"]


@pytest.mark.django_db
def test_calls_are_counted_by_key_and_refused_beyond_the_limit():
    made = made_key("webhooks:read")
    ApiKey.objects.update(calls_per_minute=2)
    client = caller(made.token)
    answers = [client.get("/api/v1/webhooks") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"2"}
    assert problem_of(answers[2]) == (429, "too-many-calls")
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30
    assert a_caller("webhooks:read").get("/api/v1/webhooks").status_code == 200


@pytest.mark.django_db
def test_use_is_noted_at_most_once_an_hour(django_assert_num_queries):
    made = made_key("webhooks:read")
    client = caller(made.token)
    with django_assert_num_queries(3):
        client.get("/api/v1/webhooks")
    first = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(2):
        client.get("/api/v1/webhooks")
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(hours=2))
    client.get("/api/v1/webhooks")
    assert ApiKey.objects.get().last_used_at > first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"name": "a\x00"}, "no_name"),
        ({"scopes": []}, "no_scopes"),
        ({"scopes": ["webhooks:read", "all"]}, "unknown_scope"),
        ({"days": 0}, "bad_days"),
        ({"days": 731}, "bad_days"),
    ],
)
def test_keys_that_cannot_be_made(changed, code):
    wanted = {"name": "a program", "scopes": ["webhooks:read"], "days": 30, **changed}
    with pytest.raises(KeyRefusedError) as refused:
        make_key(**wanted, at=AT, by="test")
    assert (refused.value.code, ApiKey.objects.count()) == (code, 0)


@pytest.mark.django_db
def test_a_key_is_revoked_once():
    made = made_key("webhooks:read")
    assert revoke_key(made.key.prefix, at=AT, by="first")
    assert revoke_key(made.key.prefix, at=AT + timedelta(days=1), by="second")
    assert not revoke_key("nobody", at=AT, by="first")
    assert ApiKey.objects.values_list("revoked_at", "revoked_by").get() == (AT, "first")


@pytest.mark.django_db
def test_whatever_goes_wrong_is_a_problem():
    client = a_caller()
    broken = client.post(
        "/api/v1/webhooks", b"{", content_type="application/json", headers={"Idempotency-Key": "a" * 8}
    )
    large = client.post(
        "/api/v1/webhooks",
        b'"' + b"a" * 3_000_000 + b'"',
        content_type="application/json",
        headers={"Idempotency-Key": "b" * 8},
    )
    no_key = client.post("/api/v1/webhooks", {}, content_type="application/json")
    told = [problem_of(answer) for answer in (broken, large, no_key)]
    assert told == [(400, "bad-json"), (413, "too-large"), (422, "invalid")]
    assert [one["field"] for one in no_key.json()["errors"]] == ["header.Idempotency-Key", "body.url", "body.kinds"]
    put = client.put("/api/v1/webhooks")
    assert (problem_of(put), put.headers["Allow"]) == ((405, "method-not-allowed"), "GET, POST")
    assert problem_of(client.get("/api/v1/nothing")) == (404, "not-found")
    assert problem_of(client.get("/api/v1/webhooks/01890000-0000-7000-8000-000000000000")) == (404, "not-found")
    assert problem_of(Client().get("/api/v1/webhooks", headers={"Host": "evil.example"})) == (400, "bad-request")
    assert problem_of(client.get("/api/v1/webhooks?cursor=a")) == (422, "invalid")
    assert problem_of(client.get("/api/v1/webhooks?limit=201")) == (422, "invalid")


@pytest.mark.django_db
def test_a_call_passes_by_what_pages_need_and_says_so():
    answer = a_caller("webhooks:read").get("/api/v1/webhooks", headers={"Accept-Language": "en"})
    assert dict(answer.headers) == {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language",
        "Content-Language": "en",
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "no-store",
        "RateLimit-Limit": answer.headers["RateLimit-Limit"],
        "RateLimit-Remaining": answer.headers["RateLimit-Remaining"],
        "RateLimit-Reset": answer.headers["RateLimit-Reset"],
    }
    assert not answer.cookies
    # The reference is a page: it keeps the pages' policy, and the shell's frame needs it.
    page = Client().get("/api/v1/")
    assert (page.status_code, "script-src 'self'" in page.headers["Content-Security-Policy"]) == (200, True)


@pytest.mark.django_db
def test_problems_speak_the_language_that_is_asked():
    told = [
        Client(headers={"Accept-Language": language}).get(f"/api/v1/webhooks{query}").json()["title"]
        for language, query in [("en", ""), ("zh-CN", ""), ("zh-CN", "?lang=en"), ("en", "?lang=zh-hans")]
    ]
    english, chinese = "The call needs an API key.", "调用需要 API 密钥。"
    assert told == [english, chinese, english, chinese]


def test_a_defect_is_a_problem_without_internals(fresh_database, owner_url):
    client = a_caller()
    with psycopg.connect(owner_url) as owner:
        owner.execute("ALTER TABLE rest_webhook RENAME COLUMN url TO elsewhere")
    answer = client.get("/api/v1/webhooks")
    assert problem_of(answer) == (500, "failed")
    assert "elsewhere" not in answer.content.decode()
    assert "rest_webhook" not in answer.content.decode()


def test_without_the_database_callers_are_asked_to_come_back(fresh_database, monkeypatch):
    client = a_caller()
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/api/v1/webhooks")
    assert (problem_of(answer), answer.headers["Retry-After"]) == ((503, "unavailable"), "5")
