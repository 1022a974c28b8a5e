"""Arrays written as one text arrive as they were."""

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.store.copying import bytea_array, text_array, uuid_array

pytestmark = pytest.mark.django_db
# PostgreSQL keeps no NUL in text, and no half of a surrogate pair.
TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)))


def read_back(value, kind):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [value])
        return cursor.fetchone()[0]


@settings(max_examples=60)
@given(st.lists(TEXT | st.sampled_from(['"', "\\", "{", "}", ",", "NULL", "null", "", " ", '\\"', "%s", "王\t伟\n"])))
def test_texts_arrive_as_they_were(texts):
    assert read_back(text_array(texts), "text") == texts


@settings(max_examples=30)
@given(st.lists(st.uuids()))
def test_ids_arrive_as_they_were(ids):
    assert read_back(uuid_array(ids), "uuid") == ids


def test_bytes_arrive_as_they_were():
    assert [one and bytes(one) for one in read_back(bytea_array([b"", None, b'\x00\\"{}']), "bytea")] == [
        b"",
        None,
        b'\x00\\"{}',
    ]


def test_no_ids_are_an_empty_array():
    assert read_back(uuid_array([]), "uuid") == []
    assert read_back(uuid_array([UUID(int=1)]), "uuid") == [UUID(int=1)]
