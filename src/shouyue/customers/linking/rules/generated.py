"""People with known truth, to measure by: households, and second records of the same person as a clerk writes them.

Seeded: the same (size, seed) is the same people. Each person lives in a household that shares a home and mostly a
phone and a surname; about a quarter have a second record, some a third. A further record differs by what happens in
shops: another character that sounds the same, the name in pinyin in either order, 先生 or 女士 after the surname,
masked names and phones, a move, a new number, a birthday that is missing or has a wrong part,
an address written otherwise. Chances stand in `Habits`; rows are in random order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

_FAMILIES: Final = (
    *("王" * 7, "李" * 7, "张" * 7, "刘" * 5, "陈" * 5, "杨" * 3, "黄" * 2, "赵" * 2, "吴" * 2, "周" * 2),
    "徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方",
    "邹熊白孟秦邱侯江尹薛阎段雷龙陶贺顾毛郝龚邵万钱严覃洪武戴莫孔向汤单解仇查区乐缪翟朴盖",
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉秀文辉建国志红梅春燕雪琳晨宇浩然子轩梓涵欣怡雨桐思佳婷雅嘉诚"
    "俊峰鹏飞天佑一诺可心语嫣若曦晓东海波振德福生金宝龙翔凯旋博睿泽远航安康乐清源永恒成林森木"
)
_ALIKE: Final = (
    "伟玮炜薇",
    "芳方",
    "静婧靖",
    "丽莉俐",
    "明铭鸣",
    "辉晖徽",
    "杰洁",
    "雪学",
    "雨宇语",
    "佳嘉家",
    "欣鑫心新",
    "晨辰诚",
)
_ALIKE_FAMILIES: Final = ("张章", "陈程", "徐许", "于余", "林凌", "黄王", "肖萧", "江姜蒋", "付傅")
_CITIES: Final = (("江苏省", "苏州市", "工业园区"), ("浙江省", "杭州市", "西湖区"), ("广东省", "深圳市", "南山区"))
_ROADS: Final = (
    *("星湖街", "人民路", "中山路", "解放路", "建设路", "文化路", "和平路", "新华路", "长江路", "黄河路"),
    *("东方红路", "学院路", "滨江路", "梧桐街", "莲花路"),
)
_LANES: Final = "东西南北中春夏秋冬金银玉翠红蓝紫青松竹梅兰菊荷柳杨"


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a further record differs, each a chance from 0 to 1."""

    doubles: float = 0.25
    homophone: float = 0.08
    pinyin: float = 0.07
    honorific: float = 0.06
    masked_name: float = 0.06
    masked_phone: float = 0.04
    slip_in_name: float = 0.02
    moved: float = 0.12
    new_phone: float = 0.12
    no_phone: float = 0.04
    no_birthday: float = 0.20
    wrong_birthday: float = 0.03
    no_address: float = 0.15
    address_otherwise: float = 0.40
    has_email: float = 0.35


@dataclass(frozen=True, slots=True)
class Row:
    """One record. person: who it truly is."""

    person: int
    name: str
    title: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    address: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class _Address:
    city: tuple[str, str, str]
    road: str
    numbers: tuple[int, int, int, int]

    def written(self, style: int) -> str:
        number, building, unit, room = self.numbers
        province, city, district = self.city
        if style == 0:
            return f"{province}{city}{district}{self.road}{number}号{building}栋{unit}单元{room}室"
        if style == 1:
            return f"{city}{self.road}{number}号{building}号楼{unit}-{room}"
        return f"{self.road}{number}号 {building}幢 {unit}单元 {room}"


def people(size: int, seed: int, *, read: Callable[[str], Sequence[str]], habits: Habits | None = None) -> list[Row]:
    """`size` records in random order. read: readings of a character, for names in pinyin."""
    dice = Random(f"{size}:{seed}")  # noqa: S311 generated rows, no secret
    rows: list[Row] = []
    person = 0
    while len(rows) < size:
        for first in _household(dice, person, habits or Habits()):
            person = first.person + 1
            rows.append(first)
            while dice.random() < (habits or Habits()).doubles:
                rows.append(_again(dice, first, habits or Habits(), read))
    del rows[size:]
    dice.shuffle(rows)
    return rows


def true_pairs(rows: Sequence[Row]) -> set[tuple[int, int]]:
    """Places of the records of one person, the smaller place first."""
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.person, []).append(place)
    return {
        (one, other) for found in places.values() for index, one in enumerate(found) for other in found[index + 1 :]
    }


