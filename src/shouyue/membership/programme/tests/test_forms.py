"""Rules and campaigns about categories: written in the form, changed without losing anything, counted in points."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from shouyue.kernel import clock
from shouyue.membership.programme.actions.versions import keep_campaign, keep_rule
from shouyue.membership.programme.models import Award
from shouyue.membership.programme.queries import draft, today
from shouyue.membership.programme.rules.holdout import CAMPAIGNS, is_held_out
from shouyue.membership.programme.sentences import rule_sentence
from shouyue.membership.programme.tests.test_campaigns import campaign
from shouyue.membership.tills.tests.test_earning import rule
from shouyue.membership.tills.tests.test_rest import AT, TEA, member, programme, sale
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_products
from shouyue.purchases.catalogue.models import Category
from shouyue.purchases.catalogue.rules.told import CategoryTold, ProductTold
from shouyue.rest.tests.callers import a_caller, post
from shouyue.store.models import Staff

RULE = {"occasion": "purchase", "points": 3, "per_yuan": "2"}
CAMPAIGN = {"zh": "双倍", "en": "Double", "factor": "2"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    programme()
    client.force_login(Staff.objects.create_user("a@example.cn", name="林", party="a"))
    return client


@pytest.fixture
def known() -> dict[str, str]:
    """Food with tea below it, tools and toys; ids by code."""
    told = [
        CategoryTold(code="food", name="食品", name_en="Food"),
        CategoryTold(code="tea", name="茶叶", parent="food"),
        CategoryTold(code="tools", name="工具", name_en="Tools"),
        CategoryTold(code="toys", name="玩具"),
    ]
    tell_categories(told, source="plain", at=AT, by="test")
    return {code: str(pk) for code, pk in Category.objects.values_list("code", "pk")}


def filled(desk: Client, path: str) -> dict[str, object]:
    """What a browser would send of the form of this page, unchanged; fields without a value are empty."""
    form = desk.get(path).context["form"]
    return {field.html_name: "" if (value := field.value()) is None else value for field in form}


def kept_rules() -> list[dict]:
    return draft().content["earn"]["rules"]


def test_a_rule_about_categories_is_chosen_by_name_and_read_in_both_languages(desk, known):
    food, tools = known["food"], known["tools"]
    offered = desk.get("/membership/rules/").context["form"]["categories"]
    assert [box.choice_label for box in offered] == ["工具", "玩具", "食品", "\u3000茶叶"]
    assert desk.post("/membership/rules/", {**RULE, "categories": [food, tools]}).url == "/membership/rules/"
    assert "每消费 ¥2.00（食品、工具）得 3 积分。" in desk.get("/membership/rules/").content.decode()
    [kept] = [one for one in kept_rules() if one["categories"]]
    names = {food: ["食品", "Food"], tools: ["工具", "Tools"]}
    assert (kept["categories"], kept["category_names"]) == ([food, tools], names)
    with translation.override("en"):
        assert rule_sentence(kept) == "Every CN¥2.00 of Food, Tools gives 3 points."
    refused = [
        ({**RULE, "categories": ["tea"]}, "tea 不在"),
        ({**RULE, "categories": [food], "occasion": "review"}, "只有购物才分类别"),
        ({**RULE, "categories": [food], "key": "base"}, "基础规则适用于全部类别"),
    ]
    for wrong, why in refused:
        answer = desk.post("/membership/rules/", wrong)
        assert (answer.status_code, why in answer.content.decode()) == (422, True)


def test_without_a_catalogue_the_form_offers_no_categories(desk):
    page = desk.get("/membership/rules/").content.decode()
    assert 'name="items"' in page
    assert 'name="categories"' not in page


def test_a_rule_sent_as_it_was_read_stays_as_it_is_in_its_place(desk, known):
    gone = str(uuid4())
    names = {known["food"]: ["食品", "Food"], gone: ["旧类", "Old"], known["toys"]: ["玩具", "玩具"]}
    full = {"categories": sorted(names), "category_names": names, "channels": ["pos"], "cap": 500, "budget": 9000}
    wide = rule("wide", points=3, per_fen=1_234_567, items=["A-*", "B-1"], first="2026-01-01", **full)
    for one in (wide, rule("after", points=2, items=["B-1"])):
        keep_rule(one, at=AT, by="test")
    before = kept_rules()
    told = filled(desk, "/membership/rules/wide/")
    assert (sorted(told["categories"]), told["per_yuan"]) == (sorted(names), "12345.67")
    assert desk.post("/membership/rules/", told).status_code == 302
    after = kept_rules()
    assert after == before
    told["categories"].remove(gone)
    assert desk.post("/membership/rules/", told).status_code == 302
    [changed] = [one for one in kept_rules() if one["key"] == "wide"]
    assert sorted(changed["categories"]) == sorted([known["food"], known["toys"]])


def test_a_campaign_sent_as_it_was_read_stays_as_it_is(desk, known):
    names = {known["food"]: ["食品", "Food"], known["tools"]: ["工具", "Tools"]}
    full = campaign(tiers=["gold"], channels=["pos"], categories=sorted(names), category_names=names, factor="1.25")
    keep_campaign(full, at=AT, by="test")
    told = filled(desk, "/membership/campaigns/may/")
    assert desk.post("/membership/campaigns/may/", told).status_code == 302
    [after] = draft().content["campaigns"]
    assert after | {"categories": sorted(after["categories"])} == full


def test_what_the_forms_say_of_categories_counts_in_points(desk, known):
    products = [("TEA", "tea"), ("SAW", "tools"), ("CAR", "toys")]
    told = [ProductTold(code=code, category=category) for code, category in products]
    tell_products(told, source="plain", at=AT, by="test")
    day = today(clock.now())
    days = {"first": day.isoformat(), "last": (day + timedelta(days=9)).isoformat()}
    sent = {**CAMPAIGN, **days, "categories": [known["food"], known["tools"]]}
    assert desk.post("/membership/campaigns/new", sent).url == "/membership/rules/"
    rule_sent = {"occasion": "purchase", "points": 3, "per_yuan": "1", "categories": [known["tools"], known["toys"]]}
    assert desk.post("/membership/rules/", rule_sent).url == "/membership/rules/"
    assert desk.post("/membership/publish", {"starts_on": day.isoformat()}).url == "/membership/"
    member_of = {number: member(number) for number in (f"C{n}" for n in range(40))}
    number = next(one for one, who in member_of.items() if not is_held_out(CAMPAIGNS, who, 0.1))
    client = a_caller("points:write")
    lines = [{**TEA, "item": item, "quantity": 1, "unit_price": "10.00"} for item in ("TEA", "SAW", "CAR", "PEN")]
    for name in ("first", "second"):
        sold = sale(name, customer_number=number, placed_at=clock.now().isoformat(), lines=lines)
        assert post(client, "points/purchases", sold).status_code == 201
    own = next(one["key"] for one in kept_rules() if one["categories"])
    [bonus] = [one["key"] for one in draft().content["campaigns"]]
    told = (
        Award.objects.exclude(parts__contains=[["fixed"]]).order_by("-recorded_at").values_list("parts", flat=True)[0]
    )
    # The saw and the car by the rule, the saw doubled too; tea and pen by the base, the tea doubled.
    assert [part[:3] for part in told] == [
        ["base", own, "60"],
        ["campaign", bonus, "30"],
        ["base", "base", "20"],
        ["campaign", bonus, "10"],
    ]
