"""Clause 4.1, accurate: orders that came in by mistake are taken back, with the points that they had earned."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from shouyue.customers.public import Customer
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.main.reactions import react_once
from shouyue.membership.ledger.actions.nightly import prove_balances
from shouyue.membership.ledger.public import Balance, Command, enrol_members, move
from shouyue.membership.programme.public import publish_version
from shouyue.purchases.incoming.tests.undo_ground import recorded
from shouyue.purchases.models import Order
from shouyue.store.models import ImportRun, ImportState
from shouyue.store.sequencer import sequence_once
from tests.stories import test_import_wizard
from tests.stories.company import ORDER_COLUMNS, bring, order, write
from tests.stories.reader import Reader, reading

pytestmark = pytest.mark.browser
site = test_import_wizard.site  # the product with a worker
TODAY = timezone.localdate(clock.now())


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def settle() -> None:
    """What the worker's other loops do: facts get their positions, and rooms react to them."""
    while sequence_once():
        pass
    while react_once(at=clock.now()):
        pass
    assert prove_balances(at=clock.now(), by="story").found == []


def members(folder: Path, *keys: str) -> dict[str, UUID]:
    """Customers with an order from before, who have joined since."""
    bring(folder, orders=[order(f"0-{key}", key, days_ago(200)) for key in keys])
    publish_version(starts_on=TODAY - timedelta(days=150), at=clock.now(), today=None, by="story")
    known = dict(Customer.objects.values_list("source_key", "pk"))
    enrol_members(list(known.values()), at=clock.now() - timedelta(days=150))
    return known


def standing(who: UUID) -> tuple[int, int]:
    """Points that are there, and points that are owed."""
    row = Balance.objects.get(pk=who)
    return row.pending + row.available + row.held, row.debt


def when_ready(reader: Reader, key: str, *, until: str) -> None:
    """A key that leads to a page which a worker completes; it is looked at once it is complete."""
    with reader.page.expect_navigation():
        reader.page.keyboard.press(key)
    reader.page.locator(until).wait_for(timeout=60_000)
    reader.look()


def in_english(reader: Reader) -> str:
    """The same page as a reader of English has it."""
    cookie = {"name": "shouyue_language", "url": reader.site.url}
    reader.page.context.add_cookies([{**cookie, "value": "en"}])
    reader.page.reload()
    reader.look()
    said = reader.text()
    reader.page.context.add_cookies([{**cookie, "value": "zh-hans"}])
    reader.page.reload()
    return said


def test_orders_that_came_in_by_mistake_are_taken_back_with_their_points(browser, site, tmp_path: Path) -> None:
    who = members(tmp_path / "before", "C1", "C2")
    settle()
    before = recorded()
    mistaken = tmp_path / "orders.csv"
    rows = [
        order("8-1", "C1", days_ago(40), quantity=2),
        order("8-2", "C2", days_ago(39)),
        order("8-3", "", TODAY.isoformat()),
    ]
    write(mistaken, ORDER_COLUMNS, rows)
    with reading(browser, site, party="a", language="zh-hans", path="/imports/new") as reader:
        # The chooser of files belongs to the system; everything of ours is done by keys.
        reader.page.set_input_files("#file", mistaken)
        reader.follow("上传并查看")
        when_ready(reader, "s", until="button:has-text('立即导入')")
        when_ready(reader, "i", until="h1:has-text('文件已导入')")
        run = ImportRun.objects.get(step="purchases", state=ImportState.DONE, by__startswith="staff:")
        assert (run.rows_total, run.created) == (3, 3)
        settle()
        assert (standing(who["C1"]), standing(who["C2"])) == ((198, 0), (99, 0))
        move(Command.redemption(new_id(), who["C2"], 60), at=clock.now(), on=TODAY, by="story")

        reader.page.goto(site.path(f"/imports/{run.pk}/"))
        when_ready(reader, "u", until="button:has-text('撤销这次导入')")
        said = reader.text()
        assert "2 位会员共将失去 237 积分。" in said
        assert "另有 60 积分已经用掉，将记为欠分" in said
        assert "2 members would lose 237 points in all. 60 more points are spent already" in in_english(reader)
        # Nothing has moved yet.
        assert (standing(who["C1"]), standing(who["C2"]), Order.objects.count()) == ((198, 0), (39, 0), 5)

        when_ready(reader, "t", until="h1:has-text('导入已撤销')")
        assert recorded() == before
        settle()
        assert (standing(who["C1"]), standing(who["C2"])) == ((0, 0), (0, 60))
        reader.page.goto(site.path(f"/customers/{who['C1']}/"))
        reader.look()
        assert "8-1" not in reader.card("最近的订单")
