"""Webhooks from the call that subscribes to the receiver that checks the signature."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from standardwebhooks import Webhook as Verifier

from shouyue.rest import registry
from shouyue.rest.actions import webhooks
from shouyue.rest.models import Delivery, KeptCall, Webhook
from shouyue.rest.outgoing import SECONDS_MAX
from shouyue.rest.sending import send_due
from shouyue.rest.tests.callers import a_caller, post, problem_of
from shouyue.rest.tests.receivers import receiving
from shouyue.store.facts import FactBase, announce
from shouyue.store.readers import follow
from shouyue.store.sequencer import sequence_once

SOON = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class BellRung(FactBase):
    number: int


@dataclass(frozen=True, kw_only=True)
class LampLit(FactBase):
    number: int


@pytest.fixture(autouse=True)
def kinds():
    """Kinds of facts that only these tests announce."""
    before = dict(registry._rooms)
    registry.add(registry.RoomRoutes(name="bells", facts={"BellRung": "A bell rang.", "LampLit": "A lamp was lit."}))
    yield
    registry._rooms.clear()
    registry._rooms.update(before)


@pytest.fixture
def local(settings):
    settings.ALLOW_LOCAL_WEBHOOKS = True


def ring(*numbers: int) -> None:
    """Announce, sequence, and write the deliveries, as the worker does."""
    with transaction.atomic():
        announce(*(BellRung(number=number) for number in numbers), LampLit(number=0), at=datetime.now(UTC), by="test")
    sequence_once()
    follow("webhooks", webhooks.write_deliveries, kinds=set(registry.fact_kinds()))


def subscribed(url: str) -> dict:
    answer = post(a_caller(), "webhooks", {"url": url, "kinds": ["BellRung"]})
    assert answer.status_code == 201, answer.content
    return answer.json()


def send(after: timedelta = SOON) -> int:
    return send_due(at=datetime.now(UTC) + after)


def states() -> list[tuple[str, int, int | None, str]]:
    return list(Delivery.objects.order_by("position").values_list("state", "attempts", "last_status", "last_error"))


def test_a_receiver_gets_each_fact_once_signed(fresh_database, local):
    with receiving(204) as receiver:
        ring(0)
        new = subscribed(receiver.url)
        ring(1, 2)
        assert [send(), send()] == [2, 0]
    told = [json.loads(got.body) for got in receiver.got]
    assert sorted(one["data"]["payload"]["number"] for one in told) == [1, 2]
    assert {one["type"] for one in told} == {"BellRung"}
    for got in receiver.got:
        # The receiver's side of the published specification, by its own package.
        assert Verifier(new["secret"]).verify(got.body, got.headers) == json.loads(got.body)
    assert states() == [("delivered", 1, 204, "")] * 2


def test_the_signature_is_the_one_of_the_published_example():
    """From the specification: secret, id, timestamp and body with the signature that they give."""
    signer = Verifier("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_fact_read_again_makes_no_second_delivery(fresh_database, local):
    with receiving() as receiver:
        subscribed(receiver.url)
        ring(1)
    facts = []
    follow("another", facts.extend, kinds={"BellRung"})
    webhooks.write_deliveries(facts)
    assert Delivery.objects.count() == 1


def test_a_failing_receiver_is_tried_again_later_under_the_same_id(fresh_database, local):
    with receiving(500, 503, 200, Retry_After="3600") as receiver:
        subscribed(receiver.url)
        ring(1)
        assert [send(), send()] == [1, 0]
        assert states() == [("waiting", 1, 500, "status_500")]
        assert Webhook.objects.get().failing_since is not None
        assert send(timedelta(minutes=50)) == 0  # it asked for an hour
        assert send(timedelta(minutes=61)) == 1
        assert send(timedelta(hours=3)) == 1
    assert states() == [("delivered", 3, 200, "")]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert Webhook.objects.get().failing_since is None


def test_redirects_and_strange_answers_count_as_failures(fresh_database, local):
    with receiving(302, Location="http://127.0.0.1:1/") as receiver:
        subscribed(receiver.url)
        ring(1)
        send()
    assert states() == [("waiting", 1, 302, "status_302")]


def test_after_ten_attempts_a_delivery_is_given_up_and_can_be_replayed(fresh_database, local):
    with receiving(*[500] * 10, 200) as receiver:
        new = subscribed(receiver.url)
        ring(1)
        for day in range(10):
            Webhook.objects.update(failing_since=None)
            assert send(timedelta(days=2 * day)) == 1
        assert states() == [("failed", 10, 500, "status_500")]
        assert send(timedelta(days=99)) == 0
        client = a_caller()
        [row] = client.get(f"/api/v1/webhooks/{new['id']}/deliveries").json()["data"]
        assert (row["state"], row["attempts"], row["next_try_at"]) == ("failed", 10, None)
        answer = post(client, f"deliveries/{row['id']}/replay")
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
        assert send() == 1
    assert states() == [("delivered", 1, 200, "")]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1


def test_a_receiver_that_takes_nothing_for_five_days_is_switched_off(fresh_database, local):
    with receiving(500) as receiver:
        new = subscribed(receiver.url)
        ring(1)
        send()
        send(timedelta(days=4))
        assert Webhook.objects.get().is_enabled
        send(timedelta(days=6))
        told = a_caller().get(f"/api/v1/webhooks/{new['id']}").json()
        assert (told["enabled"], told["disabled_because"], told["version"]) == (False, "failing", 2)
        assert send(timedelta(days=9)) == 0
        ring(2)
        assert Delivery.objects.count() == 1


def test_a_receiver_that_is_gone_is_switched_off_at_once(fresh_database, local):
    with receiving(410) as receiver:
        subscribed(receiver.url)
        ring(1)
        send()
    assert Webhook.objects.values_list("is_enabled", "disabled_because").get() == (False, "gone")


def test_one_receiver_that_fails_does_not_hold_up_another(fresh_database, local):
    with receiving(500) as bad, receiving(200) as good:
        subscribed(bad.url)
        subscribed(good.url)
        ring(*range(20))
        while send():
            pass
        assert (len(bad.got), len(good.got)) == (20, 20)


def test_where_local_is_not_allowed_a_name_that_leads_here_is_refused_at_each_attempt(fresh_database):
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        subscribed(f"https://localhost:{port}/hook")
        ring(1)
        send()
    assert (states(), receiver.got) == ([("waiting", 1, None, "refused_not_public")], [])


def test_while_an_attempt_is_under_way_nobody_else_makes_one(fresh_database, local):
    with receiving() as receiver:
        subscribed(receiver.url)
        ring(1)
    at = datetime.now(UTC) + SOON
    [claimed] = webhooks.claim_due(at=at, limit=8)
    # Longer than any attempt can take, so a second one means that the first process died.
    assert webhooks.claim_due(at=at + timedelta(seconds=SECONDS_MAX + 1), limit=8) == []
    [again] = webhooks.claim_due(at=at + timedelta(seconds=61), limit=8)
    assert (again.pk, again.attempts) == (claimed.pk, 2)


@pytest.mark.django_db
def test_the_secret_is_shown_once_and_kept_sealed():
    new = subscribed("https://example.org/hook")
    raw = base64.b64decode(new["secret"].removeprefix("whsec_"))
    kept = Webhook.objects.get()
    assert len(raw) == 32
    assert raw not in bytes(kept.secret)
    assert new["secret"].encode() not in bytes(KeptCall.objects.get().body)
    assert "secret" not in a_caller().get(f"/api/v1/webhooks/{new['id']}").json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"url": "http://example.org/", "kinds": ["BellRung"]}, "body.url", "not_https"),
        ({"url": "https://a:b@example.org/", "kinds": ["BellRung"]}, "body.url", "bad_url"),
        ({"url": "https://example.org/", "kinds": ["Unheard"]}, "body.kinds", "unknown_kind"),
        ({"url": "https://example.org/", "kinds": []}, "body.kinds", "too_short"),
        (
            {"url": "https://example.org/", "kinds": ["BellRung"], "description": "a\x00"},
            "body.description",
            "string_pattern_mismatch",
        ),
    ],
)
def test_subscriptions_that_cannot_be_kept(body, field, code):
    answer = post(a_caller(), "webhooks", body)
    assert problem_of(answer) == (422, "invalid")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]
    assert Webhook.objects.count() == KeptCall.objects.count() == 0


@pytest.mark.django_db
def test_a_change_says_which_version_it_changes():
    new = subscribed("https://example.org/hook")
    client, address = a_caller(), f"/api/v1/webhooks/{new['id']}"

    def change(**headers):
        return client.patch(address, {"enabled": False}, content_type="application/json", headers=headers)

    first = client.get(address).headers["ETag"]
    assert problem_of(change()) == (428, "if-match-missing")
    assert problem_of(change(**{"If-Match": '"v9"'})) == (412, "changed-meanwhile")
    done = change(**{"If-Match": first})
    assert (done.status_code, done.json()["enabled"], done.headers["ETag"]) == (200, False, '"v2"')
    assert problem_of(change(**{"If-Match": first})) == (412, "changed-meanwhile")
    kept = Webhook.objects.get()
    assert (kept.url, kept.kinds, kept.is_enabled) == ("https://example.org/hook", ["BellRung"], False)


@pytest.mark.django_db
def test_an_ended_webhook_is_gone_with_its_deliveries():
    new = subscribed("https://example.org/hook")
    ring(1)
    client = a_caller()
    assert client.delete(f"/api/v1/webhooks/{new['id']}").status_code == 204
    assert problem_of(client.delete(f"/api/v1/webhooks/{new['id']}")) == (404, "not-found")
    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_deliveries_are_read_page_by_page():
    new = subscribed("https://example.org/hook")
    ring(*range(5))
    client, seen, cursor = a_caller(), [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/webhooks/{new['id']}/deliveries", {"limit": 2, "cursor": cursor}).json()
        seen.append([row["position"] for row in page["data"]])
        cursor = page["next_cursor"]
    positions = list(Delivery.objects.order_by("position").values_list("position", flat=True))
    assert seen == [positions[:2], positions[2:4], positions[4:]]


@pytest.mark.django_db
def test_what_is_old_is_forgotten():
    subscribed("https://example.org/hook")
    ring(1)
    at = datetime.now(UTC)
    assert webhooks.forget_old_deliveries(at=at + timedelta(days=29)) == 0
    assert webhooks.forget_old_deliveries(at=at + timedelta(days=31)) == 1
