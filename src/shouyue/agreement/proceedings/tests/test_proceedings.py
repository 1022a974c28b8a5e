"""Disputes and terminations: who may do what and when, what is kept, and what the end does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.claims.actions import ClaimWords, answer_claim, claim_breach
from shouyue.agreement.papers.queries import termination_paper
from shouyue.agreement.proceedings.actions import (
    Move,
    MoveRefusedError,
    Opening,
    OpeningRefusedError,
    move,
    open_proceeding,
)
from shouyue.agreement.proceedings.models import Proceeding
from shouyue.agreement.proceedings.queries import proceeding_of
from shouyue.agreement.proceedings.rules import disputes, termination
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
OPENED = date(2026, 4, 10)
PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def signed(db: None) -> Agreement:
    return sign_agreement(terms(institution="苏州仲裁委员会"), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


@pytest.fixture
def b() -> Staff:
    return Staff.objects.create_user("zhou@party-b.example", name="周远", party="b")


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from("ab"), st.integers(0, 40)), max_size=12), st.booleans())
def test_a_dispute_goes_to_the_institution_only_after_thirty_days(
    picks: list[tuple[int, str, int]], has_institution: bool
) -> None:
    on, taken = OPENED, list[disputes.Taken]()
    for pick, party, days in picks:
        on += timedelta(days=days)
        now = disputes.dispute_after(taken, opened_on=OPENED)
        open_to = disputes.steps_open_to(now, party=party, opener="b", on=on, has_institution=has_institution)
        if now.stage in disputes.ENDED:
            assert open_to == []
        elif pick < len(open_to):
            step = open_to[pick]
            if step in {disputes.Step.MEDIATE, disputes.Step.REFER}:
                assert now.deadline is not None
                assert on > now.deadline
            assert step is not disputes.Step.REFER or has_institution
            assert step is not disputes.Step.SETTLE or now.offer_by not in {"", party}
            taken.append(disputes.Taken(step, party, on))


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.integers(0, 20)), max_size=25))
def test_a_contract_ends_only_with_the_whole_checklist_and_the_notice(picks: list[tuple[int, str, int]]) -> None:
    on, taken = OPENED, list[termination.Taken]()
    for pick, party, days in picks:
        on += timedelta(days=days)
        now = termination.termination_after(termination.Ground.FORCE_MAJEURE, taken)
        open_to = termination.steps_open_to(now, party=party, opener="a", noticed_on=OPENED, on=on)
        if pick >= len(open_to):
            continue
        step, item = open_to[pick], ""
        if step is termination.Step.TICK:
            item = next(one for one in termination.ITEMS if party not in now.ticks.get(one, {}))
        if step is termination.Step.CLOSE:
            assert on >= OPENED + timedelta(days=30)
            ticked = {(one.item, one.party) for one in taken if one.step is termination.Step.TICK}
            assert len(ticked) == 2 * len(termination.ITEMS)
        taken.append(termination.Taken(step, party, on, item))


def _open(agreement: Agreement, by: Staff, **changes: Any) -> Proceeding:
    values = {"id": uuid4(), "kind": "dispute", "text": "方案未按期完成，双方对责任有争议。"}
    return open_proceeding(agreement, Opening(**{**values, **changes}), by=by, at=AT)


def _move(row: Proceeding, by: Staff, step: str, *, after: int = 0, **changes: Any) -> None:
    values = {"id": uuid4(), "step": step, "text": "见说明。"}
    move(row.pk, Move(**{**values, **changes}), by=by, at=AT + timedelta(days=after))


def test_a_dispute_is_negotiated_then_referred_and_decided(signed: Agreement, a: Staff, b: Staff) -> None:
    row = _open(signed, b)
    _move(row, a, "state", paper=("letter.pdf", PDF))
    with pytest.raises(MoveRefusedError):
        _move(row, b, "refer", after=30)
    _move(row, b, "refer", after=31)
    _move(row, a, "decision", after=90)
    view = proceeding_of(signed, row.pk, on=date(2026, 12, 1))
    assert view is not None
    assert (view.stage, [step.kind for step in view.steps]) == ("decided", ["state", "refer", "decision"])
    assert [step.paper.name for step in view.papers if step.paper] == ["letter.pdf"]
    stages = Fact.objects.filter(kind="ProceedingMoved").order_by("id").values_list("payload__stage", flat=True)
    assert list(stages) == ["negotiation", "institution", "decided"]


def test_a_party_settles_on_the_others_offer_only(signed: Agreement, a: Staff, b: Staff) -> None:
    row = _open(signed, b)
    _move(row, a, "offer")
    with pytest.raises(MoveRefusedError):
        _move(row, a, "settle")
    _move(row, b, "settle")
    with pytest.raises(MoveRefusedError):
        _move(row, a, "state")


def test_a_termination_runs_its_course_and_ends_the_term(signed: Agreement, a: Staff, b: Staff) -> None:
    row = _open(signed, a, kind="termination", ground="force_majeure", text="门店因洪水无法营业。")
    with pytest.raises(OpeningRefusedError) as refused:
        _open(signed, b, kind="termination", ground="consent")
    assert refused.value.reason == "open_already"
    for item in termination.ITEMS:
        _move(row, a, "tick", item=item)
        with pytest.raises(MoveRefusedError):
            _move(row, a, "tick", item=item)
        _move(row, b, "tick", item=item, after=5)
    with pytest.raises(MoveRefusedError):
        _move(row, a, "close", after=29)
    _move(row, b, "close", after=30)
    signed.refresh_from_db()
    assert signed.ends_on == date(2026, 5, 10)
    words = "\n".join(str(block) for block in termination_paper(signed, on=date(2026, 5, 11)).blocks)
    assert "门店因洪水无法营业。" in words


def test_ending_for_a_breach_needs_a_claim_that_was_not_cured(signed: Agreement, a: Staff, b: Staff) -> None:
    said = ClaimWords(
        id=uuid4(),
        ground="8.1(4)",
        result_id=None,
        duties=["results_used@2026-03-31"],
        argument="The survey of the first quarter was not used, so complaints came back.",
        wanted="Use the results.",
    )
    claim = claim_breach(signed, said, by=b, at=AT)
    answer_claim(claim.pk, "accept", step_id=uuid4(), text="Accepted.", by=a, at=AT)

    def give_notice(claim_id: UUID | None, days: int) -> Proceeding:
        opening = Opening(id=uuid4(), kind="termination", ground="breach", text="未补救。", claim_id=claim_id)
        return open_proceeding(signed, opening, by=b, at=AT + timedelta(days=days))

    for claim_id, days in ((None, 40), (claim.pk, 30)):
        with pytest.raises(OpeningRefusedError) as refused:
            give_notice(claim_id, days)
        assert refused.value.reason == "no_breach"
    assert give_notice(claim.pk, 31).claim == claim


def test_consent_is_asked_for_first(signed: Agreement, a: Staff, b: Staff) -> None:
    row = _open(signed, a, kind="termination", ground="consent")
    with pytest.raises(MoveRefusedError):
        _move(row, a, "tick", item="data")
    _move(row, b, "consent")
    _move(row, a, "tick", item="data")


@pytest.mark.parametrize("table", ["proceeding", "proceedingstep"])
def test_what_was_done_cannot_be_rewritten(signed: Agreement, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM agreement_{table}")


def test_the_pages_of_proceedings(client: Client, signed: Agreement, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(b)
    assert "No disputes" in client.get("/agreement/proceedings/").content.decode()
    new = "/agreement/proceedings/new/termination/"
    sent = {"id": str(uuid4()), "ground": "breach", "text": "Not cured."}
    refused = client.post(new, sent)
    assert (refused.status_code, "needs your claim of breach" in refused.content.decode()) == (422, True)
    answer = client.post(new, {**sent, "ground": "consent"})
    assert answer.status_code == 302
    client.force_login(a)
    assert "Read and decide" in client.get("/my-work/").content.decode()
    assert client.post(answer.url, {"id": str(uuid4()), "step": "consent", "text": "Agreed."}).status_code == 302
    no_item = client.post(answer.url, {"id": str(uuid4()), "step": "tick", "text": "Done."})
    assert (no_item.status_code, "Choose which item" in no_item.content.decode()) == (422, True)
    tick = {"id": str(uuid4()), "step": "tick", "item": "data", "text": "Handed over."}
    wrong = client.post(answer.url, {**tick, "paper": SimpleUploadedFile("x.exe", b"MZ")})
    assert (wrong.status_code, "Choose a PDF, PNG or JPEG file." in wrong.content.decode()) == (422, True)
    assert client.post(answer.url, {**tick, "paper": SimpleUploadedFile("x.pdf", PDF)}).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "x.pdf" in page
    assert "<c-" not in page
    client.force_login(Staff.objects.create_user("shen@auditor.example", name="沈衡", party="auditor"))
    assert "Your next step" not in client.get(answer.url).content.decode()
    assert client.get(new).status_code == 404
    assert client.get("/agreement/papers/termination.docx").status_code == 200


def test_the_list_asks_the_same_questions_for_more(client: Client, signed: Agreement, a: Staff, b: Staff) -> None:
    client.force_login(a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/agreement/proceedings/").status_code == 200
        return len(captured)

    _move(_open(signed, b), a, "state", paper=("letter.pdf", PDF))
    before = asked()
    for _ in range(8):
        _move(_open(signed, b), a, "offer")
    assert asked() == before
