"""Records of rewards: the catalogue, and what members took of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.store.hot import HotRecord


class Reward(models.Model):
    """Something that points buy, alone or with money. stock_left: None is without end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    points = models.PositiveIntegerField(_("points"))
    cash_fen = models.PositiveIntegerField(_("and in money (fen)"), default=0)
    stock_left = models.PositiveIntegerField(_("in stock"), null=True, blank=True)
    limit_each = models.PositiveIntegerField(_("at most for each member"), null=True, blank=True)
    hold_minutes = models.PositiveSmallIntegerField(_("minutes a reservation lasts"), default=60)
    tiers = models.JSONField(_("only for"), default=list, blank=True)
    first = models.DateField(_("from"), null=True, blank=True)
    last = models.DateField(_("until"), null=True, blank=True)
    is_open = models.BooleanField(_("offered"), default=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["points", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="reward_costs_points", condition=Q(points__gt=0)),
            models.CheckConstraint(name="reward_is_held_for_a_while", condition=Q(hold_minutes__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name_zh


class RedemptionState(models.TextChoices):
    RESERVED = "reserved", _("reserved")
    DONE = "done", _("to be handed over")
    USED = "used", _("handed over")
    RELEASED = "released", _("given back")


class Redemption(HotRecord):
    """A member took a reward. Its id is the caller's key and the ledger's; code: the voucher shown at the till.

    until: of a reservation; points and piece are set aside until then, and longer if the worker is late.
    payers: all numbers of a person who had several, whose points pay; empty where the customer's alone do.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="redemptions")
    state = models.CharField(_("state"), max_length=10, choices=RedemptionState.choices)
    points = models.PositiveIntegerField(_("points"))
    cash_fen = models.PositiveIntegerField(_("money (fen)"))
    payers = models.JSONField(default=list)
    code = models.CharField(_("voucher"), max_length=14, unique=True)
    made_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="redemption_state_is_known", condition=Q(state__in=RedemptionState.values)),
            models.CheckConstraint(
                name="reservation_has_an_end", condition=~Q(state="reserved") | Q(until__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["until"], condition=Q(state="reserved"), name="reservation_by_end")]

    def __str__(self) -> str:
        return self.code
