"""A claim from its notice to its end: pinned, answered in order, seen by both, refused where it lacks something."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.agreement.claims.actions import (
    ClaimRefusedError,
    ClaimWords,
    StepRefusedError,
    answer_claim,
    claim_breach,
)
from shouyue.agreement.claims.models import Claim, ClaimStep
from shouyue.agreement.claims.rules.claims import Lack, State
from shouyue.agreement.filings.public import Done, file_duty
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Fact, Staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
DUTY = "results_used@2026-03-31"
WORDS = "The survey of the first quarter was not used, so the same complaints came back."


@pytest.fixture
def signed() -> Agreement:
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


@pytest.fixture
def b() -> Staff:
    return Staff.objects.create_user("zhou@party-b.example", name="周远", party="b")


def words(**changes: object) -> ClaimWords:
    values = {
        "id": uuid4(),
        "ground": "8.1(4)",
        "result_id": None,
        "duties": [DUTY],
        "argument": WORDS,
        "wanted": "Use the results, and say by when.",
    }
    return ClaimWords(**{**values, **changes})


def test_a_claim_pins_the_duties_as_they_stand(signed: Agreement, b: Staff) -> None:
    said = words()
    made = claim_breach(signed, said, by=b, at=AT)
    assert claim_breach(signed, said, by=b, at=AT) == made
    assert (made.number, made.against, made.reply_by) == (1, "a", date(2026, 5, 10))
    assert [(duty["code"], duty["standing"], duty["days_late"]) for duty in made.duties] == [
        ("results_used", "overdue", 10)
    ]
    assert list(Fact.objects.filter(kind="BreachClaimed").values_list("payload__ground", flat=True)) == ["8.1(4)"]


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"ground": "8.1(1)"}, Lack.NO_TARGET),
        ({"duties": []}, Lack.NO_DUTY),
        ({"duties": ["points_reviewed@2026-03-31"]}, Lack.FOREIGN_DUTY),
        ({"duties": ["results_used@2026-06-30"]}, Lack.FOREIGN_DUTY),
        ({"argument": "no"}, Lack.NO_ARGUMENT),
    ],
)
def test_a_claim_that_lacks_something_leaves_no_trace(
    signed: Agreement, b: Staff, changes: dict[str, object], lack: Lack
) -> None:
    with pytest.raises(ClaimRefusedError) as refused:
        claim_breach(signed, words(**changes), by=b, at=AT)
    assert refused.value.lacks == [lack]
    assert (Claim.objects.count(), Fact.objects.filter(kind="BreachClaimed").count()) == (0, 0)


def test_a_duty_done_in_time_cannot_be_claimed(signed: Agreement, a: Staff, b: Staff) -> None:
    done = Done(id=uuid4(), code="results_used", due_on=date(2026, 3, 31), done_on=date(2026, 3, 30), what="Adjusted.")
    file_duty(signed, done, by=a, at=AT)
    with pytest.raises(ClaimRefusedError):
        claim_breach(signed, words(), by=b, at=AT)


def test_each_party_takes_its_own_steps_in_order(signed: Agreement, a: Staff, b: Staff) -> None:
    made = claim_breach(signed, words(), by=b, at=AT)
    with pytest.raises(StepRefusedError) as refused:
        answer_claim(made.pk, "contest", step_id=uuid4(), text="We contest our own.", by=b, at=AT)
    assert refused.value.state is State.NOTIFIED
    cure: UUID = uuid4()
    first = answer_claim(made.pk, "cure", step_id=cure, text="Done now.", by=a, at=AT)
    assert answer_claim(made.pk, "cure", step_id=cure, text="Done now.", by=a, at=AT) == first
    answer_claim(made.pk, "confirm", step_id=uuid4(), text="We see it.", by=b, at=AT)
    with pytest.raises(StepRefusedError):
        answer_claim(made.pk, "withdraw", step_id=uuid4(), text="Too late.", by=b, at=AT)
    assert list(ClaimStep.objects.values_list("order", "kind", "party")) == [(1, "cure", "a"), (2, "confirm", "b")]
    told = Fact.objects.filter(kind="ClaimAnswered").order_by("id").values_list("payload__state", flat=True)
    assert list(told) == ["cured", "closed"]


@pytest.mark.parametrize("table", ["claim", "claimstep", "filing"])
def test_what_was_said_cannot_be_rewritten(signed: Agreement, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM agreement_{table}")


def test_the_pages_of_a_claim(client: Client, signed: Agreement, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(b)
    assert "No claims" in client.get("/agreement/claims/").content.decode()
    form = client.get("/agreement/claims/new/")
    assert DUTY in form.content.decode()
    sent = {"id": str(uuid4()), "ground": "8.1(1)", "duties": [DUTY], "argument": WORDS, "wanted": "A remedy."}
    refused = client.post("/agreement/claims/new/", sent)
    assert refused.status_code == 422
    assert "An undetermined result is not enough" in refused.content.decode()
    assert client.post("/agreement/claims/new/", {**sent, "ground": "8.1(4)"}).status_code == 302
    page = f"/agreement/claims/{Claim.objects.get().pk}/"
    client.force_login(a)
    assert "Your answer" in client.get(page).content.decode()
    answer = {"id": str(uuid4()), "step": "contest", "text": "It was done by telephone."}
    assert client.post(page, answer).status_code == 302
    assert "Contested" in client.get(page).content.decode()
    client.force_login(Staff.objects.create_user("shen@auditor.example", name="沈衡", party="auditor"))
    assert "Your answer" not in client.get(page).content.decode()
    assert client.get("/agreement/claims/new/").status_code == 404


def test_the_list_asks_the_same_questions_for_more_claims(client: Client, signed: Agreement, b: Staff) -> None:
    client.force_login(b)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/agreement/claims/")
        return len(captured)

    claim_breach(signed, words(), by=b, at=AT)
    before = asked()
    for _ in range(12):
        claim_breach(signed, words(), by=b, at=AT)
    assert asked() == before
