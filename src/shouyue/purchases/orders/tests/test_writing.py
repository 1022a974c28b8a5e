"""Few orders are inserted and many are copied: the rows are the same, whatever stands in them."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from shouyue.kernel.ids import new_id
from shouyue.purchases.orders.actions import writing
from shouyue.purchases.orders.actions.recording import Recording, record_orders
from shouyue.purchases.orders.rules.drafts import CustomerDraft, PaymentDraft
from shouyue.purchases.orders.rules.told import ToldLine, order_told

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TABLES = (
    "purchases_order",
    "purchases_orderline",
    "purchases_payment",
    "purchases_product",
    "purchases_unlinkedreturn",
)
AWKWARD = "\t\\N \"茶\" 'it''s' {a,b}\\x41 😀 %s \\"


def orders():
    for number in range(3):
        yield order_told(
            source="plain",
            number=f"{number} {AWKWARD}",
            customer=CustomerDraft("C1" if number else ""),
            placed_at=AT.replace(microsecond=number),
            currency="CNY",
            status="placed" if number == 1 else None,
            lines=[
                ToldLine("TEA", AWKWARD, 2, 123_456),
                ToldLine(AWKWARD, "", 1, 2**40),
                ToldLine("GIFT", "", 1, 0),
                *([ToldLine("POT", "壶", -1, 9, str(new_id()))] if number == 2 else []),
            ],
            place=("S1", "") if number else ("", ""),
            payments=[PaymentDraft("1", "card\\", 5, None)] if number else [],
        )


@pytest.mark.django_db
def test_inserted_and_copied_orders_are_the_same(monkeypatch):
    drafts = sorted(orders(), key=lambda draft: draft.customer_id)
    recording = Recording("plain", new_id(), new_id(), AT, "test")

    def rows(few: int) -> dict[str, list[tuple[object, ...]]]:
        monkeypatch.setattr(writing, "_FEW", few)
        found = {}
        with transaction.atomic():
            record_orders(drafts, recording=recording)
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                    found[table] = cursor.fetchall()
            transaction.set_rollback(True)
        return found

    inserted, copied = rows(100), rows(0)
    assert inserted == copied
    assert [len(inserted[table]) for table in TABLES] == [3, 10, 2, 4, 1]
