"""Margins on the screens: entered, pasted, taken from the frame, refused without loss, shown once they are reached."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from shouyue.customers.models import Customer
from shouyue.surveys.answers.models import Wave
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.forms import field_name
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.tests.ground import AT, people, wish
from shouyue.surveys.waves.tests.test_desk import PLAN, closes_on, reader
from shouyue.surveys.waves.tests.test_weighting import REGIONS, answered, by, closed
from shouyue.surveys.weights.rules.margins import checked
from shouyue.web.sources import source_name

pytestmark = pytest.mark.django_db
NANJING, SUZHOU = field_name("region", "南京"), field_name("region", "苏州")
COMPANY, PERSON = field_name("kind", "company"), field_name("kind", "person")


def told(**changes) -> dict[str, object]:
    return {**PLAN, "top_up": "0", "closes_on": closes_on(), "margins": ["region"], "unit": "percent", **changes}


def held(page: str) -> dict[str, str]:
    """What each field of the table holds."""
    fields = re.findall(r'<input[^>]*name="(margin-[^"]*)"[^>]*>', page)
    return {name: (re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page) or ["", ""])[1] for name in fields}


def sent(client: Client, **changes) -> tuple[int, str]:
    answer = client.post("/surveys/plan/", told(**changes))
    return answer.status_code, answer.content.decode()


def test_margins_are_entered_in_a_table_and_frozen_by_the_draw() -> None:
    people(200)
    client = reader()
    page = client.get("/surveys/plan/", told()).content.decode()
    assert held(page) == {NANJING: "", SUZHOU: ""}
    # 50 of 200 are of 南京; exact limits ahead would not be those of the verdict.
    assert ("25.0%" in page, "Missed up to" in page) == (True, False)
    answer = client.post("/surveys/plan/", told(**{NANJING: "40", SUZHOU: " 60.0 "}))
    plan = WavePlan.objects.get()
    assert (answer.status_code, plan.margins["values"]) == (302, {"region": {"南京": "40", "苏州": "60.0"}})
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r"frozen [^<]* by 林知夏", page)
    assert (plan.margins_hash in page, "40.00%" in page, "Korn-Graubard" in page) == (True, True, True)


def test_the_frames_own_counts_are_taken_by_one_button() -> None:
    people(200)
    Customer.objects.filter(source_key__endswith="7").update(kind="company")
    client = reader()
    status, page = sent(client, margins=["kind", "region"], do="frame", **{NANJING: "1"})
    assert (status, held(page)) == (200, {COMPANY: "20", PERSON: "180", NANJING: "50", SUZHOU: "150"})
    assert '<option value="count" selected>' in page
    assert Wave.objects.count() == 0
    status, _page = sent(client, margins=["kind", "region"], unit="count", **held(page))
    assert (status, WavePlan.objects.get().margins["unit"]) == (302, "count")


def test_lines_of_a_spreadsheet_fill_the_table() -> None:
    people(200)
    client = reader()
    status, page = sent(client, do="lines", pasted="Region\t苏州\t60%\nregion\t南京\t40%", unit="count")
    assert (status, held(page)) == (200, {NANJING: "40", SUZHOU: "60"})
    assert '<option value="percent" selected>' in page
    # What is wrong with a line is said beside the lines, and nothing that was entered is lost.
    status, page = sent(client, do="lines", pasted="Region\t无锡\t60\nRegion 苏州 1", **{NANJING: "12"})
    assert (status, held(page)[NANJING], "Region\t无锡\t60" in page) == (422, "12", True)
    assert "nobody in the frame is “无锡”" in page
    assert "“Region 苏州 1” is not an attribute, a category and a number." in page


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ({NANJING: "40", SUZHOU: "59"}, "Region: the percentages sum to 99. They must sum to 100, give or take 0.1."),
        ({NANJING: "", SUZHOU: "60"}, "Enter a number: every category of the frame needs one."),
        ({NANJING: "-40", SUZHOU: "140"}, "The number lies above 0"),
        ({NANJING: "forty", SUZHOU: "60"}, "“forty” is not a number."),
        ({NANJING: "40", SUZHOU: "55", field_name("region", "无锡"): "5"}, "nobody in the frame is “无锡”"),
        ({NANJING: "40", SUZHOU: "60", "wanted": ""}, "This field is required."),
    ],
)
def test_wrong_margins_come_back_in_place_and_draw_nothing(entered, words) -> None:
    people(200)
    status, page = sent(reader(), **entered)
    assert (status, words in page, Wave.objects.count()) == (422, True, 0)
    assert held(page) == {NANJING: entered[NANJING], SUZHOU: entered[SUZHOU]}


def test_sources_are_called_as_everywhere_and_read_by_either_name() -> None:
    people(200)
    Customer.objects.filter(source_key__endswith="7").update(source="api")
    plain, api = field_name("source", "plain"), field_name("source", "api")
    with translation.override("en"):
        name = source_name("plain")
    lines = f"Source\t{name}\t70\nsource\tapi\t30"
    status, page = sent(reader(), margins=["source"], do="lines", pasted=lines)
    assert (status, held(page), f">{name}</label>" in page) == (200, {plain: "70", api: "30"}, True)


def test_counts_of_two_attributes_have_to_agree() -> None:
    people(200)
    Customer.objects.filter(source_key__endswith="7").update(kind="company")
    counts = {COMPANY: "20", PERSON: "180", NANJING: "51", SUZHOU: "150"}
    client = reader()
    status, page = sent(client, margins=["kind", "region"], unit="count", **counts)
    assert (status, held(page)) == (422, counts)
    assert "The sums differ: Kind of customer: 200; Region: 201." in page
    _status, page = sent(client, margins=["kind", "region"], unit="count", **{**counts, PERSON: "1234.5"})
    assert "The sums differ: Kind of customer: 1,254.5; Region: 201." in page


def test_an_anonymous_wave_has_no_margins() -> None:
    people(200)
    status, page = sent(reader(), is_anonymous="on", **{NANJING: "40", SUZHOU: "60"})
    assert (status, "An anonymous wave cannot be weighted" in page) == (422, True)
    assert held(page) == {NANJING: "40", SUZHOU: "60"}


def test_the_result_shows_that_the_margins_are_reached() -> None:
    people(400)
    plan = open_wave(wish(wanted=400, margins=by(region=REGIONS)), at=AT, by="staff:1")
    answered(plan)
    plan = closed(plan)
    client = reader()
    page = client.get(f"/surveys/waves/{plan.wave_id}/result/").content.decode()
    assert ("all margins reached" in page, page.count("margin reached")) == (True, 2)
    card = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("The same answers, weighted") :]).split())
    # 300 of 350 answers, and three in five customers; with 350 answers of equal weight a share of 24/28 lies so.
    assert "Unweighted 85.7%" in card
    assert "By the weights of the draw 85.7%" in card
    assert "Weighted to the margins counts for the verdict 60.0%" in card
    assert "Region 南京 40.00% 14.29% 40.00% margin reached Region 苏州 60.00% 85.71% 60.00% margin reached" in card
    # 160 customers of 50 answers, 240 of 300; five times the average is 400 / 350 x 5.
    assert "Weights that stand 0.800 – 3.200 smallest and largest" in card
    assert "Bound 5.714 5 times the average" in card
    assert "Trimmed answers 0" in card
    # The question by itself is weighted as the verdict is.
    assert re.search(r"60\.0% [0-9.]+ – [0-9.]+ · 300 / 350", card)


def test_the_result_says_why_margins_are_not_reached() -> None:
    people(200)
    plan = open_wave(wish(wanted=200, margins=by(region=REGIONS)), at=AT, by="staff:1")
    answered(plan, silent="南京")
    page = reader().get(f"/surveys/waves/{closed(plan).wave_id}/result/").content.decode()
    assert ("The weights of the draw stand" in page, "all margins reached" in page) == (True, False)
    assert "Region: nobody of “南京” answered, so no weight can stand for them." in page


def test_a_bound_that_is_kept_is_counted_and_one_that_cannot_be_is_named() -> None:
    people(400)
    margins = checked({"region": {"南京": "80", "苏州": "20"}}, "percent", {"region": ["南京", "苏州"]})
    plan = open_wave(wish(wanted=400, margins=margins), at=AT, by="staff:1")
    answered(plan)
    page = reader().get(f"/surveys/waves/{closed(plan).wave_id}/result/").content.decode()
    # 50 of 350 answers would have to stand for four in five customers: 5.6 times the average.
    assert "The margins are reached only if an answer counts for more than 5 times the average." in page


def test_planner_and_page_ask_as_many_statements_for_thirty_regions_as_for_one() -> None:
    people(300)
    Customer.objects.update(region="苏州")
    client, counts = reader(), []
    client.get("/surveys/plan/")
    for _twice in range(2):
        with CaptureQueriesContext(connection) as statements:
            page = client.post("/surveys/plan/", told(do="frame"))
        counts.append((page.status_code, len(statements)))
        for number in range(29):
            Customer.objects.filter(source_key__endswith=f"{number:02d}").update(region=f"region {number}")
    assert (counts[0], len(held(page.content.decode()))) == (counts[1], 30)
