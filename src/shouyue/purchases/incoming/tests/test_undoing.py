"""An import of orders is taken back: what was there before is there again, except what was built on it since."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.public import Customer
from shouyue.purchases.incoming.tests.import_ground import retail_rows, run_import, write_rows
from shouyue.purchases.incoming.tests.undo_ground import AT, bring_orders, kept, recorded, take_back
from shouyue.purchases.models import NamedEntry, Order, OrderChange, OrderLine, Product, ReturnLink, Store
from shouyue.purchases.undoing.actions.remembering import forget_order_changes
from shouyue.purchases.undoing.actions.unnaming import forget_named_entries
from shouyue.purchases.undoing.rules.staying import Change, outcomes
from shouyue.store.imports.reasons import reason_of
from shouyue.store.imports.refusals import ImportRefusedError
from shouyue.store.models import Fact, ImportRejection, ImportRun

DAY = "2026-01-{:02} 10:00:00"
rows = st.tuples(
    st.sampled_from(["1", "2", "3", "4", "5"]),
    st.sampled_from(["", "C1", "C2", "C3"]),
    st.integers(1, 9).map(DAY.format),
    st.sampled_from(["A", "B"]),
    st.integers(-3, 5).filter(bool),
    st.sampled_from(["1.00", "9.90"]),
    st.sampled_from(["", "tea", "cup"]),
    st.sampled_from(["", "S1", "S2"]),
    st.sampled_from(["", "web"]),
    st.sampled_from(["", "cash"]),
)
files = st.lists(rows, min_size=1, max_size=8)


def sale(number: str, who: str, day: int, quantity: int = 2, item: str = "A", **more: str) -> tuple[object, ...]:
    told = ("item_name", "store", "channel", "paid_by")
    return (number, who, DAY.format(day), item, quantity, "9.90", *(more.get(name, "") for name in told))


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(before=files, imported=files, records_max=st.sampled_from([1, 3, 1000]))
def test_an_import_and_its_undo_leave_everything_as_it_was(before, imported, records_max):
    with TemporaryDirectory() as folder, transaction.atomic():
        first = bring(Path(folder), "before", before)
        there = recorded()
        run = bring(Path(folder), "imported", imported)
        if run and run != first:  # the same file is the same import
            take_back(run, records_max=records_max)
        assert recorded() == there
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(imported=files, later=files)
def test_what_came_after_is_as_if_the_import_had_never_been_but_for_what_it_leans_on(imported, later):
    """Orders that come later stand; the import's own are gone, or are listed with the reason."""
    with TemporaryDirectory() as folder, transaction.atomic():
        run = bring(Path(folder), "imported", imported)
        after = bring(Path(folder), "later", later)
        if run and after and run != after:
            of_later = set(Order.objects.filter(run_id=after.pk).values_list("pk", flat=True))
            take_back(run)
            assert set(Order.objects.exclude(run_id=run.pk).values_list("pk", flat=True)) == of_later
            listed = {number for number, _reason in kept(run) if number}
            assert set(Order.objects.filter(run_id=run.pk).values_list("number", flat=True)) == listed
            assert all(link.sale_line for link in ReturnLink.objects.all())
            named = set(OrderLine.objects.values_list("product_id", flat=True))
            assert set(Product.objects.values_list("pk", flat=True)) == named
        transaction.set_rollback(True)


def bring(folder: Path, name: str, found) -> ImportRun | None:
    """The import; None if no row of the file could be used."""
    try:
        return bring_orders(folder, name, found)
    except ImportRefusedError:
        return None


