"""Give the lines that are recorded already their products, as lines that come in from now on have them."""

import uuid
from collections.abc import Iterator
from itertools import islice

from django.db import migrations

# As shouyue.kernel.ids and shouyue.purchases.catalogue.rules.told derive them; a migration must not change with them.
_ROOT = uuid.UUID("5c0f4a52-3f0e-5a41-9d0a-7f1f0c5e2b11")
_CHUNK = 1_000
_NEVER_SOLD = "1900-01-01 00:00:00+00:00"

_NAMED = """
SELECT placed.source, line.item,
    (array_agg(line.description ORDER BY line.sold_at DESC, line.description DESC)
        FILTER (WHERE line.kind IN ('sale', 'return') AND line.description <> ''))[1],
    max(line.sold_at) FILTER (WHERE line.kind IN ('sale', 'return') AND line.description <> '')
FROM purchases_orderline AS line
JOIN purchases_order AS placed ON placed.customer_id = line.customer_id AND placed.id = line.order_id
WHERE line.is_product GROUP BY placed.source, line.item
"""
_INSERT = """
INSERT INTO purchases_product (id, source, code, name, name_en, is_active, unit, currency, named_at)
SELECT id, source, code, name, '', true, '', '', at
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, source, code, name, at)
"""
_POINT = """
UPDATE purchases_orderline AS line SET product_id = product.id
FROM purchases_order AS placed, purchases_product AS product
WHERE placed.customer_id = line.customer_id AND placed.id = line.order_id AND line.is_product
    AND product.source = placed.source AND product.code = line.item
"""


def point_lines_to_products(apps: object, schema_editor: object) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_NAMED)
        for chunk in _chunks(iter(cursor.fetchall())):
            columns = zip(*map(_product, chunk), strict=True)
            cursor.execute(_INSERT, [list(column) for column in columns])
        cursor.execute(_POINT)


def _product(row: tuple) -> tuple:
    source, code, name, at = row
    namespace = uuid.uuid5(_ROOT, f"{source}:product")
    return uuid.uuid5(namespace, code), source, code, name or "", at or _NEVER_SOLD


def _chunks(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


class Migration(migrations.Migration):
    dependencies = [("purchases", "0003_catalogue_and_payments")]

    operations = [migrations.RunPython(point_lines_to_products, migrations.RunPython.noop)]
