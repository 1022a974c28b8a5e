"""How values look on screens, in the reader's language and zone. Percent, marks and grouping exist only here."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_compact_decimal, format_currency, format_decimal, get_currency_precision
from django.utils import timezone
from django.utils.translation import get_language

NOTHING = "–"
MINUS = "\N{MINUS SIGN}"
_E4 = 10_000
_FEN = 100


class HasBounds(Protocol):
    """Anything with a lower and an upper bound, as shares in [0, 1]."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@cache
def _locale(language: str) -> Locale:
    # Chinese readers are in China unless a language of ours says otherwise: "¥" is the yuan without "CN".
    return Locale.parse({"zh-hans": "zh_Hans_CN"}.get(language, language.replace("-", "_")))


def locale(language: str | None = None) -> Locale:
    """Babel's locale of a language of ours ("zh-hans", "en"); of the active one when none is named."""
    return _locale((language or get_language() or "en").lower())


def percent(share: float | None, digits: int = 1, *, language: str | None = None) -> str:
    """A share in [0, 1] as a percentage without its sign, always with `digits` decimals: 0.9134 is "91.3"."""
    if share is None:
        return NOTHING
    return _signed(
        format_decimal(_places(share * 100, digits), "#,##0." + "0" * digits, locale=locale(language)), digits
    )


def interval(bounds: HasBounds | Sequence[float] | None, digits: int = 1, *, language: str | None = None) -> str:
    """A range of shares as percentages: "88.8 – 93.3"."""
    if bounds is None:
        return NOTHING
    low, high = (bounds[0], bounds[1]) if isinstance(bounds, Sequence) else (bounds.low, bounds.high)
    return f"{percent(low, digits, language=language)} – {percent(high, digits, language=language)}"


def points(change: float | None, digits: int = 1, *, language: str | None = None) -> str:
    """A change of a share in percentage points, always with its sign: 0.014 is "+1.4"."""
    if change is None:
        return NOTHING
    text = percent(abs(change), digits, language=language)
    if not text.strip("0.,"):
        return text
    return ("+" if change > 0 else MINUS) + text


def _places(value: float, digits: int) -> Decimal:
    # Through repr, so that 88.85 rounds as a reader of the decimal number expects and not as its binary form.
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")


def _signed(text: str, digits: int) -> str:
    if text.strip("-0.,") == "" and digits >= 0:
        return text.lstrip("-")
    return text.replace("-", MINUS)


def count(number: int | None, *, language: str | None = None) -> str:
    """A whole number with grouping: 18204 is "18,204"."""
    return NOTHING if number is None else _count(number, locale(language))


@lru_cache(maxsize=4_000)
def _count(number: int, language: Locale) -> str:
    return format_decimal(number, locale=language).replace("-", MINUS)


def decimal(number: Decimal | str, *, language: str | None = None) -> str:
    """A number with grouping and the decimals that it has: "1234.5" is "1,234.5"."""
    return format_decimal(Decimal(number), decimal_quantization=False, locale=locale(language)).replace("-", MINUS)


def short(number: int | None, *, language: str | None = None) -> str:
    """A large number in few characters: 214300 is "21.4万" and "214.3K"; below 10,000 the number itself."""
    if number is None or abs(number) < 10_000:
        return count(number, language=language)
    return format_compact_decimal(number, locale=locale(language), fraction_digits=1).replace("-", MINUS)


def money(amount_e4: int | None, currency: str, *, exact: bool = False, language: str | None = None) -> str:
    """An amount in 1/10,000 of the unit. `exact` shows every digit of a sub-cent price; otherwise cents, half up."""
    return NOTHING if amount_e4 is None else _money(amount_e4, currency, exact, locale(language))


@lru_cache(maxsize=4_000)  # prices repeat, in lists and in what tills are told
def _money(amount_e4: int, currency: str, exact: bool, language: Locale) -> str:
    value = Decimal(amount_e4) / _E4
    shown = value if exact else _to_minor_unit(value, currency)
    return format_currency(shown, currency, locale=language, decimal_quantization=not exact).replace("-", MINUS)


def money_fen(fen: int | None, currency: str = "CNY", *, language: str | None = None) -> str:
    """An amount in fen (1/100 of the unit)."""
    return money(None if fen is None else fen * (_E4 // _FEN), currency, language=language)


def _to_minor_unit(value: Decimal, currency: str) -> Decimal:
    digits = get_currency_precision(currency)
    return value.quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")


def _local(at: datetime) -> datetime:
    """The moment in the reader's zone. Raises ValueError for a moment without a zone."""
    return timezone.localtime(at)


def _day_of(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def day(on: date | datetime | None, *, language: str | None = None) -> str:
    """A day with its year: "2011年9月30日", "Sep 30, 2011"."""
    return NOTHING if on is None else _day(_day_of(on), locale(language))


@lru_cache(maxsize=4_000)  # lists show the same days over and over
def _day(on: date, language: Locale) -> str:
    return format_date(on, "medium", locale=language)


def day_short(on: date | datetime | None, *, language: str | None = None) -> str:
    """A day of this year: "9月30日", "Sep 30"."""
    return NOTHING if on is None else format_skeleton("MMMd", _as_moment(_day_of(on)), locale=locale(language))


def month(on: date | datetime | None, *, language: str | None = None) -> str:
    """A month: "2011年9月", "Sep 2011"."""
    return NOTHING if on is None else format_skeleton("yMMM", _as_moment(_day_of(on)), locale=locale(language))


def moment(at: datetime | None, *, language: str | None = None) -> str:
    """A day and time in the reader's zone: "2011年9月30日 17:30", "Sep 30, 2011, 17:30"."""
    if at is None:
        return NOTHING
    order = str(locale(language).datetime_formats["medium"])  # "{1} {0}": the day is 1, the time 0
    return order.format(clock(at, language=language), day(at, language=language))


def clock(at: datetime | None, *, language: str | None = None) -> str:
    """A time of day in the reader's zone: "17:30"."""
    return NOTHING if at is None else format_skeleton("Hm", _local(at).replace(tzinfo=None), locale=locale(language))


def ago(at: datetime | None, now: datetime, *, language: str | None = None) -> str:
    """The distance of a moment from `now`: "3天前", "in 2 days"."""
    return NOTHING if at is None else format_timedelta(at - now, add_direction=True, locale=locale(language))


def quarter(on: date | datetime | None, *, language: str | None = None) -> str:
    """The calendar quarter that a day lies in: "2011 年第三季度", "Q3 2011"."""
    if on is None:
        return NOTHING
    where = locale(language)
    return format_date(_day_of(on), "y 年QQQQ" if where.language == "zh" else "QQQ y", locale=where)


def quarter_short(on: date | datetime | None) -> str:
    """The quarter for narrow places, the same in all languages: "11 Q3"."""
    if on is None:
        return NOTHING
    on = _day_of(on)
    return f"{on:%y} Q{(on.month + 2) // 3}"


def _as_moment(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 Babel wants a datetime; only its date is shown