@pytest.mark.django_db
def test_orders_go_with_the_customers_and_products_that_only_they_named(tmp_path):
    bring_orders(tmp_path, "before", [sale("1", "C1", 1, item_name="tea")])
    there = recorded()
    run = bring_orders(
        tmp_path,
        "wrong",
        [
            sale("2", "C1", 5, item_name="green tea", store="S9", channel="web", paid_by="cash"),
            sale("3", "C2", 5, item="B", item_name="cup"),
            sale("4", "", 5, item="B"),
            sale("5", "C1", 6, quantity=-1),
        ],
    )
    assert Customer.objects.count() == 3
    assert {one.code: one.name for one in Product.objects.all()} == {"A": "green tea", "B": "cup"}
    done = take_back(run)
    assert (done.removed, done.restored, done.kept, done.untouched) == (4, 0, 0, 0)
    assert recorded() == there
    assert kept(run) == []
    [fact] = Fact.objects.filter(kind="PurchasesImportUndone")
    assert (fact.payload["removed"], fact.payload["kept"]) == (4, 0)
    assert sum(one.payload["removed"] for one in Fact.objects.filter(kind="OrdersTakenBack")) == 4
    assert NamedEntry.objects.filter(run_id=run.pk).count() == 0
    again = bring_orders(tmp_path, "again", [sale("2", "C1", 5), sale("3", "C2", 5, item="B")])
    assert again.created == 2


@pytest.mark.django_db
def test_an_order_that_the_import_completed_stands_as_before(tmp_path):
    bring_orders(tmp_path, "before", [sale("1", "C1", 1)])
    there = recorded()
    run = bring_orders(tmp_path, "places", [sale("1", "C1", 1, store="S1", channel="web", paid_by="cash")])
    assert (run.updated, run.created) == (1, 0)
    order = Order.objects.get()
    assert (order.store.code, order.payments.count()) == ("S1", 1)
    done = take_back(run)
    assert (done.restored, done.removed, done.untouched) == (1, 0, 0)
    assert recorded() == there
    assert Store.objects.count() == 0


@pytest.mark.django_db
def test_what_was_returned_or_changed_since_is_listed_and_stays(tmp_path):
    run = bring_orders(
        tmp_path,
        "first",
        [sale("1", "C1", 1), sale("2", "C2", 1), sale("2", "C2", 1, item="B"), sale("3", "C3", 1), sale("4", "", 1)],
    )
    bring_orders(tmp_path, "returns", [sale("9", "C1", 4, quantity=-1)])
    bring_orders(tmp_path, "places", [sale("2", "C2", 1, store="S1"), sale("2", "C2", 1, item="B", store="S1")])
    done = take_back(run)
    assert kept(run) == [("1", "returned"), ("2", "edited")]
    assert (done.removed, done.kept, done.restored) == (2, 3, 0)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["1", "2", "9"]
    assert sorted(Customer.objects.values_list("source_key", flat=True)) == ["C1", "C2"]
    assert ReturnLink.objects.count() == 1


@pytest.mark.django_db
def test_a_customer_of_the_import_who_bought_again_stays_and_is_listed(tmp_path):
    run = bring_orders(tmp_path, "first", [sale("1", "C1", 1), sale("2", "C2", 1)])
    bring_orders(tmp_path, "later", [sale("3", "C1", 4)])
    done = take_back(run)
    assert (done.removed, done.kept) == (2, 0)
    assert kept(run) == [("", "used")]
    assert list(Customer.objects.values_list("source_key", flat=True)) == ["C1"]


@pytest.mark.django_db
def test_a_return_of_the_import_gives_back_what_it_took(tmp_path):
    bring_orders(tmp_path, "before", [sale("1", "C1", 1)])
    there = recorded()
    run = bring_orders(tmp_path, "back", [sale("2", "C1", 3, quantity=-2)])
    assert ReturnLink.objects.count() == 1
    take_back(run)
    assert recorded() == there


@pytest.mark.django_db
def test_a_return_that_waited_for_its_sale_waits_again(tmp_path):
    bring_orders(tmp_path, "before", [sale("9", "C1", 4, quantity=-1)])
    there = recorded()
    run = bring_orders(tmp_path, "late", [sale("1", "C1", 1)])
    assert ReturnLink.objects.count() == 1
    take_back(run)
    assert (recorded(), kept(run)) == (there, [])


