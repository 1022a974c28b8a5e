"""Records of tiers: who has which since when and why, tiers that were bought, benefits that were used."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.store.hot import HotRecord


class TierWhy(models.TextChoices):
    """Why a tier changed; `rules.standing.Why` with its words."""

    JOINED = "joined", _("joined")
    REACHED = "reached", _("reached")
    FELL = "fell", _("minimum missed at the review")
    CORRECTED = "corrected", _("records came in late or were merged")


class TierChange(HotRecord):
    """From a day on a member has a tier. Append-only; the id follows from day, tier and reason, so it stands once.

    tier, before: names of the version; "" is none. amount: what the decision counted, in the measure of the version.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("since"))
    tier = models.CharField(_("tier"), max_length=40)
    before = models.CharField(_("before"), max_length=40, blank=True)
    why = models.CharField(_("reason"), max_length=10, choices=TierWhy.choices)
    amount = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(_("version"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="tier_why_is_known", condition=Q(why__in=TierWhy.values)),
            models.CheckConstraint(name="tier_change_changes", condition=~Q(tier=F("before"))),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.tier}"


class TierStanding(models.Model):
    """What the last review found of a member; tiers between two reviews are replayed (`queries.tiers_of`).

    warned_for: the day of the review at which the tier would be lost; None: no warning stands. stands_for_all: False
    for a number of a person that another one stood for.
    """

    customer = models.OneToOneField("customers.Customer", primary_key=True, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(_("tier"), max_length=40, blank=True)
    since = models.DateField(_("since"))
    why = models.CharField(_("reason"), max_length=10, choices=TierWhy.choices)
    projected = models.CharField(max_length=40, blank=True)
    warned_for = models.DateField(null=True)
    checked_on = models.DateField()
    stands_for_all = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tier"], name="standing_by_tier")]

    def __str__(self) -> str:
        return self.tier


class TierPass(HotRecord):
    """A tier that a member bought or was granted (for 0), good from the first to the last day. Its id is the key.

    ended_on: from this day on it does not count; None: it runs to its last day.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.CharField(_("tier"), max_length=40)
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    price_fen = models.PositiveIntegerField(_("price (fen)"))
    sold_at = models.DateTimeField(_("sold"))
    sold_by = models.CharField(max_length=60)
    why = models.CharField(_("why"), max_length=200, blank=True, default="")
    ended_on = models.DateField(_("ended"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True, default="")
    ended_why = models.CharField(_("why it ended"), max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="pass_ends_after_it_begins", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="pass_ended_within_its_days",
                condition=Q(ended_on__isnull=True, ended_at__isnull=True)
                | Q(ended_on__gte=F("first"), ended_on__lte=F("last"), ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.first} {self.last}"

    @property
    def good_until(self) -> date:
        """Its last day as it stands; before `first` if it never counted."""
        return self.ended_on - timedelta(days=1) if self.ended_on else self.last


class BenefitUse(HotRecord):
    """A member used a benefit. Append-only; id is the caller's key, so that two tills cannot count it twice."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    benefit = models.CharField(_("benefit"), max_length=40)
    used_on = models.DateField(_("used"))
    version = models.PositiveIntegerField(_("version"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.benefit} {self.used_on}"
