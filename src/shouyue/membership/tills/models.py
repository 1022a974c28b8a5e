"""Records of the till: what each order has earned and what returns left of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouyue.store.hot import HotRecord


class Earning(HotRecord):
    """What one order has earned as it stands. Its id is the order's; kept under the balance's lock.

    points: after all returns so far. version, terms, tier, is_first: what it was reckoned by, and always will be.
    terms: the ledger's EarnProgramme. excused: points that returns did not take back because they had expired unused.
    paid_fen: what of the order was paid with points. has_returns: something of it
    came back once, so that a change of returns anywhere reckons it anew. turns: how often its points changed.
    categories: by item, its category and all above it as they were when the item first earned; null: no rule asked.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    points = models.PositiveBigIntegerField()
    version = models.PositiveIntegerField()
    terms = models.PositiveIntegerField()
    tier = models.CharField(max_length=40, blank=True, default="")
    is_first = models.BooleanField(default=False)
    paid_fen = models.PositiveBigIntegerField(default=0)
    has_returns = models.BooleanField(default=False)
    turns = models.PositiveIntegerField(default=0)
    excused = models.PositiveBigIntegerField(db_default=0)
    categories = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="earning_is_never_negative", condition=Q(points__gte=0, paid_fen__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.points}"
