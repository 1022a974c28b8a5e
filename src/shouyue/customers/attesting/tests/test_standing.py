"""Which attestation counts for a value on a day."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.attesting.rules.standing import Attested, Standing, standing

START = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


@st.composite
def told(draw, *, is_change=None):
    at = draw(days)
    changed = draw(st.booleans()) if is_change is None else is_change
    verified = draw(st.none() | st.integers(0, 90).map(lambda n: at - timedelta(days=n)))
    if not changed and verified is None:
        verified = at
    return Attested(at, draw(st.uuids()).hex, changed, "list", "call" if verified else "told", verified)


histories = st.lists(told(), max_size=12)


def said(day: int, *, is_change: bool, verified: int | None = None, method: str = "told") -> Attested:
    moment = None if verified is None else START + timedelta(days=verified)
    return Attested(START + timedelta(days=day), f"{day:03}", is_change, "list", method, moment)


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def test_a_value_told_and_confirmed_stands_from_both():
    history = [said(0, is_change=True), said(30, is_change=False, verified=29, method="call")]
    assert standing(history, until=on(29)) == Standing(on(0), "list", "told", None, "")
    assert standing(history, until=on(30)) == Standing(on(0), "list", "call", on(29), "")


def test_a_change_forgets_what_was_verified_before():
    history = [said(0, is_change=True), said(30, is_change=False, verified=30, method="call"), said(60, is_change=True)]
    assert standing(history, until=on(90)) == Standing(on(60), "list", "told", None, "")


def test_a_late_note_of_an_earlier_look_does_not_set_back():
    history = [
        said(0, is_change=True),
        said(30, is_change=False, verified=30, method="member"),
        said(40, is_change=False, verified=10, method="document"),
    ]
    found = standing(history, until=on(50))
    assert found is not None
    assert (found.method, found.verified_at) == ("member", on(30))


@given(histories, days)
def test_the_past_is_never_told_by_the_future(history, until):
    assert standing(history, until=until) == standing([one for one in history if one.at <= until], until=until)


@given(histories, days, st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(history, until, random):
    shuffled = list(history)
    random.shuffle(shuffled)
    assert standing(shuffled, until=until) == standing(history, until=until)


@given(histories, days)
def test_without_a_change_nothing_stands_and_with_one_it_is_the_last(history, until):
    changes = [one.at for one in history if one.is_change and one.at <= until]
    found = standing(history, until=until)
    assert (found.asserted_at if found else None) == max(changes, default=None)


@given(histories, days, st.integers(1, 90))
def test_a_confirmation_never_makes_a_value_staler(history, until, later):
    before = standing(history, until=until)
    moment = until + timedelta(days=later)
    confirmed = Attested(moment, "ff" * 16, False, "desk", "call", moment)
    after = standing([*history, confirmed], until=moment)
    if before is not None and standing(history, until=moment) == before:
        assert after is not None
        assert after.verified_at == moment
        assert after.asserted_at == before.asserted_at
