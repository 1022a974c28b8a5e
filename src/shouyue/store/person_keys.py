"""A key for each person, wrapped by the installation's key: made and opened in batches, shredded to erase."""

import os
from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shouyue.store import keys
from shouyue.store.copying import bytea_array, uuid_array
from shouyue.store.keys import InstallationKey, KeyRing, Use
from shouyue.store.models import KeyInUse, PersonKey
from shouyue.store.sealing import KEY_BYTES, Cipher

_READ = "SELECT subject, wrapped, key_id FROM store_personkey WHERE subject = ANY(%s::uuid[])"
# In order of the subject, so that two batches with the same people do not wait for each other in a ring.
_MAKE = """
WITH used AS (
    INSERT INTO store_keyinuse (id, check_value, first_used_at)
    SELECT %(key)s, %(check)s, %(at)s WHERE NOT EXISTS (SELECT FROM store_keyinuse WHERE id = %(key)s)
    ON CONFLICT DO NOTHING
)
INSERT INTO store_personkey (subject, wrapped, key_id, made_at)
SELECT subject, wrapped, %(key)s, %(at)s
FROM unnest(%(subjects)s::uuid[], %(wrapped)s::bytea[]) AS made (subject, wrapped)
ON CONFLICT DO NOTHING
"""
_WRAPPED_AGAIN = """
UPDATE store_personkey SET wrapped = made.wrapped, key_id = %s
FROM unnest(%s::uuid[], %s::bytea[]) AS made (subject, wrapped) WHERE store_personkey.subject = made.subject
"""


class PersonErasedError(Exception):
    """Something was to be written about people whose keys were shredded. `subjects` names them."""

    def __init__(self, subjects: Collection[UUID]) -> None:
        super().__init__(f"{len(subjects)} erased: {', '.join(map(str, list(subjects)[:3]))}")
        self.subjects = frozenset(subjects)


class KeyStillUsedError(Exception):
    """An installation's key was to be retired that something is still sealed under."""


class PersonKeys:
    """The opened keys that one request or one batch needs.

    Make one for each and let it go: a key that is kept longer would still open what was erased meanwhile.
    Each call is one statement for all subjects that the bag does not know yet, none if it knows them.
    """

    def __init__(self, ring: KeyRing | None = None) -> None:
        self._wraps = _Wraps(ring or keys.ring())
        self._known: dict[UUID, Cipher] = {}
        self._erased: set[UUID] = set()
        self._absent: set[UUID] = set()

    def keys_for(self, subjects: Iterable[UUID]) -> dict[UUID, Cipher]:
        """The keys of those who have one; erased and unknown subjects are left out.

        Raises KeysMissingError when the installation's key that wraps one is not held.
        """
        wanted = set(subjects)
        self._read(wanted)
        return {subject: self._known[subject] for subject in wanted if subject in self._known}

    def made_keys_for(self, subjects: Iterable[UUID], *, at: datetime) -> dict[UUID, Cipher]:
        """The keys of all subjects, made for those who have none: at most three statements.

        Raises PersonErasedError; ask `erased` first where that is expected.
        """
        wanted = set(subjects)
        self._read(wanted - self._absent)
        if missing := wanted - self._known.keys() - self._erased:
            # Whoever else made a key for one of them since they were read, or makes one at this moment, comes first:
            # then all are read back.
            self._make(sorted(missing, key=attrgetter("int")), at)
            self._read(missing)
        if erased := wanted & self._erased:
            raise PersonErasedError(erased)
        return {subject: self._known[subject] for subject in wanted}

    def erased(self, subjects: Iterable[UUID]) -> set[UUID]:
        """Those whose keys were shredded."""
        wanted = set(subjects)
        self._read(wanted)
        return wanted & self._erased

    def _read(self, subjects: set[UUID]) -> None:
        unknown = subjects - self._known.keys() - self._erased
        if not unknown:
            return
        with connection.cursor() as cursor:
            cursor.execute(_READ, [uuid_array(unknown)])
            found = cursor.fetchall()
        for subject, wrapped, key_id in found:
            if wrapped is None:
                self._erased.add(subject)
            else:
                self._known[subject] = Cipher(self._wraps.open(key_id, subject, bytes(wrapped)))
        self._absent = (self._absent | unknown) - self._known.keys() - self._erased

    def _make(self, subjects: list[UUID], at: datetime) -> None:
        chance = os.urandom(KEY_BYTES * len(subjects))
        made = [chance[start : start + KEY_BYTES] for start in range(0, len(chance), KEY_BYTES)]
        wrapped = [self._wraps.seal(subject, key) for subject, key in zip(subjects, made, strict=True)]
        current = self._wraps.ring.current
        values: dict[str, Any] = {"key": current.id, "check": current.check_value, "at": at}
        values |= {"subjects": uuid_array(subjects), "wrapped": bytea_array(wrapped)}
        with connection.cursor() as cursor:
            cursor.execute(_MAKE, values)
            if cursor.rowcount < len(subjects):
                return
        self._known |= {subject: Cipher(key) for subject, key in zip(subjects, made, strict=True)}


