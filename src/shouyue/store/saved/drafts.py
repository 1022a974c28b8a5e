"""Drafts: what a person typed and has not sent, kept as they type, sealed, and gone once it is sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouyue.kernel.ids import new_id
from shouyue.store import keys
from shouyue.store.keys import InstallationKey, KeysMissingError, Use
from shouyue.store.models import Draft, Staff
from shouyue.store.sealing import BoxBrokenError, Cipher

KEPT_FOR = timedelta(days=30)
BYTES_MAX = 100_000
DRAFTS_MAX = 50  # of one person; the oldest goes

Fields = Mapping[str, Sequence[str]]


class DraftTooLargeError(ValueError):
    """More than BYTES_MAX of text: it stays on the page, but is not kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that was found. fields: the texts of each field."""

    fields: dict[str, list[str]]
    saved_at: datetime


def keep_draft(fields: Fields, *, form: str, by: Staff, at: datetime) -> None:
    """Keep what stands in the form now, instead of what was kept before. Raises DraftTooLargeError."""
    plain = json.dumps({name: list(texts) for name, texts in fields.items()}, ensure_ascii=False).encode()
    if len(plain) > BYTES_MAX:
        raise DraftTooLargeError
    key = keys.ring().current
    box = _cipher(key).seal(plain, context=_context(by, form))
    row = Draft(pk=new_id(), owner=by, form=form, key_id=key.id, box=box, saved_at=at)
    Draft.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["owner", "form"], update_fields=["key_id", "box", "saved_at"]
    )
    own = Draft.objects.filter(owner=by)
    newest = own.order_by("-saved_at", "-id").values("pk")[:DRAFTS_MAX]
    own.exclude(pk__in=newest).delete()
    Draft.objects.filter(saved_at__lt=at - KEPT_FOR).delete()


def kept_draft(*, form: str, by: Staff, at: datetime) -> Kept | None:
    """What the person typed into this form and did not send; None if there is none, or it is older than KEPT_FOR.

    A draft whose key the installation no longer holds is as good as none.
    """
    row = Draft.objects.filter(owner=by, form=form, saved_at__gte=at - KEPT_FOR).first()
    if row is None:
        return None
    try:
        plain = _cipher(keys.ring().named(row.key_id)).open(bytes(row.box), context=_context(by, form))
    except (KeysMissingError, BoxBrokenError):
        return None
    return Kept(json.loads(plain), row.saved_at)


def drop_draft(*, form: str, by: Staff) -> None:
    """It was sent, or is not wanted any more."""
    Draft.objects.filter(owner=by, form=form).delete()


def _cipher(key: InstallationKey) -> Cipher:
    return Cipher(key.derived(Use.DRAFTS))


def _context(owner: Staff, form: str) -> bytes:
    return f"draft/{owner.pk}/{form}".encode()
