"""Imports of customers: the step that this room serves in mappings, and what becomes of each row."""

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.customers.attesting.public import Origin
from shouyue.customers.lists.actions.remembering import keep_changes
from shouyue.customers.lists.actions.undoing import UNDO
from shouyue.customers.lists.facts import CustomersImported
from shouyue.customers.lists.queries.foreseeing import foreseen_changes
from shouyue.customers.lists.queries.hearing import heard_of
from shouyue.customers.lists.rules import plain
from shouyue.customers.people.public import (
    CustomerFacts,
    CustomerKind,
    Known,
    PeopleRecorded,
    Standing,
    ensure_customers,
    record_people,
    standing_of,
)
from shouyue.kernel.ids import keyed_id
from shouyue.store import facts
from shouyue.store.imports.mapping import Batch, FilePattern, Finished, Outcomes, RowRejectedError, Step
from shouyue.store.person_keys import PersonKeys

# The whole world has the day by then; which zone a person was born in is not told.
_A_DAY = timedelta(days=1)
_CREATED, _UNCHANGED = "created", "unchanged"


def load_customers(source: str, batch: Batch) -> Outcomes:
    """Write one batch of a list of customers and say what became of each row; of several of one customer the later
    ones complete the earlier. What was there before is kept, so that the import can be taken back."""
    outcomes = Outcomes()
    owners = [UUID(row.customer_id) for row in batch.rows]
    erased = PersonKeys().erased(owners)
    latest = (batch.at + _A_DAY).date()
    told: dict[UUID, Known] = {}
    listed: list[CustomerFacts] = []
    places: dict[UUID, list[int]] = {}
    right_at: dict[UUID, datetime | None] = {}
    for place, (who, row) in enumerate(zip(owners, batch.rows, strict=True)):
        head, known, as_of = plain.told_by(row.content)
        if wrong := _wrong(known, latest, is_erased=who in erased):
            outcomes.rejected.append((place, wrong))
            continue
        listed.append(_facts(who, source, head, known, as_of))
        right_at[who] = as_of
        told[who] = told[who].with_more(known) if who in told else known
        places.setdefault(who, []).append(place)
    before: dict[UUID, Standing] = {}
    as_customers = ensure_customers(listed, look=lambda there: before.update(standing_of(there, are_locked=True)))
    made = {who for who, outcome in as_customers.items() if outcome == _CREATED}
    told, kept = heard_of(told, listed, right_at, there=as_customers.keys() - made, at=batch.at)
    origin = _origin(source, batch)
    as_people = record_people(told, at=batch.at, origin=origin, made=made)
    for who, rows in places.items():
        _count(rows, as_customers[who], as_people[who].outcome, outcomes, kept.get(who))
    keep_changes(
        batch,
        {who: rows[0] for who, rows in places.items()},
        before=before,
        made={
            one.id: Standing.made(one, told[one.id], at=batch.at, first=origin.key)
            for one in listed
            if one.id in made and len(places[one.id]) == 1 and as_people[one.id].outcome == _CREATED
        },
        known={who: one.before for who, one in as_people.items() if one.before is not None},
    )
    _announce([one.outcome for one in as_people.values()], batch)
    return outcomes


def _wrong(known: Known, latest: date, *, is_erased: bool) -> RowRejectedError | None:
    if is_erased:
        return RowRejectedError("person_erased", "customer_no", "")
    if known.born_on and known.born_on > latest:
        return RowRejectedError("birthday_future", "birthday", "")
    return None


def _origin(source: str, batch: Batch) -> Origin:
    key = keyed_id(batch.run_id, "attestation")
    return Origin(key=key, source=source, by=batch.by, evidence=f"import:{batch.run_id}")


def _facts(
    who: UUID, source: str, head: tuple[str, str, str, str], known: Known, as_of: datetime | None
) -> CustomerFacts:
    number, country, region, city = head
    # Companies have names too, but neither title nor birthday.
    kind = CustomerKind.PERSON if known.title or known.born_on else CustomerKind.UNKNOWN
    return CustomerFacts(who, source, number, kind, country, region, city, as_of=as_of)


def _count(rows: list[int], as_customer: str, as_person: str, outcomes: Outcomes, kept: tuple[str, str] | None) -> None:
    """The first row of a customer counts for what was made or changed; its repetitions are part of that.

    Where a value of ours was kept, the first row is turned away with that reason, though the rest of it was taken.
    """
    if as_customer == _UNCHANGED and as_person != _UNCHANGED:
        as_customer = "updated"
    if kept:
        outcomes.rejected.append((rows[0], RowRejectedError("kept_ours", *kept)))
    else:
        outcomes.count(as_customer)
    outcomes.count(_UNCHANGED, len(rows) - 1)


def _announce(made: list[str], batch: Batch) -> None:
    created, updated = made.count(_CREATED), made.count("updated")
    if created or updated:
        batch_id = keyed_id(batch.run_id, batch.rows[-1].customer_id)
        fact = PeopleRecorded(batch_id=batch_id, created=created, updated=updated)
        facts.announce(fact, at=batch.at, by=batch.by)


def announce_import(source: str, finished: Finished) -> None:
    """Announce the end of an import, in the transaction that ends it."""
    tally = finished.tally
    if not tally.rows:
        return
    fact = CustomersImported(
        run_id=finished.run_id,
        source=source,
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        rejected=tally.rejected,
    )
    facts.announce(fact, at=finished.at, by=finished.by)


PLAIN_CUSTOMERS = Step(
    name="customers",
    title=_("Customers"),
    files=(FilePattern(plain.FILE, ("customers.*",), plain.COLUMNS),),
    reader=plain.PlainCustomerReader,
    load=partial(load_customers, plain.SOURCE),
    finish=partial(announce_import, plain.SOURCE),
    is_personal=True,
    undo=UNDO,
    foresee=foreseen_changes,
)
