"""The ledger's verbs on PostgreSQL: effect, repetition, refusal, and many at once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import connection, transaction

from shouyue.customers.models import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.adjusting.actions import SamePersonError, ask_adjustment, decide_adjustment
from shouyue.membership.ledger.actions.accrual import Accrued, Purchases, accrue_purchases
from shouyue.membership.ledger.actions.nightly import expire_due, prove_balances
from shouyue.membership.ledger.actions.points import (
    NotAMemberError,
    enrol_members,
    move,
    move_points,
    undo_redemption,
)
from shouyue.membership.ledger.actions.programmes import StartsInThePastError, Terms, publish_programme
from shouyue.membership.ledger.models import Balance, EarnProgramme, Hold, Lot, Take, Transfer
from shouyue.membership.ledger.queries import roll_forward, standings
from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.moves import OtherContentError, Reason, RefusedError, ShortOfPointsError
from shouyue.store.models import Fact

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ON = date(2026, 3, 2)


def member(count: int = 1) -> list[UUID]:
    rows = [Customer(id=new_id(), kind="person", source="test", source_key=str(new_id())) for _one in range(count)]
    Customer.objects.bulk_create(rows)
    ids = sorted(row.id for row in rows)
    enrol_members(ids, at=AT)
    return ids


def wish(customer: UUID, reason: Reason, points: int | None = None, **more: object) -> Command:
    return Command(**{"id": new_id(), "customer_id": customer, "reason": reason, "points": points, **more})


def do(command: Command, on: date = ON):
    return move(command, at=AT, on=on, by="test")


def given(customer: UUID, points: int = 100, **more: object) -> Command:
    command = wish(customer, Reason.AWARD, points, **{"cost_fen": points, **more})
    do(command)
    return command


def figures(customer: UUID) -> dict[str, int]:
    row = Balance.objects.get(pk=customer)
    names = ("issued", "pending", "available", "held", "debt", "redeemed", "expired", "clawed_back", "transit")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def assert_proved() -> None:
    assert prove_balances(at=AT, by="test").found == []


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """What `act` returned or raised, by threads that begin at the same moment."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait(30)
        try:
            results[number] = act(number)
        except RefusedError as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return list(results)


@pytest.mark.django_db
def test_a_redemption_takes_the_earliest_lot_and_names_what_it_took() -> None:
    [who] = member()
    late = given(who, 50, expires_on=ON.toordinal() + 30)
    early = given(who, 50, expires_on=ON.toordinal() + 5, cost_fen=33)
    spent = wish(who, Reason.REDEMPTION, 60)
    assert do(spent).available == 40
    taken = Take.objects.filter(customer_id=who, transfer_id=spent.id).order_by("-points")
    assert [(one.lot_id, one.points, one.cost_fen) for one in taken] == [(early.id, 50, 33), (late.id, 10, 10)]
    assert figures(who) == {"issued": 100, "available": 40, "redeemed": 60}
    assert_proved()


@pytest.mark.django_db
def test_a_repeated_command_gets_the_first_answer_and_other_content_is_refused() -> None:
    [who] = member()
    given(who)
    spent = wish(who, Reason.REDEMPTION, 60)
    first, again = do(spent), do(spent)
    assert (first.points, first.is_replay, again.points, again.is_replay) == (60, False, 60, True)
    with pytest.raises(OtherContentError):
        do(Command(id=spent.id, customer_id=who, reason=Reason.REDEMPTION, points=61))
    with pytest.raises(OtherContentError):
        do(Command(id=spent.id, customer_id=who, reason=Reason.PAYOUT, points=60))
    assert figures(who)["redeemed"] == 60


@pytest.mark.django_db
def test_a_refusal_leaves_no_trace_and_does_not_stop_the_batch() -> None:
    [who] = member()
    given(who)
    stranger = wish(new_id(), Reason.AWARD, 5)
    commands = [
        wish(who, Reason.REDEMPTION, 101),
        wish(who, Reason.REDEMPTION, 100),
        stranger,
        wish(who, Reason.AWARD, -3),
    ]
    outcomes = move_points(commands, at=AT, on=ON, by="test")
    assert [type(one.refusal).__name__ for one in outcomes] == [
        "ShortOfPointsError",
        "NoneType",
        "NotAMemberError",
        "PointsNotPositiveError",
    ]
    assert Transfer.objects.filter(customer_id=who).count() == 2
    with pytest.raises(NotAMemberError):
        do(stranger)


