"""Keeping a file that a party adds."""

import hashlib
from datetime import datetime
from uuid import UUID

from shouyue.agreement.enclosures.models import Enclosure
from shouyue.store.models import Staff

SIZE_MAX = 8_000_000
# What the bytes begin with says what they are; a name may say anything.
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": Enclosure.Kind.PNG,
    b"\xff\xd8\xff": Enclosure.Kind.JPEG,
    b"%PDF-": Enclosure.Kind.PDF,
}


def kind_of(content: bytes) -> str | None:
    """The file's kind by its first bytes; None for one that is not taken."""
    return next((kind.value for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)


def keep_file(enclosure_id: UUID, *, name: str, content: bytes, by: Staff, at: datetime) -> Enclosure:
    """Keep a PNG, JPEG or PDF of at most SIZE_MAX bytes, once: the same id again finds the same file.

    Raises ValueError for another kind or size; forms refuse those before.
    """
    kept = Enclosure.objects.filter(pk=enclosure_id).first()
    if kept is not None:
        return kept
    kind = kind_of(content)
    if kind is None or len(content) > SIZE_MAX:
        raise ValueError(f"not a file that is kept: {name}")
    enclosure = Enclosure(
        id=enclosure_id,
        name=name[-120:],
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        party=by.party,
        added_by=by,
        added_at=at,
    )
    enclosure.save(force_insert=True)
    return enclosure
