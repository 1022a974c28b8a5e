"""Verbs of webhooks: subscribe, change, end; turn facts into deliveries; deliver them; deliver again."""

import secrets
from base64 import b64encode
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from standardwebhooks import Webhook as Signer

from shouyue.kernel.canonical import canonical_json, to_plain
from shouyue.kernel.ids import keyed_id, new_id
from shouyue.rest import registry
from shouyue.rest.models import Delivery, DeliveryState, Webhook
from shouyue.rest.outgoing import Answer, SendFailedError, post, split_url
from shouyue.rest.rules import retries
from shouyue.rest.rules.addresses import AddressRefusedError
from shouyue.store.keys import Use, ring
from shouyue.store.readers import PlacedFact
from shouyue.store.sealing import Cipher

KEPT_FOR: Final = timedelta(days=30)
# While an attempt is under way nobody else makes one; after a crash it is made again when this is over.
_LEASE = timedelta(seconds=60)
_GONE = 410
_FAILING, _GONE_REASON = "failing", "gone"


class WebhookRefusedError(ValueError):
    """A subscription that cannot be kept. code: bad_url, not_https, no_kinds, unknown_kind; value: what is wrong."""

    def __init__(self, code: str, value: object = "") -> None:
        super().__init__(code, value)
        self.code, self.value = code, value


class VersionPassedError(Exception):
    """The webhook is not in the version that the caller had seen."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A new webhook with its secret ("whsec_…"), which is shown once and kept sealed."""

    webhook: Webhook
    secret: str


def subscribe(
    *, url: str, kinds: Collection[str], description: str, local_allowed: bool, at: datetime, by: str
) -> Subscribed:
    """Send facts of these kinds, from now on, to `url`. Raises WebhookRefusedError."""
    _check(url, kinds, local_allowed=local_allowed)
    webhook_id, raw, key = new_id(), secrets.token_bytes(32), ring().current
    sealed = Cipher(key.derived(Use.WRAP, "webhook secret")).seal(raw, context=webhook_id.bytes)
    webhook = Webhook.objects.create(
        id=webhook_id,
        url=url,
        kinds=sorted(set(kinds)),
        description=description,
        secret=sealed,
        secret_key_id=key.id,
        created_at=at,
        created_by=by,
    )
    return Subscribed(webhook, secret_text(raw))


@transaction.atomic
def change_webhook(
    webhook_id: UUID,
    *,
    is_seen: Callable[[int], bool],
    url: str | None = None,
    kinds: Collection[str] | None = None,
    description: str | None = None,
    is_enabled: bool | None = None,
    local_allowed: bool,
) -> Webhook:
    """Change what is given; enabling forgets earlier failures. is_seen: whether the caller had seen this version.

    Raises Webhook.DoesNotExist, VersionPassedError and WebhookRefusedError.
    """
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    if not is_seen(webhook.version):
        raise VersionPassedError
    webhook.url = webhook.url if url is None else url
    webhook.kinds = webhook.kinds if kinds is None else sorted(set(kinds))
    webhook.description = webhook.description if description is None else description
    if url is not None or kinds is not None:
        _check(webhook.url, webhook.kinds, local_allowed=local_allowed)
    if is_enabled is not None:
        webhook.is_enabled = is_enabled
        webhook.disabled_because, webhook.failing_since = "", None
    webhook.version += 1
    webhook.save()
    return webhook


def end_webhook(webhook_id: UUID) -> bool:
    """Forget the subscription and its deliveries; False when there is none."""
    _count, by_model = Webhook.objects.filter(pk=webhook_id).delete()
    return bool(by_model)


def write_deliveries(facts: Sequence[PlacedFact]) -> None:
    """Write a delivery of each fact for each webhook that asks for its kind; a fact read again changes nothing."""
    webhooks = list(Webhook.objects.filter(is_enabled=True))
    made = [
        Delivery(
            id=keyed_id(webhook.id, str(fact.id)),
            webhook=webhook,
            kind=fact.kind,
            position=fact.position,
            body=message(fact),
            state=DeliveryState.WAITING,
            next_try_at=fact.recorded_at,
            created_at=fact.recorded_at,
        )
        for fact in facts
        for webhook in webhooks
        # What was recorded before somebody asked for it is not sent.
        if fact.kind in webhook.kinds and fact.recorded_at >= webhook.created_at
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)


def message(fact: PlacedFact) -> str:
    """What is sent of a fact: the Standard Webhooks members type, timestamp and data."""
    data = {
        "id": fact.id,
        "position": fact.position,
        "version": fact.version,
        "subject": fact.subject,
        "recorded_at": fact.recorded_at,
        "payload": to_plain(fact.payload),
    }
    return canonical_json({"type": fact.kind, "timestamp": fact.occurred_at, "data": data})


