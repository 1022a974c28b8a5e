"""Changes of contacts by hand, kept so that they can be taken back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.store.hot import HotRecord
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson


def _values() -> SealedJson:
    seen_by = (Seer.SERVING, Seer.SUPPORT)
    declared = Personal(DataClass.CONTACT, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, seen_by)
    return SealedJson(personal=declared, subject="customer_id")


class ContactKind(models.TextChoices):
    """What can be changed by hand of a person."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")
    WECHAT = "wechat", _("WeChat id")
    CARD = "card", _("Card number")
    BIRTHDAY = "birthday", _("Birthday")


class ContactChange(HotRecord):
    """One change by hand of one kind of values of one person.

    before, after: {"values": […], "labels": [[value, label]]}.
    Of a birthday the values are the Gregorian day and the calendar by which it is kept.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind.choices)
    before = _values()
    after = _values()
    by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="contact_change_kind_is_known", condition=models.Q(kind__in=ContactKind.values))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.changed_at:%Y-%m-%d}"
