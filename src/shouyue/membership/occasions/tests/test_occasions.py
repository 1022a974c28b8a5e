"""Surveys, check-ins, reviews and birthdays give their points once, with a reason in both languages."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.customers.attesting.public import Origin
from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.customers.people.public import Known, record_people
from shouyue.customers.quality.actions.confirming import confirm_values
from shouyue.main.reactions import REACTIONS, react_once
from shouyue.membership.ledger.public import Balance, enrol_members
from shouyue.membership.occasions.actions import award_birthdays, award_members, check_in
from shouyue.membership.occasions.queries import has_checked_in
from shouyue.membership.occasions.rules.birthdays import APART_DAYS, birthday_lately, comes_too_soon
from shouyue.membership.overview.queries import entries
from shouyue.membership.overview.sentences import entry_title
from shouyue.membership.programme.actions.versions import drop_rule, publish_version
from shouyue.membership.programme.public import Award, Occasion
from shouyue.membership.tiers.tests.ground import customer, member
from shouyue.store.models import Fact, Staff
from shouyue.store.sequencer import sequence_once
from shouyue.surveys.public import send_answers
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.tests import ground as surveys

AT = datetime(2026, 2, 17, 2, tzinfo=UTC)  # new year's day by the lunar calendar
ON = date(2026, 2, 17)


@pytest.mark.parametrize(
    ("born_on", "is_lunar", "on", "day"),
    [
        (date(1990, 5, 20), False, date(2026, 5, 20), date(2026, 5, 20)),
        (date(1990, 5, 20), False, date(2026, 5, 26), date(2026, 5, 20)),
        (date(1990, 5, 20), False, date(2026, 5, 27), None),
        (date(1990, 5, 20), False, date(2026, 5, 19), None),
        (date(1992, 2, 29), False, date(2026, 2, 28), date(2026, 2, 28)),
        (date(1992, 2, 29), False, date(2028, 2, 28), None),
        (date(1992, 2, 29), False, date(2028, 3, 6), date(2028, 2, 29)),
        (date(1992, 2, 29), False, date(2100, 3, 6), date(2100, 2, 28)),
        # Born on the first of a leap second month: kept in the plain one, in years with a leap one too.
        (date(2004, 3, 21), True, date(2023, 2, 20), date(2023, 2, 20)),
        (date(2004, 3, 21), True, date(2023, 3, 22), None),
        (date(2004, 3, 21), True, date(2024, 3, 10), date(2024, 3, 10)),
        # Born in a plain month that a later year has twice: kept in the first.
        (date(1990, 2, 25), True, date(2023, 2, 20), date(2023, 2, 20)),
        (date(1990, 2, 25), True, date(2023, 3, 25), None),
        (date(1990, 12, 30), False, date(2026, 1, 2), date(2025, 12, 30)),
        (date(1990, 1, 27), True, ON, ON),
        (date(1990, 10, 3), True, date(2026, 9, 25), date(2026, 9, 25)),  # mid-autumn
    ],
)
def test_a_birthday_of_the_last_days_is_found_by_either_calendar(born_on, is_lunar, on, day):
    assert birthday_lately(born_on, is_lunar=is_lunar, on=on) == day


@settings(max_examples=25)
@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2050, 1, 1)), st.booleans())
def test_every_birthday_of_a_year_counts_and_only_once(born_on, start, is_lunar):
    """However often it is looked, and whenever: about one a year, never two in one."""
    found: list[date] = []
    for on in (start + timedelta(days=number) for number in range(0, 800, 5)):
        day = birthday_lately(born_on, is_lunar=is_lunar, on=on)
        if day is not None and not comes_too_soon(day, found[-1] if found else None):
            found.append(day)
    assert 2 <= len(found) <= 3
    assert all((later - day).days >= APART_DAYS for day, later in pairwise(found))


@pytest.fixture
def programme(db) -> None:
    publish_version(starts_on=date(2025, 1, 1), at=AT, today=None, by="test")


def settle(name: str) -> None:
    """Let one reaction act on all news."""
    while sequence_once():
        pass
    reaction = [one for one in REACTIONS if one.name == name]
    while react_once(reaction, at=AT):
        pass


def points(who: UUID) -> int:
    return Balance.objects.get(customer_id=who).available


def titles(who: UUID) -> list[str]:
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            found += [entry_title(one) for one in entries([who])]
    return found


@pytest.mark.django_db
def test_a_survey_that_was_answered_gives_points_once_to_members_alone(programme):
    surveys.people(20)
    tokens = surveys.tokens(open_wave(surveys.wish(), at=surveys.AT, by="staff:1"))
    for token in tokens[:2]:
        send_answers(token, {"overall": ["2"], "recommend": ["9"]}, at=surveys.AT)
    first, second = Fact.objects.filter(kind="SurveyAnswered").order_by("id").values_list("subject_id", flat=True)
    enrol_members([first], at=surveys.AT)
    settle("survey_points")
    assert (points(first), Balance.objects.filter(customer_id=second).exists()) == (50, False)
    assert titles(first) == ["填写调查", "Survey answered"]
    send_answers(tokens[0], {}, at=surveys.AT)
    assert Fact.objects.filter(kind="SurveyAnswered").count() == 2


@pytest.mark.django_db
def test_a_member_checks_in_once_a_day(programme):
    who, stranger = member("A1"), customer("B1")
    for day in (0, 0, 1):
        check_in(who, on=ON + timedelta(days=day), at=AT)
    assert (points(who), check_in(stranger, on=ON, at=AT)) == (2, None)
    assert titles(who) == ["每日签到", "每日签到", "Daily check-in", "Daily check-in"]


@pytest.mark.django_db
def test_birthdays_by_either_calendar_give_points_once_a_year(programme):
    solar, lunar, other, silent = (member(f"A{number}") for number in range(4))
    told = {
        solar: Known(name="张敏", born_on=date(1985, 2, 17)),
        lunar: Known(name="李娜", born_on=date(1990, 1, 27), calendar="lunar"),
        other: Known(name="王磊", born_on=date(1990, 1, 27)),
        silent: Known(name="赵强"),
    }
    record_people(told, at=AT)
    everybody = [solar, lunar, other, silent]
    for day in (ON, ON, ON + timedelta(days=6)):
        award_birthdays(everybody, on=day, at=AT, by="test")
    assert [points(who) for who in everybody] == [200, 200, 0, 0]
    # A birthday that is corrected afterwards gives nothing more this year.
    record_people({solar: Known(name="张敏", born_on=date(1985, 2, 20))}, at=AT)
    award_birthdays(everybody, on=date(2026, 2, 20), at=AT, by="test")
    assert points(solar) == 200
    for day in (date(2027, 2, 7), date(2027, 2, 21)):
        award_birthdays(everybody, on=day, at=AT, by="test")
    given = [list(Award.objects.filter(customer_id=who).values_list("on", flat=True)) for who in everybody]
    assert list(map(sorted, given)) == [[ON, date(2027, 2, 20)], [ON, date(2027, 2, 6)], [], []]


@pytest.mark.django_db
def test_a_person_under_two_numbers_is_given_once_for_a_day_a_birthday_and_a_purchase(programme):
    one, other = member("A1"), member("A2")
    told = {
        one: Known(name="张敏", born_on=date(1985, 2, 17)),
        other: Known(name="张敏", born_on=date(1985, 1, 1), calendar="lunar"),
    }
    record_people(told, at=AT)
    made = merge_customers(survivor=other, merged=one, by="test", at=AT)
    # Lunar new year's day is the 17th of February too.
    for batch in ([one, other], [other], [one]):
        award_birthdays(batch, on=ON, at=AT, by="test")
    assert (points(one) + points(other), Award.objects.count()) == (200, 1)
    for who in (one, other, one):
        check_in(who, on=ON, at=AT)
        award_members(Occasion.REVIEW, [(who, "D1", ON)], at=AT, by="test")
    assert points(one) + points(other) == 221
    assert [has_checked_in(who, on=ON) for who in (one, other)] == [True, True]
    unmerge_customers(made.pk, by="test", at=AT)
    check_in(one, on=ON, at=AT)
    check_in(other, on=ON, at=AT)
    assert points(one) + points(other) == 222


@pytest.mark.django_db
def test_the_desk_notes_a_review_once_for_each_purchase():
    publish_version(starts_on=date(2025, 1, 1), at=AT, today=None, by="test")
    who = member("A1")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user("a@example.com", name="A", party="a"))
    address = f"/membership/members/{who}/review"
    assert client.get(address).status_code == 200
    for about in ("N1", " n1 ", "N2"):
        done = client.post(address, {"about": about}, follow=True)
        assert "Noted: 20 points." in done.content.decode()
    assert points(who) == 40
    assert client.post(address, {"about": ""}).status_code == 422
    # A number that is no member leads to the number of the person that is.
    other = customer("B1")
    assert client.get(f"/membership/members/{other}/review").status_code == 404
    merge_customers(survivor=other, merged=who, by="test", at=AT)
    assert client.get(f"/membership/members/{other}/review").url == address


@pytest.mark.django_db
def test_without_a_rule_nothing_is_given(programme):
    who = member("A1")
    drop_rule("check_in", at=AT, by="test")
    publish_version(starts_on=ON, at=AT, today=ON, by="test")
    assert check_in(who, on=ON, at=AT) is None
    assert Award.objects.count() == 0


def test_data_that_a_member_confirms_give_points_once_a_year(programme):
    who, stranger = member("A1"), customer("B1")
    record_people({one: Known(name="张敏", phones=("+8613812346621",)) for one in (who, stranger)}, at=AT)

    def confirm(one: UUID, method: str, at: datetime) -> None:
        origin = Origin(key=uuid4(), source="portal", by="test", method=method, verified_at=at)
        confirm_values({one: ["phone"]}, origin=origin, at=at)

    for one, method in ((who, "member"), (who, "member"), (stranger, "member"), (who, "call")):
        confirm(one, method, AT)
    settle("data_points")
    assert (points(who), titles(who)) == (50, ["确认资料", "Data confirmed"])
    confirm(who, "member", AT + timedelta(days=365))
    settle("data_points")
    assert Award.objects.filter(customer_id=who).count() == 2
