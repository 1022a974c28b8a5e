"""Foreign writings of days and amounts: found out for a whole file, then read strictly."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.intake.rules import writings
from shouyue.kernel.cells import CellError


@pytest.mark.parametrize(
    ("style", "cell", "wanted"),
    [
        ("ymd", "2026/3/1 14:05", "2026-03-01 14:05:00"),
        ("ymd", "2026年3月1日", "2026-03-01 00:00:00"),
        ("ymd", "2026年3月1日 14时05分09秒", "2026-03-01 14:05:09"),
        ("ymd", "2026.03.01 14:05:09", "2026-03-01 14:05:09"),
        ("ymd", "２０２６／３／１", "2026-03-01 00:00:00"),
        ("ymd", "20260301", "2026-03-01 00:00:00"),
        ("ymd", "20260301140509", "2026-03-01 14:05:09"),
        ("dmy", "1/3/2026 14:05", "2026-03-01 14:05:00"),
        ("dmy", "01.03.2026", "2026-03-01 00:00:00"),
        ("mdy", "3/1/2026", "2026-03-01 00:00:00"),
        ("serial", "46082", "2026-03-01 00:00:00"),
        ("serial", "46082.5", "2026-03-01 12:00:00"),
        ("serial", Decimal("46082.25"), "2026-03-01 06:00:00"),
        ("iso", "anything", "anything"),
        ("ymd", datetime(2026, 3, 1, 9, 5), datetime(2026, 3, 1, 9, 5)),  # noqa: DTZ001 a workbook's cell
        ("ymd", "", ""),
        ("ymd", None, None),
    ],
)
def test_a_moment_is_read_in_its_style(style, cell, wanted):
    assert writings.moment_reader(style)(cell) == wanted


@pytest.mark.parametrize(
    ("style", "cell"),
    [
        ("ymd", "2026/2/30"),
        ("ymd", "1/3/2026"),
        ("ymd", "2026/3/1 25:00"),
        ("dmy", "2026/3/1"),
        ("dmy", "3/13/2026"),
        ("mdy", "13/3/2026"),
        ("serial", "17"),
        ("serial", "2026-03-01"),
        ("serial", "200000"),
    ],
)
def test_a_moment_in_another_style_or_that_does_not_exist_is_refused(style, cell):
    with pytest.raises(CellError) as refused:
        writings.moment_reader(style)(cell)
    assert refused.value.code == "not_moment"


def test_a_day_loses_its_clock_and_has_its_own_reason():
    assert writings.day_reader("ymd")("2026/3/1 14:05") == "2026-03-01"
    with pytest.raises(CellError) as refused:
        writings.day_reader("ymd")("soon")
    assert refused.value.code == "not_day"


@pytest.mark.parametrize(
    ("style", "cell", "wanted"),
    [
        ("point", "¥1,289.00", "1289.00"),
        ("point", "￥ 1,289", "1289"),
        ("point", "-1,234,567.8901", "-1234567.8901"),
        ("point", "-¥12.50", "-12.50"),
        ("point", "1289元", "1289"),
        ("comma", "1.289,00 €", "1289.00"),
        ("comma", "12,5", "12.5"),
        ("comma", "R$ 1.289,00", "1289.00"),
        ("point", Decimal("12.5"), Decimal("12.5")),
        ("point", 7, 7),
        ("plain", "1,289", "1,289"),
        ("point", "", ""),
    ],
)
def test_an_amount_is_read_in_its_style(style, cell, wanted):
    assert writings.amount_reader(style)(cell) == wanted


@pytest.mark.parametrize(
    ("style", "cell"),
    [
        ("point", "1,28.00"),
        ("point", "1.289,00"),
        ("comma", "1,289.00"),
        ("point", "12 pieces"),
        ("point", "¥"),
        ("point", "-¥-1"),
    ],
)
def test_an_amount_in_another_style_is_refused(style, cell):
    with pytest.raises(CellError) as refused:
        writings.amount_reader(style, error="not_whole")(cell)
    assert refused.value.code == "not_whole"


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        (["2026-03-01 14:05:00", ""], "iso"),
        (["2026/3/1", "2026/12/31"], "ymd"),
        (["2026年3月1日"], "ymd"),
        (["20260301", "20261231"], "iso"),
        (["1/3/2026", "13/3/2026"], "dmy"),
        (["1/3/2026", "3/13/2026"], "mdy"),
        (["1/3/2026"], "dmy"),
        (["46082.5", "46083"], "serial"),
        (["2026/3/1", "2026/3/2", "2026/2/30"], "ymd"),
        (["2026/3/1", "1/3/2026"], None),
        (["soon"], None),
        ([""], None),
    ],
)
def test_the_style_of_days_is_the_one_that_most_cells_keep(cells, style):
    assert writings.day_style_of(cells) == style


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        (["1289.00", "5"], "plain"),
        (["¥1,289.00", "5.00"], "point"),
        (["1.289,00", "5,00"], "comma"),
        (["1,234"], "point"),
        (["1,234", "1,5"], "comma"),
        (["12,5", "1,289.00"], None),
        ([None, Decimal("2.5")], "plain"),
        ([], None),
    ],
)
def test_the_style_of_amounts_is_the_one_that_most_cells_keep(cells, style):
    assert writings.amount_style_of(cells) == style


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1)))  # noqa: DTZ001 local
def test_every_moment_survives_each_style_it_is_written_in(moment):
    moment = moment.replace(microsecond=0)
    wanted, clock = moment.isoformat(sep=" "), f"{moment:%H:%M:%S}"
    assert writings.moment_reader("ymd")(f"{moment.year}/{moment.month}/{moment.day} {clock}") == wanted
    assert writings.moment_reader("ymd")(f"{moment.year}年{moment.month}月{moment.day}日 {clock}") == wanted
    assert writings.moment_reader("dmy")(f"{moment.day}/{moment.month}/{moment.year} {clock}") == wanted
    assert writings.moment_reader("mdy")(f"{moment.month}/{moment.day}/{moment.year} {clock}") == wanted
    serial = Decimal((moment - datetime(1899, 12, 30)).total_seconds()) / 86_400  # noqa: DTZ001 local
    assert writings.moment_reader("serial")(f"{serial:.9f}") == wanted


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_every_amount_survives_both_groupings(fen):
    amount = Decimal(fen) / 100
    point = f"{amount:,.2f}"
    comma = point.translate(str.maketrans(",.", ".,"))
    assert Decimal(writings.amount_reader("point")(f"¥{point}" if fen >= 0 else point)) == amount
    assert Decimal(writings.amount_reader("comma")(comma)) == amount
