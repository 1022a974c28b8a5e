"""Charts: inside their box, escaped, honest about samples and censuses, with a table that says the same."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.web.breakdowns import HeatRow, Step, funnel_chart, heat_map, pareto_chart
from shouyue.web.charts import WIDTHS, Bar, Point, bar_chart, column_chart, interval_chart, trend_chart
from shouyue.web.states import LOOKS


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@st.composite
def points(draw):
    value = draw(st.none() | st.floats(0, 1))
    is_sample = draw(st.booleans())
    low = draw(st.floats(0, value)) if is_sample and value is not None else None
    high = draw(st.floats(value, 1)) if is_sample and value is not None else None
    return Point(
        label=draw(st.text("<&\"'Q1 2026季", max_size=9)),
        value=value,
        low=low,
        high=high,
        state=draw(st.sampled_from(sorted(LOOKS))),
        size=draw(st.none() | st.integers(0, 10**7)),
    )


bars = st.builds(
    Bar,
    label=st.text("<&ab语", max_size=30),
    value=st.floats(0, 1e9),
    shown=st.text("0123456789,万", min_size=1, max_size=9),
    tone=st.sampled_from(["jade", "amber", "seal", "slate", "quiet"]),
)
goals = st.none() | st.floats(0, 1)


def drawings(chart):
    """The chart's SVGs as trees; parsing fails on anything unescaped."""
    root = ET.fromstring(f"<all>{chart.svg}</all>")  # noqa: S314 our own drawing
    return list(root)


def assert_inside(drawing):
    _, _, width, height = map(float, drawing.get("viewBox").split())
    for shape in drawing.iter():
        for name, limit in (("x", width), ("x1", width), ("x2", width), ("cx", width)):
            assert -0.05 <= float(shape.get(name, 0)) <= limit + 0.05, ET.tostring(shape)
        for name, limit in (("y", height), ("y1", height), ("y2", height), ("cy", height)):
            assert -0.05 <= float(shape.get(name, 0)) <= limit + 0.05, ET.tostring(shape)
        if shape.tag == "rect":
            assert float(shape.get("x")) + float(shape.get("width")) <= width + 0.15
            assert float(shape.get("y")) + float(shape.get("height")) <= height + 0.15
        for pair in shape.get("points", "").split():
            x, y = map(float, pair.split(","))
            assert -0.05 <= x <= width + 0.05
            assert -0.05 <= y <= height + 0.05


@settings(max_examples=40)
@given(st.lists(points(), max_size=14), goals)
def test_a_trend_stays_inside_its_box_and_says_the_same_in_its_table(series, target):
    chart = trend_chart(series, target=target, title="A <title> & more")
    assert [drawing.get("class") for drawing in drawings(chart)] == [f"chart {name}" for name, _ in WIDTHS]
    for drawing in drawings(chart):
        assert_inside(drawing)
    assert [row[0] for row in chart.rows] == [point.label for point in series]
    assert {len(row) for row in chart.rows} <= {len(chart.columns)}


@settings(max_examples=40)
@given(points(), goals)
def test_an_interval_stays_inside_its_box(point, target):
    for drawing in drawings(interval_chart(point, target=target, title="t")):
        assert_inside(drawing)


@settings(max_examples=40)
@given(st.lists(bars, max_size=14))
def test_bars_and_columns_stay_inside_their_box(given_bars):
    for draw in (bar_chart, column_chart):
        chart = draw(given_bars, title="t", label="Label", value="Value")
        assert chart.rows == [[bar.label, bar.shown] for bar in given_bars]
        for drawing in drawings(chart):
            assert_inside(drawing)


def test_the_interval_is_where_its_bounds_say():
    point = Point(label="Q3", value=0.9, low=0.875, high=0.925, state="undetermined")
    compact = drawings(interval_chart(point, target=0.9, title="t"))[0]
    band = compact.find(".//rect[@class='band']")
    whiskers = [float(line.get("x1")) for line in compact.findall(".//line[@class='whisker']")]
    # The axis of these values runs from 85 % to 95 % over 8 … 272.
    assert whiskers == pytest.approx([74, 206])
    assert float(band.get("x")) == pytest.approx(74)
    assert float(band.get("width")) == pytest.approx(132)
    assert float(compact.find(".//circle").get("cx")) == pytest.approx(140)
    assert float(compact.find("line[@class='target']").get("x1")) == pytest.approx(140)


def test_a_census_has_another_mark_and_no_interval():
    census = drawings(interval_chart(Point(label="Q3", value=0.9, state="met"), target=0.9, title="t"))[0]
    assert census.find(".//polygon[@class='census-mark']") is not None
    assert census.find(".//rect[@class='band']") is None
    assert census.find(".//circle") is None


def test_no_line_joins_a_sample_to_a_census():
    sample = Point(label="a", value=0.8, low=0.7, high=0.9)
    census = Point(label="b", value=0.8)
    threads = {
        kinds: len(drawings(trend_chart(kinds, target=None, title="t"))[0].findall("polyline"))
        for kinds in ((sample, census), (sample, sample), (census, census), (sample, Point(label="c", value=None)))
    }
    assert list(threads.values()) == [0, 1, 1, 0]


