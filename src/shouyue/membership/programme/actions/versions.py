"""Write the next version of the programme and publish it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shouyue.membership.ledger.public import Terms, publish_programme
from shouyue.membership.programme.facts import ProgrammePublished
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.queries import draft_content
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


@transaction.atomic
def keep_rule(rule: Mapping[str, Any], *, at: datetime, by: str) -> ProgrammeVersion:
    """Put an earn rule into the draft, or change the one of the same key."""
    return _keep(with_rule(draft_content(), rule), at=at, by=by)


@transaction.atomic
def drop_rule(key: str, *, at: datetime, by: str) -> ProgrammeVersion:
    """Take an earn rule out of the draft."""
    return _keep(without_rule(draft_content(), key), at=at, by=by)


@transaction.atomic
def keep_campaign(campaign: Mapping[str, Any], *, at: datetime, by: str) -> ProgrammeVersion:
    """Put a campaign into the draft, or change the one of the same key."""
    return _keep(with_campaign(draft_content(), campaign), at=at, by=by)


@transaction.atomic
def drop_campaign(key: str, *, at: datetime, by: str) -> ProgrammeVersion:
    """Take a campaign out of the draft."""
    return _keep(without_campaign(draft_content(), key), at=at, by=by)


@transaction.atomic
def publish_version(*, starts_on: date, at: datetime, today: date | None, by: str) -> ProgrammeVersion:
    """Publish the draft from a day on; the ledger takes over its base rule in the same transaction.

    today: None lets it begin in the past, for a new installation. Without a draft the newest version stands.
    Raises FaultyProgrammeError and the ledger's StartsInThePastError.
    """
    newest = ProgrammeVersion.objects.order_by("-version").filter(is_draft=False).first()
    draft = ProgrammeVersion.objects.select_for_update().filter(is_draft=True).first()
    if draft is None and newest is not None:
        return newest
    content = draft.content if draft else draft_content()
    if found := faults(content):
        raise FaultyProgrammeError(found)
    row = draft or ProgrammeVersion(content=content, changed_at=at, changed_by=by)
    row.is_draft, row.version, row.starts_on = False, newest.version + 1 if newest and newest.version else 1, starts_on
    row.published_at, row.published_by = at, by
    row.save()
    base = base_of(content)
    terms = Terms(per_fen=base.per_fen, points=base.points, expire_after_days=EXPIRE_AFTER_DAYS)
    publish_programme(terms, starts_on=starts_on, at=at, today=today, by=by)
    facts.announce(ProgrammePublished(number=row.version, starts_on=starts_on), at=at, by=by)
    return row


def _keep(content: dict[str, Any], *, at: datetime, by: str) -> ProgrammeVersion:
    row, _is_new = ProgrammeVersion.objects.update_or_create(
        is_draft=True, defaults={"content": content, "changed_at": at, "changed_by": by}
    )
    return row
