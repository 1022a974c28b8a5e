"""Loyalty by survey: who would buy again and recommend, judged like satisfaction against 80 %."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.public import take_measures
from shouyue.scoreboard.tests.test_measures import signed
from shouyue.store.models import Staff
from shouyue.surveys.public import close_wave, links_of, open_wave, send_answers
from shouyue.surveys.waves.tests.ground import people, wish

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 5, 4, 2, tzinfo=UTC)
CLOSED = datetime(2026, 5, 26, 2, tzinfo=UTC)
# Beside the loyal ones so many would buy again but not recommend.
HALF = 9


def asked(loyal: int) -> str:
    people(2000)
    plan = open_wave(wish(questionnaire="loyalty", wanted=100, target="0.8"), at=OPENED, by="staff:1")
    for place, link in enumerate(links_of(plan)):
        again = "5" if place < loyal + HALF else "2"
        recommend = "4" if place < loyal else "3"
        told = {"repurchase": [again], "recommend": [recommend], "brand": ["4"], "likely": ["9"]}
        send_answers(link, told, at=OPENED)
    close_wave(plan.wave_id, at=CLOSED, by="staff:1")
    return str(plan.wave_id)


def result(agreement) -> MeasureResult:
    take_measures(agreement.pk, at=datetime(2026, 7, 10, 4, tzinfo=UTC), by="test")
    return MeasureResult.objects.get(agreement=agreement, measure="loyalty_survey")


@pytest.mark.parametrize(("loyal", "decision"), [(87, "met"), (86, "undetermined"), (72, "missed")])
def test_only_answers_with_both_marks_high_count_for_the_target(loyal, decision) -> None:
    wave_id = asked(loyal)
    found = result(signed())
    assert (found.period, found.basis, found.kept, found.asked) == ("2026Q2", "sample", loyal, 100)
    assert (found.decision, found.threshold_bp, found.details["wave"]) == (decision, 8000, wave_id)


def test_both_parties_read_it_beside_repurchase_and_question_by_question() -> None:
    wave_id = asked(87)
    result(signed())
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user("b@desk.example", name="周远", party="b"))
    board = client.get("/scoreboard/?quarter=2026Q2").content.decode()
    assert "87 of 100 who answered would buy again and recommend" in board
    measure = client.get("/measures/loyalty_survey/").content.decode()
    assert "Loyalty by survey" in measure
    assert "87 / 100" in measure
    told = client.get("/scoreboard.json?quarter=2026Q2").json()["measures"]["loyalty_survey"]
    assert (told["kept"], told["asked"], told["verdict"]) == (87, 100, "met")
    page = client.get(f"/surveys/waves/{wave_id}/result/").content.decode()
    assert "Question by question" in page
    for kept in ("96 / 100", "87 / 100", "100 / 100"):  # buy again, recommend, the brand
        assert kept in page


def test_the_answers_about_satisfaction_do_not_count_as_loyalty() -> None:
    people(2000)
    plan = open_wave(wish(wanted=50), at=OPENED, by="staff:1")
    for link in links_of(plan):
        send_answers(link, {"overall": ["5"]}, at=OPENED)
    close_wave(plan.wave_id, at=CLOSED, by="staff:1")
    agreement = signed(until=date(2026, 7, 9))
    take_measures(agreement.pk, at=datetime(2026, 7, 10, 4, tzinfo=UTC), by="test")
    found = MeasureResult.objects.filter(agreement=agreement, measure__in=["satisfaction", "loyalty_survey"])
    assert list(found.values_list("measure", "kept", "asked")) == [("satisfaction", 50, 50)]