def test_the_state_colours_by_class_and_nothing_is_inline():
    chart = trend_chart([Point(label="a", value=0.7, low=0.6, high=0.75, state="missed")], target=0.8, title="t")
    assert {group.get("class") for drawing in drawings(chart) for group in drawing.iter("g")} == {"point is-missed"}
    assert not re.search(r"style=|<style|\son\w+=|fill=\"#|stroke=\"#", chart.svg)


def test_labels_are_escaped():
    evil = '<script>alert("x")</script>'
    chart = bar_chart([Bar(label=evil, value=1, shown=evil)], title=evil, label="l", value="v")
    assert "<script" not in chart.svg
    assert "&lt;script&gt;" in chart.svg


def test_a_point_is_said_in_words():
    point = Point(label="Q3 2026", value=0.913, low=0.888, high=0.933, state="undetermined", size=480)
    chart = interval_chart(point, target=0.9, title="Satisfaction")
    drawing = drawings(chart)[0]
    said = "Q3 2026: 91.3%, interval 88.8 – 93.3, target 90.0%, Undetermined"
    assert drawing.get("aria-label") == "Satisfaction"
    assert drawing.find("desc").text == said
    assert drawing.find("g/title").text == said
    assert [str(text) for text in chart.rows[0]] == ["Q3 2026", "91.3%", "88.8 – 93.3", "480", "90.0%", "Undetermined"]


def test_a_missing_value_is_said_as_missing():
    chart = trend_chart([Point(label="Q1", value=None, state="not_measured")], target=0.8, title="t")
    assert [str(text) for text in chart.rows[0]] == ["Q1", "–", "–", "–", "80.0%", "Not measured"]
    assert drawings(chart)[0].find("desc").text == "No figures yet."


@given(st.lists(bars, max_size=14))
@settings(max_examples=40)
def test_a_pareto_stays_inside_and_its_line_never_falls(rows):
    chart = pareto_chart(rows, title="<Causes>", label="Cause", value="Cases")
    for drawing in drawings(chart):
        assert_inside(drawing)
    together = [float(row[2].rstrip("%").replace(",", "")) for row in chart.rows]
    assert together == sorted(together)
    assert len(chart.rows) == len(rows)


def test_a_pareto_orders_causes_and_adds_them_up():
    causes = [
        Bar(label="b", value=30, shown="30"),
        Bar(label="a", value=60, shown="60"),
        Bar(label="c", value=10, shown="10"),
    ]
    chart = pareto_chart(causes, title="Causes", label="Cause", value="Cases")
    assert chart.rows == [["a", "60", "60.0%"], ["b", "30", "90.0%"], ["c", "10", "100.0%"]]
    assert "2 of 3 make up 90% of the whole." in chart.svg


@given(st.lists(st.builds(Step, label=st.text("<&ab语", max_size=20), count=st.integers(0, 10**7)), max_size=8))
@settings(max_examples=40)
def test_a_funnel_stays_inside(steps):
    for drawing in drawings(funnel_chart(steps, title="<Funnel>")):
        assert_inside(drawing)


def test_a_funnel_says_what_went_on_and_what_is_left():
    chart = funnel_chart(
        [Step(label="in", count=200), Step(label="mid", count=50), Step(label="out", count=0)], title="F"
    )
    assert chart.rows == [
        ["in", "200", "–", "100.0%"],
        ["mid", "50", "25.0%", "25.0%"],
        ["out", "0", "0.0%", "0.0%"],
    ]
    assert funnel_chart([Step(label="in", count=0), Step(label="out", count=0)], title="F").rows[1][2] == "–"


@given(st.lists(st.lists(st.none() | st.floats(0, 1), min_size=4, max_size=4), max_size=6))
@settings(max_examples=40)
def test_a_heat_map_stays_inside_and_its_table_holds_every_cell(values):
    rows = [HeatRow(label=f"<{place}>", values=row) for place, row in enumerate(values)]
    chart = heat_map(rows, columns=["a", "b", "c", "<d>"], title="Heat", label="Row")
    for drawing in drawings(chart):
        assert_inside(drawing)
        cells = [shape for shape in drawing.iter() if shape.get("class", "").startswith("cell")]
        assert len(cells) == sum(value is not None for row in values for value in row)
    assert [len(row) for row in chart.rows] == [5] * len(values)


def test_a_band_ends_where_a_period_has_no_interval():
    def sample(label):
        return Point(label=label, value=0.8, low=0.7, high=0.9)

    series = [sample("1"), sample("2"), Point(label="3", value=None), sample("4"), sample("5"), sample("6")]
    banded = trend_chart(series, target=0.8, title="T", is_banded=True)
    plain = trend_chart(series, target=0.8, title="T")
    assert banded.svg.count('class="area"') == 3 * len(WIDTHS)
    assert 'class="band"' not in banded.svg
    assert plain.svg.count('class="band"') == 5 * len(WIDTHS)
    assert banded.rows == plain.rows
