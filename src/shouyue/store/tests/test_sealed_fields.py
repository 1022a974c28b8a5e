"""Sealed columns: what is stored, what is shown, what opening costs, and what never comes out."""

import copy
import json
import logging
import pickle
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import connection, models, transaction
from django.db.migrations.state import ModelState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouyue.store.person_keys import PersonErasedError, PersonKeys, shred
from shouyue.store.sealed import ErasedError, Sealed, StillSealedError
from shouyue.store.sealed_fields import DeferredError, NotSealedError, opened_in_batches, seal, unseal
from shouyue.store.sealing import BoxBrokenError
from shouyue.store.tests.people import Someone, make_table

AT = datetime(2026, 3, 1, tzinfo=UTC)
ALL = ["name", "phone", "email", "address", "born_on", "notes"]
WANG = {
    "name": "王伟鑫",
    "phone": "+8613800006621",
    "email": "weixin@qq.com",
    "address": "江苏省苏州市星湖街 1 号",
    "born_on": date(1990, 5, 17),
    "notes": {"allergy": ["花生"], "size": 42},
}
SHOWN = {
    "name": "王*",
    "phone": "138****6621",
    "email": "w***@q*.com",
    "address": "苏州市 ***",
    "born_on": "05-17",
    "notes": "***",
}


@pytest.fixture
def people(db):
    make_table()


def saved(**values):
    row = Someone(**(WANG | values))
    seal([row], at=AT)
    row.save(force_insert=True)
    return row


