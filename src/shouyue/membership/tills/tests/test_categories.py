"""Rules by category: those below count too, and a product that moves later changes nothing of the past."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.stories.company import bring, order

from shouyue.membership.preview.actions import ask_preview
from shouyue.membership.programme.public import Award
from shouyue.membership.tills.models import Earning
from shouyue.membership.tills.queries import quoted
from shouyue.membership.tills.tests.test_earning import AT, balance, joined, programme, rule, settle
from shouyue.membership.tills.tests.test_rest import TEA, assert_proved, bulk, member, sale
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_products
from shouyue.purchases.catalogue.models import Category
from shouyue.purchases.catalogue.rules.told import CategoryTold, ProductTold
from shouyue.purchases.public import CategoryTree
from shouyue.rest.tests.callers import a_caller, post

ASKED = datetime(2025, 6, 30, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def catalogue(**category_of: str) -> dict[str, str]:
    """Food with tea below it, and tools; products by the code of their category. Ids by code."""
    told = [CategoryTold(code="food"), CategoryTold(code="tea", parent="food"), CategoryTold(code="tools")]
    tell_categories(told, source="plain", at=AT, by="test")
    products = [ProductTold(code=code.replace("_", "-"), category=one) for code, one in category_of.items()]
    tell_products(products, source="plain", at=AT, by="test")
    return {code: str(pk) for code, pk in Category.objects.values_list("code", "pk")}


def test_a_rule_about_a_category_is_about_what_is_below_it_in_quote_and_sale(tmp_path):
    known = catalogue(A_1="tea", B_1="tools")
    programme(rule("food", points=3, categories=[known["food"]]))
    who = joined(tmp_path, "C1")
    orders = [order("1", "C1", "2025-01-10"), order("1", "C1", "2025-01-10", item="B-1")]
    at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    told = quoted(who["C1"], items=["A-1", "B-1"], amounts_fen=[9900, 9900], source="plain", placed_at=at)
    bring(tmp_path / "sold", orders=orders)
    settle()
    [award] = Award.objects.all()
    assert award.parts == [["base", "food", "297", "9900", None], ["base", "base", "99", "9900", None]]
    assert (told.points, told.parts) == (award.points, award.parts)


def test_a_product_that_moves_takes_back_what_it_gave_and_previews_as_it_earned(tmp_path):
    known = catalogue(A_1="tea")
    programme(rule("food", points=3, categories=[known["food"]]))
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", quantity=3), order("2", "C1", "2025-01-11")])
    settle()
    assert balance(who["C1"]) == {"issued": 1188, "available": 1188}
    catalogue(A_1="tools")
    [had, _had_fen, drafted, _fen] = ask_preview(
        preview_id=uuid4(), days=365, with_coming=True, at=ASKED, by="staff:1"
    ).result["all"]
    assert (had, drafted) == (1188, 1188)
    bring(tmp_path / "back", orders=[order("3", "C1", "2025-02-01", quantity=-1)])
    settle()
    left = balance(who["C1"])["available"]
    assert left == 1188 - 297
    bring(tmp_path / "more", orders=[order("4", "C1", "2025-02-02")])
    settle()
    assert balance(who["C1"])["available"] == left + 99
    kept = {"A-1": [known["tea"], known["food"]]}
    assert sorted(str(one) for one in Earning.objects.values_list("categories", flat=True)) == sorted(
        [str(kept), str(kept), str({"A-1": [known["tools"]]})]
    )


def test_sales_over_http_earn_by_category_also_by_one_above_and_as_without_one_for_an_unknown_product():
    known = catalogue(TEA="tea", CAKE="food", SAW="tools")
    programme(rule("food", points=3, categories=[known["food"]]), starts_on=date(2026, 1, 1))
    who = member()
    client = a_caller("points:write")
    assert post(client, "points/purchases", sale("0")).status_code == 201  # so that the next is no first purchase
    lines = [{**TEA, "item": item, "quantity": 2, "unit_price": "10.00"} for item in ("TEA", "CAKE", "SAW", "NEW")]
    told = post(client, "points/purchases", sale("1", lines=lines))
    assert (told.status_code, told.json()["earned"]) == (201, 160)
    [award] = Award.objects.filter(points=160)
    assert award.parts == [["base", "food", "120", "4000", None], ["base", "base", "40", "4000", None]]
    again = post(client, "points/purchases", sale("1", lines=lines))
    assert (again.status_code, again.json()["earned"]) == (200, 160)
    # What becomes of the catalogue later takes neither more nor less back.
    catalogue(NEW="tea", CAKE="tools", SAW="food")
    back = [{**line, "quantity": 1} for line in lines[1:]]
    assert post(client, "points/returns", sale("R1", lines=back)).json()["lost"] == 30 + 10 + 10
    assert post(client, "points/purchases", sale("2", lines=lines[2:])).json()["earned"] == 60 + 60
    assert Earning.objects.get(customer_id=who, points=110).categories["NEW"] == []
    assert_proved()


def test_quotes_and_bulk_sales_over_http_count_categories_too():
    known = catalogue(TEA="tea", SAW="tools")
    programme(rule("food", points=3, categories=[known["food"]]), starts_on=date(2026, 1, 1))
    who = member()
    client = a_caller("points:write", "points:read")
    assert post(client, "points/purchases", sale("0")).status_code == 201
    lines = [{**TEA, "item": item, "quantity": 1, "unit_price": "10.00"} for item in ("TEA", "SAW", "NEW")]
    asked = [("items", one["item"]) for one in lines] + [("amounts", "10.00") for _one in lines]
    path = "/api/v1/points/quote?" + urlencode([*asked, ("source", "plain"), ("placed_at", "2026-02-01T08:00:00Z")])
    assert client.get(path).json()["points"] == 50
    [told, *_more] = bulk(client, sale("1", lines=lines))
    assert told["earned"] == 50
    assert Earning.objects.get(customer_id=who, points=50).categories == {
        "TEA": [known["tea"], known["food"]],
        "SAW": [known["tools"]],
        "NEW": [],
    }
    assert_proved()


def test_a_category_that_is_made_while_a_sale_is_reckoned_is_found():
    tree = CategoryTree()
    known = catalogue(TEA="tea")
    assert tree.paths({("plain", "TEA")}) == {("plain", "TEA"): [known["tea"], known["food"]]}


def test_without_a_rule_by_category_nothing_is_kept_and_with_one_a_sale_reads_two_more(tmp_path):
    known = catalogue(TEA="tea")
    programme()
    member()
    client = a_caller("points:write")

    def statements(number: str, at: str = "2026-02-02T08:00:00+08:00") -> int:
        with CaptureQueriesContext(connection) as seen:
            assert post(client, "points/purchases", sale(number, placed_at=at)).status_code == 201
        return len(seen)

    for number in range(2):
        statements(f"warm {number}")
    plain = statements("1")
    assert set(Earning.objects.values_list("categories", flat=True)) == {None}
    programme(rule("food", points=3, categories=[known["food"]]), starts_on=date(2026, 3, 1))
    statements("warm 3", "2026-03-02T08:00:00+08:00")
    assert statements("2") == plain
    assert statements("3", "2026-03-02T08:00:00+08:00") == plain + 2
    assert_proved()
