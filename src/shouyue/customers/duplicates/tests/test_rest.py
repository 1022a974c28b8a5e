"""Duplicates through the API: listed, decided with the version that was seen, merged once, and taken apart."""

from uuid import UUID

import pytest

from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.duplicates.tests.test_actions import customers, kinds
from shouyue.customers.duplicates.tests.test_desk import PLAIN, pairs
from shouyue.customers.public import ids_of_person
from shouyue.rest.tests.callers import a_caller, post, problem_of

pytestmark = pytest.mark.django_db
PAIRS = "/api/v1/duplicates"


def patch(client, match_id: object, state: str, etag: str | None):
    headers = {"If-Match": etag} if etag else {}
    return client.patch(f"{PAIRS}/{match_id}", {"state": state}, content_type="application/json", headers=headers)


def test_pairs_are_listed_by_state_and_probability_without_a_value():
    pairs(0.99, 0.3)
    answer = a_caller("customers:read").get(f"{PAIRS}?state=open&least=0.8")
    (told,) = answer.json()["data"]
    assert (told["probability"], told["evidence"]["name"], told["weights"]["contact"]) == (0.99, "sounds", 11.2)
    assert [word for word in PLAIN if word in answer.content.decode()] == []


def test_a_pair_is_decided_once_with_the_version_that_was_seen():
    (match,) = pairs(0.99)
    client = a_caller()
    seen = client.get(f"{PAIRS}/{match.pk}").headers["ETag"]
    assert problem_of(patch(client, match.pk, "dismissed", None)) == (428, "if-match-missing")
    decided = patch(client, match.pk, "dismissed", seen)
    assert (decided.status_code, decided.json()["state"]) == (200, "dismissed")
    assert problem_of(patch(client, match.pk, "open", seen)) == (412, "changed-meanwhile")
    assert patch(client, match.pk, "open", decided.headers["ETag"]).json()["state"] == "open"
    assert problem_of(patch(client, UUID(int=3), "open", seen)) == (404, "not-found")


def test_customers_are_merged_once_and_taken_apart_and_facts_tell_both():
    one, other = customers("a", "b")
    client, body = a_caller(), {"survivor_id": str(one), "merged_id": str(other)}
    made = post(client, "merges", body, under="merge-a-and-b")
    assert made.status_code == 201
    assert post(client, "merges", body, under="merge-a-and-b").json() == made.json()
    assert post(client, "merges", body).json()["id"] == made.json()["id"]
    assert ids_of_person([other])[other] == [one, other]
    undone = post(client, f"merges/{made.json()['id']}/undo")
    assert undone.json()["undone_at"]
    assert ids_of_person([other])[other] == [other]
    assert kinds() == ["CustomersMerged", "CustomersUnmerged"]
    (listed,) = client.get("/api/v1/merges").json()["data"]
    assert (listed["id"], bool(listed["undone_at"])) == (made.json()["id"], True)


def test_what_cannot_be_merged_says_why():
    (one,) = customers("a")
    client = a_caller()
    for merged in (UUID(int=4), one):
        answer = post(client, "merges", {"survivor_id": str(one), "merged_id": str(merged)})
        assert problem_of(answer) == (422, "invalid")
        assert answer.json()["errors"][0]["field"] == "body.merged_id"
    assert problem_of(post(client, f"merges/{UUID(int=4)}/undo")) == (404, "not-found")
    assert not Merging.objects.exists()


def test_a_merged_pair_is_not_dismissed_behind_its_merge():
    (match,) = pairs(0.99)
    client = a_caller()
    post(client, "merges", {"survivor_id": str(match.one_id), "merged_id": str(match.other_id)})
    seen = client.get(f"{PAIRS}/{match.pk}").headers["ETag"]
    assert problem_of(patch(client, match.pk, "dismissed", seen)) == (422, "invalid")
    assert Match.objects.get().state == MatchState.MERGED


def test_who_may_only_read_decides_nothing():
    (match,) = pairs(0.99)
    client = a_caller("customers:read")
    seen = client.get(f"{PAIRS}/{match.pk}").headers["ETag"]
    assert problem_of(patch(client, match.pk, "dismissed", seen)) == (403, "scope-missing")
