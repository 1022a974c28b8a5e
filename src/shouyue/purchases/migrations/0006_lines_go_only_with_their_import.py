from django.db import migrations

# Lines and payments are append-only for the role that serves. What an import wrote by mistake has to go all the same, so
# the owner lends one narrow way: only of orders that an undo which is under way has marked (docs/decisions/0013).
_MAKE = """
CREATE FUNCTION purchases_remove_undone(undo uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM purchases_payment AS paid USING (
        SELECT change.customer_id, array_agg(change.order_id) AS orders
        FROM purchases_orderchange AS change JOIN store_importundo AS work ON work.run_id = change.run_id
        WHERE change.undone_by = undo AND change.before IS NULL AND work.finished_at IS NULL
        GROUP BY change.customer_id
    ) AS gone WHERE paid.customer_id = gone.customer_id AND paid.order_id = ANY(gone.orders);
    DELETE FROM purchases_payment AS paid USING (
        SELECT change.customer_id, came.id::uuid AS id
        FROM purchases_orderchange AS change JOIN store_importundo AS work ON work.run_id = change.run_id
        CROSS JOIN LATERAL jsonb_array_elements_text(change.before -> 4) AS came (id)
        WHERE change.undone_by = undo AND change.before IS NOT NULL AND work.finished_at IS NULL
    ) AS came WHERE paid.customer_id = came.customer_id AND paid.id = came.id;
    DELETE FROM purchases_orderline AS line USING (
        SELECT change.customer_id, array_agg(change.order_id) AS orders
        FROM purchases_orderchange AS change JOIN store_importundo AS work ON work.run_id = change.run_id
        WHERE change.undone_by = undo AND change.before IS NULL AND work.finished_at IS NULL
        GROUP BY change.customer_id
    ) AS gone WHERE line.customer_id = gone.customer_id AND line.order_id = ANY(gone.orders);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("purchases", "0005_undo_of_imports"),
        ("store", "0008_undo_of_imports"),
    ]

    operations = [migrations.RunSQL(_MAKE, "DROP FUNCTION purchases_remove_undone(uuid)")]
