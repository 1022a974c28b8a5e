"""Birthdays by the lunar or the Gregorian calendar: how they are written, and when the next one is."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lunar_python import Lunar, LunarMonth, Solar

from shouyue.kernel.cells import Cell, CellError

_MONTHS: Final = "正二三四五六七八九十冬腊"
_TENS: Final = ("初", "十", "廿")
_DIGITS: Final = {**{mark: str(place) for place, mark in enumerate("〇一二三四五六七八九")}, "零": "0"}
_WRITTEN = re.compile(r"([0-9]{4})[-/.年](闰|[lL])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_SPOKEN = re.compile(r"([〇零一二三四五六七八九]{4})年(闰)?(十一|十二|[一正二三四五六七八九十冬腊])月(.{2,3})")


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day by the lunar calendar. month: 1 to 12."""

    year: int
    month: int
    day: int
    is_leap: bool = False


def gregorian(one: LunarDay) -> date:
    """The same day by the Gregorian calendar. Raises CellError not_lunar where the month or the day does not exist."""
    month = LunarMonth.fromYm(one.year, -one.month if one.is_leap else one.month) if 1 <= one.month <= 12 else None
    if month is None or not 1 <= one.day <= month.getDayCount():
        raise CellError("not_lunar")
    solar = Lunar.fromYmd(one.year, -one.month if one.is_leap else one.month, one.day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def lunar(day: date) -> LunarDay:
    """The same day by the lunar calendar."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return LunarDay(found.getYear(), abs(found.getMonth()), found.getDay(), is_leap=found.getMonth() < 0)


def spoken(day: date) -> str:
    """Month and day by the lunar calendar as people say them, 闰二月初三; the year would tell the age."""
    one = lunar(day)
    return f"{'闰' if one.is_leap else ''}{_MONTHS[one.month - 1]}月{_day_word(one.day)}"


def next_birthday(born_on: date, *, is_lunar: bool, on: date) -> date:
    """The first birthday on a day or after it.

    29 February is kept on the 28th where there is none. By the lunar calendar: the thirtieth of a month that has 29
    days is kept on its last day, a birthday in a leap month in the plain month.
    """
    if is_lunar:
        one = lunar(born_on)
        years = range(on.year - 1, on.year + 2)
        return min(day for year in years if (day := _kept_in(year, one)) >= on)
    return min(day for year in (on.year, on.year + 1) if (day := _in_year(born_on, year)) >= on)


@lru_cache(maxsize=8_192)
def _kept_in(year: int, one: LunarDay) -> date:
    length: int = LunarMonth.fromYm(year, one.month).getDayCount()
    return gregorian(LunarDay(year, one.month, min(one.day, length)))


def _in_year(born_on: date, year: int) -> date:
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def lunar_cell(cell: Cell) -> date | None:
    """The Gregorian day of a lunar one, None for an empty cell: 1990-4-23, 2023年闰2月1日, 一九九〇年四月廿三.

    Reasons: not_lunar.
    """
    found = "" if cell is None else str(cell).strip().removeprefix("农历").removeprefix("阴历")
    if not found:
        return None
    written = _WRITTEN.fullmatch(found.split(" ")[0])
    day = gregorian(_written(written) if written else _said(found))
    if day.year < 1900:
        raise CellError("not_lunar")
    return day


def _written(parts: re.Match[str]) -> LunarDay:
    return LunarDay(int(parts[1]), int(parts[3]), int(parts[4]), is_leap=bool(parts[2]))


def _said(found: str) -> LunarDay:
    parts = _SPOKEN.fullmatch(found)
    if parts is None or parts[4] not in _DAYS:
        raise CellError("not_lunar")
    year = int("".join(_DIGITS[mark] for mark in parts[1]))
    return LunarDay(year, _MONTH_OF[parts[3]], _DAYS[parts[4]], is_leap=bool(parts[2]))


def _day_word(day: int) -> str:
    if day in {20, 30}:
        return {20: "二十", 30: "三十"}[day]
    if day == 10:
        return "初十"
    return f"{_TENS[day // 10]}{'〇一二三四五六七八九'[day % 10]}"


_DAYS: Final = {_day_word(day): day for day in range(1, 31)}
_MONTH_OF: Final = {mark: place for place, mark in enumerate(_MONTHS, 1)} | {"一": 1, "十一": 11, "十二": 12}
