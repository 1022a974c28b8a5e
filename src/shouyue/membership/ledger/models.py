"""Records of points: transfers that name both sides, lots, what was taken from them, holds, and balances."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.store.hot import HotRecord, to_hot


class Account(models.TextChoices):
    """Where points stand; `rules.moves.Account` with its words."""

    ISSUED = "issued", _("issued")
    PENDING = "pending", _("not yet active")
    AVAILABLE = "available", _("available")
    HELD = "held", _("held")
    DEBT = "debt", _("owed")
    REDEEMED = "redeemed", _("redeemed")
    PAID_OUT = "paid_out", _("paid out")
    EXPIRED = "expired", _("expired")
    CLAWED_BACK = "clawed_back", _("taken back")
    TRANSIT = "transit", _("between customers")


class Reason(models.TextChoices):
    """Why points moved; `rules.moves.Reason` with its words."""

    PURCHASE = "purchase", _("purchase")
    AWARD = "award", _("award")
    ACTIVATION = "activation", _("became active")
    REDEMPTION = "redemption", _("redeemed")
    HOLD = "hold", _("set aside")
    CAPTURE = "capture", _("paid with points set aside")
    RELEASE = "release", _("set free")
    PAYOUT = "payout", _("paid out in money")
    EXPIRY = "expiry", _("expired")
    CANCELLATION = "cancellation", _("cancelled")
    RETURN = "return", _("goods returned")
    REPAYMENT = "repayment", _("debt paid")
    REVERSAL = "reversal", _("undone")
    GIFT = "gift", _("gift")
    POOL = "pool", _("household")
    ADJUSTMENT = "adjustment", _("adjusted by staff")


class EarnProgramme(models.Model):
    """What purchases earn, from a day on. A change is a new version; every transfer names the one it followed.

    point_value_e4: what a point is worth, in 1/10,000 of the currency unit; lots carry their liability by it.
    expected_share: of issued points that is expected to be redeemed (IFRS 15).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True)
    starts_on = models.DateField()
    currency = models.CharField(max_length=3, default="CNY")
    per_fen = models.PositiveBigIntegerField()
    points = models.PositiveIntegerField()
    rounding = models.CharField(max_length=10, default="down")
    basis = models.CharField(max_length=10, default="paid")
    pending_days = models.PositiveSmallIntegerField(default=0)
    expire_after_days = models.PositiveIntegerField(null=True, blank=True)
    return_policy = models.CharField(max_length=16, default="unlimited")
    point_value_e4 = models.PositiveIntegerField(default=100)
    expected_share = models.FloatField(default=0.8)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.CheckConstraint(name="programme_rate_is_positive", condition=Q(per_fen__gt=0, points__gt=0)),
            models.CheckConstraint(
                name="programme_words_are_known",
                condition=Q(
                    rounding__in=["down", "half_up", "half_even", "up"],
                    basis__in=["paid", "gross"],
                    return_policy__in=["only_pending", "within_balance", "unlimited"],
                ),
            ),
            models.CheckConstraint(
                name="programme_share_is_a_share", condition=Q(expected_share__gte=0, expected_share__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Balance(models.Model):
    """A member's points by account, kept under this row's lock; the nightly proof reckons them anew from transfers.

    issued and debt count what went out of those accounts, the others what came in.
    """

    customer = models.OneToOneField("customers.Customer", primary_key=True, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    issued = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    debt = models.BigIntegerField(default=0)
    redeemed = models.BigIntegerField(default=0)
    paid_out = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    clawed_back = models.BigIntegerField(default=0)
    transit = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="balance_is_never_negative",
                condition=Q(pending__gte=0, available__gte=0, held__gte=0, debt__gte=0, issued__gte=0),
            ),
            models.CheckConstraint(
                name="balance_is_closed",
                condition=Q(
                    issued=F("pending")
                    + F("available")
                    + F("held")
                    + F("redeemed")
                    + F("paid_out")
                    + F("expired")
                    + F("clawed_back")
                    + F("transit")
                    - F("debt")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.available}"


class Transfer(HotRecord):
    """Points that went from one account of a customer to another. Append-only: a mistake is undone by another transfer.

    command_id: the call that made it, whose first transfer has this id.
    peer_id: the other customer of a gift or pool. asked: on the first transfer of a command, the points it asked for if
    others moved.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    command_id = models.UUIDField()
    debit = models.CharField(max_length=12, choices=Account.choices)
    credit = models.CharField(max_length=12, choices=Account.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    points = models.BigIntegerField()
    asked = models.BigIntegerField(null=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    order_id = models.UUIDField(null=True)
    reverses = models.UUIDField(null=True)
    peer_id = models.UUIDField(null=True)
    programme = models.PositiveIntegerField(null=True)
    actor = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="transfer_moves_points", condition=Q(points__gt=0)),
            models.CheckConstraint(name="transfer_has_two_sides", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(
                name="transfer_words_are_known",
                condition=Q(debit__in=Account.values, credit__in=Account.values, reason__in=Reason.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit} → {self.credit} {self.points}"


class Lot(HotRecord):
    """Points that came together and expire together. Its id is that of the transfer that made it.

    left, held and their costs are kept under the balance's lock; takes prove them.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    made: "models.ForeignObject[Transfer, Transfer]" = to_hot("membership.Transfer", "id")
    points = models.BigIntegerField()
    cost_fen = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    activates_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    is_pending = models.BooleanField(default=False)
    left = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    cost_left_fen = models.BigIntegerField(default=0)
    held_cost_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="lot_is_never_overdrawn",
                condition=Q(left__gte=0, held__gte=0, points__gte=F("left") + F("held")),
            ),
            models.CheckConstraint(
                name="lot_cost_leaves_no_residue",
                condition=Q(cost_left_fen__gte=0, held_cost_fen__gte=0)
                & (Q(left__gt=0) | Q(cost_left_fen=0))
                & (Q(held__gt=0) | Q(held_cost_fen=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left}/{self.points}"


class Take(HotRecord):
    """So many points of a lot that a transfer moved, with their cost. Append-only."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    transfer_id = models.UUIDField()
    lot_id = models.UUIDField()
    points = models.BigIntegerField()
    cost_fen = models.BigIntegerField()
    transfer: "models.ForeignObject[Transfer, Transfer]" = to_hot("membership.Transfer", "transfer_id")
    lot: "models.ForeignObject[Lot, Lot]" = to_hot("membership.Lot", "lot_id")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="take_has_points", condition=Q(points__gt=0, cost_fen__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.points}"


class HoldState(models.TextChoices):
    STANDING = "standing", _("set aside")
    CAPTURED = "captured", _("paid")
    RELEASED = "released", _("set free")


class Hold(HotRecord):
    """Points set aside until they are paid or set free, once. Its id is that of its transfer.

    parts: what stands, as [lot id, points, cost in fen]. until: when the worker sets it free.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.STANDING)
    parts = models.JSONField(default=list)
    order_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], condition=Q(state="standing"), name="hold_by_end_while_standing")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="hold_state_is_known", condition=Q(state__in=HoldState.values))
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Proof(models.Model):
    """One nightly reckoning of all balances and lots from transfers and takes. differences: what did not agree."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ran_at = models.DateTimeField()
    members = models.PositiveBigIntegerField()
    lots = models.PositiveBigIntegerField()
    differences = models.PositiveBigIntegerField()
    found = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-ran_at", "-id"]

    def __str__(self) -> str:
        return f"{self.ran_at} {self.differences}"
