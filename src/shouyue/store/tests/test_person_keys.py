"""Keys of persons: one for each, made in batches, wrapped, rotated, shredded; a lost installation key is noticed."""

import base64
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from shouyue.store.keys import KeysMissingError, parse_ring, ring
from shouyue.store.models import KeyInUse, PersonKey
from shouyue.store.person_keys import (
    KeyStillUsedError,
    PersonErasedError,
    PersonKeys,
    retire,
    rewrap,
    ring_problems,
    shred,
)
from shouyue.store.sealing import BoxBrokenError

AT = datetime(2026, 3, 1, tzinfo=UTC)
OLD, NEW = (f"k{number}:{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))


def sealed_for(subject, keys=None):
    return (keys or PersonKeys()).made_keys_for([subject], at=AT)[subject].seal(b"value", context=b"here")


@pytest.mark.django_db
def test_key_opens_what_it_sealed_in_a_later_request():
    subject = uuid4()
    box = sealed_for(subject)
    assert PersonKeys().keys_for([subject])[subject].open(box, context=b"here") == b"value"


@pytest.mark.django_db
def test_key_of_another_person_opens_nothing():
    one, other = uuid4(), uuid4()
    box = sealed_for(one)
    keys = PersonKeys().made_keys_for([one, other], at=AT)
    with pytest.raises(BoxBrokenError):
        keys[other].open(box, context=b"here")


@pytest.mark.django_db
def test_unknown_people_have_no_key_and_get_none_by_asking():
    assert PersonKeys().keys_for([uuid4()]) == {}
    assert PersonKey.objects.count() == 0


@pytest.mark.django_db
def test_statements_do_not_grow_with_people(django_assert_num_queries):
    people = [uuid4() for _ in range(300)]
    keys = PersonKeys()
    with django_assert_num_queries(2):
        made = keys.made_keys_for(people[:200], at=AT)
    with django_assert_num_queries(2):
        keys.made_keys_for(people, at=AT)
    with django_assert_num_queries(0):
        keys.keys_for(people)
    with django_assert_num_queries(1):
        assert len(PersonKeys().keys_for(people)) == 300
    assert len(made) == 200


@pytest.mark.django_db
def test_stored_keys_are_not_the_keys(monkeypatch):
    monkeypatch.setattr(os, "urandom", lambda size: b"\x07" * size)
    subject = uuid4()
    PersonKeys().made_keys_for([subject], at=AT)
    wrapped = bytes(PersonKey.objects.get().wrapped)
    assert b"\x07" * 16 not in wrapped
    assert len(wrapped) == 1 + 12 + 32 + 16


@pytest.mark.django_db
def test_wrapped_key_serves_no_other_subject():
    thief, owner = uuid4(), uuid4()
    PersonKeys().made_keys_for([thief, owner], at=AT)
    PersonKey.objects.filter(subject=thief).update(wrapped=PersonKey.objects.get(subject=owner).wrapped)
    with pytest.raises(BoxBrokenError):
        PersonKeys().keys_for([thief])


@pytest.mark.django_db
def test_shredding_makes_everything_unreadable_and_lasts():
    subject, other = uuid4(), uuid4()
    PersonKeys().made_keys_for([subject, other], at=AT)
    assert shred([subject], at=AT) == 1
    assert shred([subject], at=AT) == 0
    keys = PersonKeys()
    assert keys.keys_for([subject, other]).keys() == {other}
    assert keys.erased([subject, other]) == {subject}
    with pytest.raises(PersonErasedError) as refused:
        keys.made_keys_for([subject, other], at=AT)
    assert refused.value.subjects == {subject}
    row = PersonKey.objects.get(subject=subject)
    assert (row.wrapped, row.shredded_at) == (None, AT)


@pytest.mark.django_db
def test_shredding_before_there_is_a_key_prevents_one():
    subject = uuid4()
    assert shred([subject], at=AT) == 0
    with pytest.raises(PersonErasedError):
        PersonKeys().made_keys_for([subject], at=AT)


def test_two_batches_that_meet_make_one_key_for_each(fresh_database):
    people = [uuid4() for _ in range(500)]
    together = Barrier(4)

    def make(number: int):
        together.wait()
        mine = people if number % 2 else people[::-1]
        boxes = {one: key.seal(b"v", context=b"") for one, key in PersonKeys().made_keys_for(mine, at=AT).items()}
        connection.close()
        return boxes

    with ThreadPoolExecutor(4) as pool:
        all_boxes = list(pool.map(make, range(4)))
    keys = PersonKeys().keys_for(people)
    assert PersonKey.objects.count() == 500
    assert {keys[one].open(box, context=b"") for boxes in all_boxes for one, box in boxes.items()} == {b"v"}


@pytest.mark.django_db
def test_rotation_rewraps_in_steps_and_frees_the_old_key():
    people = [uuid4() for _ in range(25)]
    before = PersonKeys(parse_ring(OLD)).made_keys_for(people, at=AT)
    boxes = {one: key.seal(b"value", context=b"") for one, key in before.items()}
    both = parse_ring(f"{NEW},{OLD}")
    steps = []
    with pytest.raises(KeyStillUsedError):
        retire("k1")
    while step := rewrap(10, ring=both, at=AT):
        steps.append(step)
        assert len(PersonKeys(both).keys_for(people)) == 25
    assert steps == [10, 10, 5]
    after = PersonKeys(parse_ring(NEW)).keys_for(people)
    assert {after[one].open(box, context=b"") for one, box in boxes.items()} == {b"value"}
    assert ring_problems(parse_ring(NEW)) != []
    retire("k1")
    assert ring_problems(parse_ring(NEW)) == []
    with pytest.raises(KeysMissingError, match="'k2'"):
        PersonKeys(parse_ring(OLD)).keys_for(people)


@pytest.mark.django_db
def test_ring_problems_name_lost_and_mistaken_keys():
    PersonKeys(parse_ring(OLD)).made_keys_for([uuid4()], at=AT)
    assert KeyInUse.objects.count() == 1
    assert ring_problems(parse_ring(f"{NEW},{OLD}")) == []
    assert ring_problems(None) == ["SHOUYUE_KEYS lacks the key 'k1', which personal data here is sealed with"]
    mistaken = parse_ring(NEW.replace("k2", "k1"))
    assert ring_problems(mistaken) == [
        "the key 'k1' in SHOUYUE_KEYS is not the one that personal data here is sealed with"
    ]


def test_start_is_refused_on_a_database_whose_keys_are_not_held(owner_url):
    PersonKeys().made_keys_for([uuid4()], at=AT)
    variables = {**os.environ, "DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "shouyue.main.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    with_keys = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    without = subprocess.run(
        command, env={**variables, "SHOUYUE_KEYS": NEW}, capture_output=True, text=True, check=False
    )
    assert (with_keys.returncode, without.returncode) == (0, 1)
    assert f"SHOUYUE_KEYS lacks the key {ring().current.id!r}" in without.stderr


@pytest.mark.django_db
def test_keys_cannot_be_pickled():
    keys = PersonKeys().made_keys_for([uuid4()], at=AT)
    with pytest.raises(TypeError, match="not for keeping"):
        pickle.dumps(keys)
