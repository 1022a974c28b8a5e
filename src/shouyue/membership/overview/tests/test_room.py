"""The programme on records: versions, rewards, benefits, referral; two at once; portal and desk as people see them."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.house.checks.pages import raw_components

from shouyue.customers.public import CustomerFacts, ensure_customers
from shouyue.kernel import clock
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Balance, EarnProgramme, Transfer, enrol_members
from shouyue.membership.programme.actions.awards import award_occasion
from shouyue.membership.programme.actions.versions import FaultyProgrammeError, keep_rule, publish_version
from shouyue.membership.programme.models import Award, ProgrammeVersion
from shouyue.membership.programme.queries import today, version_on
from shouyue.membership.programme.rules.earning import Occasion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.rewards.actions.taking import (
    RewardRefusedError,
    UnknownVoucherError,
    give_back,
    hand_over,
    redeem_reward,
)
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.tiers.actions.benefits import BenefitRefusedError, use_benefit
from shouyue.membership.tiers.queries.members import member_view
from shouyue.store.members.sessions import start_session
from shouyue.store.models import Staff
from shouyue.web.portal import principal

AT = datetime(2026, 8, 29, 2, tzinfo=UTC)
ON = date(2026, 8, 29)
SPACE = UUID(int=5)


def member(number: str, *, points: int = 0) -> UUID:
    who = keyed_id(SPACE, number)
    ensure_customers([CustomerFacts(who, "plain", number, "person", seen_at=AT)])
    enrol_members([who], at=AT)
    for turn in range(points // 50):
        award_occasion(customer_id=who, occasion=Occasion.SURVEY, key=f"{turn}", on=ON, at=AT, by="test")
    return who


def published() -> ProgrammeVersion:
    return publish_version(starts_on=date(2026, 1, 1), at=AT, today=None, by="test")


def reward(points: int = 100, **more: object) -> Reward:
    told = {"name_zh": "安抚奶嘴", "name_en": "Soother", "changed_at": AT, "changed_by": "test", **more}
    return Reward.objects.create(points=points, **told)


def take(who: UUID, what: Reward, key: UUID | None = None, tier: str | None = "basic") -> Redemption:
    return redeem_reward(redemption_id=key or uuid4(), customer_id=who, reward_id=what.pk, tier=tier, at=AT, on=ON)


def available(who: UUID) -> int:
    return Balance.objects.get(customer_id=who).available


@pytest.mark.django_db
def test_a_version_is_published_once_and_the_ledger_follows_its_base():
    first = published()
    assert (first.version, published().pk) == (1, first.pk)
    base = {**standard_content()["earn"]["rules"][-1], "per_fen": 50}
    keep_rule(base, at=AT, by="staff:1")
    assert version_on(ON).pk == first.pk
    second = publish_version(starts_on=ON, at=AT, today=ON, by="staff:1")
    assert second.version == 2
    assert [(one.per_fen, one.starts_on) for one in EarnProgramme.objects.order_by("version")] == [
        (100, date(2026, 1, 1)),
        (50, ON),
    ]
    assert [version_on(day).version for day in (ON - timedelta(days=1), ON)] == [1, 2]


@pytest.mark.django_db
def test_a_faulty_draft_is_refused_and_stays_a_draft():
    keep_rule({**standard_content()["earn"]["rules"][0], "points": 0}, at=AT, by="staff:1")
    with pytest.raises(FaultyProgrammeError, match="rule_without_points"):
        publish_version(starts_on=ON, at=AT, today=ON, by="staff:1")
    assert ProgrammeVersion.objects.get().is_draft


@pytest.mark.django_db
def test_an_occasion_gives_its_points_once_and_says_why():
    published()
    who = member("A1")
    for _time in range(2):
        award_occasion(customer_id=who, occasion=Occasion.REVIEW, key="order 7", on=ON, at=AT, by="test")
    [award] = Award.objects.all()
    assert (award.points, award.parts, award.version) == (20, [["fixed", "review", "20", "0", None]], 1)
    assert available(who) == 20
    assert Transfer.objects.get(customer_id=who).id == award.id


@pytest.mark.django_db
def test_a_reward_is_taken_once_for_a_key_handed_over_once_or_given_back():
    published()
    who, what, key = member("A1", points=250), reward(stock_left=3), uuid4()
    taken = take(who, what, key)
    assert take(who, what, key).code == taken.code
    assert (available(who), Reward.objects.get().stock_left) == (150, 2)
    assert hand_over(taken.code.lower().replace("-", ""), at=AT).state == "used"
    with pytest.raises(UnknownVoucherError):
        hand_over(taken.code, at=AT)
    other = take(who, what)
    for _time in range(2):
        give_back(customer_id=who, redemption_id=other.id, at=AT, on=ON, by="staff:1")
    assert (available(who), Reward.objects.get().stock_left) == (150, 2)
    with pytest.raises(UnknownVoucherError):
        hand_over(other.code, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"stock_left": 0}, "gone"),
        ({"is_open": False}, "closed"),
        ({"last": ON - timedelta(days=1)}, "closed"),
        ({"tiers": ["gold"]}, "tier"),
        ({"points": 101}, "points"),
    ],
)
def test_a_refused_reward_leaves_no_trace(more, why):
    published()
    who, what = member("A1", points=100), reward(**more)
    with pytest.raises(RewardRefusedError) as refused:
        take(who, what)
    assert (refused.value.why, refused.value.missing) == (why, 1 if why == "points" else 0)
    assert (available(who), Redemption.objects.count()) == (100, 0)


@pytest.mark.django_db
def test_a_limit_counts_what_was_not_given_back():
    published()
    who, what = member("A1", points=300), reward(limit_each=1)
    first = take(who, what)
    with pytest.raises(RewardRefusedError, match="limit"):
        take(who, what)
    give_back(customer_id=who, redemption_id=first.id, at=AT, on=ON, by="staff:1")
    assert take(who, what).state == "done"


def test_of_many_at_once_as_many_get_the_reward_as_there_are(fresh_database):
    published()
    people = [member(f"T{number}", points=100) for number in range(8)]
    what = reward(stock_left=3)
    told: list[str] = []
    start = threading.Barrier(len(people))

    def run(who: UUID) -> None:
        start.wait()
        try:
            take(who, what)
            told.append("taken")
        except RewardRefusedError as refused:
            told.append(refused.why)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["gone"] * 5 + ["taken"] * 3
    assert (Redemption.objects.count(), Reward.objects.get().stock_left) == (3, 0)


@pytest.mark.django_db
def test_a_benefit_is_used_as_often_as_the_quota_says():
    version = published()
    content = version.content
    content["benefits"] = [{"key": "gift", "zh": "礼", "en": "Gift", "tiers": ["basic"], "quota": 1, "period": "year"}]
    ProgrammeVersion.objects.filter(pk=version.pk).update(content=content)
    who, key = member("A1"), uuid4()

    def use(use_id: UUID, benefit: str = "gift") -> None:
        use_benefit(use_id=use_id, customer_id=who, benefit=benefit, on=ON, at=AT, by="till")

    use(key)
    use(key)
    assert [one.left.left for one in member_view(who, on=ON).benefits] == [0]
    for benefit, is_used_up in (("gift", True), ("parking", False)):
        with pytest.raises(BenefitRefusedError) as refused:
            use(uuid4(), benefit)
        assert refused.value.is_used_up is is_used_up


def signed_in(customer: UUID, language: str = "en") -> Client:
    client, answer = Client(), HttpResponse()
    principal.keep_cookie(answer, principal.SESSION_COOKIE, start_session(customer, at=clock.now()).pk)
    client.cookies["shouyue_member"] = answer.cookies["shouyue_member"].value
    client.cookies["shouyue_language"] = language
    return client


def seen(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    client.cookies["shouyue_language"] = "zh-hans"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_member_sees_points_tier_rewards_and_why(language):
    published()
    who, what = member("A1", points=150), reward()
    phone = signed_in(who, language)
    pages = {
        address: phone.get(address)
        for address in ("/m/", "/m/points/", "/m/rewards/", f"/m/rewards/{what.pk}/", "/m/friends/")
    }
    assert [raw_components(page.content.decode()) for page in pages.values()] == [[]] * 5
    words = seen(pages["/m/points/"])
    told = (
        ("普卡", "填写调查", "+50", "安抚奶嘴")
        if language == "zh-hans"
        else ("Basic", "Survey answered", "+50", "Soother")
    )
    assert [word for word in told if word not in words] == []
    assert "150" in seen(pages["/m/"])


@pytest.mark.django_db
def test_a_member_takes_a_reward_on_the_phone_and_pressing_twice_takes_one():
    published()
    who, what = member("A1", points=150), reward()
    phone = signed_in(who)
    key = re.search(r'name="key" value="([^"]+)"', phone.get(f"/m/rewards/{what.pk}/").content.decode())[1]
    answers = [phone.post(f"/m/rewards/{what.pk}/", {"key": key}) for _time in range(2)]
    assert answers[0].url == answers[1].url
    assert Redemption.objects.get().code in seen(phone.get(answers[0].url))
    short = phone.post(f"/m/rewards/{what.pk}/", {"key": str(uuid4())})
    assert (short.status_code, "You lack 50 points. Nothing was taken." in seen(short)) == (422, True)
    assert signed_in(member("A2")).get(answers[0].url).status_code == 404


@pytest.mark.django_db
def test_who_is_no_member_can_join():
    published()
    ensure_customers([CustomerFacts(UUID(int=9), "plain", "N1", "person", seen_at=AT)])
    assert "Become a member" in seen(signed_in(UUID(int=9)).get("/m/points/"))


@pytest.mark.django_db
def test_staff_write_a_rule_as_a_form_read_it_as_a_sentence_and_publish_it(desk):
    published()
    milk = {"occasion": "purchase", "points": 3, "per_yuan": "2", "items": "M-1 M-2", "cap": 500}
    assert desk.post("/membership/rules/", milk).url == "/membership/rules/"
    assert "每消费 ¥2.00（M-1、M-2）得 3 积分，单次最多 500 积分。" in seen(desk.get("/membership/rules/"))
    day = today(clock.now())
    assert desk.post("/membership/publish", {"starts_on": day.isoformat()}).url == "/membership/"
    page = seen(desk.get("/membership/"))
    assert "每消费 ¥2.00（M-1、M-2）得 3 积分，单次最多 500 积分。" in page
    assert "第 2 版" in page


@pytest.mark.django_db
def test_what_cannot_be_a_rule_comes_back_with_its_reason(desk):
    wrong = {"occasion": "purchase", "points": 3, "first": "2026-02-01", "last": "2026-01-01"}
    answer = desk.post("/membership/rules/", wrong)
    assert (answer.status_code, ProgrammeVersion.objects.count()) == (422, 0)
    assert "购物规则需要填写每多少元" in seen(answer)
    past = desk.post("/membership/publish", {"starts_on": "2020-01-01"})
    assert (past.status_code, "已经过去的日子" in seen(past)) == (422, True)


@pytest.mark.django_db
def test_an_auditor_reads_and_changes_nothing(client):
    client.force_login(Staff.objects.create_user("audit@example.cn", name="审", party="auditor"))
    assert client.get("/membership/").status_code == 200
    assert client.get("/membership/rules/").status_code == 200
    assert client.post("/membership/rules/", {"occasion": "review", "points": 1}).status_code == 403
    assert client.post("/membership/publish", {"starts_on": "2030-01-01"}).status_code == 403
    assert client.get("/membership/rewards/new").status_code == 403


@pytest.mark.django_db
def test_rewards_and_vouchers_at_the_desk(desk):
    published()
    who = member("A1", points=150)
    answer = desk.post(
        "/membership/rewards/new", {"name_zh": "雨伞", "name_en": "Umbrella", "points": 100, "is_open": "on"}
    )
    assert answer.url == "/membership/"
    taken = take(who, Reward.objects.get())
    asked = {"code": taken.code}
    assert "雨伞" in seen(desk.post("/membership/vouchers/use", asked))
    assert "请交付：雨伞" in seen(desk.post("/membership/vouchers/use", {**asked, "wish": "hand_over"}, follow=True))
    again = desk.post("/membership/vouchers/use", {**asked, "wish": "hand_over"})
    assert (again.status_code, "已经用过" in seen(again)) == (422, True)


@pytest.mark.django_db
def test_the_programme_page_asks_as_much_for_thirty_rewards_as_for_one(desk):
    published()
    counts = []
    for more in (1, 29):
        for _number in range(more):
            reward()
        desk.get("/membership/")
        with CaptureQueriesContext(connection) as asked:
            desk.get("/membership/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
