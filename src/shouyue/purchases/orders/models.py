"""What was bought, from whom and when: orders, their lines, and which lines a return undoes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.store.hot import HotRecord, to_hot


class OrderKind(models.TextChoices):
    """What an order as a whole is."""

    SALE = "sale", _("sale")
    RETURN = "return", _("return")
    ADJUSTMENT = "adjustment", _("adjustment")


class LineKind(models.TextChoices):
    """What one line of an order is."""

    SALE = "sale", _("sale")
    RETURN = "return", _("return")
    FEE = "fee", _("fee")
    ADJUSTMENT = "adjustment", _("adjustment")


class OrderStatus(models.TextChoices):
    """How far an order got."""

    PLACED = "placed", _("placed")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


# Words of tills and platforms for the ways of paying.
METHODS = {
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "card": _("bank card"),
    "credit_card": _("credit card"),
    "debit_card": _("debit card"),
    "cash": _("cash"),
    "voucher": _("voucher"),
    "transfer": _("bank transfer"),
    "boleto": _("boleto (payment slip)"),
    "not_defined": _("not told"),
}


class UnlinkedReason(models.TextChoices):
    """Why a return, or a part of it, undoes no line that we know."""

    NO_CUSTOMER = "no_customer", _("The customer is not known.")
    NAMED_LINE_UNKNOWN = (
        "named_line_unknown",
        _("It names a line that is not known as an earlier purchase of this item by this customer."),
    )
    NOT_A_PRODUCT = "not_a_product", _("It is a service or a discount, not a product.")
    NO_EARLIER_PURCHASE = "no_earlier_purchase", _("No earlier purchase of this item by this customer is known.")
    MORE_THAN_BOUGHT = "more_than_bought", _("More was returned than bought and not yet returned.")


class Order(HotRecord):
    """One purchase, return or adjustment under the number that its source gave it.

    id: derived from source and number. content: 16-byte digest of what was ordered, so that a replay is told from
    other content under the same number. run_id: the import that wrote it.
    batch_id: of the latest `OrdersRecorded` that told of it. Amounts in 1/10,000 of the currency unit.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("customer")
    )
    source = models.CharField(_("source"), max_length=40)
    number = models.CharField(_("number"), max_length=80)
    placed_at = models.DateTimeField(_("placed"))
    kind = models.CharField(_("kind"), max_length=12, choices=OrderKind.choices)
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus.choices)
    currency = models.CharField(_("currency"), max_length=3)
    total_e4 = models.BigIntegerField(_("total"))
    line_count = models.PositiveIntegerField(_("lines"))
    content = models.BinaryField(max_length=16)
    run_id = models.UUIDField(null=True)
    batch_id = models.UUIDField(null=True)
    store = models.ForeignKey(
        "purchases.Store",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("store"),
    )
    channel = models.ForeignKey(
        "purchases.Channel",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("channel"),
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["placed_at", "id"], name="order_by_placed"),
            # Reactions read a batch by it. Ids of batches come in the order of time, so it grows at one end.
            models.Index(fields=["batch_id"], name="order_by_batch"),
            # By beginnings too, whatever the collation.
            models.Index(fields=["number"], name="order_by_number", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["store", "placed_at", "id"], name="order_by_store", condition=Q(store__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="order_kind_is_known", condition=Q(kind__in=OrderKind.values)),
            models.CheckConstraint(name="order_status_is_known", condition=Q(status__in=OrderStatus.values)),
        ]

    def __str__(self) -> str:
        return self.number


class TakenNumber(models.Model):
    """Whose order the number of a source is, so that it is told under one customer only (docs/decisions/0014).

    order_id: the order's id, which says source and number. Orders that were told twice before this was known stay as
    they are; the number belongs to the earlier one.
    """

    order_id = models.UUIDField(primary_key=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.order_id}"


