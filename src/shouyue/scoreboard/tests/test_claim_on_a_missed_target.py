"""Clauses 8.1(1), 8.1(2), 8.2 from end to end: a missed target, a duty not done, the claim, the answer, the end."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from shouyue.agreement.models import Claim
from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.public import take_measures
from shouyue.scoreboard.tests.test_measures import AT, brought_in, records, signed
from shouyue.store.models import Fact, Staff

pytestmark = pytest.mark.django_db
CAUSE = "The results of the survey were not used, and the same complaints came back in the stores."


def _desk(party: str) -> Client:
    client = Client()
    client.cookies["shouyue_language"] = "en"
    email = f"{party}@x.example"
    staff = Staff.objects.filter(email=email).first() or Staff.objects.create_user(email, name=party, party=party)
    client.force_login(staff)
    return client


def _measured(folder: Path, *, satisfied: int) -> None:
    brought_in(records(folder, satisfied=satisfied, asked=400, invited=800))
    take_measures(signed().pk, at=AT, by="test")


def _notice(client: Client, ground: str, measure: str, duty: str) -> str | int:
    """Send the form as a browser does; the page of the claim, or the status of the refusal."""
    result = MeasureResult.objects.filter(measure=measure, period="2026Q1").latest("version")
    sent = {"id": str(uuid4()), "ground": ground, "result_id": str(result.pk), "duties": [duty], "argument": CAUSE}
    answer = client.post("/agreement/claims/new/", {**sent, "wanted": "Act on it, and report."})
    return answer.url if answer.status_code == 302 else answer.status_code


def _step(client: Client, page: str, step: str) -> int:
    sent = {"id": str(uuid4()), "step": step, "text": f"We {step}."}
    return client.post(page, sent).status_code


def test_missed_satisfaction_is_claimed_cured_and_closed(tmp_path: Path) -> None:
    _measured(tmp_path, satisfied=340)
    a, b = _desk("a"), _desk("b")
    form = b.get("/agreement/claims/new/").content.decode()
    assert "340 / 400" in form
    page = _notice(b, "8.1(1)", "satisfaction", "results_used@2026-03-31")
    assert isinstance(page, str)
    claim = Claim.objects.get()
    assert (claim.target["kept"], claim.target["decision"], claim.target["version"]) == (340, "missed", 1)
    assert "Claim of breach" in a.get("/my-work/").content.decode()
    assert _step(b, page, "cure") == 422
    assert [_step(a, page, "cure"), _step(b, page, "confirm")] == [302, 302]
    assert "Cured and closed" in b.get(page).content.decode()
    assert _step(b, page, "withdraw") == 422
    states = Fact.objects.filter(kind="ClaimAnswered").order_by("id").values_list("payload__state", flat=True)
    assert list(states) == ["cured", "closed"]


def test_missed_loyalty_is_contested_disputed_and_settled(tmp_path: Path) -> None:
    _measured(tmp_path, satisfied=380)
    a, b = _desk("a"), _desk("b")
    page = _notice(a, "8.1(2)", "repurchase", "points_reviewed@2026-03-31")
    assert isinstance(page, str)
    assert [_step(b, page, "contest"), _step(a, page, "dispute"), _step(b, page, "accept")] == [302, 302, 302]
    assert _step(a, page, "settle") == 302
    assert "Settled" in a.get(page).content.decode()
    # What the figure becomes later does not change the claim: it is pinned to the version it was made on.
    assert Claim.objects.get().target["asked"] == 800


@pytest.mark.parametrize(
    ("party", "ground", "measure", "duty"),
    [
        ("b", "8.1(1)", "satisfaction", "results_used@2026-03-31"),  # undetermined
        ("b", "8.1(1)", "repurchase", "results_used@2026-03-31"),  # missed, but another ground's target
        ("a", "8.1(2)", "repurchase", "results_used@2026-03-31"),  # a duty of the claimant's own
        ("b", "8.1(2)", "repurchase", "points_reviewed@2026-03-31"),  # the claimant's own target
    ],
)
def test_a_claim_that_the_clause_does_not_carry_is_refused(
    tmp_path: Path, party: str, ground: str, measure: str, duty: str
) -> None:
    _measured(tmp_path, satisfied=362)
    assert _notice(_desk(party), ground, measure, duty) == 422
    assert Claim.objects.count() == 0
