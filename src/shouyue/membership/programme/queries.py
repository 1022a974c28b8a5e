"""Questions to the programme: the version that counts on a day, and what the next one says so far."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from shouyue.membership.programme.models import Closing, ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content


class NoProgrammeError(Exception):
    """No version of the programme counts on this day."""


def counting_version(on: date) -> ProgrammeVersion:
    """The version that counts on a day. Raises NoProgrammeError."""
    version = version_on(on)
    if version is None:
        raise NoProgrammeError
    return version


def version_on(on: date) -> ProgrammeVersion | None:
    """The version that counts on a day: the newest of those that have begun."""
    return ProgrammeVersion.objects.filter(starts_on__lte=on).order_by("-starts_on", "-version").first()


def published_versions() -> list[ProgrammeVersion]:
    """Every version in the order in which they count; of two that begin on one day only the newer."""
    rows = ProgrammeVersion.objects.filter(is_draft=False).order_by("starts_on", "version")
    return list({row.starts_on: row for row in rows}.values())


def closed_days() -> dict[str, date]:
    """The last day of rules and campaigns whose budget was used up, by key."""
    return dict(Closing.objects.order_by("key").values_list("key", "last_on"))


def points_given(keys: Sequence[str]) -> dict[str, int]:
    """Points that these rules and campaigns gave in all, by key; one statement over the awards."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, [list(keys)])
        return {key: int(points) for key, points in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next version says so far: the draft, else the newest version, else the standard one.

    is_begun: somebody has changed something. mark: another one as soon as somebody changes the draft or publishes;
    whoever acts on what they have read hands it back.
    """

    content: dict[str, Any]
    is_begun: bool
    mark: str


def draft(*, is_locked: bool = False) -> Draft:
    """One statement. is_locked: nobody else changes it before the transaction ends."""
    rows = ProgrammeVersion.objects.order_by(F("version").desc(nulls_first=True))
    row = (rows.select_for_update() if is_locked else rows).first()
    content = dict(row.content) if row else standard_content()
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Draft(content, bool(row and row.is_draft), f"{row.number if row else 0}-{digest[:16]}")


def today(at: datetime) -> date:
    return timezone.localdate(at)


# A part is [source, key, points, …]. Returns are not taken off: what was given once is spent.
_GIVEN = """
SELECT part ->> 1, sum((part ->> 2)::bigint) FROM membership_award, jsonb_array_elements(parts) AS part
WHERE part ->> 1 = ANY(%s) GROUP BY part ->> 1
"""
