"""What a claim needs, and that steps follow one another as clause 8.2 says, whatever somebody tries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.claims.rules.claims import (
    ENDED,
    REPLY_DAYS,
    Draft,
    Ground,
    Lack,
    NamedDuty,
    State,
    Step,
    lacks,
    reply_by,
    state_of,
    steps_open_to,
    waits_for,
)

NOTICE = date(2026, 4, 10)
WORDS = "The survey was not used, so the same faults stayed."
OVERDUE_A = NamedDuty(owner="a", is_not_performed=True)


def draft(**changes: object) -> Draft:
    values = {
        "by": "b",
        "against": "a",
        "ground": Ground.SATISFACTION,
        "measure": "satisfaction",
        "decision": "missed",
        "duties": [OVERDUE_A],
        "argument": WORDS,
    }
    return Draft(**{**values, **changes})


def test_a_claim_with_target_duty_and_cause_lacks_nothing() -> None:
    assert lacks(draft()) == []
    assert lacks(draft(ground=Ground.OTHER_DUTY, measure="", decision="")) == []
    assert lacks(draft(ground=Ground.INFORMATION, measure="", decision="", duties=[])) == []


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"decision": "undetermined"}, Lack.NO_TARGET),
        ({"decision": "met"}, Lack.NO_TARGET),
        ({"decision": ""}, Lack.NO_TARGET),
        ({"measure": "retention"}, Lack.WRONG_TARGET),
        ({"duties": []}, Lack.NO_DUTY),
        ({"duties": [NamedDuty(owner="a", is_not_performed=False)]}, Lack.FOREIGN_DUTY),
        ({"duties": [NamedDuty(owner="b", is_not_performed=True)]}, Lack.FOREIGN_DUTY),
        ({"argument": "  because  "}, Lack.NO_ARGUMENT),
        ({"ground": Ground.LOYALTY, "measure": "retention"}, Lack.WRONG_SIDE),
        ({"by": "a"}, Lack.OWN_SIDE),
        ({"by": "auditor"}, Lack.OWN_SIDE),
    ],
)
def test_a_claim_that_leaves_out_what_clause_8_asks_for_is_told_so(changes: dict[str, object], lack: Lack) -> None:
    assert lacks(draft(**changes)) == [lack]


def test_silence_becomes_unanswered_on_the_day_after_the_thirtieth() -> None:
    last = NOTICE + timedelta(days=REPLY_DAYS)
    assert reply_by(NOTICE) == last == date(2026, 5, 10)
    assert state_of([], noticed_on=NOTICE, on=last) is State.NOTIFIED
    assert state_of([], noticed_on=NOTICE, on=last + timedelta(days=1)) is State.UNANSWERED
    assert waits_for(State.NOTIFIED, claimant="b") == "a"
    assert waits_for(State.UNANSWERED, claimant="b") == "b"


@given(st.data(), st.sampled_from(["a", "b"]), st.integers(0, 90))
def test_every_claim_goes_on_by_open_steps_until_it_has_ended(data: st.DataObject, claimant: str, days: int) -> None:
    """Walk at random through the open steps: each leads to a known state; who may move exists until the end."""
    taken: list[Step] = []
    on = NOTICE + timedelta(days=days)
    for _ in range(12):
        state = state_of(taken, noticed_on=NOTICE, on=on)
        open_steps = {party: steps_open_to(state, party=party, claimant=claimant) for party in ("a", "b")}
        assert steps_open_to(state, party="auditor", claimant=claimant) == []
        if state in ENDED:
            assert (open_steps, waits_for(state, claimant=claimant)) == ({"a": [], "b": []}, None)
            return
        waiting = waits_for(state, claimant=claimant)
        assert waiting is not None
        assert open_steps[waiting]
        # Only the claimant may end a claim, whatever the other party would like.
        accused = "b" if claimant == "a" else "a"
        assert not {Step.CONFIRM, Step.SETTLE, Step.WITHDRAW} & set(open_steps[accused])
        taken.append(data.draw(st.sampled_from([*open_steps["a"], *open_steps["b"]])))


@given(st.lists(st.sampled_from(list(Step)), max_size=6))
def test_steps_in_another_order_are_an_error_and_never_a_state(steps: list[Step]) -> None:
    try:
        state = state_of(steps, noticed_on=NOTICE, on=NOTICE)
    except ValueError:
        return
    assert (state is State.NOTIFIED) == (not steps)
