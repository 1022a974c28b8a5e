"""What of a person is compared: names by sound and shape, phones, the home, the birthday; written forms undone."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

# How a character is read, the usual reading first; none for what is not Chinese.
Readings: TypeAlias = Callable[[str], Sequence[str]]

_HONORIFICS: Final = {
    **dict.fromkeys(("先生", "师傅", "叔叔", "大哥"), "mr"),
    **dict.fromkeys(("女士", "小姐", "太太", "阿姨", "大姐"), "ms"),
    **dict.fromkeys(("老师", "经理", "老板", "总", "医生"), ""),
}
_HONORIFIC = re.compile(f"(.+?)({'|'.join(_HONORIFICS)})")
_FAMILIAR = re.compile("[小老阿]([\u4e00-\u9fff])")
_HIDDEN = re.compile("[*＊某○〇●×#]")
_LATIN_PARTS = re.compile(r"[A-Z]?[a-zü]+|[A-Z]+")
_COMPOUND: Final = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "夏侯",
        "端木",
        "独孤",
        "南宫",
        "长孙",
    )
)
# Sounds that people from many regions do not tell apart, and two ways to type ü.
_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("ü", "u"), ("v", "u"), ("nyu", "nu"))
_SURNAMES: Final = (
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han "
    "feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lu su jiang cai jia ding wei xue ye yan pan du dai xia "
    "zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long "
    "wan duan lei qian yin yi chang wen niu shan xie qiu zha ou yue miao zhai piao ge ouyang sima shangguan zhuge"
)

_PLAIN = re.compile(r"[\s\-—_.,，。、()（）#]+")
_BUILDING: Final = (("号楼", "栋"), ("幢", "栋"), ("座", "栋"), ("单元", "元"))
_NUMERAL: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NUMERALS = re.compile("[一二三四五六七八九十]{1,3}(?=[号栋元室楼层弄单幢座])")
_NUMBER = re.compile("[0-9]+")
_BEFORE_NUMBER = re.compile("([\u4e00-\u9fff]{1,3})(?=[0-9])")
_HANZI = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart; empty says that it is not known.

    full: the characters when all are there. sound: the whole name as it sounds, one form for what sounds alike.
    family, first, second: sounds of the surname and of the characters after it. mask: 王*明 or 王**.
    masks: how the whole name would be masked. title: mr or ms when the name tells. is_short: only the surname is known.
    """

    full: str = ""
    sound: str = ""
    family: str = ""
    first: str = ""
    second: str = ""
    mask: str = ""
    masks: tuple[str, ...] = ()
    title: str = ""
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of one person. phones: all; tails: how they look masked. home: one form of the address."""

    name: Name
    title: str
    phones: tuple[str, ...]
    tails: tuple[str, ...]
    has_masked_phone: bool
    home: str
    born_on: date | None
    emails: tuple[str, ...]

    def __repr__(self) -> str:
        # Exceptions and logs print arguments.
        return "<Features>"


def features(
    *,
    name: str,
    title: str = "",
    phones: Sequence[str] = (),
    emails: Sequence[str] = (),
    address: str = "",
    born_on: date | None = None,
    read: Readings,
    names: dict[str, Name] | None = None,
) -> Features:
    """What is compared of a person. read: readings of a character, such as `store.pinyin.readings`.

    names: names that came before in this run, which take theirs from there; not a memory that outlives it.
    """
    seen = {} if names is None else names
    taken = seen.get(name) or seen.setdefault(name, name_parts(name, read))
    whole = tuple(phone for phone in phones if "*" not in phone)
    return Features(
        name=taken,
        title=title or taken.title,
        phones=whole,
        tails=tuple(dict.fromkeys(tail for phone in phones if (tail := _tail(phone)))),
        has_masked_phone=any("*" in phone for phone in phones),
        home=home_form(address),
        born_on=born_on,
        emails=tuple(emails),
    )


def name_parts(name: str, read: Readings) -> Name:
    """A name in characters, in pinyin in either order, masked, or a surname with a form of address."""
    text = unicodedata.normalize("NFKC", name).strip()
    if not _HANZI.search(text):
        return _latin(text)
    text, title = _without_honorific(re.sub(r"[\s·•]+", "", text))
    if _HIDDEN.search(text):
        return _masked(_HIDDEN.sub("*", text), title, read)
    length = 2 if len(text) > 2 and text[:2] in _COMPOUND else 1
    family = fuzzy(_reading(text[:length], read))
    if len(text) <= length or text in _COMPOUND:
        return Name(family=family, title=title, is_short=True)
    given = [fuzzy(_reading(character, read)) for character in text[length:]]
    surname = text[:length]
    hidden = len(text) - length
    masks = {surname + "*" * hidden, f"{surname}*", f"{surname}**"}
    if hidden >= 2:
        masks.add(surname + "*" * (hidden - 1) + text[-1])
    masks.add("*" * (len(text) - 1) + text[-1])
    return Name(
        full=text,
        sound=_either_order(family, fuzzy(_reading(text[length:], read))),
        family=family,
        first=given[0],
        second=given[1] if len(given) > 1 else "",
        masks=tuple(sorted(masks)),
        title=title,
    )


@lru_cache(maxsize=50_000)
def fuzzy(letters: str) -> str:
    """Pinyin with what many do not tell apart as one: zh=z, ch=c, sh=s, ng=n, l=n."""
    plain = letters.lower()
    for one, other in _ALIKE:
        plain = plain.replace(one, other)
    return plain


def home_form(address: str) -> str:
    """The road and the numbers of an address, whatever else is written: "星湖街|328-5-1203"; "": too little."""
    text = _PLAIN.sub(" ", unicodedata.normalize("NFKC", address).lower()).strip()
    if "*" in text or not text:
        return ""
    text = _NUMERALS.sub(lambda found: _digits(found[0]), text)
    numbers = _NUMBER.findall(text)
    joined = text.replace(" ", "")
    road = _BEFORE_NUMBER.search(joined)
    if not numbers or (_HANZI.search(text) and not road):
        return joined if len(joined) >= 8 else ""
    return f"{road[1] if road else joined}|{'-'.join(number.lstrip('0') or '0' for number in numbers)}"


def _tail(phone: str) -> str:
    digits = re.sub(r"[^0-9*]", "", phone.removeprefix("+86"))
    return f"{digits[:3]}{digits[-4:]}" if len(digits) >= 8 and "*" not in digits[:3] + digits[-4:] else ""


def _without_honorific(text: str) -> tuple[str, str]:
    if found := _HONORIFIC.fullmatch(text):
        return found[1], _HONORIFICS[found[2]]
    familiar = _FAMILIAR.fullmatch(text)
    return (familiar[1], "") if familiar and text[0] != "阿" else (text, "")


def _masked(text: str, title: str, read: Readings) -> Name:
    family = "" if text[0] == "*" else fuzzy(_reading(text[0], read))
    return Name(family=family, mask=text, title=title)


def _latin(text: str) -> Name:
    parts = [part.lower() for part in _LATIN_PARTS.findall(text)]
    if not parts:
        return Name()
    known = _surname_sounds()
    if len(parts) > 1 and fuzzy(parts[0]) not in known and fuzzy(parts[-1]) in known:
        parts = [parts[-1], *parts[:-1]]
    sound = fuzzy("".join(parts))
    found = (
        max((one for one in known if sound.startswith(one)), key=len, default="")
        if len(parts) == 1
        else fuzzy(parts[0])
    )
    if found == sound:
        return Name(family=sound, is_short=True)
    return Name(sound=_either_order(found, sound.removeprefix(found)), family=found or sound)


@lru_cache(maxsize=1)
def _surname_sounds() -> frozenset[str]:
    return frozenset(map(fuzzy, _SURNAMES.split()))


def _reading(text: str, read: Readings) -> str:
    return "".join((*read(character), character)[0] for character in text)


def _either_order(family: str, given: str) -> str:
    """乐 is a surname too: nobody knows whether Yue Miao is 乐 or 缪."""
    return " ".join(sorted((family, given)))


def _digits(numeral: str) -> str:
    """十二 is 12, 二十 is 20, 三 is 3."""
    if "十" not in numeral:
        return numeral.translate(_NUMERAL)
    tens, _ten, ones = numeral.partition("十")
    return str(int(tens.translate(_NUMERAL) or 1) * 10 + int(ones.translate(_NUMERAL) or 0))
