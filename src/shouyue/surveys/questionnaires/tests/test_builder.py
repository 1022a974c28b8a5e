"""The builder: drafts are changed, published versions are not, and what cannot be asked is refused in words."""

import re

import pytest
from django.test import Client

from shouyue.store.models import Staff
from shouyue.surveys.questionnaires.actions import ensure_template
from shouyue.surveys.questionnaires.models import Questionnaire

pytestmark = pytest.mark.django_db
HOME = "/surveys/questionnaires/"
LOYALTY = f"{HOME}loyalty/"
QUESTION = {
    "code": "where",
    "kind": "single",
    "zh": "在哪里买的？",
    "en": "Where did you buy?",
    "choices": "shop | 门店 | Shop\nweb | 网上 | Web",
    "after": "repurchase",
    "least": "1",
    "most": "3",
    "among": "",
}


def reader(party: str = "a") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user(f"{party}@desk.example", name="林知夏", party=party))
    return client


def codes(version: int) -> list[str]:
    return [row["code"] for row in Questionnaire.objects.get(code="loyalty", version=version).questions]


def test_a_draft_is_changed_and_published_and_the_version_before_stays() -> None:
    first = ensure_template("loyalty")
    client = reader()
    for _twice in range(2):
        client.post(f"{LOYALTY}change/draft")
    assert client.post(f"{LOYALTY}questions/new/", QUESTION).status_code == 302
    client.post(f"{LOYALTY}change/up", {"question": "where"})
    client.post(f"{LOYALTY}change/drop", {"question": "reasons"})
    edited = {**QUESTION, "en": "Where did you buy it?"}
    assert client.post(f"{LOYALTY}questions/where/", edited).status_code == 302
    # Waves ask what is published, not what somebody is still writing.
    assert ensure_template("loyalty") == first
    client.post(f"{LOYALTY}change/publish")
    assert codes(2) == ["repurchase", "recommend", "brand", "stay", "likely", "where", "more"]
    assert (ensure_template("loyalty").version, codes(1)) == (2, [row["code"] for row in first.questions])
    row = Questionnaire.objects.get(code="loyalty", version=2).questions[5]
    assert (row["en"], row["after"], row["least"], row["most"]) == ("Where did you buy it?", "repurchase", 1, 3)
    client.post(f"{LOYALTY}change/drop", {"question": "where"})
    assert "where" in codes(2)


def test_the_preview_shows_the_questions_as_a_phone_does() -> None:
    ensure_template("loyalty")
    page = reader().get(LOYALTY).content.decode()
    assert re.search(r'class="phone.*data-code="repurchase"', page, re.DOTALL)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "repurchase"}, "Another question has this short name"),
        ({"choices": ""}, "This kind needs choices"),
        ({"choices": "shop | 门店"}, "Write each choice as"),
        ({"least": "4", "most": "2"}, "for an answer that this one can have"),
        ({"en": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_kept_in_the_form(changes, words) -> None:
    ensure_template("loyalty")
    client = reader()
    client.post(f"{LOYALTY}change/draft")
    page = client.post(f"{LOYALTY}questions/new/", {**QUESTION, **changes})
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert "在哪里买的？" in page.content.decode()
    assert "where" not in codes(2)


def test_a_question_that_another_waits_for_is_not_taken_out() -> None:
    ensure_template("customer_satisfaction")
    client, address = reader(), f"{HOME}customer_satisfaction/change/"
    client.post(f"{address}draft")
    page = client.post(f"{address}drop", {"question": "overall"}, follow=True).content.decode()
    assert "A question can only wait for an earlier one" in page
    assert Questionnaire.objects.get(is_draft=True).questions[0]["code"] == "overall"


def test_a_new_questionnaire_begins_empty_and_can_be_asked_once_published() -> None:
    client = reader()
    new = {"code": "delivery", "title_zh": "配送回访", "title_en": "About the delivery"}
    assert client.post(f"{HOME}new", new).status_code == 302
    assert client.post(f"{HOME}new", new).status_code == 422
    assert (
        "There is no draft with questions"
        in client.post(f"{HOME}delivery/change/publish", follow=True).content.decode()
    )
    client.post(f"{HOME}delivery/questions/new/", {**QUESTION, "after": ""})
    client.post(f"{HOME}delivery/", {**new, "intro_en": "Hello", "is_stepped": "on"})
    client.post(f"{HOME}delivery/change/publish")
    made = ensure_template("delivery")
    assert (made.intro_en, made.is_stepped, made.is_draft) == ("Hello", True, False)
    assert "About the delivery" in client.get("/surveys/plan/").content.decode()


def test_an_auditor_reads_the_builder_and_changes_nothing() -> None:
    ensure_template("loyalty")
    client = reader("auditor")
    assert "Change it" not in client.get(LOYALTY).content.decode()
    assert client.get(HOME).status_code == 200
    assert [client.post(f"{LOYALTY}change/draft").status_code, client.post(f"{HOME}new").status_code] == [403, 403]