@pytest.mark.django_db
def test_a_batch_costs_as_many_statements_for_thirty_members_as_for_one(django_assert_max_num_queries) -> None:
    people = member(31)
    for crowd in (people[:1], people[1:]):
        with django_assert_max_num_queries(12):
            move_points([wish(who, Reason.AWARD, 10) for who in crowd], at=AT, on=ON, by="test")
    assert_proved()


@pytest.mark.django_db
def test_hold_capture_in_part_and_settle_once() -> None:
    [who] = member()
    given(who, 100)
    hold = wish(who, Reason.HOLD, 80)
    assert do(hold).available == 20
    do(wish(who, Reason.RELEASE, 10, target=hold.id))
    done = do(wish(who, Reason.CAPTURE, 50, target=hold.id))
    assert (done.available, figures(who)) == (50, {"issued": 100, "available": 50, "redeemed": 50})
    assert Hold.objects.get(customer_id=who, id=hold.id).state == "captured"
    with pytest.raises(RefusedError):
        do(wish(who, Reason.RELEASE, target=hold.id))
    assert_proved()


@pytest.mark.django_db
def test_undoing_a_redemption_happens_once() -> None:
    [who] = member()
    given(who, 100, expires_on=ON.toordinal() + 9)
    spent = wish(who, Reason.REDEMPTION, 100)
    do(spent)
    for is_replay in (False, True):
        undone = undo_redemption(customer_id=who, transfer_id=spent.id, at=AT, on=ON, by="test")
        assert (undone.points, undone.available, undone.is_replay) == (100, 100, is_replay)
    assert Lot.objects.get(customer_id=who).left == 100
    assert_proved()


@pytest.mark.django_db
def test_a_return_beyond_the_balance_is_owed_and_paid_from_the_next_points() -> None:
    [who] = member()
    earned = given(who, 100)
    do(wish(who, Reason.REDEMPTION, 80))
    do(wish(who, Reason.RETURN, 100, target=earned.id))
    assert figures(who) == {"issued": 100, "redeemed": 80, "debt": 80, "clawed_back": 100}
    given(who, 120)
    assert figures(who)["available"] == 40
    assert_proved()


@pytest.mark.django_db
def test_a_gift_keeps_the_dates_and_leaves_transit_empty() -> None:
    giver, taker = member(2)
    given(giver, 100, expires_on=ON.toordinal() + 3, cost_fen=50)
    do(wish(giver, Reason.GIFT, 40, peer_id=taker))
    [lot] = Lot.objects.filter(customer_id=taker)
    assert (lot.points, lot.cost_fen, lot.expires_on) == (40, 20, ON + timedelta(days=3))
    assert (figures(giver)["transit"], figures(taker)["transit"]) == (40, -40)
    assert_proved()


@pytest.mark.django_db
def test_what_is_past_its_day_cannot_be_spent_and_the_night_takes_it() -> None:
    people = member(3)
    for who in people:
        given(who, 10, expires_on=ON.toordinal())
        given(who, 5, expires_on=ON.toordinal() + 1)
    tomorrow = ON + timedelta(days=1)
    assert standings(people, on=tomorrow)[people[0]].usable == 5
    with pytest.raises(ShortOfPointsError):
        do(wish(people[0], Reason.REDEMPTION, 6), on=tomorrow)
    assert expire_due(on=tomorrow, at=AT, by="test", batch=2) == 20
    assert expire_due(on=tomorrow, at=AT, by="test") == 0
    assert [figures(who)["expired"] for who in people] == [10, 10, 10]
    assert_proved()


@pytest.mark.django_db
def test_pending_points_become_active_on_their_day() -> None:
    [who] = member()
    given(who, 10, activates_on=ON.toordinal() + 2)
    assert figures(who) == {"issued": 10, "pending": 10}
    do(wish(who, Reason.REDEMPTION, 10), on=ON + timedelta(days=2))
    assert figures(who) == {"issued": 10, "redeemed": 10}
    assert_proved()


def programme(**more: object) -> EarnProgramme:
    terms = Terms(**{"per_fen": 100, "points": 1, **more})
    return publish_programme(terms, starts_on=ON, at=AT, today=None, by="test")


@pytest.mark.django_db
def test_accrual_of_a_batch_happens_once_and_pays_debts_first() -> None:
    people = member(4)
    stranger = new_id()
    do(wish(people[1], Reason.RETURN, 7))
    customers = sorted([*people, people[0], stranger])
    amounts = np.array([1999 if who != people[3] else 50 for who in customers])
    orders = [str(new_id()) for _who in customers]
    batch = Purchases([str(who) for who in customers], orders, amounts, [ON.isoformat()] * len(customers))
    terms = programme(expire_after_days=365)
    told = [accrue_purchases(batch, programme=terms, at=AT, on=ON, by="test") for _time in range(2)]
    assert told == [Accrued(4, 76, 0), Accrued(0, 0, 4)]
    assert [figures(who).get("available", 0) for who in people] == [38, 12, 19, 0]
    assert {lot.expires_on for lot in Lot.objects.all()} == {ON + timedelta(days=365)}
    assert_proved()