def stored(row, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM someone WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def test_values_come_back_after_unsealing(people):
    saved()
    (row,) = unseal(Someone.objects.all(), ALL)
    assert {name: getattr(row, name).plain for name in ALL} == WANG


def test_before_unsealing_there_is_a_placeholder_and_no_value(people):
    saved()
    row = Someone.objects.get()
    assert {str(getattr(row, name)) for name in ALL} == {"***"}
    with pytest.raises(StillSealedError):
        _ = row.name.plain


def test_after_unsealing_printing_shows_the_mask(people):
    saved()
    (row,) = unseal(Someone.objects.all(), ALL)
    assert {name: str(getattr(row, name)) for name in ALL} == SHOWN
    assert (str(row), f"{row.name:>4}") == ("王* 138****6621", "  王*")


def test_only_the_named_fields_are_opened(people):
    saved()
    (row,) = unseal(Someone.objects.all(), ["name"])
    assert (row.name.is_open, row.phone.is_open) == (True, False)


def secrets_in(text):
    # The day as date() and as text write it: a bare year also turns up in addresses of memory.
    days = ("1990-05-17", "1990, 5, 17")
    return [word for word in ("伟鑫", "13800006621", "weixin", "星湖街", *days, "花生") if word in text]


def test_value_never_shows_in_prints_logs_pickles_or_copies(people, caplog):
    saved()
    (row,) = unseal(Someone.objects.all(), ALL)
    fresh = Someone(**WANG)
    with caplog.at_level(logging.WARNING):
        for shown in (row, fresh):
            logging.getLogger("test").warning("%s %r %s", shown, shown.__dict__, [shown.name, shown.born_on])
    assert "王*" in caplog.text
    assert secrets_in(caplog.text) == []
    assert secrets_in(repr(row.__dict__) + repr([getattr(row, name) for name in ALL])) == []
    pickled = pickle.dumps(row)
    assert [value for value in WANG.values() if isinstance(value, str) and value.encode() in pickled] == []
    row.name = pickle.loads(pickle.dumps(row.name))  # noqa: S301 made in the line itself
    assert (str(row.name), copy.deepcopy(row.phone).is_open) == ("***", False)
    assert unseal([row], ["name"])[0].name.plain == "王伟鑫"
    with pytest.raises(TypeError):
        json.dumps({"name": row.name})
    with pytest.raises(TypeError, match="not sealed yet"):
        pickle.dumps(fresh)


def test_assigning_the_wrong_kind_does_not_repeat_the_value():
    with pytest.raises(TypeError, match="born_on takes date, not str") as refused:
        Someone(born_on="1990-05-17")
    assert "1990" not in str(refused.value)


def test_empty_text_is_nothing(people):
    saved(name="", email=None)
    (row,) = unseal(Someone.objects.all(), ALL)
    assert (row.name, row.email) == (None, None)


def test_saving_before_sealing_is_refused(people):
    with pytest.raises(NotSealedError, match="name"), transaction.atomic():
        Someone(**WANG).save(force_insert=True)
    assert Someone.objects.count() == 0


def test_changed_value_is_sealed_anew_and_the_rest_left_alone(people):
    saved()
    (row,) = unseal(Someone.objects.all(), ["phone"])
    before = {name: stored(row, name) for name in ALL}
    row.phone = "+8613900001111"
    assert str(row.phone) == "139****1111"
    seal([row], at=AT)
    row.save()
    after = {name: stored(row, name) for name in ALL}
    assert [name for name in ALL if before[name] != after[name]] == ["phone"]
    assert unseal(Someone.objects.all(), ["phone"])[0].phone.plain == "+8613900001111"


def test_same_value_twice_gives_boxes_without_likeness(people):
    one, other = saved(), saved()
    boxes = {stored(row, name) for row in (one, other) for name in ("name", "phone")}
    assert len(boxes) == 4
    assert not any("王伟鑫".encode() in box for box in boxes)


@pytest.mark.parametrize("where", ["other row", "other column", "one bit"])
def test_moved_or_changed_box_does_not_open(people, where):
    row, other = saved(), saved()
    if where == "one bit":
        box = stored(row, "name")
        damaged = box[:20] + bytes([box[20] ^ 1]) + box[21:]
    else:
        damaged = stored(other, "name") if where == "other row" else stored(row, "phone")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE someone SET name = %s WHERE id = %s", [damaged, row.pk])
    with pytest.raises(BoxBrokenError):
        unseal(Someone.objects.filter(pk=row.pk), ["name"])


@pytest.mark.parametrize("count", [1, 30])
def test_sealing_and_unsealing_cost_the_same_for_one_row_and_thirty(people, count, django_assert_num_queries):
    rows = [Someone(**WANG) for _ in range(count)]
    with django_assert_num_queries(2):
        seal(rows, at=AT)
    Someone.objects.bulk_create(rows)
    with django_assert_num_queries(2):
        opened = unseal(Someone.objects.order_by("pk"), ALL)
    keys = PersonKeys()
    keys.keys_for(row.pk for row in opened)
    with django_assert_num_queries(1):
        unseal(Someone.objects.order_by("pk"), ALL, keys=keys)


def test_field_that_was_not_read_is_refused_instead_of_fetched_row_by_row(people, django_assert_num_queries):
    saved()
    rows = list(Someone.objects.defer("notes"))
    with django_assert_num_queries(0), pytest.raises(DeferredError, match="notes"):
        unseal(rows, ["notes"])


def test_erased_person_is_hidden_and_says_so(people):
    row, other = saved(), saved()
    shred([row.pk], at=AT)
    opened = {one.pk: one for one in unseal(Someone.objects.all(), ALL)}
    assert (str(opened[row.pk].name), opened[row.pk].name.is_erased) == ("***", True)
    assert opened[other.pk].name.plain == "王伟鑫"
    with pytest.raises(ErasedError):
        _ = opened[row.pk].phone.plain
    changed = Someone(id=row.pk, name="王伟")
    with pytest.raises(PersonErasedError):
        seal([changed], at=AT)


@pytest.mark.parametrize("question", [{"name": "王伟鑫"}, {"name__contains": "伟"}, {"born_on__gt": date(1990, 1, 1)}])
def test_comparing_in_the_database_is_refused(question):
    with pytest.raises(FieldError, match="Unsupported lookup"):
        Someone.objects.filter(**question)


def test_missing_values_can_be_asked_for(people):
    saved(), saved(email=None)
    assert Someone.objects.filter(email__isnull=True).count() == 1


def test_values_lists_are_closed(people):
    saved()
    ((name, phone),) = Someone.objects.values_list("name", "phone")
    assert (str(name), repr(phone)) == ("***", "<Sealed phone>")


def test_only_sealed_fields_are_unsealed():
    with pytest.raises(FieldDoesNotExist, match="id is not sealed"):
        unseal([Someone(**WANG)], ["id"])


def test_migrations_see_a_column_of_bytes():
    state = ModelState.from_model(Someone)
    assert {type(state.fields[name]) for name in ALL} == {models.BinaryField}
    assert Someone._meta.get_field("name").deconstruct()[1:] == ("django.db.models.BinaryField", [], {"null": True})


@given(text=st.text(min_size=1), day=st.dates(), note=st.dictionaries(st.text(), st.integers(0, 2**53) | st.text()))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_value_comes_back_through_its_box(db, text, day, note):
    subject = uuid4()
    cipher = PersonKeys().made_keys_for([subject], at=AT)[subject]
    for name, value in (("name", text), ("born_on", day), ("notes", note)):
        field = Someone._meta.get_field(name)
        box = field.sealed(value, subject=subject, cipher=cipher)
        assert field.opened(box, subject=subject, cipher=cipher) == value


def test_sealed_value_is_itself_only():
    row, other = Someone(name="王伟"), Someone(name="王伟")
    assert isinstance(row.name, Sealed)
    assert (row.name == row.name, row.name == other.name, row.name == "王伟") == (True, False, False)


def test_everybody_is_opened_in_batches_as_row_by_row_and_erased_people_are_left_out(people, django_assert_num_queries):
    rows = sorted(
        (saved(name=f"王{number}", notes=None if number % 2 else {"n": number}) for number in range(7)),
        key=lambda row: row.pk,
    )
    shred([rows[3].pk], at=AT)
    with django_assert_num_queries(2 * 3 + 1):  # rows and keys of 3, 3 and 1, and the end
        batches = list(opened_in_batches(Someone, ["name", "born_on", "notes"], batch=3))
    assert [len(batch) for batch in batches] == [3, 2, 1]
    opened = unseal(Someone.objects.all(), ["name", "born_on", "notes"])
    expected = {
        row.pk: [row.name.plain, row.born_on.plain, row.notes.plain if row.notes else None]
        for row in opened
        if row.pk != rows[3].pk
    }
    assert {who: values for batch in batches for who, values in batch.items()} == expected


def test_a_name_that_is_no_sealed_field_is_not_read(people):
    with pytest.raises(FieldDoesNotExist):
        list(opened_in_batches(Someone, ["id"], batch=3))
