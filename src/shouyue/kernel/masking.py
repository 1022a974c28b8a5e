"""What a masked value looks like: enough to recognise it in a talk, too little to use it."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

HIDDEN = "***"

_NOT_A_DIGIT = re.compile(r"[^0-9]")
_REGION = re.compile(r"[^省市区\s]{2,8}(?:省|自治区|特别行政区)\s*")
_CITY = re.compile(r"[\u4e00-\u9fff]{2,5}?(?:市|地区|盟)|[\u4e00-\u9fff]{2,8}?自治州")


class Mask(StrEnum):
    """How a kind of value is masked."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    ALL = "all"


def masked(mask: Mask, value: object) -> str:
    """`value` as a reader without the right to see it sees it; HIDDEN where the kind does not fit the value."""
    if isinstance(value, date) and mask is Mask.BIRTHDAY:
        return mask_birthday(value)
    rule = _OF_TEXT.get(mask)
    return rule(value) if rule and isinstance(value, str) else HIDDEN


def mask_name(name: str) -> str:
    """张伟 and 张伟鑫 both become 张*: the length says too much. A name of one character shows nothing."""
    name = name.strip()
    return f"{name[0]}*" if len(name) > 1 else "*"


def mask_phone(phone: str) -> str:
    """13800006621 and +86 138 0000 6621 become 138****6621; shorter numbers show two digits or none."""
    digits = _NOT_A_DIGIT.sub("", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def mask_email(address: str) -> str:
    """zhang.wei@qq.com becomes z***@q*.com; a part of one letter shows nothing."""
    local, at, domain = address.strip().rpartition("@")
    name, dot, ending = domain.rpartition(".")
    if not (local and at and name and dot and ending):
        return HIDDEN
    return f"{_first(local)}***@{_first(name)}*.{ending}"


def mask_address(address: str) -> str:
    """江苏省苏州市星湖街 1 号 becomes 苏州市 ***; without a city nothing is shown."""
    address = address.strip()
    region = _REGION.match(address)
    found = _CITY.match(address, region.end() if region else 0)
    return f"{found[0]} {HIDDEN}" if found else HIDDEN


def mask_birthday(day: date) -> str:
    """Month and day, for the greeting; the year would tell the age."""
    return f"{day:%m-%d}"


def _first(text: str) -> str:
    return text[0] if len(text) > 1 else ""


_OF_TEXT: dict[Mask, Callable[[str], str]] = {
    Mask.NAME: mask_name,
    Mask.PHONE: mask_phone,
    Mask.EMAIL: mask_email,
    Mask.ADDRESS: mask_address,
}
