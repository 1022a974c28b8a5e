"""Records of referrals: the code of a member, and who came by it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.store.hot import HotRecord


class TermsConsent(HotRecord):
    """That a customer agreed to the terms when joining. Append-only; its id follows from the words, so once for each.

    version: of the programme; words_digest: SHA-256 of the terms as they were shown, in `language`.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(max_length=10)
    words_digest = models.CharField(max_length=64)
    agreed_at = models.DateTimeField(_("agreed"))

    def __str__(self) -> str:
        return f"{self.agreed_at}"


class ReferralCode(models.Model):
    """The code in a member's link. device: digest of the browser that last showed it."""

    customer = models.OneToOneField("customers.Customer", primary_key=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=14, unique=True)
    made_at = models.DateTimeField(_("since"))
    device = models.CharField(max_length=32, blank=True, default="")

    def __str__(self) -> str:
        return self.code


class ReferralState(models.TextChoices):
    COUNTED = "counted", _("counts")
    REVIEW = "review", _("to be looked at")
    REFUSED = "refused", _("does not count")


class Referral(models.Model):
    """Who brought whom; one level, once for each who comes. guards: what it ran into."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("new member")
    )
    referrer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ReferralState.choices)
    guards = models.JSONField(default=list)
    at = models.DateTimeField(_("came"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="referral_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(name="referral_state_is_known", condition=Q(state__in=ReferralState.values)),
            models.CheckConstraint(
                name="referral_is_of_another",
                condition=~Q(referrer=F("customer")) | Q(state=ReferralState.REFUSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}"


class ReferralReward(HotRecord):
    """Points that one side got for an event of the new member. Its id is that of the award.

    pays_on: from which day they can be spent; until then the return of the order takes them back (cancelled_at).
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("new member")
    )
    receiver = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    order_id = models.UUIDField(null=True)
    points = models.PositiveIntegerField(_("points"))
    pays_on = models.DateField(_("active from"))
    made_at = models.DateTimeField(_("given"))
    cancelled_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="referral_reward_has_points", condition=Q(points__gt=0))]

    def __str__(self) -> str:
        return f"{self.points}"
