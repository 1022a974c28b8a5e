"""What imports made of orders, kept while they can be taken back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class OrderChange(models.Model):
    """What an import made of one order, kept so that it can be taken back; afterwards, that it was.

    file_number, row_number: its first row; rows: how many of the file are counted with it. batch_id: of the batch that
    wrote it: an order that another one told of since was changed. before: status, store, channel and batch of an order
    that was there, and the payments that came to it; None for one that the import made. known_returns: orders with
    returns that were there already and undo lines of this one.
    undone_by: the batch of `OrdersTakenBack`. placed_at: of a sale that is gone; with source and currency for rooms
    that gave something for it.
    """

    pk = models.CompositePrimaryKey("run_id", "customer_id", "order_id")
    run_id = models.UUIDField()
    # No relation: what is kept for an undo must not hold the customer.
    customer_id = models.UUIDField()
    order_id = models.UUIDField()
    file_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    batch_id = models.UUIDField()
    before = models.JSONField(null=True)
    known_returns = models.JSONField()
    at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    placed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="order_change_by_moment"),
            models.Index(fields=["undone_by"], name="order_change_by_undo", condition=Q(undone_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.file_number}:{self.row_number}"