@transaction.atomic
def shred(subjects: Iterable[UUID], *, at: datetime) -> int:
    """Erase: from now on no value sealed for these subjects can be read by anybody. Returns how many had a key.

    A subject without a key gets a shredded one, so that nobody makes it a key later. Old pages of the table and
    old backups still hold the wrapped keys until they are overwritten: replay the shredded rows after a restore.
    """
    wanted = sorted(set(subjects))
    rows = [PersonKey(subject=one, key_id="", made_at=at, shredded_at=at) for one in wanted]
    PersonKey.objects.bulk_create(rows, ignore_conflicts=True)
    return PersonKey.objects.filter(subject__in=wanted, wrapped__isnull=False).update(
        wrapped=None, key_id="", shredded_at=at
    )


def discard(subjects: Iterable[UUID]) -> None:
    """Delete the keys of subjects that exist no more, in the open transaction; a shredded one stays.

    What was sealed with them opens no more, in old pages and backups neither. Unlike an erased person, somebody
    with the same id may come again and gets a new key.
    """
    PersonKey.objects.filter(subject__in=list(subjects), wrapped__isnull=False).delete()


@transaction.atomic
def rewrap(rows_max: int, *, ring: KeyRing | None = None, at: datetime) -> int:
    """Wrap up to `rows_max` keys anew under the current installation key; returns how many, 0 when all are.

    Values stay as they are. Runs beside everything else and can stop at any time.
    """
    wraps = _Wraps(ring or keys.ring())
    current = wraps.ring.current
    old = PersonKey.objects.filter(wrapped__isnull=False).exclude(key_id=current.id)
    rows = old.select_for_update(skip_locked=True).values_list("subject", "key_id", "wrapped")[:rows_max]
    again = [
        (subject, wraps.seal(subject, wraps.open(key_id, subject, bytes(box)))) for subject, key_id, box in rows if box
    ]
    if again:
        record_use(current, at=at)
        with connection.cursor() as cursor:
            cursor.execute(
                _WRAPPED_AGAIN, [current.id, [one for one, _ in again], bytea_array(box for _, box in again)]
            )
    return len(again)


def record_use(key: InstallationKey, *, at: datetime) -> None:
    """Note that something here is sealed under an installation's key, so that the start is refused without it.

    Making keys of persons does it by itself; whoever seals with an installation's key directly calls it once.
    """
    used = KeyInUse(id=key.id, check_value=key.check_value, first_used_at=at)
    KeyInUse.objects.bulk_create([used], ignore_conflicts=True)


def retire(key_id: str) -> None:
    """Let an older key be left out of SHOUYUE_KEYS. Before: rewrap until 0, make tokens and digests anew.

    Raises KeyStillUsedError while it wraps keys of persons.
    """
    if PersonKey.objects.filter(key_id=key_id).exists():
        raise KeyStillUsedError(f"the key {key_id!r} still wraps keys of persons")
    KeyInUse.objects.filter(id=key_id).delete()


def ring_problems(ring: KeyRing | None) -> list[str]:
    """A sentence for each key that records here were sealed with and that the ring lacks or holds wrongly."""
    held = {key.id: key.check_value for key in ring.keys} if ring else {}
    problems = []
    for key_id, check_value in KeyInUse.objects.order_by("id").values_list("id", "check_value"):
        if key_id not in held:
            problems.append(f"SHOUYUE_KEYS lacks the key {key_id!r}, which personal data here is sealed with")
        elif held[key_id] != bytes(check_value):
            problems.append(f"the key {key_id!r} in SHOUYUE_KEYS is not the one that personal data here is sealed with")
    return problems


class _Wraps:
    """Wraps and unwraps persons' keys. The subject is part of it: a wrapped key serves nobody else."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._ciphers: dict[str, Cipher] = {}

    def seal(self, subject: UUID, key: bytes) -> bytes:
        return self._cipher(self.ring.current.id).seal(key, context=subject.bytes)

    def open(self, key_id: str, subject: UUID, wrapped: bytes) -> bytes:
        return self._cipher(key_id).open(wrapped, context=subject.bytes)

    def _cipher(self, key_id: str) -> Cipher:
        if key_id not in self._ciphers:
            self._ciphers[key_id] = Cipher(self.ring.named(key_id).derived(Use.WRAP))
        return self._ciphers[key_id]