def replay(delivery_id: UUID, *, at: datetime) -> Delivery | None:
    """Deliver once more from the first attempt on, under the same id; None when there is no such delivery."""
    changed = Delivery.objects.filter(pk=delivery_id).update(
        state=DeliveryState.WAITING, attempts=0, next_try_at=at, last_error="", last_status=None
    )
    return Delivery.objects.select_related("webhook").get(pk=delivery_id) if changed else None


def claim_due(*, at: datetime, limit: int) -> list[Delivery]:
    """At most `limit` deliveries that are due, a few of each webhook, held for one attempt by the caller alone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [at, limit])
            ids = [row[0] for row in cursor.fetchall()]
        Delivery.objects.filter(pk__in=ids).update(next_try_at=at + _LEASE, attempts=F("attempts") + 1, tried_at=at)
    return list(Delivery.objects.select_related("webhook").filter(pk__in=ids).order_by("position"))


def attempt(delivery: Delivery, *, local_allowed: bool, at: datetime, jitter: float) -> None:
    """Send a claimed delivery and write down what came of it. Outside any transaction."""
    answer: Answer | None = None
    try:
        body = delivery.body.encode()
        headers = signed_headers(delivery, at=at)
        answer = post(delivery.webhook.url, body=body, headers=headers, local_allowed=local_allowed)
        error = "" if answer.is_taken else f"status_{answer.status}"
    except SendFailedError as failed:
        error = failed.code
    _settle(delivery, answer, error, at=at, jitter=jitter)


def signed_headers(delivery: Delivery, *, at: datetime) -> dict[str, str]:
    """The headers of the Standard Webhooks specification for this attempt."""
    signer = Signer(_opened_secret(delivery.webhook))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shouyue-Webhooks/1",
        "webhook-id": f"msg_{delivery.id.hex}",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signer.sign(f"msg_{delivery.id.hex}", at, delivery.body),
    }


def forget_old_deliveries(*, at: datetime) -> int:
    """Remove deliveries older than KEPT_FOR; returns how many."""
    old = Delivery.objects.filter(created_at__lt=at - KEPT_FOR).values_list("pk", flat=True)[:1000]
    count, _by_model = Delivery.objects.filter(pk__in=list(old)).delete()
    return count


def secret_text(raw: bytes) -> str:
    """The secret as receivers keep it: whsec_ and base64."""
    return f"whsec_{b64encode(raw).decode()}"


def _opened_secret(webhook: Webhook) -> str:
    key = ring().named(webhook.secret_key_id)
    cipher = Cipher(key.derived(Use.WRAP, "webhook secret"))
    return secret_text(cipher.open(bytes(webhook.secret), context=webhook.id.bytes))


@transaction.atomic
def _settle(delivery: Delivery, answer: Answer | None, error: str, *, at: datetime, jitter: float) -> None:
    """Write what came of an attempt: on the delivery, and on the webhook that works again or keeps failing."""
    webhook = Webhook.objects.select_for_update().filter(pk=delivery.webhook_id).first()
    if webhook is None:
        return
    asked = timedelta(seconds=answer.retry_after) if answer and answer.retry_after else None
    next_try_at = retries.next_try(delivery.attempts, at=at, jitter=jitter, asked=asked) if error else None
    state = DeliveryState.DELIVERED if not error else DeliveryState.WAITING if next_try_at else DeliveryState.FAILED
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, next_try_at=next_try_at, last_status=answer.status if answer else None, last_error=error
    )
    if not error:
        Webhook.objects.filter(pk=webhook.pk).exclude(failing_since=None).update(failing_since=None)
        return
    because = _GONE_REASON if answer and answer.status == _GONE else ""
    if not because and retries.is_given_up(webhook.failing_since, at=at):
        because = _FAILING
    Webhook.objects.filter(pk=webhook.pk).update(
        failing_since=webhook.failing_since or at,
        is_enabled=webhook.is_enabled and not because,
        disabled_because=because or webhook.disabled_because,
        version=F("version") + (1 if because and webhook.is_enabled else 0),
    )


def _check(url: str, kinds: Collection[str], *, local_allowed: bool) -> None:
    """Where the name leads is asked at each attempt: it may change after any check made here."""
    try:
        split_url(url, local_allowed=local_allowed)
    except AddressRefusedError as refused:
        raise WebhookRefusedError(refused.code, url) from None
    if not kinds:
        raise WebhookRefusedError("no_kinds")
    unknown = sorted(set(kinds) - set(registry.fact_kinds()))
    if unknown:
        raise WebhookRefusedError("unknown_kind", unknown[0])


# A few of each webhook, so that one slow receiver does not hold up the others.
_DUE = """
SELECT due.id FROM rest_webhook AS webhook
CROSS JOIN LATERAL (
    SELECT id, next_try_at FROM rest_delivery
    WHERE webhook_id = webhook.id AND state = 'waiting' AND next_try_at <= %s
    ORDER BY next_try_at LIMIT 4 FOR UPDATE SKIP LOCKED
) AS due
WHERE webhook.is_enabled
ORDER BY due.next_try_at LIMIT %s
"""
