"""Fields that an installation declares: typed, filled in place, filtered by, on a board, sealed if personal."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.fields.actions import (
    Declared,
    FieldRefusedError,
    change_field,
    declare_field,
    seen_key,
    set_value,
    undo_value,
)
from shouyue.customers.fields.models import CustomField, CustomValueChange, CustomValues
from shouyue.customers.fields.queries import values_of
from shouyue.customers.fields.rules import values as rules
from shouyue.customers.fields.rules.values import KINDS, ChangedMeanwhileError, Schema, ValueRefusedError
from shouyue.customers.people.tests.test_editing import signed_in
from shouyue.customers.people.tests.test_people import make_customers, who
from shouyue.rest.tests.callers import a_caller
from shouyue.store.models import Fact

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
texts = st.lists(
    st.sampled_from(["", "a", "b", "yes", "no", "1,280", "-3.50", "2026-03-01", "2026-02-30", "x；y"]), max_size=3
)


@given(st.sampled_from(KINDS), texts, st.booleans())
def test_what_was_kept_is_kept_again(kind, said, is_required):
    schema = Schema("f", kind, is_required, ("a", "b"))
    try:
        value = rules.clean(schema, said)
    except ValueRefusedError:
        return
    assert rules.clean(schema, rules.texts_of(value)) == value
    kept = rules.with_value({"other": "1"}, "f", value)
    assert (kept.get("f"), kept["other"], "f" in kept) == (value, "1", value is not None)
    assert not (is_required and value is None)


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("text", [" a b "], "a b"),
        ("number", ["1,280.50"], "1280.5"),
        ("date", ["2026-03-01"], "2026-03-01"),
        ("choice", ["b"], "b"),
        ("multi", ["b", "a"], ["a", "b"]),
        ("boolean", ["no"], False),
        ("tags", ["新客，VIP, VIP"], ["新客", "VIP"]),
        ("text", [], None),
    ],
)
def test_each_kind_takes_its_values(kind, said, value):
    assert rules.clean(Schema("f", kind, choices=("a", "b")), said) == value


@pytest.mark.parametrize(
    ("kind", "said", "reason"),
    [
        ("number", "12a", "number"),
        ("number", "1e999999", "number"),
        ("date", "2026-02-30", "day"),
        ("choice", "c", "choice"),
        ("multi", "c", "choice"),
        ("boolean", "perhaps", "choice"),
        ("text", "x" * 301, "too_long"),
        ("tags", "x" * 31, "too_long"),
        ("tags", ",".join(map(str, range(21))), "too_many"),
        ("text", "", "required"),
    ],
)
def test_what_a_field_does_not_take_is_refused_with_its_reason(kind, said, reason):
    with pytest.raises(ValueRefusedError) as refused:
        rules.clean(Schema("f", kind, is_required=True, choices=("a", "b")), [said])
    assert refused.value.reason == reason


@pytest.fixture
def skin(db):
    """A choice: dry or oily."""
    make_customers("A", "B")
    return declare("肤质", "Skin type", "choice", choices=[("干性", "dry"), ("油性", "oily")])


def declare(zh, en, kind, **more):
    return declare_field(Declared(zh, en, kind, **more), by="staff:1", at=AT)


def key_of(field, english):
    return next(key for key, _zh, en in field.choices if en == english)


def put(number, field, *said, before=None, by="staff:1"):
    return set_value(who(number), field, said, seen=seen_key(who(number), before), by=by, at=AT)


def held(number):
    return dict(values_of([who(number)])[who(number)].plain)


def test_a_value_is_written_once_announced_and_taken_back(skin):
    dry = key_of(skin, "dry")
    change = put("A", skin, dry)
    assert (held("A"), put("A", skin, dry)) == ({"skin-type": dry}, None)
    assert Fact.objects.filter(kind="DeclaredValuesEdited").count() == 1
    assert undo_value(who("A"), change.id, by="staff:1", at=AT) is True
    assert (held("A"), undo_value(who("A"), change.id, by="staff:1", at=AT)) == ({}, False)


def test_who_is_slower_changes_nothing(skin):
    dry, oily = key_of(skin, "dry"), key_of(skin, "oily")
    first = put("A", skin, dry)
    with pytest.raises(ChangedMeanwhileError):
        put("A", skin, oily)
    put("A", skin, oily, before=dry)
    assert undo_value(who("A"), first.id, by="staff:1", at=AT) is False
    assert held("A") == {"skin-type": oily}


def test_a_choice_keeps_its_key_when_it_is_renamed_and_is_not_dropped_while_used(skin):
    dry = key_of(skin, "dry")
    put("A", skin, dry)
    renamed = change_field(
        skin.pk, Declared("肤质", "Skin", "choice", choices=[("干性", "very dry"), ("油性", "oily")])
    )
    assert (renamed.name, key_of(renamed, "very dry")) == ("skin-type", dry)
    with pytest.raises(FieldRefusedError) as refused:
        change_field(skin.pk, Declared("肤质", "Skin", "choice", choices=[("油性", "oily")]))
    assert refused.value.reason == "in_use"
    with pytest.raises(FieldRefusedError):
        declare("重复", "Twice", "choice", choices=[("一", "one"), ("一", "two")])


def test_a_personal_value_is_sealed_and_shown_masked(skin):
    allergy = declare("过敏史", "Allergies", "text", data_class="sensitive")
    put("A", allergy, "青霉素")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT plain::text, sealed, (SELECT before FROM customers_customvaluechange) FROM customers_customvalues"
        )
        plain, sealed, _before = cursor.fetchone()
    assert ("青霉素".encode() in bytes(sealed), plain) == (False, "{}")
    record = f"/customers/{who('A')}/"
    for party, may_read in (("a", True), ("b", False)):
        desk = signed_in(f"reader-{party}", party)
        page = desk.get(record).content.decode()
        assert ("青霉素" in page, "***" in page) == (False, True)
        assert ("青霉素" in desk.get(f"{record}fields/allergies").content.decode()) is may_read
    assert "x-allergies" not in signed_in("lin").get("/customers/?show=listed").content.decode()


def test_a_field_is_declared_on_its_page_and_filled_on_the_record(skin):
    desk = signed_in("lin")
    form = {"title_zh": "等级", "title_en": "Class", "kind": "choice", "choices": "金 | gold\n银 | silver"}
    assert desk.post("/customers/fields/", {**form, "choices": ""}).status_code == 422
    desk.post("/customers/fields/", form)
    field = CustomField.objects.get(name="class")
    assert [one[1:] for one in field.choices] == [["金", "gold"], ["银", "silver"]]
    address = f"/customers/{who('A')}/fields/class"
    seen = re.findall(r'name="seen" value="([^"]+)"', desk.get(address).content.decode())[0]
    assert desk.post(address, {"value": "nobody", "seen": seen}).status_code == 422
    answer = desk.post(address, {"value": key_of(field, "gold"), "seen": seen}, headers={"HX-Request": "true"})
    assert "gold" in answer.content.decode()
    slower = desk.post(address, {"value": key_of(field, "silver"), "seen": seen})
    assert (slower.status_code, "It is now “gold”" in unescape(slower.content.decode())) == (409, True)
    told = json.loads(answer.headers["HX-Trigger"])["shouyue:messages"]["messages"]
    undone = desk.post(told[0]["undo"], follow=True)
    assert (undone.status_code, held("A")) == (200, {})
    auditor = signed_in("shen", "auditor")
    assert auditor.post("/customers/fields/", form).status_code == auditor.post(address).status_code == 403
    assert auditor.get("/customers/fields/").status_code == 200


def test_a_retired_field_is_asked_for_no_more_and_keeps_its_values(skin):
    put("A", skin, key_of(skin, "dry"))
    desk, record = signed_in("lin"), f"/customers/{who('A')}/"
    assert "Skin type" in desk.get(record).content.decode()
    desk.post(f"/customers/fields/{skin.pk}/retire", {"retire": "1"})
    assert "Skin type" not in desk.get(record).content.decode()
    desk.post(f"/customers/fields/{skin.pk}/retire", {"again": "1"})
    assert "dry" in desk.get(record).content.decode()


def numbers_in(page):
    return set(re.findall(r'<a class="link" href="/customers/[^"]+">(A|B)</a>', page))


def test_the_list_shows_filters_and_exports_declared_fields(skin):
    tags = declare("标签", "Tags", "tags")
    put("A", skin, key_of(skin, "dry"))
    put("B", skin, key_of(skin, "oily"))
    put("B", tags, "VIP，新客")
    desk, listed = signed_in("lin"), "/customers/?show=listed"
    assert numbers_in(desk.get(f"{listed}&x-skin-type={key_of(skin, 'dry')}").content.decode()) == {"A"}
    assert numbers_in(desk.get(f"{listed}&x-tags=VIP").content.decode()) == {"B"}
    shown = desk.get(f"{listed}&cols=number&cols=x-skin-type&cols=x-tags").content.decode()
    assert ("VIP、新客" in shown, "oily" in shown) == (True, True)
    file = b"".join(desk.get(f"{listed}&cols=number&cols=x-tags&as=csv").streaming_content).decode("utf-8-sig")
    assert sorted(file.split()) == ["A,", "B,VIP、新客", "Number,Tags"]


def test_tags_stand_below_the_name_and_programs_read_what_is_not_personal(skin):
    tags, allergy = declare("标签", "Tags", "tags"), declare("过敏史", "Allergies", "text", data_class="sensitive")
    put("A", tags, "VIP，新客")
    put("A", skin, key_of(skin, "dry"))
    put("A", allergy, "青霉素")
    assert '<span class="tag tone-quiet">VIP</span>' in signed_in("lin").get(f"/customers/{who('A')}/").content.decode()
    told = a_caller("customers:read").get(f"/api/v1/customers/{who('A')}/fields").json()
    assert [(one["name"], one["texts"]) for one in told] == [("skin-type", ["dry"]), ("tags", ["VIP", "新客"])]


def test_a_tag_that_two_records_of_a_person_have_stands_once(skin):
    tags = declare("标签", "Tags", "tags")
    put("A", tags, "VIP，新客")
    put("B", tags, "VIP，老客")
    merge_customers(survivor=who("A"), merged=who("B"), by="staff:1", at=AT)
    page = signed_in("lin").get(f"/customers/{who('A')}/").content.decode()
    assert re.findall(r'<span class="tag tone-quiet">([^<]+)</span>', page) == ["VIP", "新客", "老客"]


def test_a_board_by_a_declared_field_moves_cards_and_keeps_its_filters(skin):
    desk, oily = signed_in("lin"), key_of(skin, "oily")
    put("A", skin, key_of(skin, "dry"))
    tags = declare("标签", "Tags", "tags")
    put("A", tags, "VIP")
    page = desk.get("/customers/board/?show=listed&by=skin-type&x-tags=VIP").content.decode()
    lanes = re.findall(r'<section class="lane" aria-label="([^"]+)">(.*?)</section>', page, re.DOTALL)
    assert [(title, body.count("board-card")) for title, body in lanes] == [("dry", 1), ("oily", 0), ("not set", 0)]
    form = dict(re.findall(r'name="(seen|query|back)" value="([^"]*)"', lanes[0][1]))
    moved = {"value": oily, **{name: unescape(text) for name, text in form.items()}}
    after = desk.post(f"/customers/{who('A')}/fields/skin-type", moved, follow=True)
    assert after.request["QUERY_STRING"] == moved["query"] == "show=listed&by=skin-type&x-tags=VIP"
    lanes = re.findall(r'aria-label="([^"]+)">(.*?)</section>', after.content.decode(), re.DOTALL)
    assert dict(lanes)["oily"].count("board-card") == 1
    late = desk.post(f"/customers/{who('A')}/fields/skin-type", moved | {"value": key_of(skin, "dry")}, follow=True)
    assert "Somebody else moved this customer" in late.content.decode()
    assert held("A")["skin-type"] == oily


@pytest.mark.parametrize(
    "path", ["/customers/?show=listed&cols=number&cols=x-skin-type", "/customers/board/?show=listed&by=skin-type"]
)
def test_declared_fields_cost_the_same_for_many(skin, path):
    desk, counts = signed_in("lin"), []
    desk.get(path)
    for numbers in (("A",), [f"C{number}" for number in range(15)]):
        make_customers(*numbers)
        for number in numbers:
            put(number, skin, key_of(skin, "dry"))
        with CaptureQueriesContext(connection) as asked:
            desk.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert (CustomValues.objects.count(), CustomValueChange.objects.count()) == (16, 16)


def test_a_merged_person_has_one_card_with_each_value_where_it_is_kept(skin):
    secret = declare("过敏史", "Allergies", "text", data_class="sensitive")
    hobby = declare("爱好", "Hobby", "text")
    size = declare("尺码", "Size", "text")
    for number, said in (("A", "花生"), ("B", "牛奶")):
        put(number, secret, said)
        put(number, size, "M")
    put("B", hobby, "茶")
    merge_customers(survivor=who("A"), merged=who("B"), by="staff:1", at=AT)
    page = signed_in("lin").get(f"/customers/{who('A')}/").content.decode()
    card = page.partition("<h2>More about this customer</h2>")[2].partition("</section>")[0]
    said = [" ".join(re.sub("<[^>]+>", " ", one).split()) for one in card.split("</dd>")]
    assert said[:-1] == [
        "Fields Skin type – Edit Skin type",
        "Allergies *** Edit Allergies · under A",
        "Allergies *** Edit Allergies · under B",
        "Hobby 茶 Edit Hobby · under B",
        "Size M Edit Size",
    ]
    links = re.findall(r'href="/customers/([^/]+)/fields/', card)
    assert links == [str(who(number)) for number in "AABBA"]
