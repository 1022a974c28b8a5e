"""Drafts over HTTP: kept for their writer, restored into the form, gone once it is sent or thrown away."""

import pytest
from django.conf import settings
from django.test import Client

from shouyue.store.models import Draft, Staff

pytestmark = pytest.mark.django_db
TYPED = {"draft-name": "style", "csrfmiddlewaretoken": "x", "name": "甲", "share": "88", "remark": "写了很久"}
RIGHT = {"name": "甲", "share": "88", "party": "a", "rule": "exact"}


@pytest.fixture
def desk():
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user("lin@a.example", name="林知夏", party="a"))
    return client


def test_a_draft_is_kept_and_restored_into_the_form(desk):
    assert desk.post("/drafts/save", TYPED).status_code == 204
    page = desk.get("/style")
    form = page.context["form"]
    assert (form["name"].value(), form["share"].value(), form["remark"].value()) == ("甲", "88", "写了很久")
    assert "and did not send it." in page.content.decode()


def test_a_form_that_is_sent_leaves_no_draft_and_a_refused_one_keeps_it(desk):
    desk.post("/drafts/save", TYPED)
    refused = desk.post("/style", {**RIGHT, "share": "140"})
    assert refused.status_code == 422
    assert 'value="140"' in refused.content.decode()
    assert Draft.objects.count() == 1
    assert desk.post("/style", RIGHT).status_code == 302
    assert Draft.objects.count() == 0


def test_a_draft_is_thrown_away_and_the_way_back_stays_inside(desk):
    for back, wanted in (("/style", "/style"), ("https://evil.example/", "/")):
        desk.post("/drafts/save", TYPED)
        assert desk.post("/drafts/drop", {"draft-name": "style", "draft-back": back}).url == wanted
        assert Draft.objects.count() == 0


def test_far_too_much_is_not_kept_and_a_nameless_form_neither(desk):
    assert desk.post("/drafts/save", {**TYPED, "remark": "x" * 120_000}).status_code == 413
    assert desk.post("/drafts/save", {"name": "x"}).status_code == 403
    assert Draft.objects.count() == 0


def test_an_expired_session_answers_so_that_the_page_can_say_so(client):
    assert client.post("/drafts/save", TYPED, headers={"HX-Request": "true"}).status_code == 401
