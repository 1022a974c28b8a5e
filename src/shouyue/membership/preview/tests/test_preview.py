"""A draft on past purchases: what is in force gives what was earned, to the point; a draft what it would have given."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.house.checks.pages import raw_components
from tests.stories.company import bring, order

from shouyue.customers.public import Customer
from shouyue.kernel import clock
from shouyue.membership.ledger.public import Balance, enrol_members
from shouyue.membership.preview import actions
from shouyue.membership.preview.actions import ask_preview, preview_draft
from shouyue.membership.preview.models import Preview
from shouyue.membership.preview.rules.tally import Outcome, Past, Tally
from shouyue.membership.programme.actions.versions import drop_rule, keep_campaign, keep_rule, publish_version
from shouyue.membership.programme.public import Award, Occasion, award_occasion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tills.models import Earning
from shouyue.membership.tills.public import earn_from_batches
from shouyue.store.jobs.handle import JobHandedBackError
from shouyue.store.jobs.runs import take_up
from shouyue.store.models import Fact, JobRun, JobState, Staff

AT = datetime(2025, 1, 2, 4, 0, tzinfo=UTC)
ASKED = datetime(2025, 6, 30, 4, 0, tzinfo=UTC)
BASE = standard_content()["earn"]["rules"][-1]


def shop(folder) -> dict[str, UUID]:
    """Members of two tiers with a year's purchases, some returned, some by a campaign, and a survey answered."""
    publish_version(starts_on=date(2025, 1, 1), at=AT, today=None, by="test")
    bring(folder / "before", orders=[order(f"0-{key}", key, "2024-06-01") for key in ("C1", "C2", "C3")])
    who = dict(Customer.objects.values_list("source_key", "pk"))
    enrol_members([who[key] for key in ("C1", "C2")], at=AT)
    orders = [
        order("1", "C1", "2025-01-10", quantity=3),
        order("2", "C1", "2025-02-10", item="B-1", price="1500.55"),
        order("3", "C1", "2025-03-01", item="B-1", price="80.40"),
        order("4", "C2", "2025-03-02"),
        order("5", "C3", "2025-03-03"),  # no member
        order("6", "C1", "2025-04-01", item="B-2", price="99.99", quantity=7),
    ]
    bring(folder / "sold", orders=orders)
    bring(folder / "back", orders=[order("7", "C1", "2025-04-20", item="B-2", price="99.99", quantity=-2)])
    batches = [
        UUID(one) for one in Fact.objects.filter(kind="OrdersRecorded").values_list("payload__batch_id", flat=True)
    ]
    earn_from_batches(batches, at=ASKED, by="test")
    award_occasion(customer_id=who["C2"], occasion=Occasion.SURVEY, key="1", on=date(2025, 5, 1), at=ASKED, by="test")
    return who


def preview(days: int = 365, *, with_coming: bool = True, **more: int) -> Preview:
    return ask_preview(preview_id=uuid4(), days=days, with_coming=with_coming, at=ASKED, by="staff:1", **more)


@pytest.mark.django_db
def test_what_is_in_force_gives_what_was_earned_to_the_point(tmp_path):
    shop(tmp_path)
    result = preview().result
    earned = sum(Earning.objects.values_list("points", flat=True))
    others = sum(Award.objects.exclude(occasion="purchase").values_list("points", flat=True))
    had, had_fen, draft, draft_fen = result["all"]
    assert (result["orders"], result["others"], result["unsettled"]) == (5, 1, 0)
    assert had == draft == earned + others
    assert had_fen == draft_fen
    assert sum(pair[0] for pair in result["rules"].values()) == had
    assert all(pair[0] == pair[1] for pair in result["rules"].values())
    assert {tier: sums[0] for tier, sums in result["tiers"].items()} == {"basic": 3, "silver": 2}
    assert (result["examples"]["more"], result["examples"]["less"]) == ([], [])
    balances = Balance.objects.all()
    assert had == sum(row.issued - row.clawed_back for row in balances)


@pytest.mark.django_db
def test_a_draft_gives_what_it_would_have_given_by_rule_with_examples(tmp_path):
    who = shop(tmp_path)
    keep_rule({**BASE, "key": "rule-b1", "points": 3, "items": ["B-1"]}, at=ASKED, by="test")
    drop_rule("survey", at=ASKED, by="test")
    result = preview(days=130).result  # without January
    # C1 buys B-1 for 1,500.55 as a basic member, and for 80.40 as a silver one, who earns 1.2 times.
    assert result["rules"]["base rule-b1"] == [0, 4501 + 241]
    assert result["rules"]["tier silver"] == [int(80 * 0.2) + int(499 * 0.2), int(241 * 0.2) + int(499 * 0.2)]
    assert result["rules"]["fixed survey"] == [50, 0]
    [first, second] = result["examples"]["more"]
    assert (first["customer"], first["had"]["points"], first["draft"]["points"]) == (str(who["C1"]), 1500, 4501)
    assert second["draft"]["parts"] == [
        ["base", "rule-b1", "241", "8040", None],
        ["tier", "silver", "48", "0", "1.2"],
    ]
    assert result["all"][2] - result["all"][0] == (4501 - 1500) + (289 - 96) - 50


