"""Drawn waves: the frozen plan and frame, and the sheet of each person who was drawn."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.masking import Mask
from shouyue.store.hot import HotRecord
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson
from shouyue.surveys.waves.rules.pseudonyms import pseudonym
from shouyue.surveys.waves.rules.tokens import token_hash, token_of

if TYPE_CHECKING:
    from shouyue.customers.public import Customer
    from shouyue.surveys.answers.models import Wave


class AskingGuard(models.Model):
    """One row: whoever draws locks it, so that two draws never ask the same person past the cap."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    def __str__(self) -> str:
        return "guard"


class WavePlan(models.Model):
    """What was frozen when a wave was drawn. seed, salt: hexadecimal; the salt makes pseudonyms and stays inside.

    frame: stratum of each pseudonym. sizes: drawn of each stratum. excluded: customers left out, by reason.
    margins: what answers are weighted to, as `Margins.stored` has it; empty: to nothing. traits: where there are
    margins, each pseudonym's categories, in the order of the attributes. The database keeps what was frozen as it was.
    """

    wave: "models.OneToOneField[Wave, Wave]" = models.OneToOneField(
        "surveys.Wave", primary_key=True, on_delete=models.PROTECT, related_name="plan"
    )
    seed = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    method = models.CharField(max_length=12)
    frame = models.JSONField()
    frame_hash = models.CharField(max_length=64)
    frame_size = models.PositiveIntegerField()
    sizes = models.JSONField()
    excluded = models.JSONField(default=dict)
    target = models.CharField(max_length=12)  # the share it is judged by, exact: "0.9"
    margins = models.JSONField(default=dict)
    margins_hash = models.CharField(max_length=64, blank=True, default="")
    traits = models.JSONField(default=dict)
    # Whether strata were drawn out of proportion or margins are known, so that answers have to be weighted.
    is_weighted = models.BooleanField(default=False)
    # Whether the tails are those of draws from a small frame without replacement.
    is_small_frame = models.BooleanField(default=False)
    # What each planned look would have drawn so far, and the risk spent up to it: [{"sizes": {…}, "spent": "1/20"}].
    looks = models.JSONField(default=list)
    # What was counted at the looks so far: [{"kept": 1, "asked": 2, "spent": "1/40"}]. Append only.
    counted = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.method} {self.frame_size}"

    def token_of(self, sheet: UUID) -> str:
        """The token of the personal link to a sheet of this wave."""
        return token_of(self.salt, sheet)

    def pseudonym_of(self, customer: UUID) -> str:
        """The customer's name in the frame."""
        return pseudonym(self.salt, customer)


class Mailing(HotRecord):
    """An invitation or a reminder that was written to one customer, by the id of the sheet; each round goes out once.

    Personal data only through the customer; the address and the text are kept by no one here.
    """

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        FAILED = "failed", _("not taken")

    customer: "models.ForeignKey[Customer, Customer]" = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave: "models.ForeignKey[Wave, Wave]" = models.ForeignKey(
        "surveys.Wave", on_delete=models.PROTECT, related_name="mailings"
    )
    sheet_id = models.UUIDField()
    round = models.PositiveSmallIntegerField()  # 0: the invitation; 1, 2: reminders
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "round", "sheet_id"], name="mailing_once_a_round"),
            models.CheckConstraint(condition=models.Q(round__lte=2), name="mailing_at_most_two_reminders"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.outcome}"


_WORDS = Personal(
    DataClass.BEHAVIOUR,
    Purpose.MEASURING,
    Basis.CONSENT,
    Retention.AGREEMENT,
    seen_by=(Seer.SERVING, Seer.SUPPORT),
    mask=Mask.ALL,
)


class Sheet(HotRecord):
    """What somebody who was drawn has filled in so far. Its id is the invitation's, and the answer's once it is sent.

    token_hash: SHA-256 of the token in the personal link, which is kept nowhere. marks: by question, no words in them.
    """

    customer: "models.ForeignKey[Customer, Customer]" = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave: "models.ForeignKey[Wave, Wave]" = models.ForeignKey(
        "surveys.Wave", on_delete=models.PROTECT, related_name="sheets"
    )
    token_hash = models.CharField(max_length=64)
    marks = models.JSONField(default=dict)
    words = SealedJson(personal=_WORDS, subject="customer_id")
    # How it was filled in: "link" by the customer, "interviewer" by somebody who asked them.
    channel = models.CharField(max_length=12, default="link")
    saved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    wave_is_open: bool  # no column: read along by the statement that locks the sheet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="sheet_token_once")]

    def __str__(self) -> str:
        return f"{self.wave_id}"

    @staticmethod
    def hash_of(token: str) -> str:
        """What `token_hash` holds for a token."""
        return token_hash(token)


class SheetFile(HotRecord):
    """A file that belongs to the answer of a file question: its name, its kind and its bytes, sealed together."""

    customer: "models.ForeignKey[Customer, Customer]" = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sheet_id = models.UUIDField()
    question = models.CharField(max_length=40)
    content = SealedJson(personal=_WORDS, subject="customer_id")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "sheet_id", "question"], name="file_once_a_question")
        ]

    def __str__(self) -> str:
        return self.question
