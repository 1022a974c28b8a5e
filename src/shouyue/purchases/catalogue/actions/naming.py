"""Make sure that what orders name is in the catalogue: a few statements for a batch, none for what is known."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.purchases.catalogue.models import Channel, Store
from shouyue.purchases.catalogue.rules.told import NEVER_SOLD, entry_id, product_ids
from shouyue.store.copying import text_array
from shouyue.store.prepared import executed

# Name and moment (UTC text) of the latest sale that names the product; ("", "") when none does.
Naming = tuple[str, str]


@transaction.atomic(savepoint=False)
def ensure_products(source: str, named: Mapping[str, Naming]) -> None:
    """Make the products of these item codes; where sales named them, the latest name counts, whatever came first.

    named: by item code. What was told for the catalogue itself stays. Locks in the order of ids.
    """
    ids = product_ids(source)
    # Text of arrays: by objects, four thousand products of a batch cost more than its lines.
    wanted = sorted((ids(code), code, *naming) for code, naming in named.items())
    if wanted:
        keys, codes, names, moments = zip(*wanted, strict=True)
        columns = [
            f"{{{','.join(keys)}}}",
            text_array(codes),
            text_array(names),
            text_array(at or _NEVER_SOLD for at in moments),
        ]
        executed(_ENSURE, [*columns, source], rows=len(wanted))


def ensure_stores(source: str, codes: Iterable[str]) -> dict[str, UUID]:
    """Ids of the stores by code; those that are new are made, named by their code."""
    return _ensured(Store, "store", source, codes)


def ensure_channels(source: str, codes: Iterable[str]) -> dict[str, UUID]:
    """Ids of the channels by code; those that are new are made, named by their code."""
    return _ensured(Channel, "channel", source, codes)


def _ensured(model: type[Store] | type[Channel], kind: str, source: str, codes: Iterable[str]) -> dict[str, UUID]:
    ids = {code: entry_id(kind, source, code) for code in set(codes) if code}
    if ids:
        known = set(model._default_manager.filter(pk__in=ids.values()).values_list("pk", flat=True))
        new = sorted((key, code) for code, key in ids.items() if key not in known)
        made = [model(id=key, source=source, code=code) for key, code in new]
        model._default_manager.bulk_create(made, ignore_conflicts=True)  # type: ignore[arg-type] # of one model each
    return ids


_NEVER_SOLD: Final = NEVER_SOLD.isoformat(sep=" ")
# Most of a batch is known and newer already: what is not written is not locked either. Two batches may name the same
# product at the same time: the later sale counts, whoever waits for whom.
_ENSURE: Final = """
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, code, name, at)
)
INSERT INTO purchases_product AS known
    (id, source, code, name, name_en, is_active, unit, currency, named_at)
SELECT told.id, %s, told.code, told.name, '', true, '', '', told.at
FROM told LEFT JOIN purchases_product AS old ON old.id = told.id
WHERE old.id IS NULL OR (old.named_at, old.name COLLATE "C") < (told.at, told.name COLLATE "C")
ORDER BY told.id
ON CONFLICT (id) DO UPDATE SET name = excluded.name, named_at = excluded.named_at
    WHERE (known.named_at, known.name COLLATE "C") < (excluded.named_at, excluded.name COLLATE "C")
"""
