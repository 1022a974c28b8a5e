"""Digests of identities: found however typed, shared by families, other for each kind and installation."""

import base64
import hashlib
from uuid import UUID, uuid4

import pytest
from django.db import connection

from shouyue.store.digests import customers_with, forget_identities, identity_digest, keep_identities
from shouyue.store.keys import parse_ring
from shouyue.store.models import IdentityDigest, IdentityKind

PHONE, EMAIL, CARD = IdentityKind.PHONE, IdentityKind.EMAIL, IdentityKind.CARD


@pytest.mark.django_db
def test_customer_is_found_however_it_is_typed():
    who = uuid4()
    assert keep_identities([(who, PHONE, "138 0000 6621"), (who, EMAIL, "Wang@QQ.com"), (who, CARD, "vip-1")]) == 3
    assert customers_with(PHONE, "+86 138-0000-6621") == [who]
    assert customers_with(EMAIL, "wang@qq.com") == [who]
    assert customers_with(CARD, "VIP1") == [who]
    assert customers_with(PHONE, "13800006622") == []
    assert customers_with(PHONE, "nonsense") == []


@pytest.mark.django_db
def test_family_shares_a_phone():
    family = sorted(uuid4() for _ in range(3))
    keep_identities((who, PHONE, "13800006621") for who in family)
    assert customers_with(PHONE, "13800006621") == family


@pytest.mark.django_db
def test_keeping_again_adds_nothing_and_costs_one_statement(django_assert_num_queries):
    people = [(uuid4(), PHONE, f"138{number:08}") for number in range(200)]
    with django_assert_num_queries(1):
        assert keep_identities(people) == 200
    assert keep_identities([*people, (uuid4(), PHONE, "nonsense")]) == 0
    assert keep_identities([]) == 0


@pytest.mark.django_db
def test_forgotten_customer_is_not_found_and_others_still_are():
    gone, stays = uuid4(), uuid4()
    keep_identities([(gone, PHONE, "13800006621"), (gone, EMAIL, "a@b.cn"), (stays, PHONE, "13800006621")])
    assert forget_identities([gone]) == 2
    assert customers_with(PHONE, "13800006621") == [stays]
    assert IdentityDigest.objects.count() == 1


def test_digest_differs_by_kind_and_installation(settings):
    text = "13800006621"
    as_phone, as_card = identity_digest(PHONE, text), identity_digest(CARD, text)
    settings.SHOUYUE_KEYS = parse_ring(f"k1:{base64.b64encode(bytes(32)).decode()}")
    assert len({as_phone, as_card, identity_digest(PHONE, text), identity_digest(CARD, text)}) == 4


def test_digest_is_no_plain_hash_of_the_phone():
    plain = {
        UUID(bytes=hashlib.new(name, form.encode()).digest()[:16])
        for name in ("md5", "sha1", "sha256", "blake2b")
        for form in ("13800006621", "+8613800006621")
    }
    assert identity_digest(PHONE, "13800006621") not in plain


@pytest.mark.django_db
def test_customers_are_found_under_the_old_key_while_keys_change(settings):
    old, new = (f"k{number}:{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
    settings.SHOUYUE_KEYS = parse_ring(old)
    who = uuid4()
    keep_identities([(who, PHONE, "13800006621")])
    settings.SHOUYUE_KEYS = parse_ring(f"{new},{old}")
    assert customers_with(PHONE, "13800006621") == [who]
    keep_identities([(who, PHONE, "13800006621")])
    assert customers_with(PHONE, "13800006621") == [who]
    settings.SHOUYUE_KEYS = parse_ring(new)
    assert customers_with(PHONE, "13800006621") == [who]


@pytest.mark.django_db
def test_look_up_and_forgetting_use_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for column in ("digest", "customer_id"):
            cursor.execute(f"EXPLAIN SELECT * FROM store_identitydigest WHERE {column} = %s", [uuid4()])
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert "Index" in plan
