"""Categories, stores and channels changed by hand: on screen, through the API, and taken back."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shouyue.customers.people.tests.test_editing import signed_in
from shouyue.purchases.catalogue.actions.editing import edit_entry, undo_edit
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_channels, tell_stores
from shouyue.purchases.catalogue.forms import EntryForm
from shouyue.purchases.catalogue.models import Category, Channel, EntryEdit, Store
from shouyue.purchases.catalogue.queries import entries_found, values_of
from shouyue.purchases.catalogue.rules.told import CategoryCircleError, CategoryTold, ChannelTold, StoreTold
from shouyue.rest.tests.callers import a_caller, problem_of
from shouyue.store.models import Fact

AT = datetime(2026, 3, 1, tzinfo=UTC)
BY = {"by": "staff:1", "at": AT}


@pytest.fixture
def told(db):
    """A category above another, a store and a channel."""
    tell_categories([CategoryTold(code="A"), CategoryTold(code="B", parent="A")], source="plain", **BY)
    tell_stores([StoreTold(code="S1", name="一店")], source="plain", **BY)
    tell_channels([ChannelTold(code="web")], source="plain", **BY)


def edited(entry, **wanted) -> EntryEdit | None:
    kind = entry._meta.model_name
    return edit_entry(kind, entry.pk, wanted, is_seen=lambda _now: True, **BY)


PAGES = {"category": "categories", "store": "stores", "channel": "channels"}


@pytest.mark.parametrize(("model", "code"), [(Category, "B"), (Store, "S1"), (Channel, "web")])
def test_an_entry_is_changed_on_its_page_and_taken_back(told, model, code):
    entry, desk = model.objects.get(code=code), signed_in("lin")
    before, kind = values_of(entry), model._meta.model_name
    page = f"/products/{PAGES[kind]}/{entry.pk}/edit"
    form = {**{name: value or "" for name, value in EntryForm.started(before).items()}, "is_active": "on"}
    assert desk.get(page).status_code == 200
    listed = desk.get("/products/categories/" if kind == "category" else "/products/stores/").content.decode()
    assert page in listed or kind == "store"
    done = desk.post(page, {**form, "name": "新名字", "is_active": ""}, follow=True).content.decode()
    assert values_of(model.objects.get(pk=entry.pk)) == {**before, "name": "新名字", "is_active": False}
    assert [one.pk for one in entries_found(kind, "新名字", most=9)] == [entry.pk]
    assert Fact.objects.filter(kind="CatalogueChanged").latest("recorded_at", "id").payload["entries"] == kind
    # Whoever is slower sees both, and writes over it only after that.
    slower = desk.post(page, {**form, "name": "别的"})
    assert (slower.status_code, "新名字" in slower.content.decode()) == (409, True)
    assert signed_in("zhou", "b").get(page).status_code == 403
    back = re.findall(r'action="(/undo/[^"]+)"', done)[-1]
    for _asked_twice in range(2):
        said = desk.post(back, headers={"Referer": f"http://testserver{page}"}, follow=True).content.decode()
        assert ("It is as before." in said, values_of(model.objects.get(pk=entry.pk)) == before) == (True, True)


def test_a_category_never_stands_below_itself_also_by_an_undo(told):
    top, below = Category.objects.get(code="A"), Category.objects.get(code="B")
    with pytest.raises(CategoryCircleError):
        edited(top, parent_id=str(below.pk))
    freed = edited(below, parent_id=None)
    edited(top, parent_id=str(below.pk))
    undone = undo_edit(freed.pk, **BY)
    assert (undone.restored, undone.kept, Category.objects.get(code="B").parent_id) == (0, 1, None)
    desk, page = signed_in("lin"), f"/products/categories/{below.pk}/edit"
    offered = desk.get(page).content.decode()
    assert f'value="{top.pk}"' not in offered
    assert desk.post(page, {"name": "x", "parent_id": str(top.pk), "seen": "{}"}).status_code == 422


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("path", "model", "code", "change", "after"),
    [
        ("categories", Category, "B", {"parent": "", "name": "杯"}, {"parent_id": None, "name": "杯"}),
        ("stores", Store, "S1", {"city": "上海"}, {"city": "上海", "name": "一店"}),
        ("channels", Channel, "web", {"name_en": "Web", "is_active": False}, {"name_en": "Web", "is_active": False}),
    ],
)
def test_programs_change_an_entry_as_they_saw_it(path, model, code, change, after):
    client, entry = a_caller("purchases:read", "purchases:write"), model.objects.get(code=code)
    url = f"/api/v1/{path}/{entry.pk}"
    etag = client.get(url).headers["ETag"]

    def patch(body, **headers):
        return client.patch(url, body, content_type="application/json", headers=headers)

    assert problem_of(patch(change)) == (428, "if-match-missing")
    done = patch(change, **{"If-Match": etag})
    assert (done.status_code, {name: done.json()[name] for name in after}) == (200, after)
    assert problem_of(patch({"name": "late"}, **{"If-Match": etag})) == (412, "changed-meanwhile")
    assert patch({"name": "next"}, **{"If-Match": done.headers["ETag"]}).json()["name"] == "next"
    assert client.get(f"/api/v1/{path}/{UUID(int=1)}").status_code == 404


def test_programs_are_told_of_a_circle(told):
    client, top = a_caller("purchases:read", "purchases:write"), Category.objects.get(code="A")
    url = f"/api/v1/categories/{top.pk}"
    headers = {"If-Match": client.get(url).headers["ETag"]}
    answer = client.patch(url, {"parent": "B"}, content_type="application/json", headers=headers)
    assert (problem_of(answer), answer.json()["errors"][0]["field"]) == ((422, "invalid"), "body.parent")
