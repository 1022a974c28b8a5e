"""Members at the portal: the codes they asked for, their sessions, and what the sandbox channel shows to testers.

None points at a customer by a foreign key: customers are a room above.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouyue.kernel.ids import new_id


class SignInCode(models.Model):
    """One code that somebody asked for, whether a customer has the phone or not. Also what limits the asking.

    phone_digest, address_digest: keyed digests of the phone and of the network address that asked. phone: the number
    itself, sealed under the installation's key `key_id`. code_digest: keyed, since six digits are quickly tried.
    proved_at: the right code was given; from then on a customer can be chosen. used_at: somebody was signed in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone_digest = models.UUIDField()
    address_digest = models.UUIDField()
    key_id = models.CharField(max_length=16)
    phone = models.BinaryField()
    code_digest = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    proved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["phone_digest", "made_at"], name="code_by_phone"),
            models.Index(fields=["address_digest", "made_at"], name="code_by_address"),
            models.Index(fields=["made_at"], name="code_by_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="code_expires_after_its_making", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="code_is_used_once_proved", condition=Q(used_at__isnull=True) | Q(proved_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MemberSession(models.Model):
    """A member who is signed in at the portal, as one customer, in one browser. Never a Staff account.

    last_seen_at: coarse, written at most once a minute.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer_id = models.UUIDField()
    made_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer_id"], name="session_by_customer"),
            models.Index(fields=["expires_at"], name="session_by_end"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="session_ends_after_its_making", condition=Q(expires_at__gt=F("made_at")))
        ]

    def __str__(self) -> str:
        return str(self.id)


class SandboxMessage(models.Model):
    """A message that the sandbox channel keeps for testers instead of sending it, until it expires.

    content: recipient and text, sealed under the installation's key `key_id`. is_withheld: nobody was to get it; a
    real channel would have sent nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_id = models.CharField(max_length=16)
    content = models.BinaryField()
    is_withheld = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="sandbox_message_by_end")]

    def __str__(self) -> str:
        return str(self.id)
