"""The next version's tiers: written in forms, read as sentences, refused with the reason, published whole."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.house.checks.pages import raw_components

from shouyue.kernel import clock
from shouyue.membership.programme.actions.versions import ChangedMeanwhileError, change_draft, publish_version
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.queries import draft
from shouyue.membership.programme.rules.content import faults
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tiers.actions.reviewing import review_tiers
from shouyue.membership.tiers.queries.moves import Step, moves_of
from shouyue.membership.tiers.queries.replay import tiers_of
from shouyue.membership.tiers.rules.drafting import (
    minimum_of,
    shown_minimum,
    with_benefit,
    with_step,
    with_terms,
    without_benefit,
    without_step,
)
from shouyue.membership.tiers.rules.standing import Measure
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tiers.tests.ground import bought, member, published
from shouyue.store.models import Staff

LIST = "/membership/draft/tiers/"
GOLD = {"zh": "金卡", "en": "Gold", "minimum": "5000", "factor": "1.5", "name": "gold"}
YEARS = {"measure": "spend", "kind": "calendar", "months": "12", "grace_days": "30", "landing": "one_down"}


def desk(party: str = "a", language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(Staff.objects.create_user(f"{party}{language}@example.com", name="A", party=party))
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.status_code, raw_components(page)) == (200, [])
    return page


def steps() -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in draft().content["tiers"]["steps"]}


def mark(page: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page).group(1)


@given(st.sampled_from(Measure), st.integers(0, 10**8))
def test_a_minimum_is_kept_as_it_is_written(measure, shown):
    assert shown_minimum(minimum_of(shown, measure), measure) == shown


@given(st.sampled_from(Measure), st.sampled_from(Measure))
def test_another_measure_keeps_the_numbers_that_people_wrote(before, after):
    terms = {"landing": "one_down", "notice_days": 30, "window": standard_content()["tiers"]["window"]}
    content = with_terms(standard_content(), {**terms, "measure": before})
    changed = with_terms(content, {**terms, "measure": after})
    shown = [
        [shown_minimum(one["minimum_fen"], measure) for one in said["tiers"]["steps"]]
        for said, measure in ((content, before), (changed, after))
    ]
    assert shown[0] == shown[1] == [0, 1_000, 5_000, 20_000]
    assert faults(changed) == []
    assert tier_rule_of(changed).measure is after


def test_tiers_and_benefits_are_added_changed_and_taken_out():
    content = standard_content()
    jade = {"name": "jade", "zh": "玉卡", "en": "Jade", "minimum_fen": 300_000, "factor": "1.3"}
    added = with_step(content, jade)
    assert [one["name"] for one in added["tiers"]["steps"]] == ["basic", "silver", "jade", "gold", "black"]
    assert without_step(added, "jade") == without_step(content, "basic") == content
    without = without_step(content, "black")
    assert ("parking" in {one["key"] for one in without["benefits"]}, faults(without)) == (False, [])
    gift = {**content["benefits"][0], "quota": 3}
    assert with_benefit(content, gift)["benefits"][0] == gift
    assert without_benefit(with_benefit(content, {**gift, "key": "new"}), "new") == content


@pytest.mark.django_db
def test_a_tier_is_written_with_its_price_and_counts_from_the_day_of_the_new_version():
    published()
    client, today = desk(), timezone.localdate(clock.now())
    assert "Gold: from CN¥5,000.00, points × 1.5." in read(client, LIST)
    sold = {**GOLD, "minimum": "4000", "price_yuan": "299", "months": "12"}
    assert client.post(f"{LIST}gold/", sold).url == LIST
    page = read(client, LIST)
    assert "Gold: from CN¥4,000.00, points × 1.5, sold for CN¥299.00 for 12 months." in page
    assert "<del>Gold: from CN¥5,000.00, points × 1.5.</del>" in page
    assert (steps()["gold"]["price_fen"], steps()["gold"]["months"]) == (29_900, 12)
    counting = read(client, "/membership/tiers/")
    assert ("CN¥5,000.00" in counting, "CN¥4,000.00" in counting) == (True, False)
    day = today + timedelta(days=1)
    assert client.post("/membership/publish", {"starts_on": day.isoformat()}).url == "/membership/"
    assert ProgrammeVersion.objects.get(version=2).content["tiers"]["steps"][2]["minimum_fen"] == 400_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"minimum": "1000"}, "“Silver” begins there already. Choose another amount."),
        ({"minimum": "-1"}, "greater than or equal to 0"),
        ({"en": "Silver"}, "Another tier is called so. Choose a name of its own."),
        ({"price_yuan": "299"}, "Say both the price and the months, or neither."),
        ({"name": "basic", "zh": "普卡", "en": "Basic"}, "This is the tier of whoever joins: it begins at 0."),
        ({"factor": "0"}, "greater than or equal to 0.1"),
    ],
)
def test_what_cannot_be_a_tier_comes_back_with_the_reason(told, words):
    published()
    client, sent = desk(), {**GOLD, **told}
    answer = client.post(f"{LIST}{sent['name']}/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not draft().is_begun


@pytest.mark.django_db
def test_terms_and_benefits_are_written_and_refused_with_the_reason():
    published()
    client = desk()
    rolling = {**YEARS, "kind": "rolling", "months": "6", "grace_days": "28", "notice_days": "14"}
    answer = client.post("/membership/draft/terms", rolling)
    assert (answer.status_code, "27 days of grace are the most" in answer.content.decode()) == (422, True)
    kept = {**rolling, "grace_days": "7", "measure": "visits", "landing": "balance_based"}
    assert client.post("/membership/draft/terms", kept).url == LIST
    page = read(client, LIST)
    assert "It counts over the last 6 months, on every day." in page
    assert "Gold: from 5,000 visits, points × 1.5." in page
    gift = {"zh": "下午茶", "en": "Afternoon tea", "quota": "2", "period": "quarter"}
    assert client.post("/membership/draft/benefits/new", gift).status_code == 422
    assert client.post("/membership/draft/benefits/new", {**gift, "tiers": ["gold", "black"]}).url == LIST
    assert "Afternoon tea for Gold, Black: 2 times a quarter." in read(client, LIST)
    [key] = [one["key"] for one in draft().content["benefits"] if one["en"] == "Afternoon tea"]
    assert client.post(f"/membership/draft/benefits/{key}/drop").url == LIST
    assert client.post(f"{LIST}black/drop").url == LIST
    page = read(client, LIST)
    assert ("Afternoon tea" in page, "No more:</b> <del>Black" in page) == (False, True)


@pytest.mark.django_db
def test_in_chinese_it_reads_as_sentences():
    published()
    client = desk(language="zh-hans")
    client.post(f"{LIST}gold/", {**GOLD, "price_yuan": "299", "months": "12"})
    page = read(client, LIST)
    assert "金卡：满 ¥5,000.00，积分 1.5 倍，也可付费 ¥299.00 开通 12 个月。" in page
    assert "普卡：入会即有，积分 1 倍。" in page
    assert "金卡、黑金卡：免费配送，每年 12 次。" in page


@pytest.mark.django_db
def test_whoever_was_overtaken_is_told_and_keeps_what_they_wrote():
    published()
    client = desk()
    seen = mark(read(client, f"{LIST}gold/"))
    desk(language="zh-hans").post(
        f"{LIST}silver/", {**GOLD, "zh": "银卡", "en": "Silver", "name": "silver"} | {"minimum": "900"}
    )
    answer = client.post(f"{LIST}gold/", {**GOLD, "minimum": "4500", "seen": seen})
    page = answer.content.decode()
    assert (answer.status_code, "Somebody else changed the draft" in page, 'value="4500"' in page) == (409, True, True)
    assert steps()["gold"]["minimum_fen"] == 500_000
    assert client.post(f"{LIST}gold/", {**GOLD, "minimum": "4500", "seen": mark(page)}).url == LIST
    assert (steps()["gold"]["minimum_fen"], steps()["silver"]["minimum_fen"]) == (450_000, 90_000)


@pytest.mark.django_db
def test_what_somebody_else_published_meanwhile_is_not_published_again():
    published()
    client, today = desk(), timezone.localdate(clock.now())
    client.post(f"{LIST}gold/", {**GOLD, "minimum": "4500"})
    seen = mark(read(client, "/membership/rules/"))
    publish_version(starts_on=today, at=clock.now(), today=today, by="staff:2")
    with pytest.raises(ChangedMeanwhileError):
        change_draft(dict, seen=seen, at=clock.now(), by="staff:1")
    answer = client.post("/membership/publish", {"starts_on": today.isoformat(), "seen": seen})
    assert (answer.status_code, "Somebody else changed the draft" in answer.content.decode()) == (409, True)
    assert ProgrammeVersion.objects.filter(is_draft=False).count() == 2


@pytest.mark.django_db
def test_an_auditor_reads_the_draft_and_cannot_change_it():
    published()
    client = desk("auditor")
    assert "Gold: from" in read(client, LIST)
    for address in (f"{LIST}new", f"{LIST}gold/", "/membership/draft/terms", "/membership/draft/benefits/new"):
        assert (client.get(address).status_code, client.post(address, GOLD).status_code) == (403, 403)
    assert client.post(f"{LIST}gold/drop").status_code == 403
    assert desk().get(f"{LIST}copper/").url == LIST


@pytest.mark.django_db
def test_who_would_move_is_replayed_with_the_tiers_of_the_draft():
    published()
    today = timezone.localdate(clock.now())
    people = [member(f"A{number}", joined_on=today - timedelta(days=9)) for number in range(4)]
    for who, yuan in zip(people, (6_000, 4_500, 1_200, 10), strict=True):
        bought(who, today, yuan)
    review_tiers(people, on=today, at=clock.now(), by="test")
    content = standard_content()
    assert moves_of(people, content, on=today) == []
    gold = {**content["tiers"]["steps"][2], "minimum_fen": 400_000}
    silver = {**content["tiers"]["steps"][1], "minimum_fen": 150_000}
    found = {
        one.customer_id: (one.at_once.tier, one.at_once.then, one.at_once.way)
        for one in moves_of(people, with_step(with_step(content, gold), silver), on=today)
    }
    assert [found[who] for who in people] == [
        ("gold", "gold", 0),
        ("silver", "gold", 1),
        ("silver", "basic", -1),
        ("basic", "basic", 0),
    ]
    found = moves_of(people, without_step(content, "gold"), on=today)
    without = {one.customer_id: (one.at_once.then, one.at_once.way) for one in found}
    assert [without[who] for who in people] == [("silver", 0), ("silver", 0), ("silver", 0), ("basic", 0)]
    assert tiers_of(people[:1], on=today) == {people[0]: "gold"}


@pytest.mark.django_db
def test_the_next_review_is_told_by_the_rules_that_count_and_by_the_draft():
    published(starts_on=date(2024, 1, 1))
    on = date(2026, 8, 29)
    kept, strict, risen, empty = people = [member(f"A{number}") for number in range(4)]
    for who, day, yuan in (
        (kept, date(2026, 2, 1), 6_000),
        (strict, date(2026, 2, 1), 5_000),
        (risen, date(2026, 3, 1), 900),
        (empty, date(2025, 2, 1), 25_000),
    ):
        bought(who, day, yuan)
    content = standard_content()
    gold = {**content["tiers"]["steps"][2], "minimum_fen": 550_000}
    silver = {**content["tiers"]["steps"][1], "minimum_fen": 80_000}
    drafted = with_step(with_step(content, gold), silver)
    told = {one.customer_id: one for one in moves_of(people, drafted, on=on)}
    assert [told[who].at_review for who in people] == [
        Step("gold", "gold", 0),
        # Held today; this year's 5,000 yuan keep it by the rules that count, not by the draft.
        Step("gold", "silver", -1),
        Step("basic", "silver", 1),
        # Black of last year, one step down by either.
        Step("gold", "gold", 0),
    ]
    assert {one.reviewed_on for one in told.values()} == {date(2027, 1, 31)}
    terms = {"landing": "one_down", "notice_days": 30, "window": {"kind": "rolling", "months": 6, "grace_days": 0}}
    rolling = with_terms(drafted, {**terms, "measure": "visits"})
    for step, minimum in zip(rolling["tiers"]["steps"], (0, 1, 2, 3), strict=True):
        step["minimum_fen"] = minimum
    told = {one.customer_id: one for one in moves_of(people, rolling, on=on)}
    # One visit since March keeps silver; without any, one step down from what is held by money.
    assert [(told[who].at_review.then, told[who].reviewed_on) for who in people] == [
        ("silver", date(2026, 9, 1)),
        ("silver", date(2026, 9, 1)),
        ("silver", date(2026, 9, 1)),
        ("gold", date(2026, 9, 1)),
    ]
