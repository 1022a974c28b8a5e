"""Masks show what they promise and never the value."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.masking import HIDDEN, Mask, mask_address, mask_email, mask_name, mask_phone, masked

HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8)
WORD = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (Mask.NAME, "张伟", "张*"),
        (Mask.NAME, "张伟鑫", "张*"),
        (Mask.NAME, "John Smith", "J*"),
        (Mask.NAME, "张", "*"),
        (Mask.NAME, "", "*"),
        (Mask.PHONE, "13800006621", "138****6621"),
        (Mask.PHONE, "+86 138-0000-6621", "138****6621"),
        (Mask.PHONE, "+442079460958", "442****0958"),
        (Mask.PHONE, "051268881234", "051****1234"),
        (Mask.PHONE, "68881234", "****34"),
        (Mask.PHONE, "110", "****"),
        (Mask.EMAIL, "zhang.wei@qq.com", "z***@q*.com"),
        (Mask.EMAIL, "z@q.com", "***@*.com"),
        (Mask.EMAIL, "a.b@mail.sub.example.cn", "a***@m*.cn"),
        (Mask.EMAIL, "nonsense", HIDDEN),
        (Mask.EMAIL, "x@localhost", HIDDEN),
        (Mask.ADDRESS, "江苏省苏州市工业园区星湖街 1 号", "苏州市 ***"),
        (Mask.ADDRESS, "北京市海淀区中关村大街 1 号", "北京市 ***"),
        (Mask.ADDRESS, "广西壮族自治区南宁市青秀区", "南宁市 ***"),
        (Mask.ADDRESS, "云南省大理白族自治州大理市", "大理白族自治州 ***"),
        (Mask.ADDRESS, "星湖街 1 号", HIDDEN),
        (Mask.BIRTHDAY, date(1990, 5, 17), "05-17"),
        (Mask.BIRTHDAY, "1990-05-17", HIDDEN),
        (Mask.ALL, "anything", HIDDEN),
        (Mask.PHONE, 13800006621, HIDDEN),
        (Mask.NAME, {"name": "张伟"}, HIDDEN),
    ],
)
def test_mask_shows(mask, value, shown):
    assert masked(mask, value) == shown


@given(name=HANZI)
def test_name_keeps_its_first_character_only_and_tells_no_length(name):
    shown = mask_name(name)
    assert shown == (f"{name[0]}*" if len(name) > 1 else "*")


@given(digits=st.text(string.digits, min_size=1, max_size=15), gaps=st.sampled_from(["", " ", "-", "+"]))
def test_phone_hides_at_least_four_digits_and_shows_no_more_than_seven(digits, gaps):
    shown = mask_phone(gaps.join(digits))
    left, right = shown.split("****")
    own = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    assert len(left + right) <= min(7, max(0, len(own) - 4))
    assert (own[: len(left)], own[len(own) - len(right) :]) == (left, right)


@given(local=WORD, name=WORD, ending=st.sampled_from(["com", "cn", "org"]))
def test_email_shows_one_letter_of_each_part(local, name, ending):
    shown = mask_email(f"{local}@{name}.{ending}")
    assert shown == f"{local[0] if local[1:] else ''}***@{name[0] if name[1:] else ''}*.{ending}"


@given(city=st.sampled_from(["苏州市", "上海市"]), rest=HANZI)
def test_address_hides_everything_after_the_city(city, rest):
    assert mask_address(city + rest) == f"{city} {HIDDEN}"


@given(mask=st.sampled_from(Mask), value=st.text() | st.dates() | st.integers() | st.none())
def test_no_mask_breaks_or_shows_the_whole_value(mask, value):
    shown = masked(mask, value)
    assert "*" in shown or (mask is Mask.BIRTHDAY and len(shown) == 5)
    assert shown != value or "*" in str(value)