@pytest.mark.django_db
def test_a_version_is_published_once_and_never_for_the_past() -> None:
    first = programme()
    assert programme() == first
    assert programme(points=2).version == 2
    with pytest.raises(StartsInThePastError):
        publish_programme(Terms(per_fen=1, points=1), starts_on=ON, at=AT, today=ON + timedelta(days=1), by="test")


@pytest.mark.django_db
def test_an_adjustment_needs_a_second_person_and_happens_once() -> None:
    [who] = member()
    asked = ask_adjustment(request_id=new_id(), customer_id=who, points=30, why="late delivery", at=AT, by="staff:1")
    decision = {"adjustment_id": asked.pk, "is_approved": True, "cost_fen": 30, "at": AT, "on": ON}
    with pytest.raises(SamePersonError), transaction.atomic():
        decide_adjustment(**decision, by="staff:1")
    for _time in range(2):
        decide_adjustment(**decision, by="staff:2")
    assert figures(who) == {"issued": 30, "available": 30}
    assert_proved()


@pytest.mark.django_db
def test_the_roll_forward_reconciles_to_the_lots_to_the_fen() -> None:
    giver, taker = member(2)
    given(giver, 70, cost_fen=33, expires_on=ON.toordinal() + 1)
    spent = wish(giver, Reason.REDEMPTION, 20)
    do(spent)
    do(wish(giver, Reason.GIFT, 10, peer_id=taker))
    do(wish(giver, Reason.HOLD, 5))
    undo_redemption(customer_id=giver, transfer_id=spent.id, at=AT, on=ON, by="test")
    later = ON + timedelta(days=2)
    do(wish(taker, Reason.AWARD, 9, cost_fen=4), on=later)
    expire_due(on=later, at=AT, by="test")
    rolled = roll_forward(since=later, until=later)
    assert rolled.is_reconciled
    assert (rolled.opening, rolled.issued, rolled.expired, rolled.closing) == (70, 9, 65, 14)


@pytest.mark.django_db
def test_the_proof_names_a_balance_that_was_tampered_with() -> None:
    [who] = member()
    lot = given(who, 10)
    Lot.objects.filter(customer_id=who, id=lot.id).update(left=9)
    found = prove_balances(at=AT, by="test").found
    assert found == [
        {"what": "balance", "customer": str(who), "id": ""},
        {"what": "lot", "customer": str(who), "id": str(lot.id)},
    ]
    assert Fact.objects.filter(kind="BalancesProved").count() == 1


def test_sixty_four_at_once_share_the_last_points(fresh_database: str) -> None:
    [who] = member()
    given(who, 100)
    results = together(64, lambda _number: do(wish(who, Reason.REDEMPTION, 10)).points)
    assert results.count(10) == 10
    assert sum(isinstance(one, ShortOfPointsError) for one in results) == 54
    assert figures(who) == {"issued": 100, "redeemed": 100}
    assert_proved()


def test_the_same_key_at_once_is_done_once(fresh_database: str) -> None:
    [who] = member()
    given(who, 100)
    spent = wish(who, Reason.REDEMPTION, 60)
    results = together(16, lambda _number: do(spent).is_replay)
    assert sorted(results) == [False] + [True] * 15
    assert figures(who)["redeemed"] == 60


def test_twenty_gifts_at_once_from_a_balance_for_one(fresh_database: str) -> None:
    people = member(21)
    given(people[0], 100)
    results = together(20, lambda number: do(wish(people[0], Reason.GIFT, 100, peer_id=people[number + 1])).points)
    assert results.count(100) == 1
    assert sum(row.available for row in Balance.objects.all()) == 100
    assert_proved()


def test_gifts_in_both_directions_do_not_lock_each_other_out(fresh_database: str) -> None:
    one, other = member(2)
    given(one, 50)
    given(other, 50)
    pairs = [(one, other), (other, one)]
    results = together(
        16, lambda number: do(wish(pairs[number % 2][0], Reason.GIFT, 5, peer_id=pairs[number % 2][1])).points
    )
    assert results == [5] * 16
    assert [figures(who)["available"] for who in (one, other)] == [50, 50]
    assert_proved()
