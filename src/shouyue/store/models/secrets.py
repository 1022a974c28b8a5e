"""What makes personal values readable and findable: a key for each person, digests of what identifies them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class KeyInUse(models.Model):
    """An installation's key that sealed something here, so that a lost or mistaken one is noticed at the start.

    check_value: tells the right secret from another one under the same id; see `keys.InstallationKey`.
    """

    id = models.CharField(primary_key=True, max_length=16)
    check_value = models.BinaryField(max_length=8)
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class PersonKey(models.Model):
    """The key of one subject (a customer, an import run), wrapped by the installation's key `key_id`.

    Shredding empties `wrapped`: every value sealed with it is then noise. The row stays, so that nobody makes the
    same subject a new key.
    """

    subject = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    key_id = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="person_key_is_there_or_shredded",
                condition=Q(wrapped__isnull=False, shredded_at__isnull=True)
                | Q(wrapped__isnull=True, shredded_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)


class IdentityKind(models.TextChoices):
    """What identifies a person exactly."""

    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    CARD = "card", _("card number")
    WECHAT = "wechat", _("WeChat id")
    UNIONID = "unionid", _("WeChat unionid")


class IdentityDigest(models.Model):
    """That a customer has a phone, an e-mail address or a card, without saying which: a keyed digest of 128 bits.

    Several customers may share one: families share phones. No foreign key: customers are a room above.
    """

    pk = models.CompositePrimaryKey("digest", "customer_id")
    digest = models.UUIDField()
    customer_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=IdentityKind.choices)

    class Meta:
        # To forget a customer, whose values may no longer be readable by then.
        indexes: ClassVar = [models.Index(fields=["customer_id"], name="identity_by_customer")]
        constraints: ClassVar = [
            models.CheckConstraint(name="identity_kind_is_known", condition=Q(kind__in=IdentityKind.values))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id}"
