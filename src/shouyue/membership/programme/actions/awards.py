"""Points beside purchases, each with its reason."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Command, move, programme_on
from shouyue.membership.programme.models import Award, ProgrammeVersion
from shouyue.membership.programme.queries import closed_days, counting_version
from shouyue.membership.programme.rules.content import earn_of
from shouyue.membership.programme.rules.earning import Event, Occasion, Part, quote


@transaction.atomic
def award_occasion(
    *, customer_id: UUID, occasion: Occasion, key: str, on: date, at: datetime, by: str, others: Sequence[UUID] = ()
) -> Award | None:
    """Points for a review, a check-in, a survey … once for each key ("2026-08-29", an answer's id). None: no rule.

    others: further numbers of the person, locked; what one of them was given for the key is not given again.
    """
    name = f"{occasion} {key}"
    theirs = Award.objects.filter(customer_id__in=others, id__in=[keyed_id(one, name) for one in others])
    if others and (known := theirs.first()) is not None:
        return known
    version = counting_version(on)
    told = quote(earn_of(version.content, closed_days()), Event(occasion, on))
    if not told.points:
        return None
    return give_points(
        keyed_id(customer_id, name),
        customer_id,
        told.points,
        parts=told.parts,
        occasion=occasion,
        version=version,
        on=on,
        at=at,
        by=by,
    )


@transaction.atomic
def give_points(
    award_id: UUID,
    customer_id: UUID,
    points: int,
    *,
    parts: Sequence[Part] = (),
    occasion: str,
    version: ProgrammeVersion,
    on: date,
    at: datetime,
    by: str,
    first_day: date | None = None,
) -> Award:
    """Give a member points once for each id. parts: why; first_day: from which they can be spent."""
    known = Award.objects.filter(customer_id=customer_id, id=award_id).first()
    if known is not None:
        return known
    terms = programme_on(on)
    first = first_day or on
    lasting = terms.expire_after_days if terms else None
    command = Command.award(
        award_id,
        customer_id,
        points,
        cost_fen=points * (terms.point_value_e4 if terms else 0) // 100,
        days=(first, None if lasting is None else first + timedelta(days=lasting)),
    )
    move(command, at=at, on=on, by=by)
    award = Award(
        customer_id=customer_id,
        id=award_id,
        occasion=occasion,
        on=on,
        points=points,
        parts=[[str(value) if value is not None else None for value in astuple(part)] for part in parts],
        version=version.number,
        recorded_at=at,
    )
    award.save(force_insert=True)
    return award
