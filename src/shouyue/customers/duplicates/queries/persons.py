"""Questions about duplicates: who is one person, which merges stand, what is compared of everybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from shouyue.customers.duplicates.models import Merging
from shouyue.customers.duplicates.rules.matches import root_of
from shouyue.customers.linking.public import Features, Name, features
from shouyue.customers.people.public import Known, Person
from shouyue.store.pinyin import readings
from shouyue.store.sealed_fields import opened_in_batches

_COMPARED: Final = ("name", "title", "phone", "other_phones", "email", "other_emails", "address", "born_on")
# From each asked id up to who stands for it, then down to all that were merged into that one.
_OF_PERSONS = """
WITH RECURSIVE up AS (
    SELECT asked, asked AS id FROM unnest(%(asked)s::uuid[]) AS asked
    UNION
    SELECT up.asked, merging.survivor_id FROM up
    JOIN customers_merging merging ON merging.merged_id = up.id AND merging.undone_at IS NULL
), root AS (
    SELECT asked, id FROM up
    WHERE NOT EXISTS (SELECT FROM customers_merging WHERE merged_id = up.id AND undone_at IS NULL)
), down AS (
    SELECT asked, id, 0 AS depth FROM root
    UNION
    SELECT down.asked, merging.merged_id, down.depth + 1 FROM down
    JOIN customers_merging merging ON merging.survivor_id = down.id AND merging.undone_at IS NULL
)
SELECT asked, id FROM down ORDER BY asked, depth, id
"""


def ids_of_person(ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """All ids of the persons behind these, by the id that was asked; first the one that stands for all. One statement.

    Records never move: whatever a room knows of a person is under any of these ids.
    """
    found: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_PERSONS, {"asked": list(set(ids))})
        for asked, one in cursor.fetchall():
            found.setdefault(asked, []).append(one)
    return found


def merges_of(ids: Sequence[UUID]) -> list[Merging]:
    """Merges between these ids that stand, the newest first."""
    standing = Merging.objects.filter(merged__in=ids, undone_at__isnull=True)
    return list(standing.order_by("-merged_at", "-id"))


def one_person() -> Mapping[UUID, UUID]:
    """Who stands for each merged record."""
    pointers = dict(Merging.objects.filter(undone_at__isnull=True).values_list("merged_id", "survivor_id"))
    return {merged: root_of(merged, pointers) for merged in pointers}


def features_of_all(*, batch: int, after: UUID, until: UUID) -> Iterator[dict[UUID, Features]]:
    """What is compared of every person with a name and such an id, in batches: opened, read and let go of."""
    names: dict[str, Name] = {}
    for rows in opened_in_batches(Person, _COMPARED, batch=batch, after=after, until=until):
        yield {who: features_of(_known(values), names) for who, values in rows.items() if values[0]}


def _known(values: Sequence[Any]) -> Known:
    """From values in the order of _COMPARED; None where nothing is known."""
    name, title, phone, phones, email, emails, address, born_on = values
    every_phone = (phone, *(phones or ())) if phone else ()
    every_email = (email, *(emails or ())) if email else ()
    return Known(name, title or "", every_phone, every_email, address or "", born_on)


def features_of(known: Known, names: dict[str, Name] | None = None) -> Features:
    """What is compared of a person. names: of those who came before in this run."""
    return features(
        name=known.name,
        title=known.title,
        phones=known.phones,
        emails=known.emails,
        address=known.address,
        born_on=known.born_on,
        read=readings,
        names=names,
    )
