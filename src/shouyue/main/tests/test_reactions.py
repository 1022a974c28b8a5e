"""Facts make rooms act; what fails waits alone and loses nothing."""

from datetime import timedelta

import pytest

from shouyue.main.reactions import Reaction, react_once
from shouyue.store.facts import announce
from shouyue.store.models import FactReader, Party, Staff
from shouyue.store.sequencer import sequence_once
from shouyue.store.tests.fact_samples import AT, NoteRead, NoteTaken


def announce_three() -> None:
    announce(NoteTaken(writer=1, number=1), NoteRead(text="a"), NoteTaken(writer=1, number=2), at=AT, by="test")
    sequence_once()


def open_account(batch) -> None:
    """An effect in the database, for each fact."""
    for fact in batch:
        Staff.objects.create_user(f"{fact.position}@example.org", name="A", party=Party.A)


@pytest.mark.django_db
def test_a_reaction_acts_once_on_the_facts_it_names():
    announce_three()
    reactions = [Reaction("accounts", frozenset({"NoteTaken"}), open_account)]
    assert [react_once(reactions, at=AT) for _ in range(2)] == [3, 0]
    assert sorted(Staff.objects.values_list("email", flat=True)) == ["1@example.org", "3@example.org"]


@pytest.mark.django_db
def test_a_failing_reaction_waits_and_the_others_go_on():
    announce_three()
    seen, broken = [], [True]

    def fragile(batch):
        open_account(batch)
        if broken[0]:
            raise LookupError("no questionnaire")

    reactions = [
        Reaction("fragile", frozenset({"NoteTaken"}), fragile),
        Reaction("steady", frozenset({"NoteTaken"}), seen.extend),
    ]
    assert react_once(reactions, at=AT) == 3
    reader = FactReader.objects.get(pk="fragile")
    assert (reader.position, reader.failures, reader.last_error) == (0, 1, "LookupError: no questionnaire")
    assert ([fact.position for fact in seen], Staff.objects.count()) == ([1, 3], 0)
    broken[0] = False
    assert react_once(reactions, at=AT + timedelta(seconds=0.9)) == 0
    assert react_once(reactions, at=AT + timedelta(seconds=1)) == 3
    assert Staff.objects.count() == 2
    assert FactReader.objects.get(pk="fragile").last_error == ""


@pytest.mark.django_db
def test_without_news_one_look_at_the_readers_is_all(django_assert_num_queries):
    announce_three()
    reactions = [Reaction(name, frozenset({"NoteTaken"}), open_account) for name in ("a", "b", "c")]
    reactions = [Reaction(one.name, frozenset({"Unheard"}), open_account) for one in reactions]
    react_once(reactions, at=AT)
    with django_assert_num_queries(2):
        assert react_once(reactions, at=AT) == 0


@pytest.mark.django_db
def test_before_any_fact_nothing_happens():
    assert react_once([Reaction("a", frozenset({"NoteTaken"}), open_account)], at=AT) == 0
    assert FactReader.objects.count() == 0
