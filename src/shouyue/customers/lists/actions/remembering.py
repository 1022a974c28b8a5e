"""Keep what a batch of an import changes of customers, so that the import can be taken back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from shouyue.customers.lists.models import ListedChange
from shouyue.customers.lists.rules.earlier import as_json, as_kept, digest
from shouyue.customers.people.public import Known, Standing, standing_of
from shouyue.store.copying import copy_rows, escaped
from shouyue.store.imports.mapping import Batch, StagedDraft
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import SealedField, sealed_fields

_COLUMNS = (
    "run_id",
    "customer_id",
    "file_number",
    "row_number",
    "place",
    "moments",
    "person",
    "after",
    "at",
)
_NULL = "\\N"


def keep_changes(
    batch: Batch,
    first_rows: Mapping[UUID, int],
    *,
    before: Mapping[UUID, Standing],
    made: Mapping[UUID, Standing],
    known: Mapping[UUID, Known],
) -> None:
    """Keep the customers of a batch that stand otherwise than before it; part of the transaction that wrote it.

    first_rows: by customer the place of its first row in the batch. before: how those stood that were there. made: how
    new ones stand, where that is known. known: of the persons that were changed, what was known before.
    A fixed number of statements; earlier values are sealed with the customers' own keys. The transaction has locked or
    made all customers.
    """
    rest = [who for who in first_rows if who not in made]
    after = {**standing_of(rest, are_locked=True), **made}
    changed = [who for who in first_rows if after[who] != before.get(who)]
    sealed = dict(_sealed({who: known[who] for who in changed if who in known}, at=batch.at))
    head, at = str(batch.run_id), batch.at.isoformat()
    lines = (
        f"{head}\t{_line(batch.rows[first_rows[who]], before.get(who), after[who], sealed.get(who))}\t{at}"
        for who in changed
    )
    copy_rows(ListedChange._meta.db_table, _COLUMNS, lines)


def _sealed(known: Mapping[UUID, Known], *, at: datetime) -> Iterator[tuple[UUID, bytes]]:
    if known:
        field: SealedField[object]
        [field] = sealed_fields(ListedChange)
        ciphers = PersonKeys().made_keys_for(known, at=at)
        for who, one in known.items():
            yield who, field.sealed(as_kept(one), subject=who, cipher=ciphers[who])


def _line(row: StagedDraft, before: Standing | None, after: Standing, sealed: bytes | None) -> str:
    values = (
        row.customer_id,
        str(row.file_number),
        str(row.row_number),
        _json(before[1:7] if before else None),
        _json(before[7:10] if before and before.updated_at else None),
        f"\\\\x{sealed.hex()}" if sealed else _NULL,
        f"\\\\x{digest(after).hex()}",
    )
    return "\t".join(values)


def _json(values: Iterable[object] | None) -> str:
    return _NULL if values is None else escaped(as_json(values))
