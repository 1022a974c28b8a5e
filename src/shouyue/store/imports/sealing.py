"""What an import keeps of rows with personal values is sealed with keys of the run, which end before the run's record.

Two keys: one for the staged rows, shredded when they are written; one for the rejected rows, which stay readable until
they are corrected.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import orjson
from django.db import transaction

from shouyue.kernel.ids import keyed_id
from shouyue.store import person_keys
from shouyue.store.models.imports import ImportRejection, ImportRun
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealing import Cipher


class RunSeal:
    """Seals staged rows and rejected rows of one run. Each box opens only for its own row."""

    def __init__(self, run: ImportRun, *, at: datetime) -> None:
        """Makes the run's keys where there are none."""
        staged, rejected = _subjects(run)
        ciphers = PersonKeys().made_keys_for((staged, rejected), at=at)
        self._staged, self._rejected = ciphers[staged], ciphers[rejected]

    def staged(self, content: bytes, file_number: int, row_number: int) -> str:
        """The payload of a staged row."""
        return _boxed(self._staged, content, _place(file_number, row_number))

    def opened(self, payload: str, file_number: int, row_number: int) -> bytes:
        """What `staged` was given. Raises BoxBrokenError."""
        return _unboxed(self._staged, payload, _place(file_number, row_number))

    def rejected(
        self, value: str, details: dict[str, object], cells: list[str], *, file_number: int, row_number: int
    ) -> str:
        """Everything personal of a rejected row, in place of its cells."""
        content = orjson.dumps([value, details, cells], default=str)
        return _boxed(self._rejected, content, _place(file_number, row_number))

    def said(self, box: str, *, file_number: int, row_number: int) -> tuple[str, dict[str, object]]:
        """Value and details that `rejected` was given."""
        value, details, _cells = orjson.loads(_unboxed(self._rejected, box, _place(file_number, row_number)))
        return value, details


def readable(run: ImportRun, rows: Iterable[ImportRejection]) -> Iterator[ImportRejection]:
    """The rejections with what was sealed put back; what nobody can read any more stays hidden.

    For readers who may see whole rows. One statement for the key, none when nothing is sealed.
    """
    cipher: Cipher | None = None
    asked = False
    for row in rows:
        if is_sealed(row):
            if not asked:
                subject = _subjects(run)[1]
                cipher, asked = PersonKeys().keys_for([subject]).get(subject), True
            _open(row, cipher)
        yield row


def is_sealed(row: ImportRejection) -> bool:
    """Whether the row's cells are a box, or wait for one; its `value` then shows nothing."""
    return isinstance(row.cells, str | dict)


@transaction.atomic
def shred_staged(run: ImportRun, *, at: datetime) -> None:
    """The staged rows are written or given up: what old pages and backups hold of them opens no more."""
    person_keys.shred(_subjects(run)[:1], at=at)


@transaction.atomic
def shred_all(run: ImportRun, *, at: datetime) -> None:
    """The run starts over, or its rejected rows are no longer kept."""
    person_keys.shred(_subjects(run), at=at)


def _subjects(run: ImportRun) -> tuple[UUID, UUID]:
    """Of the staged and of the rejected rows. A run that starts over gets keys of its own: shredded ones stay so."""
    start = run.started_at.astimezone(UTC).isoformat()
    return keyed_id(run.pk, f"staged {start}"), keyed_id(run.pk, f"rejected {start}")


def _open(row: ImportRejection, cipher: Cipher | None) -> None:
    if cipher is None or isinstance(row.cells, dict):
        row.cells = []
        return
    content = _unboxed(cipher, row.cells, _place(row.file_number, row.row_number))
    row.value, row.details, row.cells = orjson.loads(content)


def _place(file_number: int, row_number: int) -> bytes:
    return f"import {file_number}:{row_number}".encode()


def _boxed(cipher: Cipher, content: bytes, place: bytes) -> str:
    return base64.b64encode(cipher.seal(content, context=place)).decode()


def _unboxed(cipher: Cipher, text: str, place: bytes) -> bytes:
    return cipher.open(base64.b64decode(text), context=place)
