"""Give points for what is no purchase, each once, with its reason."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shouyue.customers.public import ids_of_person, masked_persons
from shouyue.membership.ledger.public import Balance
from shouyue.membership.occasions.rules.birthdays import LUNAR, birthday_lately, comes_too_soon
from shouyue.membership.programme.public import Award, Occasion, award_occasion, version_on


@transaction.atomic
def award_members(occasion: Occasion, done: Sequence[tuple[UUID, str, date]], *, at: datetime, by: str) -> list[Award]:
    """Points of an occasion for those who are members. done: (customer, its own key, day); each key gives once.

    Who is no member, or a day on which no version counts or has such a rule, gives nothing. A key gives a person
    once, whatever number it was done under.
    """
    persons = ids_of_person({who for who, _key, _on in done})
    members = _members(persons)
    given = [
        award_occasion(
            customer_id=who,
            occasion=occasion,
            key=key,
            on=on,
            at=at,
            by=by,
            others=[one for one in persons[who] if one != who],
        )
        for who, key, on in sorted(done)
        if who in members and version_on(on) is not None
    ]
    return [award for award in given if award is not None]


def check_in(customer_id: UUID, *, on: date, at: datetime) -> Award | None:
    """The member looked in on a day; points once a day. None: no member, or no rule for it."""
    done = [(customer_id, on.isoformat(), on)]
    return next(iter(award_members(Occasion.CHECK_IN, done, at=at, by=f"member:{customer_id}")), None)


@transaction.atomic
def award_birthdays(members: Sequence[UUID], *, on: date, at: datetime, by: str) -> list[Award]:
    """Points for those of these members whose birthday it is or was in the last days, by their own calendar."""
    if version_on(on) is None:
        return []
    born = _birthdays(members, on=on)
    persons = ids_of_person(born)
    last = _last_birthdays(sorted({one for ids in persons.values() for one in ids}))
    found: dict[UUID, tuple[UUID, str, date]] = {}
    for who, day in sorted(born.items()):
        before = max((last[one] for one in persons[who] if one in last), default=None)
        # Numbers of one person may have different birthdays on record; a person has one.
        if persons[who][0] not in found and not comes_too_soon(day, before):
            found[persons[who][0]] = (who, day.isoformat(), day)
    return award_members(Occasion.BIRTHDAY, list(found.values()), at=at, by=by)


def _members(persons: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    """Who of these is a member. Persons with several numbers are locked, so that two of them are not given at once."""
    several = sorted({one for ids in persons.values() if len(ids) > 1 for one in ids})
    list(Balance.objects.select_for_update().filter(customer_id__in=several).order_by("customer_id"))
    return set(Balance.objects.filter(customer_id__in=list(persons)).values_list("customer_id", flat=True))


def _birthdays(members: Sequence[UUID], *, on: date) -> dict[UUID, date]:
    found = {}
    for who, person in masked_persons(members, ["born_on", "calendar"]).items():
        born_on = person.born_on.plain if person.born_on is not None else None
        calendar = person.calendar.plain if person.calendar is not None else None
        if isinstance(born_on, date):
            day = birthday_lately(born_on, is_lunar=calendar == LUNAR, on=on)
            if day is not None:
                found[who] = day
    return found


def _last_birthdays(members: Sequence[UUID]) -> Mapping[UUID, date]:
    rows = Award.objects.filter(customer_id__in=members, occasion=Occasion.BIRTHDAY)
    return dict(rows.order_by().values_list("customer_id").annotate(last=Max("on")))
