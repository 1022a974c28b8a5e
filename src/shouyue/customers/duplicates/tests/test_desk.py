"""The review of duplicates on screen: masked by role, decided by keys, undone by the toast, the same cost for many."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.duplicates.actions.merging import dismiss_match, merge_customers
from shouyue.customers.duplicates.actions.recording import pair_id, record_matches
from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.duplicates.tests.test_actions import customers
from shouyue.customers.linking.engine import Linked
from shouyue.customers.people.public import Known
from shouyue.customers.public import ids_of_person, record_people
from shouyue.store.models import JobRun, JobState, Staff

AT = datetime(2026, 3, 1, tzinfo=UTC)
WANG = Known(name="王伟鑫", title="mr", phones=("+8613800006621",), born_on=date(1990, 5, 17))
WEI = Known(name="王玮鑫", phones=("+8613800006621", "+8613911112222"), emails=("wang.wx@example.cn",))
PLAIN = ("王伟鑫", "13800006621", "wang.wx@example.cn")
LEVELS = {"name": "sounds", "contact": "phone", "born": "", "email": "", "title": ""}
WEIGHTS = {"name": 8.4, "contact": 11.2, "born": 0.0, "email": 0.0, "title": 0.0}
QUEUE = "/customers/duplicates/"


def desk(party: str = "a") -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(f"lin@party-{party}.example", name="林知夏", party=party))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client, address: str, language: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<c-" not in text
    return text


def pairs(*probabilities: float, prefix: str = "K") -> list[Match]:
    """Pairs of two records each, in the order of what was asked."""
    ids = customers(*(f"{prefix}{number:03}" for number in range(2 * len(probabilities))))
    record_people(dict.fromkeys(ids[::2], WANG) | dict.fromkeys(ids[1::2], WEI), at=AT)
    found = [
        Linked(str(one), str(other), probability, 12.0, LEVELS, WEIGHTS)
        for one, other, probability in zip(ids[::2], ids[1::2], probabilities, strict=True)
    ]
    record_matches(found, run_id=UUID(int=1), persons=len(ids), by="test", at=AT)
    return [Match.objects.get(pk=pair_id(UUID(pair.one), UUID(pair.other))) for pair in found]


@pytest.mark.django_db
def test_the_likeliest_pair_stands_first_and_nothing_is_in_the_clear():
    pairs(0.85, 0.99)
    page = read(desk(), QUEUE)
    assert page.index("99.0%") < page.index("85.0%")
    assert [word for word in ("王*", "138****6621", "sounds the same", "same phone") if word not in page] == []
    assert [word for word in PLAIN if word in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("party", "seen"), [("a", list(PLAIN)), ("b", []), ("auditor", [])], ids=["serving", "provider", "auditor"]
)
def test_only_who_serves_reads_a_pair_whole_and_everybody_sees_what_differs(party, seen):
    (match,) = pairs(0.99)
    page = read(desk(party), f"{QUEUE}{match.pk}/")
    assert [word for word in PLAIN if word in page] == seen
    rows = {line.split(">")[0] for line in page.split("<tr class=")[1:]}
    assert rows == {'"differs"', '"same"', '"one_side"'}
    # 2 ** 8.4 and 2 ** 11.2, as far as anybody remembers them
    assert "340 times likelier if it is one person" in page
    assert "2,400 times likelier if it is one person" in page
    assert ("Merge …" in page) is (party != "auditor")


@pytest.mark.django_db
def test_a_preview_says_what_stays_and_a_merge_is_taken_back_by_its_toast():
    first, second = pairs(0.99, 0.9)
    client = desk()
    page = read(client, f"{QUEUE}{first.pk}/merge?keep={first.other_id}")
    assert "from the other record, which alone has it" in page
    answer = client.post(f"{QUEUE}{first.pk}/merge", {"keep": str(first.other_id)}, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}{second.pk}/", 302)]  # the next pair
    assert ids_of_person([first.one_id])[first.one_id] == [first.other_id, first.one_id]
    (message,) = answer.context["messages"]
    undo = message.extra_tags.removeprefix("undo:")
    client.post(f"/undo/{undo}")
    assert ids_of_person([first.one_id])[first.one_id] == [first.one_id]
    assert Match.objects.get(pk=first.pk).state == MatchState.OPEN


@pytest.mark.django_db
def test_a_merge_needs_one_of_the_two_records():
    (match,) = pairs(0.99)
    assert desk().post(f"{QUEUE}{match.pk}/merge", {"keep": str(UUID(int=7))}).status_code == 422
    assert not Merging.objects.exists()


@pytest.mark.django_db
def test_not_a_duplicate_stays_so_until_somebody_looks_again():
    (match,) = pairs(0.99)
    client = desk()
    assert client.post(f"{QUEUE}{match.pk}/dismiss", follow=True).redirect_chain == [(QUEUE, 302)]
    pairs_left = read(client, QUEUE)
    assert "No pair waits" in pairs_left
    assert "K000" in read(client, f"{QUEUE}?show=dismissed")
    assert "林知夏" in read(client, f"{QUEUE}{match.pk}/")
    client.post(f"{QUEUE}{match.pk}/reopen")
    assert Match.objects.get().state == MatchState.OPEN


@pytest.mark.django_db
def test_a_pair_that_a_later_search_dropped_says_so():
    answer = desk().get(f"{QUEUE}{UUID(int=9)}/", follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "no longer proposed" in answer.content.decode()


@pytest.mark.django_db
def test_a_search_is_started_once():
    client = desk()
    for _ in range(2):
        client.post(f"{QUEUE}search")
    assert JobRun.objects.get().state == JobState.WAITING
    page = read(client, QUEUE)
    assert "takes it up in a moment" in page
    assert "hx-trigger" in page


@pytest.mark.django_db
def test_merged_records_come_apart_from_the_list_and_show_on_the_record():
    (match,) = pairs(0.99)
    client = desk()
    made = merge_customers(survivor=match.one_id, merged=match.other_id, by="staff:1", at=AT)
    record = read(client, f"/customers/{match.one_id}/")
    assert "K001 is merged into this record" in record
    # The gap is filled: the survivor has no e-mail of its own.
    assert "w***@e*.cn" in record
    assert "K001" in read(client, f"{QUEUE}?show=merged")
    client.post(f"{QUEUE}merges/{made.pk}/unmerge")
    assert ids_of_person([match.other_id])[match.other_id] == [match.other_id]


@pytest.mark.django_db
def test_precision_and_recall_stand_on_the_screen_with_their_intervals():
    decided = sorted(pairs(*[0.9] * 4), key=lambda match: match.pk)
    client = desk()
    assert "decide some pairs in random order" in read(client, QUEUE)
    dismiss_match(decided[0].pk, by="staff:1", at=AT)
    for match in decided[1:]:
        merge_customers(survivor=match.one_id, merged=match.other_id, by="staff:1", at=AT)
    page = read(client, QUEUE)
    assert "75.0%" in page
    assert "30.1 – 95.4" in page


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["search", "{}/merge", "{}/dismiss", "{}/reopen"])
def test_an_auditor_reads_and_decides_nothing(what):
    (match,) = pairs(0.99)
    assert desk("auditor").post(f"{QUEUE}{what.format(match.pk)}", {"keep": str(match.one_id)}).status_code == 403
    assert Match.objects.get().state == MatchState.OPEN


@pytest.mark.django_db
def test_what_waits_is_one_line_of_my_work():
    client = desk("b")
    assert "may be one person" not in read(client, "/my-work/")
    pairs(0.99, 0.9)
    assert "2 pairs of records may be one person each" in read(client, "/my-work/")
    assert "may be one person" not in read(desk("auditor"), "/my-work/")


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["likely", "dismissed", "merged"])
def test_the_list_costs_the_same_for_many(show):
    client = desk()
    costs = []
    for prefix, count in (("A", 1), ("B", 6)):
        for match in pairs(*[0.9] * count, prefix=prefix):
            if show == "dismissed":
                dismiss_match(match.pk, by="staff:1", at=AT)
            if show == "merged":
                merge_customers(survivor=match.one_id, merged=match.other_id, by="staff:1", at=AT)
        with CaptureQueriesContext(connection) as captured:
            page = read(client, f"{QUEUE}?show={show}")
        assert f"{prefix}000" in page
        costs.append(len(captured))
    assert costs[0] == costs[1]
