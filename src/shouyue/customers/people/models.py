"""The people and companies that buy: who is who, and what is known of them as persons."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.kernel.masking import Mask
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedDate, SealedJson, SealedText
from shouyue.store.tokens import tokens_column, tokens_index


class CustomerKind(models.TextChoices):
    """What is known about who bought."""

    PERSON = "person", _("person")
    COMPANY = "company", _("company")
    UNKNOWN = "unknown", _("person or company")
    ANONYMOUS = "anonymous", _("not known (till sale)")


class Customer(models.Model):
    """One customer as one source knows them.

    id: derived from the source and its key. kind `anonymous`: nobody is known; the subject of one single order.
    region: state, province. by_hand: field -> when somebody of the staff set it; what a source knew before that moment
    does not change it. None: nobody did.
    Personal data: purpose is the performance of the contract (clause 4.1); kept while the agreement runs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CustomerKind.choices)
    source = models.CharField(_("source"), max_length=40)
    source_key = models.CharField(_("number at the source"), max_length=80)
    country = models.CharField(_("country"), max_length=60, blank=True, default="")
    region = models.CharField(_("region"), max_length=60, blank=True, default="")
    city = models.CharField(_("city"), max_length=80, blank=True, default="")
    first_seen_at = models.DateTimeField(_("first seen"), null=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True)
    by_hand = models.JSONField(null=True)

    class Meta:
        # Newest activity first; names cannot be sorted by once they are encrypted.
        indexes: ClassVar = [models.Index(fields=["last_seen_at", "id"], name="customer_by_last_seen")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_key"], name="customer_once_per_source"),
            models.CheckConstraint(
                name="customer_kind_is_known",
                condition=models.Q(kind__in=["person", "company", "unknown", "anonymous"]),
            ),
            models.CheckConstraint(
                name="customer_seen_first_before_last",
                condition=models.Q(first_seen_at__lte=models.F("last_seen_at"))
                | models.Q(first_seen_at__isnull=True, last_seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.source_key

    @property
    def is_anonymous(self) -> bool:
        return self.kind == CustomerKind.ANONYMOUS


class CustomerEdit(models.Model):
    """One change by hand of one field of customers, kept so that it can be taken back.

    before: earlier value -> ids of the customers that had it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    field = models.CharField(max_length=12)
    value = models.CharField(max_length=80, blank=True)
    before = models.JSONField()
    count = models.PositiveIntegerField()
    by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="edit_field_is_known", condition=models.Q(field__in=["kind", "country", "region", "city"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.count}"


def _declared(data_class: DataClass, mask: Mask) -> Personal:
    # Who serves a customer sees the whole value, everybody else the mask.
    seen_by = (Seer.SERVING, Seer.SUPPORT)
    return Personal(data_class, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, seen_by, mask)


class Person(models.Model):
    """What is known of a customer as a person: sealed with the customer's own key, found by tokens.

    title: mr or ms. phone, email: the main one, E.164 and lower case. other_*, wechats, cards: lists of more. calendar:
    by which the birthday is kept. labels: pairs of a value and what it is for.
    updated_at: when a value last changed; told again without a change leaves it.
    first_attestation_id, first_fields: what stands behind the values that came with the first record, one bit for each
    governed field (attesting/rules/origins.py); all that was said later is a FieldAttestation. Without a constraint
    of the database: a load of a million rows would lock the same row a million times.
    """

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="person")
    name = SealedText(_("name"), personal=_declared(DataClass.IDENTITY, Mask.NAME), subject="customer_id")
    title = SealedText(_("title"), personal=_declared(DataClass.PROFILE, Mask.ALL), subject="customer_id")
    born_on = SealedDate(_("birthday"), personal=_declared(DataClass.PROFILE, Mask.BIRTHDAY), subject="customer_id")
    phone = SealedText(_("phone"), personal=_declared(DataClass.CONTACT, Mask.PHONE), subject="customer_id")
    other_phones = SealedJson(personal=_declared(DataClass.CONTACT, Mask.ALL), subject="customer_id")
    email = SealedText(_("e-mail"), personal=_declared(DataClass.CONTACT, Mask.EMAIL), subject="customer_id")
    other_emails = SealedJson(personal=_declared(DataClass.CONTACT, Mask.ALL), subject="customer_id")
    address = SealedText(_("address"), personal=_declared(DataClass.CONTACT, Mask.ADDRESS), subject="customer_id")
    other_addresses = SealedJson(personal=_declared(DataClass.CONTACT, Mask.ALL), subject="customer_id")
    wechats = SealedJson(personal=_declared(DataClass.CONTACT, Mask.ALL), subject="customer_id")
    cards = SealedJson(personal=_declared(DataClass.IDENTITY, Mask.ALL), subject="customer_id")
    calendar = SealedText(personal=_declared(DataClass.PROFILE, Mask.ALL), subject="customer_id")
    labels = SealedJson(personal=_declared(DataClass.PROFILE, Mask.ALL), subject="customer_id")
    tokens = tokens_column()
    updated_at = models.DateTimeField(_("updated"))
    first_attestation_id = models.UUIDField(null=True)
    first_fields = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [tokens_index("tokens", name="person_by_token")]

    def __str__(self) -> str:
        return f"{self.name}"
