"""Make sure that what orders name is in the catalogue: a few statements for a batch, none for what is known."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.purchases.catalogue.actions.wording import keep_words
from shouyue.purchases.catalogue.models import Channel, EntryKind, NamedEntry, Store
from shouyue.purchases.catalogue.rules.told import NEVER_SOLD, entry_id, product_ids
from shouyue.store.copying import text_array
from shouyue.store.prepared import fetched

# Name and moment (UTC text) of the latest sale that names the product; ("", "") when none does.
Naming = tuple[str, str]


@transaction.atomic(savepoint=False)
def ensure_products(source: str, named: Mapping[str, Naming], *, run_id: UUID | None = None) -> None:
    """Make the products of these item codes; where sales named them, the latest name counts, whatever came first.

    named: by item code. What was told for the catalogue itself stays. Locks in the order of ids. run_id: the import
    that names them; which it made or renamed is kept, so that it can be taken back.
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
        if run_id:
            renamed = fetched(_ENSURE_KEPT, [*columns, str(run_id), source], rows=len(wanted))
        else:
            renamed = fetched(_ENSURE, [*columns, source], rows=len(wanted))
        keep_words("product", [row[0] for row in renamed])


def ensure_stores(source: str, codes: Iterable[str], *, run_id: UUID | None = None) -> dict[str, UUID]:
    """Ids of the stores by code; those that are new are made, named by their code."""
    return _ensured(Store, EntryKind.STORE, source, codes, run_id)


def ensure_channels(source: str, codes: Iterable[str], *, run_id: UUID | None = None) -> dict[str, UUID]:
    """Ids of the channels by code; those that are new are made, named by their code."""
    return _ensured(Channel, EntryKind.CHANNEL, source, codes, run_id)


def _ensured(
    model: type[Store] | type[Channel], kind: EntryKind, source: str, codes: Iterable[str], run_id: UUID | None
) -> dict[str, UUID]:
    ids = {code: entry_id(kind, source, code) for code in set(codes) if code}
    if ids:
        known = set(model._default_manager.filter(pk__in=ids.values()).values_list("pk", flat=True))
        new = sorted((key, code) for code, key in ids.items() if key not in known)
        made = [model(id=key, source=source, code=code) for key, code in new]
        model._default_manager.bulk_create(made, ignore_conflicts=True)  # type: ignore[arg-type] # of one model each
        if run_id and new:
            kept = [NamedEntry(run_id=run_id, kind=kind, entry_id=key, is_new=True) for key, _code in new]
            NamedEntry.objects.bulk_create(kept, ignore_conflicts=True)
        keep_words(kind, [key for key, _code in new])
    return ids


_NEVER_SOLD: Final = NEVER_SOLD.isoformat(sep=" ")
# Most of a batch is known and newer already: what is not written is not locked either. Two batches may name the same
# product at the same time: the later sale counts, whoever waits for whom.
_TOLD: Final = """
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS told (id, code, name, at)
), changed AS MATERIALIZED (
    SELECT told.*, old.id IS NULL AS is_new, old.name IS DISTINCT FROM told.name AS is_renamed
    FROM told LEFT JOIN purchases_product AS old ON old.id = told.id
    WHERE old.id IS NULL OR (old.named_at, old.name COLLATE "C") < (told.at, told.name COLLATE "C")
)"""
# Most sales only move the moment of the name: what its words are made of stays.
_PUT: Final = """, put AS (
    INSERT INTO purchases_product AS known
        (id, source, code, name, name_en, is_active, unit, currency, named_at)
    SELECT id, %s, code, name, '', true, '', '', at FROM changed ORDER BY id
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, named_at = excluded.named_at
        WHERE (known.named_at, known.name COLLATE "C") < (excluded.named_at, excluded.name COLLATE "C")
    RETURNING id
) SELECT id FROM changed JOIN put USING (id) WHERE is_renamed"""
_ENSURE: Final = _TOLD + _PUT
_KEPT: Final = """, kept AS (
    INSERT INTO purchases_namedentry (run_id, kind, entry_id, is_new)
    SELECT %s::uuid, 'product', id, is_new FROM changed ON CONFLICT DO NOTHING
)"""
_ENSURE_KEPT: Final = _TOLD + _KEPT + _PUT
