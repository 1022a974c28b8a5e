"""An import of orders that is taken back takes back what the orders earned, like a return; imported anew they earn."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.stories.company import SIGNED_AT, bring, order

from shouyue.main.reactions import REACTIONS
from shouyue.membership.ledger.actions.nightly import prove_balances
from shouyue.membership.ledger.public import Balance, Transfer
from shouyue.membership.tills.models import Earning
from shouyue.membership.tills.public import earn_from_batches
from shouyue.membership.tills.tests.test_categories import catalogue
from shouyue.membership.tills.tests.test_earning import LATER, balance, joined, programme, rule, spend
from shouyue.purchases.incoming.tests.undo_ground import rehearse, take_back
from shouyue.purchases.models import Order
from shouyue.store.models import Fact, ImportRun
from shouyue.store.readers import follow
from shouyue.store.sequencer import sequence_once

pytestmark = pytest.mark.django_db
[POINTS] = [one for one in REACTIONS if one.name == "points"]


def settle() -> None:
    """What the reaction of the product does for its kinds of facts, at a moment when nothing has expired."""

    def act(news):
        earn_from_batches([UUID(one.payload["batch_id"]) for one in news], at=LATER, by="test")

    while sequence_once():
        pass
    while follow(POINTS.name, act, POINTS.most, kinds=POINTS.kinds):
        pass
    assert prove_balances(at=datetime(2025, 3, 5, tzinfo=UTC), by="test").found == []


def foreseen(run: ImportRun, *, records_max: int | None = None) -> dict[str, int]:
    """What a rehearsal says of points; it moves none."""
    before = (
        set(Transfer.objects.values_list("pk")),
        list(Balance.objects.order_by("pk").values()),
        Fact.objects.count(),
    )
    counts = rehearse(run, at=SIGNED_AT, records_max=records_max).foreseen["membership.points"]
    assert isinstance(counts, dict)
    after = (
        set(Transfer.objects.values_list("pk")),
        list(Balance.objects.order_by("pk").values()),
        Fact.objects.count(),
    )
    assert before == after
    return counts


def brought(folder, *orders: tuple) -> ImportRun:
    [report] = bring(folder, orders=orders)
    return ImportRun.objects.get(pk=report.run_id)


def test_what_orders_earned_is_taken_back_by_an_entry_and_given_again_when_they_come_again(tmp_path):
    programme()
    who = joined(tmp_path, "C1", "C2")
    sold = [order("1", "C1", "2025-01-10", quantity=2), order("2", "C2", "2025-01-10")]
    run = brought(tmp_path / "sold", *sold)
    settle()
    assert balance(who["C1"]) == {"issued": 198, "available": 198}
    transfers = set(Transfer.objects.values_list("pk", flat=True))
    for most in (None, 1):  # whatever the batches
        assert foreseen(run, records_max=most) == {"members": 2, "points": 297}
    take_back(run, at=SIGNED_AT)
    for _time in range(2):
        settle()
        assert balance(who["C1"]) == {"issued": 198, "clawed_back": 198}
        assert balance(who["C2"]) == {"issued": 99, "clawed_back": 99}
    assert transfers < set(Transfer.objects.values_list("pk", flat=True))
    assert set(Earning.objects.values_list("points", flat=True)) == {0}
    assert Order.objects.filter(number__in=["1", "2"]).count() == 0
    brought(tmp_path / "again", *sold)
    settle()
    assert {balance(who[key])["available"] for key in ("C1", "C2")} == {198, 99}


def test_spent_points_of_orders_that_go_are_owed_as_after_a_return(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    run = brought(tmp_path / "sold", order("1", "C1", "2025-01-10"))
    settle()
    spend(who["C1"], 60)
    assert foreseen(run) == {"members": 1, "points": 39, "debt": 60}
    take_back(run, at=SIGNED_AT)
    settle()
    assert balance(who["C1"]) == {"issued": 99, "redeemed": 60, "debt": 60, "clawed_back": 99}


def test_a_return_of_an_import_that_is_taken_back_gives_the_points_back(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    brought(tmp_path / "sold", order("1", "C1", "2025-01-10", quantity=3))
    run = brought(tmp_path / "back", order("2", "C1", "2025-02-01", quantity=-1))
    settle()
    assert balance(who["C1"])["available"] == 198
    assert foreseen(run) == {"given": 99}
    take_back(run, at=SIGNED_AT)
    settle()
    assert balance(who["C1"])["available"] == 297


def test_other_items_under_the_number_of_an_undone_order_earn_by_their_own_category(tmp_path):
    known = catalogue(A_1="tools", B_1="tea", C_1="food")
    programme(rule("food", points=3, categories=[known["food"]]))
    who = joined(tmp_path, "C1")["C1"]
    run = brought(tmp_path / "sold", order("1", "C1", "2025-01-10"))
    settle()
    assert balance(who) == {"issued": 99, "available": 99}
    take_back(run, at=SIGNED_AT)
    settle()
    catalogue(A_1="food")
    again = [order("1", "C1", "2025-01-10", item=item, quantity=2) for item in ("A-1", "B-1", "D-1")]
    brought(tmp_path / "again", *again)
    settle()
    # The first item counts as when the number first earned; the others as when they came.
    assert balance(who)["available"] == 198 + 3 * 198 + 198
    catalogue(B_1="tools", D_1="food")
    brought(tmp_path / "back", *[order("2", "C1", "2025-02-01", item=item, quantity=-1) for item in ("B-1", "D-1")])
    settle()
    assert balance(who)["available"] == 198 + 3 * 99 + 99


def test_an_undo_before_anything_was_earned_leaves_nothing_to_take(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    run = brought(tmp_path / "sold", order("1", "C1", "2025-01-10"))
    assert foreseen(run) == {}
    take_back(run, at=SIGNED_AT)
    settle()
    assert balance(who["C1"]) == {}
    assert Earning.objects.filter(customer_id=who["C1"], points__gt=0).count() == 0
