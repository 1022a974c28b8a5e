"""Timelines, search, work and requests: one list from many rooms, in order, nothing lost and nothing twice."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouyue.store.contributions import requests, search, timeline, work
from shouyue.store.contributions.timeline import CursorUnreadableError, Place, TimelineItem, TimelineSource
from shouyue.store.contributions.work import Urgency, WorkItem

START = datetime(2026, 1, 1, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    """Each test sees only what it adds; what the rooms added comes back afterwards."""
    for module, name in ((timeline, "_sources"), (search, "_groups"), (work, "_sources"), (requests, "_exports")):
        monkeypatch.setattr(module, name, {})


def room(name, minutes):
    """Items of one room at these minutes, given as the contract of a source asks."""
    items = [
        TimelineItem(at=START + timedelta(minutes=minute), key=f"{name}:{uuid5(ONE, str(number))}", title=name)
        for number, minute in enumerate(minutes)
    ]

    def contribute(_subjects, _reader, until, size):
        return sorted((item for item in items if until is None or item.at <= until), key=lambda item: item.place)[
            : -size - 1 : -1
        ]

    return TimelineSource(name=name, contribute=contribute)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    orders=st.lists(st.integers(0, 12), max_size=30),
    answers=st.lists(st.integers(0, 12), max_size=30),
    size=st.integers(1, 7),
)
def test_pages_of_a_timeline_hold_every_item_once_and_newest_first(orders, answers, size):
    timeline._sources.clear()
    timeline.add(room("order", orders))
    timeline.add(room("answer", answers))
    read, before = [], None
    while True:
        page = timeline.page_of([ONE], None, before=before, size=size)
        assert len(page.items) <= size
        read += page.items
        if page.next is None:
            break
        before = Place.parse(str(page.next))
    assert len(read) == len(orders) + len(answers)
    assert len({item.key for item in read}) == len(read)
    assert [item.place for item in read] == sorted((item.place for item in read), reverse=True)


@pytest.mark.parametrize("text", ["", "~", "2026-01-01T00:00:00+00:00~", "2026-01-01~x", "soon~x", "2026-01-01T00:00Z"])
def test_a_cursor_that_nobody_gave_out_is_refused(text):
    with pytest.raises(CursorUnreadableError):
        Place.parse(text)


CLAUSES = [
    ("4.1", ["4.1", "客户资料的准确性", "Accuracy of customer records"]),
    ("4.4", ["4.4", "投诉处理", "Handling of complaints"]),
    ("14", ["14", "争议解决", "Settlement of disputes"]),
]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("4.4", ["4.4"]),
        ("4", ["4.1", "4.4", "14"]),
        ("投诉", ["4.4"]),
        ("tousu", ["4.4"]),
        ("tscl", ["4.4"]),
        ("zyjj", ["14"]),
        ("ziliao", ["4.1"]),
        ("COMPLAINTS", ["4.4"]),
        ("of", ["4.1", "4.4", "14"]),
        ("ts cl", ["4.4"]),
        ("xyz", []),
    ],
)
def test_titles_are_found_by_number_characters_pinyin_and_initials(asked, wanted):
    assert search.ranked(asked, CLAUSES) == wanted


def test_what_was_asked_exactly_stands_before_what_contains_it():
    things = [("b", ["Orders by month"]), ("a", ["Orders"]), ("c", ["All orders"])]
    assert search.ranked("orders", things) == ["a", "b", "c"]
    assert search.ranked("orders", things, most=2) == ["a", "b"]


def test_groups_come_in_order_and_empty_ones_not_at_all():
    asked = []

    def find(text, reader, most):
        asked.append((text, reader, most))
        return [search.Hit(title="x", url="/x")]

    search.add(search.SearchGroup(name="late", order=20, title="Late", find=find))
    search.add(search.SearchGroup(name="early", order=10, title="Early", find=find))
    search.add(search.SearchGroup(name="none", order=5, title="None", find=lambda *_: []))
    assert [group.title for group in search.found(" ４．４ ", "somebody")] == ["Early", "Late"]
    assert asked == [("4.4", "somebody", search.HITS)] * 2


@pytest.mark.parametrize("text", ["", "  ", "x" * 81, "a\x00b"])
def test_nothing_is_asked_for_nothing_typed_or_far_too_much(text):
    search.add(search.SearchGroup(name="any", order=1, title="Any", find=lambda *_: pytest.fail("asked")))
    assert search.found(text, None) == []


def item(key, urgency, day=None):
    due = None if day is None else START + timedelta(days=day)
    return WorkItem(key=key, kind="k", title=key, url="/", action="Do", urgency=urgency, due_at=due)


def test_the_queue_is_ordered_by_urgency_then_by_clock():
    work.add("a", lambda reader, at: [item("a", Urgency.TO_DO, 1), item("b", Urgency.BROKEN), item("c", Urgency.TO_DO)])
    work.add("b", lambda reader, at: [item("d", Urgency.BROKEN, 9), item("e", Urgency.AT_RISK, 0)])
    assert [one.key for one in work.queue(None, at=START)] == ["d", "b", "e", "a", "c"]


def test_a_room_learns_who_asks_and_when():
    work.add("a", lambda reader, at: [item(f"{reader} {at:%Y}", Urgency.TO_DO)])
    assert [one.key for one in work.queue("lin", at=START)] == ["lin 2026"]


def test_what_is_held_comes_by_subject_in_the_order_of_rooms():
    export = requests.RequestExport
    orders = {ONE: [{"number": "7"}], TWO: [], UUID(int=3): [{"number": "not asked for"}]}
    requests.add(export(name="orders", order=20, title="Orders", contribute=lambda ids, reader: orders))
    requests.add(
        export(name="answers", order=10, title="Answers", contribute=lambda ids, reader: {ONE: [{"score": 5}]})
    )
    held = requests.held_about([ONE, TWO], None)
    assert [(one.name, one.records) for one in held[ONE]] == [
        ("answers", [{"score": 5}]),
        ("orders", [{"number": "7"}]),
    ]
    assert held[TWO] == []
    assert sorted(held) == [ONE, TWO]
