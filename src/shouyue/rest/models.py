"""Records of the API: keys, kept answers of calls, webhooks and their deliveries."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class ApiKey(models.Model):
    """Lets a program call the API. prefix finds it, digest (SHA-256 of the secret) proves it; the secret is not kept.

    last_used_at: coarse, written at most once an hour.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=10, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    calls_per_minute = models.PositiveIntegerField(_("calls per minute"), default=600)
    created_at = models.DateTimeField(_("made"))
    created_by = models.CharField(_("made by"), max_length=80)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ("-created_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_key_expires_after_its_making"
            ),
            models.CheckConstraint(condition=Q(calls_per_minute__gte=1), name="api_key_may_call"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def actor(self) -> str:
        """Who acted, as facts and records name it."""
        return f"api:{self.prefix}"


class KeptCall(models.Model):
    """The answer to a call under its Idempotency-Key, so that a repetition gets the same answer and does nothing.

    digest: SHA-256 of method, address and body. status: None while a bulk call is not finished; its answer is in
    KeptChunk. body: sealed, since it may hold a secret that was shown once. May hold numbers of customers; purpose:
    answering repetitions; kept for two days.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=255)
    digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    body_key_id = models.CharField(max_length=16, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="kept_call_by_age")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "idempotency_key"], name="call_kept_once")]

    def __str__(self) -> str:
        return self.idempotency_key


class KeptChunk(models.Model):
    """One batch of a bulk call's answer, written with the batch's effect."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(KeptCall, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "number"], name="chunk_kept_once")]

    def __str__(self) -> str:
        return str(self.number)


class Webhook(models.Model):
    """A receiver of facts. secret: sealed under the installation's key `secret_key_id`.

    version: counts changes, for If-Match. failing_since: the first failure after the last success.
    kinds: of facts, at least one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    url = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=60), verbose_name=_("kinds of facts"))
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    secret = models.BinaryField()
    secret_key_id = models.CharField(max_length=16)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    disabled_because = models.CharField(max_length=20, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("made"))
    created_by = models.CharField(_("made by"), max_length=80)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(kinds=[]), name="webhook_has_kinds")]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """How far a delivery got."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("given up")


class Delivery(models.Model):
    """One fact on its way to one receiver. id: the message's `webhook-id`, the same at every attempt.

    body: what is signed and sent. next_try_at: set while waiting. Kept for thirty days.
    """

    id = models.UUIDField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=60)
    position = models.BigIntegerField(_("position"))
    body = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("made"))
    tried_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["webhook", "next_try_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["webhook", "-position"], name="delivery_newest_first"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False)
                | (~Q(state="waiting") & Q(next_try_at__isnull=True)),
                name="delivery_waits_for_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"