class OrderLine(HotRecord):
    """One line as it was sold, returned, charged or adjusted. Append-only: a correction is another line.

    id: derived from the order and line_no. quantity < 0 gives goods or money back. is_product: false for services,
    fees and discounts, which point to no product. sold_at: the line's own moment, which may be later than the order's.
    undoes_id: the line that a return names as the one it takes back; it may not be known yet.
    """

    # The composite key to the order proves the customer, at half the price of checking both.
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    order_id = models.UUIDField()
    order: "models.ForeignObject[Order, Order]" = to_hot("purchases.Order", "order_id", related_name="lines")
    line_no = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=LineKind.choices)
    is_product = models.BooleanField(_("product"))
    item = models.CharField(_("item"), max_length=80)
    description = models.CharField(_("description"), max_length=300)
    quantity = models.BigIntegerField(_("quantity"))
    unit_price_e4 = models.BigIntegerField(_("unit price"))
    amount_e4 = models.BigIntegerField(_("amount"))
    sold_at = models.DateTimeField(_("sold"))
    # Made in the same transaction; a check of each of a million lines would cost a tenth of their import.
    product = models.ForeignKey(
        "purchases.Product",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("product"),
    )
    undoes_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["product", "sold_at"], name="line_by_product")]
        constraints: ClassVar = [
            models.CheckConstraint(name="line_kind_is_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(
                name="line_amount_is_exact", condition=Q(amount_e4=F("quantity") * F("unit_price_e4"))
            ),
            models.CheckConstraint(
                name="sale_gives_and_return_takes_back",
                condition=(~Q(kind="sale") | Q(quantity__gt=0)) & (~Q(kind="return") | Q(quantity__lt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.quantity}"


class Payment(HotRecord):
    """Money that came in for an order, or went back: amount_e4 < 0. Append-only.

    id: derived from the order and the source's key of the payment. method: the source's word. The currency is the
    order's.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    order_id = models.UUIDField()
    order: "models.ForeignObject[Order, Order]" = to_hot("purchases.Order", "order_id", related_name="payments")
    method = models.CharField(_("method"), max_length=20)
    amount_e4 = models.BigIntegerField(_("amount"))
    paid_at = models.DateTimeField(_("paid"))

    def __str__(self) -> str:
        return f"{self.method} {self.amount_e4}"

    @property
    def method_label(self) -> str:
        """The method as a reader knows it; a word that is not known stays as it came."""
        return str(METHODS.get(self.method.lower(), self.method))


class ReturnLink(HotRecord):
    """So many pieces of a return undo that many of an earlier line. Derived from the lines; relinking rewrites it."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    return_line_id = models.UUIDField()
    sale_line_id = models.UUIDField()
    quantity = models.BigIntegerField(_("quantity"))
    return_line: "models.ForeignObject[OrderLine, OrderLine]" = to_hot("purchases.OrderLine", "return_line_id")
    sale_line: "models.ForeignObject[OrderLine, OrderLine]" = to_hot("purchases.OrderLine", "sale_line_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "return_line_id", "sale_line_id"], name="return_linked_once"),
            models.CheckConstraint(name="return_link_has_quantity", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.return_line_id} {self.quantity}"


class UnlinkedReturn(HotRecord):
    """The part of a return that undoes nothing we know, and why. Its id is the return line's. Derived, like links."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    line: "models.ForeignObject[OrderLine, OrderLine]" = to_hot("purchases.OrderLine", "id")
    quantity = models.BigIntegerField(_("quantity"))
    reason = models.CharField(_("reason"), max_length=20, choices=UnlinkedReason.choices)
    sold_at = models.DateTimeField(_("returned"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sold_at", "id"], name="unlinked_by_moment")]
        constraints: ClassVar = [
            models.CheckConstraint(name="unlinked_reason_is_known", condition=Q(reason__in=UnlinkedReason.values)),
            models.CheckConstraint(name="unlinked_has_quantity", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.reason}"