@pytest.mark.django_db
def test_a_thousand_lines_of_online_retail_leave_nothing(tmp_path):
    there = recorded()
    report = run_import(write_rows(tmp_path / "retail.csv", retail_rows(1_500)))
    run = ImportRun.objects.get(pk=report.run_id)
    done = take_back(run, records_max=20)
    assert (done.removed, done.kept) == (run.created, 0)
    assert recorded() == there


@pytest.mark.django_db
def test_what_an_import_kept_for_its_undo_is_forgotten_after_90_days(tmp_path):
    run = bring_orders(tmp_path, "first", [sale("1", "C1", 1)])
    assert forget_order_changes(before=AT, rows_max=10) == 0
    assert forget_named_entries() == 0
    assert forget_order_changes(before=run.finished_at.replace(year=2027), rows_max=10) == 1
    assert forget_named_entries() == 1
    assert OrderChange.objects.count() == 0


ids = st.integers(1, 6).map(lambda number: UUID(int=number))


@given(
    changes=st.dictionaries(ids, st.builds(Change, is_new=st.booleans(), is_as_left=st.booleans())),
    returns=st.lists(st.tuples(ids, ids), max_size=12),
)
def test_no_order_goes_while_a_return_of_it_stays(changes, returns):
    found = outcomes(changes, returns)
    assert found.keys() == changes.keys()
    gone = {key for key, outcome in found.items() if outcome == "removed"}
    assert all(back in gone for sold, back in returns if sold in gone)
    for key, outcome in found.items():
        assert (outcome == "edited") is not changes[key].is_as_left
        if outcome == "returned":
            assert any(sold == key and back not in gone for sold, back in returns)


@pytest.mark.django_db
def test_a_number_that_an_undo_sets_free_can_be_told_under_another_customer(tmp_path):
    run = bring_orders(tmp_path, "first", [sale("1", "C1", 1)])
    refused = bring_orders(tmp_path, "second", [sale("1", "C2", 1), sale("2", "C2", 2)])
    assert (refused.created, refused.rejected) == (1, 1)
    rejection = ImportRejection.objects.get(run=refused)
    assert (rejection.code, rejection.value, rejection.cells[1]) == ("order_elsewhere", "1", "C2")
    sentences = {
        "en": "Order 1 belongs to another customer. If both are one person, merge them and import the row again; if "
        "not, correct the number or the customer.",
        "zh-hans": "订单 1 属于另一位客户。如果两位客户是同一个人，请先合并再重新导入这一行；如果不是，"
        "请更正单号或客户。",
    }
    for language, sentence in sentences.items():
        with translation.override(language):
            assert str(reason_of(rejection)) == sentence
    take_back(run)
    again = bring_orders(tmp_path, "third", [sale("1", "C2", 1), sale("3", "C2", 3)])
    assert (again.created, again.rejected) == (2, 0)


@pytest.mark.django_db
def test_a_file_that_tells_refused_numbers_again_changes_nothing_more(tmp_path):
    bring_orders(tmp_path, "first", [sale("1", "C1", 1), sale("2", "C1", 1)])
    rows = [sale("1", "C2", 1), sale("2", "C1", 1), sale("3", "C2", 1)]
    told = bring_orders(tmp_path, "second", rows)
    assert (told.created, told.unchanged, told.rejected) == (1, 1, 1)
    before = recorded()
    again = bring_orders(tmp_path, "again", [*rows, sale("4", "C3", 2)])
    assert (again.created, again.unchanged, again.rejected) == (1, 2, 1)
    take_back(again)
    assert recorded() == before


@pytest.mark.django_db
def test_what_an_import_moved_on_under_another_number_of_the_person_stands_as_before(tmp_path):
    bring_orders(tmp_path, "first", [sale("1", "C1", 1), sale("2", "C2", 1)])
    one, other = (Customer.objects.get(source_key=number).pk for number in ("C1", "C2"))
    merge_customers(survivor=other, merged=one, by="test", at=AT)
    before = recorded()
    run = bring_orders(tmp_path, "second", [sale("1", "C2", 1, store="S1")])
    assert (run.updated, Order.objects.get(number="1").customer_id) == (1, one)
    take_back(run)
    assert recorded() == before
