"""Who would move: the draft's tiers on today's members, in the same preview as its points."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.house.checks.pages import raw_components

from shouyue.kernel import clock
from shouyue.membership.preview.actions import ask_preview
from shouyue.membership.preview.models import Preview
from shouyue.membership.programme.actions.versions import change_draft
from shouyue.membership.tiers.rules.drafting import with_step
from shouyue.membership.tiers.tests.ground import bought, member, published
from shouyue.store.models import Staff
from shouyue.web.format import day

pytestmark = pytest.mark.django_db


def asked() -> Preview:
    return ask_preview(preview_id=uuid4(), days=90, with_coming=True, at=clock.now(), by="staff:1")


def page_of(row: Preview, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(Staff.objects.create_user(f"{uuid4()}@example.com", name="A", party="a"))
    page = client.get(f"/membership/previews/{row.pk}/").content.decode()
    assert raw_components(page) == []
    return page


def test_a_draft_with_other_tiers_tells_who_would_move_and_a_few_examples():
    published()
    today = timezone.localdate(clock.now())
    people = [member(f"A{number}", joined_on=today - timedelta(days=9)) for number in range(4)]
    for who, yuan in zip(people, (6_000, 4_500, 1_200, 10), strict=True):
        bought(who, today, yuan)
    none = asked()
    assert (none.result["moves"], "The draft has the tiers that count now." in page_of(none)) == ({}, True)

    def lowered(content):
        return with_step(content, {**content["tiers"]["steps"][2], "minimum_fen": 400_000})

    change_draft(lowered, at=clock.now(), by="staff:1")
    row = asked()
    assert row.result["moves"] == {
        "gold gold 0": [1],
        "silver gold 1": [1],
        "silver silver 0": [1],
        "basic basic 0": [1],
    }
    assert [one["customer"] for one in row.result["movers"]["up"]] == [str(people[1])]
    assert row.result["movers"]["down"] == []
    assert row.result["reviews"] == {
        "gold gold 0": [1],
        "silver gold 1": [1],
        "silver silver 0": [1],
        "basic basic 0": [1],
    }
    [review] = set(row.result["review_days"])
    page = page_of(row)
    assert f"At the next review, on {day(date.fromisoformat(review), language='en')}" in page
    assert ("Who would move" in page, "A1</a> Silver → Gold" in page) == (True, True)
    assert "升级" in page_of(row, "zh-hans")
