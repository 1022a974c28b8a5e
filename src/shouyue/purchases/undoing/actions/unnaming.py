"""Take back what an import of orders named in the catalogue: entries that nothing names any more go."""

from uuid import UUID

from django.db import connection

from shouyue.purchases.catalogue.public import keep_words


def take_back_entries(run_id: UUID) -> None:
    """Remove what the import made and nobody uses or wrote on since; read names anew from the sales that are left.

    Writers of the catalogue wait until the transaction ends: one that took a product for known is done before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        for statement in (_REMOVE_PRODUCTS, _REMOVE_STORES, _REMOVE_CHANNELS):
            cursor.execute(statement, [run_id])
        cursor.execute(_REMOVE_WORDS, [run_id])
        cursor.execute(_RENAME, [run_id])
        keep_words("product", [row[0] for row in cursor.fetchall()])
        cursor.execute("DELETE FROM purchases_namedentry WHERE run_id = %s", [run_id])


def forget_named_entries() -> int:
    """Delete what was kept of imports whose orders can no longer be taken back; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


_LOCK = "LOCK TABLE purchases_product, purchases_store, purchases_channel IN SHARE ROW EXCLUSIVE MODE"
_REMOVE_PRODUCTS = """
DELETE FROM purchases_product AS product USING purchases_namedentry AS named
WHERE named.run_id = %s AND named.kind = 'product' AND named.is_new AND product.id = named.entry_id
    AND product.named_at IS NOT NULL AND product.category_id IS NULL AND product.list_price_e4 IS NULL
    AND product.name_en = '' AND product.unit = '' AND product.is_active
    AND NOT EXISTS (SELECT FROM purchases_orderline AS line WHERE line.product_id = product.id)
"""
_REMOVE_STORES = """
DELETE FROM purchases_store AS store USING purchases_namedentry AS named
WHERE named.run_id = %s AND named.kind = 'store' AND named.is_new AND store.id = named.entry_id
    AND store.name = '' AND store.name_en = '' AND store.city = '' AND store.is_active
    AND NOT EXISTS (SELECT FROM purchases_order AS placed WHERE placed.store_id = store.id)
"""
# There is no index on the channel of an order: one look at all of them, not one for each channel.
_REMOVE_CHANNELS = """
DELETE FROM purchases_channel AS channel USING purchases_namedentry AS named
WHERE named.run_id = %s AND named.kind = 'channel' AND named.is_new AND channel.id = named.entry_id
    AND channel.name = '' AND channel.name_en = '' AND channel.is_active
    AND channel.id NOT IN (SELECT channel_id FROM purchases_order WHERE channel_id IS NOT NULL)
"""
_REMOVE_WORDS = """
DELETE FROM purchases_entrywords AS kept USING purchases_namedentry AS named
WHERE named.run_id = %s AND named.is_new AND kept.entry_id = named.entry_id AND NOT EXISTS (
    SELECT FROM purchases_product WHERE id = named.entry_id
    UNION ALL SELECT FROM purchases_store WHERE id = named.entry_id
    UNION ALL SELECT FROM purchases_channel WHERE id = named.entry_id
)
"""
# As orders/rules/named.py reads a name; the moment without a sale is the catalogue's NEVER_SOLD.
_RENAME = """
UPDATE purchases_product AS product SET name = latest.name, named_at = latest.at
FROM purchases_namedentry AS named, LATERAL (
    SELECT coalesce(max(line.description), '') AS name, coalesce(max(line.sold_at), '1900-01-01Z') AS at FROM (
        SELECT description, sold_at FROM purchases_orderline
        WHERE product_id = named.entry_id AND kind IN ('sale', 'return') AND description <> ''
        ORDER BY sold_at DESC, description COLLATE "C" DESC LIMIT 1
    ) AS line
) AS latest
WHERE named.run_id = %s AND named.kind = 'product' AND product.id = named.entry_id AND product.named_at IS NOT NULL
    AND (product.name, product.named_at) IS DISTINCT FROM (latest.name, latest.at)
RETURNING product.id
"""
_FORGET = """
DELETE FROM purchases_namedentry AS named WHERE NOT EXISTS (
    SELECT FROM purchases_orderchange AS change WHERE change.run_id = named.run_id AND change.undone_by IS NULL
) AND NOT EXISTS (SELECT FROM store_importrun AS run WHERE run.id = named.run_id AND run.state = 'undoing')
"""
