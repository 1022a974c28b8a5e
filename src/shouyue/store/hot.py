"""Hot records: rows that belong to a customer, keyed by (customer, id), so that they can be spread by customer.

Django cannot point a ForeignKey at a composite key. `to_hot` declares the relation for the ORM, and
`hot_foreign_key` writes the real foreign key of the database in the migration.
"""

from typing import Any

from django.db import migrations, models

from shouyue.kernel.ids import new_id


class HotRecord(models.Model):
    """Base of a record with the primary key (customer, id). Subclasses declare `customer` as a ForeignKey."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    id = models.UUIDField(default=new_id, editable=False)

    class Meta:
        abstract = True


def to_hot(to: str, id_field: str, **options: Any) -> Any:
    """The relation to a hot record of the same customer, whose id is in `id_field`.

    to: "app.Model"; id_field: the column's field on this side, e.g. "order_id". Read only: set the id field itself.
    Annotate the result: `order: models.ForeignObject[Order, Order] = to_hot("purchases.Order", "order_id")`.
    """
    return models.ForeignObject(
        to,
        on_delete=models.DO_NOTHING,
        from_fields=["customer_id", id_field],
        to_fields=["customer_id", "id"],
        **{"related_name": "+", **options},
    )


def hot_foreign_key(*, table: str, id_column: str, to_table: str, name: str) -> migrations.RunSQL:
    """Migration step: (customer_id, id_column) of `table` must exist in `to_table` when the transaction ends."""
    return migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (customer_id, "{id_column}") '
        f'REFERENCES "{to_table}" (customer_id, id) DEFERRABLE INITIALLY DEFERRED',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )
