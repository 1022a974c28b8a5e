"""Members are noticed once for each stage before points expire; what expired comes back once, within the window."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shouyue.customers.public import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.expiry.actions import LASTS_DAYS, NotReinstatedError, notice_expiry, reinstate
from shouyue.membership.expiry.models import ExpiryNotice
from shouyue.membership.expiry.panels import NOTICES
from shouyue.membership.expiry.rules.wishes import WINDOW_DAYS
from shouyue.membership.ledger.public import (
    Balance,
    Command,
    Lot,
    Transfer,
    enrol_members,
    expire_due,
    move,
    prove_balances,
)
from shouyue.membership.ledger.queries import roll_forward
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
pytestmark = pytest.mark.django_db


def member(*lots: tuple[int, date | None]) -> UUID:
    who = Customer.objects.create(kind="person", source="test", source_key=str(new_id())).pk
    enrol_members([who], at=AT)
    for points, last in lots:
        move(Command.award(new_id(), who, points, cost_fen=points // 2, days=(ON, last)), at=AT, on=ON, by="test")
    return who


def after(days: int) -> date:
    return ON + timedelta(days=days)


def notices(on: date) -> list[tuple[int, int, int]]:
    notice_expiry(on=on, at=AT, by="test")
    return sorted(ExpiryNotice.objects.filter(noticed_on=on).values_list("stage", "points", "expires_on__day"))


def test_each_last_day_is_noticed_once_at_each_stage():
    who = member((10, after(40)), (5, after(40)), (7, after(20)), (3, None))
    assert notices(ON) == [(30, 7, after(20).day)]
    assert notices(ON) == [(30, 7, after(20).day)]
    assert notices(after(10)) == [(30, 15, after(40).day)]
    # Nights that were missed: the nearest stage alone.
    assert notices(after(19)) == [(1, 7, after(20).day)]
    assert notices(after(33)) == [(7, 15, after(40).day)]
    move(Command.redemption(new_id(), who, 3), at=AT, on=ON, by="test")
    assert notices(after(39)) == [(1, 15, after(40).day)]
    assert notices(after(40)) == []
    assert Fact.objects.filter(kind="ExpiryNoticed").count() == 5


def test_the_timeline_tells_what_the_member_is_to_be_told():
    who = member((10, after(5)))
    notice_expiry(on=ON, at=AT, by="test")
    reader = Staff.objects.create_user("lin@party-b.example", name="Lin", party="b")
    [item] = NOTICES.contribute([who], reader, None, 5)
    assert item.title == f"10 points expire after {after(5):%b} {after(5).day}, 2026" or "10" in item.title


def test_expired_points_come_back_once_and_last_a_while():
    who = member((10, after(1)), (5, after(90)))
    expire_due(on=after(2), at=AT, by="test")
    gone = Transfer.objects.get(customer_id=who, reason="expiry")
    for _time in range(2):
        done = reinstate(who, gone.id, on=after(12), at=AT, by="test")
        assert (done.points, done.available) == (10, 15)
    lot = Lot.objects.get(customer_id=who, expires_on=after(12 + LASTS_DAYS))
    assert (lot.points, lot.cost_fen) == (10, 5)
    row = Balance.objects.get(pk=who)
    assert (row.issued, row.available, row.expired) == (15, 15, 0)
    assert prove_balances(at=AT, by="test").found == []
    assert roll_forward(since=ON, until=after(12)).is_reconciled
    assert Fact.objects.filter(kind="PointsReinstated").count() == 1
    expire_due(on=after(60), at=AT, by="test")
    assert Balance.objects.get(pk=who).expired == 10
    assert prove_balances(at=AT, by="test").found == []


def test_what_is_too_late_or_never_expired_does_not_come_back():
    who, other = member((10, after(1))), member((10, after(1)))
    expire_due(on=after(2), at=AT, by="test")
    gone = Transfer.objects.get(customer_id=who, reason="expiry")
    award = Transfer.objects.get(customer_id=who, reason="award")
    for customer_id, transfer_id, on, why in [
        (who, gone.id, after(3 + WINDOW_DAYS), "late"),
        (who, award.id, after(3), "unknown"),
        (other, gone.id, after(3), "unknown"),
    ]:
        with pytest.raises(NotReinstatedError) as refused:
            reinstate(customer_id, transfer_id, on=on, at=AT, by="test")
        assert refused.value.why == why
    assert Balance.objects.get(pk=who).expired == 10
