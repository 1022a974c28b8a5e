"""Write the next version of the programme and publish it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from shouyue.membership.ledger.public import Terms, publish_programme
from shouyue.membership.programme.facts import ProgrammePublished
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.queries import draft
from shouyue.membership.programme.rules.content import (
    base_of,
    faults,
    with_campaign,
    with_rule,
    without_campaign,
    without_rule,
)
from shouyue.store import facts

EXPIRE_AFTER_DAYS = 365


class FaultyProgrammeError(Exception):
    """The draft cannot be published. faults: names of `rules.content.faults`."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(", ".join(found))
        self.faults = found


class ChangedMeanwhileError(Exception):
    """Somebody else changed the draft, or published it, since it was read."""

    words: Final = gettext_lazy(
        "Somebody else changed the draft or published it meanwhile. Look at what it says now, then send this once more."
    )


@transaction.atomic
def change_draft(
    change: Callable[[Mapping[str, Any]], dict[str, Any]], *, seen: str | None = None, at: datetime, by: str
) -> ProgrammeVersion:
    """Change what the next version says. seen: `Draft.mark` of what was read. Raises ChangedMeanwhileError."""
    content = change(_unchanged(seen))
    row, _is_new = ProgrammeVersion.objects.update_or_create(
        is_draft=True, defaults={"content": content, "changed_at": at, "changed_by": by}
    )
    return row


def keep_rule(rule: Mapping[str, Any], *, at: datetime, by: str) -> ProgrammeVersion:
    """Put an earn rule into the draft, or change the one of the same key."""
    return change_draft(lambda said: with_rule(said, rule), at=at, by=by)


def drop_rule(key: str, *, at: datetime, by: str) -> ProgrammeVersion:
    """Take an earn rule out of the draft."""
    return change_draft(lambda said: without_rule(said, key), at=at, by=by)


def keep_campaign(campaign: Mapping[str, Any], *, at: datetime, by: str) -> ProgrammeVersion:
    """Put a campaign into the draft, or change the one of the same key."""
    return change_draft(lambda said: with_campaign(said, campaign), at=at, by=by)


def drop_campaign(key: str, *, at: datetime, by: str) -> ProgrammeVersion:
    """Take a campaign out of the draft."""
    return change_draft(lambda said: without_campaign(said, key), at=at, by=by)


@transaction.atomic
def publish_version(
    *, starts_on: date, at: datetime, today: date | None, by: str, seen: str | None = None
) -> ProgrammeVersion:
    """Publish the draft from a day on; the ledger takes over its base rule in the same transaction.

    today: None lets it begin in the past, for a new installation. Without a draft the newest version stands.
    seen: as for `change_draft`. Raises ChangedMeanwhileError, FaultyProgrammeError and the ledger's
    StartsInThePastError.
    """
    content = _unchanged(seen)
    newest = ProgrammeVersion.objects.order_by("-version").filter(is_draft=False).first()
    drafted = ProgrammeVersion.objects.filter(is_draft=True).first()
    if drafted is None and newest is not None:
        return newest
    if found := faults(content):
        raise FaultyProgrammeError(found)
    row = drafted or ProgrammeVersion(content=content, changed_at=at, changed_by=by)
    row.is_draft, row.version, row.starts_on = False, newest.version + 1 if newest and newest.version else 1, starts_on
    row.published_at, row.published_by = at, by
    row.save()
    base = base_of(content)
    terms = Terms(per_fen=base.per_fen, points=base.points, expire_after_days=EXPIRE_AFTER_DAYS)
    publish_programme(terms, starts_on=starts_on, at=at, today=today, by=by)
    facts.announce(ProgrammePublished(number=row.version, starts_on=starts_on), at=at, by=by)
    return row


def _unchanged(seen: str | None) -> dict[str, Any]:
    """What the draft says, locked; if it is not what was seen, ChangedMeanwhileError."""
    said = draft(is_locked=True)
    if seen not in (None, said.mark):
        raise ChangedMeanwhileError
    return said.content
