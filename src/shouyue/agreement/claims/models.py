"""Claims of breach and what followed. Append-only: a claim is answered and withdrawn, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class ClaimBook(models.Model):
    """One row for each agreement: whoever files or answers a claim holds this row's lock."""

    agreement = models.OneToOneField(
        "agreement.Agreement", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.pk)


class Claim(models.Model):
    """One party's assertion that the other broke the contract, with the target and the duties as they stood then.

    target: the pinned result (measure, period, version, kept, asked, decision, …), {} for grounds without one.
    duties: [{code, title, due_on, standing, days_late}] as they stood at the notice. disclosure: the fact that was
    told late, falsely or not at all, for ground 8.1(3).
    """

    class Ground(models.TextChoices):
        SATISFACTION = "8.1(1)", _("8.1(1) Satisfaction below its target because duties were not done")
        LOYALTY = "8.1(2)", _("8.1(2) Loyalty below its target because duties were not done")
        INFORMATION = "8.1(3)", _("8.1(3) False or hidden information")
        OTHER_DUTY = "8.1(4)", _("8.1(4) Another duty not done")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=8, choices=Ground.choices)
    by_party = models.CharField(max_length=1)
    against = models.CharField(max_length=1)
    result_id = models.UUIDField(null=True)
    disclosure = models.ForeignKey("agreement.Disclosure", on_delete=models.PROTECT, null=True, related_name="claims")
    target = models.JSONField(default=dict)
    duties = models.JSONField(default=list)
    argument = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    wanted = models.TextField()
    noticed_on = models.DateField()
    reply_by = models.DateField()
    filed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="claim_number_once_per_agreement"),
            models.CheckConstraint(
                condition=models.Q(by_party="a", against="b") | models.Q(by_party="b", against="a"),
                name="claim_is_against_the_other_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.ground}"


class ClaimStep(models.Model):
    """What a party did about a claim after the notice, in order."""

    class Kind(models.TextChoices):
        CONTEST = "contest", _("Contest the claim")
        ACCEPT = "accept", _("Accept the claim")
        CURE = "cure", _("Report a cure")
        CONFIRM = "confirm", _("Confirm the cure and close")
        REJECT_CURE = "reject_cure", _("Reject the cure")
        SETTLE = "settle", _("Record the agreed consequence and close")
        WITHDRAW = "withdraw", _("Withdraw the claim")
        DISPUTE = "dispute", _("Bring it to dispute resolution (clause 11)")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey("agreement.Claim", on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    party = models.CharField(max_length=1)
    text = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    taken_on = models.DateField()
    taken_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["claim", "order"], name="claim_step_order_once")]

    def __str__(self) -> str:
        return f"{self.order} {self.kind}"
