"""Disputes and terminations with every step taken about them. Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.kernel.ids import new_id


class Proceeding(models.Model):
    """A dispute about the contract, or its early end. ground: of 10.1 for a termination, "" for a dispute."""

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("Dispute")
        TERMINATION = "termination", _("Termination")

    class Ground(models.TextChoices):
        CONSENT = "consent", _("Both parties agree")
        BREACH = "breach", _("Fundamental breach that was not cured")
        FORCE_MAJEURE = "force_majeure", _("Force majeure defeats the purpose")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=14, choices=Ground.choices, blank=True)
    by_party = models.CharField(max_length=1)
    text = models.TextField()
    claim = models.ForeignKey("agreement.Claim", on_delete=models.PROTECT, null=True, related_name="proceedings")
    opened_on = models.DateField()
    opened_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "number"], name="proceeding_number_once_per_agreement"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="dispute", ground="")
                | models.Q(kind="termination", ground__in=["consent", "breach", "force_majeure"]),
                name="a_termination_has_a_ground",
            ),
            models.CheckConstraint(condition=models.Q(by_party__in=["a", "b"]), name="proceeding_is_by_a_party"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ProceedingStep(models.Model):
    """What a party did. item: of a termination's checklist. paper: a file that it added."""

    class Kind(models.TextChoices):
        STATE = "state", _("Make a statement or add a paper")
        OFFER = "offer", _("Offer a settlement")
        SETTLE = "settle", _("Accept the offer and settle")
        MEDIATE = "mediate", _("Apply for mediation")
        REFER = "refer", _("Bring it before the agreed institution")
        DECISION = "decision", _("Record the institution's decision")
        CONSENT = "consent", pgettext_lazy("termination", "Agree to it")
        OBJECT = "object", _("Object")
        TICK = "tick", _("Confirm an item of the checklist")
        CLOSE = "close", _("End the contract")
        WITHDRAW = "withdraw", pgettext_lazy("proceeding", "Withdraw")

    class Item(models.TextChoices):
        DATA = "data", _("Data are handed over, and their receipt is confirmed")
        BENEFITS = "benefits", _("Benefits of members that are not redeemed yet are arranged for")
        ACCOUNTS = "accounts", _("Fees and costs are settled")
        CONFIDENTIALITY = (
            "confidentiality",
            _("Customer data are returned or destroyed, and a certificate is issued (9.2(2))"),
        )
        RECORDS = "records", _("Reports, records and evidence are handed over to both parties")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proceeding = models.ForeignKey("agreement.Proceeding", on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    party = models.CharField(max_length=1)
    item = models.CharField(max_length=16, choices=Item.choices, blank=True)
    text = models.TextField()
    paper = models.ForeignKey("agreement.Enclosure", on_delete=models.PROTECT, null=True, related_name="+")
    taken_on = models.DateField()
    taken_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "order"], name="proceeding_step_order_once"),
            models.CheckConstraint(
                condition=models.Q(kind="tick") & ~models.Q(item="") | ~models.Q(kind="tick") & models.Q(item=""),
                name="a_tick_names_its_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.kind}"
