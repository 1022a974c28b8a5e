"""Drafts of an agreement, signatures under them, amendments and what became of them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.kernel.ids import new_id


class Draft(models.Model):
    """An agreement that is being negotiated; both parties edit it until both have signed the same words.

    terms: {party_a, party_b, starts_on, ends_on, zone, currency, institution, targets, clauses, loose, signatories}.
    A signature is of the terms' digest: whoever edits afterwards makes it a signature of other words, and it no
    longer counts.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Draft")
        SIGNED = "signed", _("Signed by both")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40)
    terms = models.JSONField(default=dict)
    source = models.CharField(max_length=120, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1)
    agreement = models.OneToOneField("agreement.Agreement", on_delete=models.PROTECT, null=True, related_name="draft")
    made_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    edited_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(state="dropped"), name="draft_number_once_unless_dropped"
            ),
            models.CheckConstraint(
                condition=models.Q(state="signed", agreement__isnull=False)
                | models.Q(state__in=["open", "dropped"], agreement__isnull=True),
                name="draft_signed_by_both_is_an_agreement",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PartyKey(models.Model):
    """The key a party signs with. sealed: the private half, which only the signatory's passphrase opens."""

    side = models.CharField(max_length=1)
    public_key = models.CharField(max_length=44, unique=True)
    sealed = models.TextField()
    holder = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(side__in=["a", "b"]), name="party_key_has_a_side")]

    def __str__(self) -> str:
        return self.public_key


class Signature(models.Model):
    """One party's signature under a draft or an amendment. statement: what was signed, exactly; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey("agreement.Draft", on_delete=models.PROTECT, null=True, related_name="signatures")
    amendment = models.ForeignKey("agreement.Amendment", on_delete=models.PROTECT, null=True, related_name="signatures")
    side = models.CharField(max_length=1)
    signatory = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    statement: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    key = models.ForeignKey("agreement.PartyKey", on_delete=models.PROTECT, related_name="+")
    signature = models.CharField(max_length=88)
    seal = models.ForeignKey("agreement.Enclosure", on_delete=models.PROTECT, null=True, related_name="+")
    scan = models.ForeignKey("agreement.Enclosure", on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(draft__isnull=False, amendment__isnull=True)
                | models.Q(draft__isnull=True, amendment__isnull=False),
                name="signature_is_under_one_paper",
            ),
            models.UniqueConstraint(fields=["draft", "side", "digest"], name="draft_signed_once_by_each_side"),
            models.UniqueConstraint(fields=["amendment", "side"], name="amendment_signed_once_by_each_side"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.digest[:8]}"


class Amendment(models.Model):
    """A change that one party proposes; the other's signature carries it out. Append-only: its end is another row."""

    class Kind(models.TextChoices):
        TARGET = "target", _("Another target")
        DEFINITION = "definition", _("Another definition of a measure")
        CLAUSE = "clause", _("Other or further words of a clause")
        TERM = "term", _("Another last day")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=40, blank=True)
    value: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    reason = models.TextField()
    applies_from = models.DateField()
    by_party = models.CharField(max_length=1)
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="amendment_number_once_per_agreement"),
            models.CheckConstraint(condition=models.Q(by_party__in=["a", "b"]), name="amendment_has_a_proposer"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class AmendmentEnd(models.Model):
    """How a proposal ended: accepted (and carried out), refused by the other party, or taken back. Append-only."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("amendment", "Accepted")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back")

    amendment = models.OneToOneField(
        "agreement.Amendment", on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    party = models.CharField(max_length=1)
    ended_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.kind}"