def _household(dice: Random, person: int, habits: Habits) -> list[Row]:
    address = _address(dice)
    family = dice.choice("".join(_FAMILIES))
    shared = _phone(dice)
    found: list[Row] = []
    for place in range(dice.choices((1, 2, 3, 4), (45, 25, 20, 10))[0]):
        is_woman = dice.random() < 0.5
        # A wife keeps her surname, children have the father's.
        own = dice.choice("".join(_FAMILIES)) if place == 1 else family
        age_days = dice.randint(20 * 365, 70 * 365) if place < 2 else dice.randint(0, 25 * 365)
        name = own + "".join(dice.choice(_GIVEN) for _ in range(dice.choices((1, 2), (25, 75))[0]))
        phone = shared if place and dice.random() < 0.4 else (_phone(dice) if place else shared)
        found.append(
            Row(
                person=person + place,
                name=name,
                title=("ms" if is_woman else "mr") if dice.random() < 0.7 else "",
                phones=(phone,),
                emails=(f"u{person + place}@example.com",) if dice.random() < habits.has_email else (),
                address=address.written(dice.randrange(3)),
                born_on=date(2026, 4, 1) - timedelta(days=age_days) if dice.random() > habits.no_birthday / 2 else None,
            )
        )
    return found


def _again(dice: Random, row: Row, habits: Habits, read: Callable[[str], Sequence[str]]) -> Row:
    def happens(chance: float) -> bool:
        return dice.random() < chance

    is_moved, has_new_phone = happens(habits.moved), happens(habits.new_phone)
    # With nothing but the name in common nobody could tell.
    is_moved = is_moved and not (has_new_phone and row.born_on is None)
    address = _address(dice).written(dice.randrange(3)) if is_moved else row.address
    if not is_moved and happens(habits.address_otherwise):
        address = _otherwise(dice, address)
    phones = (_phone(dice), *(row.phones if happens(0.3) else ())) if has_new_phone else row.phones
    loses_phone = happens(habits.no_phone) and not is_moved
    if loses_phone:
        phones = ()
    elif happens(habits.masked_phone):
        phones = tuple(f"{phone[3:6]}****{phone[-4:]}" for phone in phones)
    born_on = row.born_on
    keeps_birthday = is_moved and has_new_phone
    if born_on and not keeps_birthday:
        if happens(habits.no_birthday):
            born_on = None
        elif happens(habits.wrong_birthday):
            born_on = _slip(dice, born_on)
    return replace(
        row,
        name=row.name if keeps_birthday else _written(dice, row, habits, read),
        title=row.title if happens(0.8) else "",
        phones=phones,
        emails=row.emails if happens(0.5) else (),
        address="" if not (is_moved or has_new_phone or loses_phone) and happens(habits.no_address) else address,
        born_on=born_on,
    )


def _written(dice: Random, row: Row, habits: Habits, read: Callable[[str], Sequence[str]]) -> str:
    name, chance = row.name, dice.random()
    for habit, write in (
        (habits.homophone, _homophone),
        (habits.pinyin, lambda dice, name: _in_pinyin(dice, name, read)),
        (habits.masked_name, _hidden),
        (habits.slip_in_name, _slip_in_name),
    ):
        if chance < habit:
            return write(dice, name)
        chance -= habit
    if chance < habits.honorific and row.title:
        return name[0] + {"mr": "先生", "ms": "女士"}[row.title]
    return name


def _homophone(dice: Random, name: str) -> str:
    for place in range(len(name) - 1, -1, -1):
        for group in _ALIKE if place else _ALIKE_FAMILIES:
            if name[place] in group:
                return name[:place] + dice.choice(group.replace(name[place], "")) + name[place + 1 :]
    return name


def _in_pinyin(dice: Random, name: str, read: Callable[[str], Sequence[str]]) -> str:
    family, given = read(name[0])[0].title(), "".join(read(character)[0] for character in name[1:]).title()
    return dice.choice((f"{family} {given}", f"{given} {family}", f"{family.upper()} {given.upper()}", family + given))


def _hidden(dice: Random, name: str) -> str:
    if len(name) > 2 and dice.random() < 0.5:
        return name[0] + "*" * (len(name) - 2) + name[-1]
    return name[0] + "*" * (len(name) - 1)


def _slip_in_name(dice: Random, name: str) -> str:
    return name[:-1] + dice.choice(_GIVEN) if len(name) > 2 else name


def _slip(dice: Random, day: date) -> date:
    if day.day <= 12 and dice.random() < 0.5:
        return date(day.year, day.day, day.month)
    return date(day.year, day.month, dice.randint(1, 28))


def _otherwise(dice: Random, address: str) -> str:
    changed = address.replace("栋", dice.choice(("栋", "幢", "号楼"))).replace("室", dice.choice(("室", "")))
    for province, _city, district in _CITIES:
        if dice.random() < 0.5:
            changed = changed.replace(province, "").replace(district, "")
    return changed.replace("号", "号 ") if dice.random() < 0.3 else changed


def _address(dice: Random) -> _Address:
    numbers = (
        dice.randint(1, 900),
        dice.randint(1, 30),
        dice.randint(1, 4),
        100 * dice.randint(1, 30) + dice.randint(1, 4),
    )
    return _Address(dice.choice(_CITIES), dice.choice(_LANES) + dice.choice(_ROADS), numbers)


def _phone(dice: Random) -> str:
    return f"+861{dice.choice('3356789')}{dice.randrange(10**9):09d}"