@pytest.mark.django_db
def test_a_coming_campaign_counts_as_if_it_had_run_or_not_at_all(tmp_path):
    shop(tmp_path)
    empty = {"categories": [], "items": [], "channels": [], "tiers": [], "cap": None, "budget": 100}
    coming = {"key": "next", "zh": "下月双倍", "en": "Double", "factor": "3", **empty}
    keep_campaign({**coming, "first": "2025-07-01", "last": "2025-07-31"}, at=ASKED, by="test")
    with_it, without = preview().result, preview(with_coming=False).result
    assert without["all"][0] == without["all"][2]
    assert with_it["rules"]["campaign next"][1] > 100
    assert with_it["all"][2] > with_it["all"][0]


@pytest.mark.django_db
def test_a_large_preview_is_a_job_that_goes_on_where_it_stopped(tmp_path, monkeypatch):
    shop(tmp_path)
    keep_rule({**BASE, "points": 2}, at=ASKED, by="test")
    at_once = preview().result
    monkeypatch.setattr(actions, "_BATCH", 1)
    row = preview(at_once=0)
    run = JobRun.objects.get(pk=row.job)
    assert (run.state, row.result) == (JobState.WAITING, None)

    def attempt(*, must_stop: bool) -> None:
        handle = take_up(run.pk, at=clock.now(), must_stop=lambda: must_stop)
        preview_draft.run(handle)

    with pytest.raises(JobHandedBackError):
        attempt(must_stop=True)
    assert Preview.objects.get(pk=row.pk).result is None
    assert JobRun.objects.get(pk=run.pk).cursor["seen"] == 1
    attempt(must_stop=False)
    assert Preview.objects.get(pk=row.pk).result == at_once


@pytest.mark.django_db
def test_a_sample_is_stated_and_drawn_again_alike(tmp_path, monkeypatch):
    shop(tmp_path)
    monkeypatch.setattr(actions, "SAMPLE_MEMBERS", 1)
    row = preview()
    assert row.share == 0.5
    again = ask_preview(preview_id=row.pk, days=30, with_coming=False, at=ASKED, by="staff:2")
    assert (again.pk, again.first) == (row.pk, row.first)
    page = _desk().get(f"/membership/previews/{row.pk}/").content.decode()
    assert "50.0% of the members were looked at" in page


def _desk() -> Client:
    staff = Staff.objects.create_user("a@example.com", name="A", party="a")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(staff)
    return client


@pytest.mark.django_db
def test_the_desk_asks_and_reads_a_preview(tmp_path):
    who = shop(tmp_path)
    keep_rule({**BASE, "points": 2}, at=ASKED, by="test")
    client = _desk()
    assert "Try it on past purchases" in client.get("/membership/rules/").content.decode()
    asked = client.post("/membership/previews/", {"days": "365", "with_coming": "on", "key": str(uuid4())})
    assert asked.status_code == 302
    page = client.get(asked["Location"]).content.decode()
    assert raw_components(page) == []
    assert "1,500 points for ¥1,500.55" in page.replace("CN¥", "¥")
    assert "3,001 points for ¥1,500.55" in page.replace("CN¥", "¥")
    assert f"/membership/members/{who['C1']}/" in page
    assert client.post("/membership/previews/", {"days": "7"}).status_code == 422


def _past(number: int, had: int, draft: int) -> Past:
    parts = [["base", "base", str(had), "100", None]]
    drafted = [["base", "base", str(draft), "100", None]]
    return Past(
        customer=f"{number % 3}",
        name=f"{number:04}",
        occasion="purchase",
        day="2025-01-01",
        tier="gold" if number % 2 else "",
        amount_fen=100,
        had=Outcome(had, had, parts),
        draft=Outcome(draft, draft, drafted),
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12), st.integers(0, 12))
def test_a_tally_that_was_kept_half_way_ends_the_same(pairs, cut):
    pasts = [_past(number, *pair) for number, pair in enumerate(pairs)]
    whole, half = Tally(), Tally()
    whole.add(pasts)
    half.add(pasts[:cut])
    rest = Tally(half.told())
    rest.add(pasts[cut:])
    assert rest.told() == whole.told()
    assert whole.all[0] == sum(pair[0] for pair in pairs) == sum(sums[0] for sums in whole.rules.values())
    assert whole.all[2] == sum(sums[3] for sums in whole.tiers.values())
    changes = [abs(one.change) for one in sorted(pasts, key=lambda one: -abs(one.change)) if one.change > 0]
    assert [one["change"] for one in whole.examples["more"]] == changes[:3]
