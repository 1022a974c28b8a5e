"""The demo's surveys: two closed waves of loyalty and an open one of satisfaction, drawn and answered as anybody's."""

import hashlib
import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouyue.kernel.clock import day_in
from shouyue.kernel.period import Quarter
from shouyue.surveys.public import WaveWish, close_wave, links_of, open_wave, send_answers

_ZONE, _BY = "Asia/Shanghai", "demo"
_ASKED, _OPEN_DAYS = 180, 21
# Of those asked, who answers; of those who answer, who is content: the better second quarter is on purpose.
_ANSWER_RATE, _CONTENT = 0.55, (0.78, 0.88)
_WORDS = ("送货比说好的晚了两天", "店员很耐心", "价格有点贵", "退货要等很久", "商品质量不错", "")
_ASPECTS = ("goods", "price", "service", "delivery", "after_sales")


def fill_surveys(at: datetime) -> None:
    """Draw and fill the waves of the two quarters before `at` and of its own; what is there stays as it is."""
    now = Quarter.of(day_in(_ZONE, at))
    for quarter, content in zip((now.previous().previous(), now.previous()), _CONTENT, strict=True):
        opened = _morning(quarter.first_day + timedelta(days=20))
        _loyalty(quarter, opened, content)
    _satisfaction(now, max(_morning(now.first_day), at - timedelta(days=6)), at)


def _loyalty(quarter: Quarter, opened: datetime, content: float) -> None:
    plan = open_wave(_wish("loyalty", quarter, opened, target="0.8"), at=opened, by=_BY)
    if plan.closed_at is not None:
        return
    chance = random.Random(f"loyalty {quarter}")  # noqa: S311  invented answers, the same every time
    for link in links_of(plan):
        if chance.random() < _ANSWER_RATE:
            mark = chance.choice((4, 5, 5)) if chance.random() < content else chance.choice((2, 3, 3))
            told = {
                "repurchase": [str(mark)],
                "recommend": [str(mark)],
                "likely": [str(min(10, mark * 2 + chance.choice((-1, 0, 0, 1))))],
                "brand": [str(max(1, mark - chance.choice((0, 0, 1))))],
                "stay": [str(mark)],
                "reasons": _places(chance),
                "more": [chance.choice(_WORDS)],
            }
            send_answers(link, told, at=opened + timedelta(hours=chance.randrange(1, 24 * 14)))
    close_wave(plan.wave_id, at=opened + timedelta(days=_OPEN_DAYS), by=_BY)


def _satisfaction(quarter: Quarter, opened: datetime, at: datetime) -> None:
    plan = open_wave(_wish("customer_satisfaction", quarter, opened, top_up=160), at=opened, by=_BY)
    chance = random.Random(f"satisfaction {quarter}")  # noqa: S311  invented answers, the same every time
    links = links_of(plan)
    for link in links[: max(0, 60 - (sum(plan.sizes.values()) - len(links)))]:
        mark = chance.choice((3, 4, 5, 5, 5, 5))
        aspects = [f"{name}={max(1, mark - chance.choice((0, 0, 1)))}" for name in _ASPECTS]
        told = {"overall": [str(mark)], "aspects": aspects, "more": [chance.choice(_WORDS)]}
        send_answers(link, told, at=min(at, opened + timedelta(hours=chance.randrange(1, 24))))


def _wish(code: str, quarter: Quarter, opened: datetime, *, target: str = "0.9", top_up: int = 0) -> WaveWish:
    return WaveWish(
        questionnaire=code,
        wanted=_ASKED,
        closes_on=day_in(_ZONE, opened) + timedelta(days=_OPEN_DAYS),
        zone=_ZONE,
        seed=hashlib.sha256(f"demo {code} {quarter}".encode()).hexdigest(),
        target=target,
        top_up=top_up,
    )


def _places(chance: random.Random) -> list[str]:
    order = chance.sample(("goods", "price", "service", "near"), 4)
    return [f"{code}={place}" for place, code in enumerate(order, start=1)]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(_ZONE))
