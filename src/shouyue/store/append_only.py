"""Makes a table a ledger: the roles that serve may add rows and read them, never change or remove them."""

from django.db import migrations

# Whoever holds the rights now loses them, whatever the name: installations may call their roles differently.
_TAKE_AWAY = """
DO $$
DECLARE holder record;
BEGIN
    FOR holder IN
        SELECT DISTINCT acl.grantee
        FROM pg_class, aclexplode(relacl) AS acl
        WHERE pg_class.oid = '"{table}"'::regclass AND acl.grantee <> pg_class.relowner
          AND acl.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM %s',
            CASE WHEN holder.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(holder.grantee)) END);
    END LOOP;
END $$
"""


def append_only(table: str) -> migrations.RunSQL:
    """Migration step: every role but the table's owner loses UPDATE, DELETE and TRUNCATE on `table`.

    table: a name without schema, e.g. "store_fact". Place the step after the one that creates the table.
    `app` then also lacks SELECT … FOR UPDATE and ON CONFLICT DO UPDATE there: use force_insert or bulk_create,
    and lock a row of another table. Going back leaves the rights as they are.
    """
    return migrations.RunSQL(_TAKE_AWAY.format(table=table), migrations.RunSQL.noop)
