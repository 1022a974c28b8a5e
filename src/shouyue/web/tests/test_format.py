"""Formats in both languages."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from shouyue.web import format as shown

ZH, EN = "zh-hans", "en"


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.9134, 1, "91.3"),
        (0.9, 1, "90.0"),
        (1.0, 1, "100.0"),
        (0.0, 1, "0.0"),
        (0.8885, 1, "88.9"),
        (0.90045, 2, "90.05"),
        (0.5, 0, "50"),
        (-0.0004, 1, "0.0"),
        (-0.021, 1, "−2.1"),
        (None, 1, "–"),
    ],
)
def test_percent_has_fixed_decimals_and_rounds_half_up(share, digits, text):
    assert shown.percent(share, digits, language=ZH) == text
    assert shown.percent(share, digits, language=EN) == text


def test_interval_takes_bounds_or_a_pair():
    assert shown.interval(SimpleNamespace(low=0.888, high=0.9331), language=ZH) == "88.8 – 93.3"
    assert shown.interval((0.888, 0.9331), language=EN) == "88.8 – 93.3"
    assert shown.interval(None) == "–"


@pytest.mark.parametrize(("change", "text"), [(0.014, "+1.4"), (-0.009, "−0.9"), (0.0001, "0.0"), (0.0, "0.0")])
def test_points_carry_their_sign_unless_they_are_nothing(change, text):
    assert shown.points(change, language=EN) == text


def test_counts_are_grouped_and_shortened_as_each_language_does():
    assert shown.count(1204551, language=ZH) == "1,204,551"
    assert shown.count(-18204, language=EN) == "−18,204"
    assert shown.short(9999, language=ZH) == "9,999"
    assert shown.short(214_300, language=ZH) == "21.4万"
    assert shown.short(214_300, language=EN) == "214.3K"
    assert shown.short(123_456_789, language=ZH) == "1.2亿"


@pytest.mark.parametrize(
    ("amount_e4", "currency", "zh", "en"),
    [
        (12_890_000, "CNY", "¥1,289.00", "CN¥1,289.00"),
        (97_474_870_000, "GBP", "£9,747,487.00", "£9,747,487.00"),
        (-2_500, "CNY", "−¥0.25", "−CN¥0.25"),
        (50, "CNY", "¥0.01", "CN¥0.01"),
        (12_345_678, "JPY", "JP¥1,235", "¥1,235"),
    ],
)
def test_money_is_shown_in_its_currency(amount_e4, currency, zh, en):
    assert shown.money(amount_e4, currency, language=ZH) == zh
    assert shown.money(amount_e4, currency, language=EN) == en


def test_exact_money_keeps_sub_cent_prices():
    assert shown.money(12_345, "GBP", exact=True, language=EN) == "£1.2345"
    assert shown.money(12_345, "GBP", language=EN) == "£1.23"
    assert shown.money_fen(128_900, language=ZH) == "¥1,289.00"


def test_days_and_moments_follow_language_and_zone():
    at = datetime(2011, 9, 30, 17, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert shown.moment(at, language=ZH) == "2011年10月1日 01:30"
        assert shown.moment(at, language=EN) == "Oct 1, 2011, 01:30"
        assert shown.clock(at, language=ZH) == "01:30"
        assert shown.day(at, language=ZH) == "2011年10月1日"
        assert shown.quarter(at, language=ZH) == "2011 年第四季度"
    with timezone.override(ZoneInfo("Europe/London")):
        assert shown.moment(at, language=EN) == "Sep 30, 2011, 18:30"
    assert shown.day(date(2011, 9, 30), language=EN) == "Sep 30, 2011"
    assert shown.day_short(date(2011, 9, 30), language=ZH) == "9月30日"
    assert shown.month(date(2011, 9, 1), language=EN) == "Sep 2011"


@pytest.mark.parametrize(
    ("on", "zh", "en", "narrow"),
    [
        (date(2011, 1, 1), "2011 年第一季度", "Q1 2011", "11 Q1"),
        (date(2011, 9, 30), "2011 年第三季度", "Q3 2011", "11 Q3"),
        (date(2009, 12, 31), "2009 年第四季度", "Q4 2009", "09 Q4"),
    ],
)
def test_quarters(on, zh, en, narrow):
    assert shown.quarter(on, language=ZH) == zh
    assert shown.quarter(on, language=EN) == en
    assert shown.quarter_short(on) == narrow


def test_distance_of_a_moment():
    now = datetime(2026, 9, 22, 10, tzinfo=UTC)
    assert shown.ago(now - timedelta(days=3), now, language=ZH) == "3天前"
    assert shown.ago(now + timedelta(days=3), now, language=EN) == "in 3 days"


def test_the_active_language_is_the_default():
    with translation.override("en"):
        assert shown.quarter(date(2011, 9, 30)) == "Q3 2011"
    with translation.override("zh-hans"):
        assert shown.quarter(date(2011, 9, 30)) == "2011 年第三季度"


@given(st.floats(0, 1))
def test_a_shown_share_is_within_half_a_last_digit(share):
    assert abs(float(shown.percent(share, language=EN)) - share * 100) <= 0.05 + 1e-9


@given(st.integers(-(10**15), 10**15))
def test_exact_money_loses_nothing(amount_e4):
    text = shown.money(amount_e4, "GBP", exact=True, language=EN)
    digits = text.replace("£", "").replace(",", "").replace("−", "-")
    assert round(float(digits) * 10_000) == pytest.approx(amount_e4, rel=1e-15)
