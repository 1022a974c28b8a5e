"""The same phone, e-mail address and card in one form, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.identities import card_form, email_form, phone_form


@pytest.mark.parametrize(
    "typed",
    [
        "13800006621",
        "138 0000 6621",
        "138-0000-6621",
        "+8613800006621",
        "+86 138 0000 6621",
        "008613800006621",
        "8613800006621",
        "１３８００００６６２１",
        " (138)00006621 ",
    ],
)
def test_chinese_mobile_has_one_form(typed):
    assert phone_form(typed) == "+8613800006621"


@pytest.mark.parametrize(
    ("typed", "region", "form"),
    [
        ("0512-6888 1234", "CN", "+8651268881234"),
        ("+44 20 7946 0958", "CN", "+442079460958"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("00 44 20 7946 0958", "CN", "+442079460958"),
    ],
)
def test_other_numbers_follow_their_country(typed, region, form):
    assert phone_form(typed, region=region) == form


@pytest.mark.parametrize("typed", ["", "abc", "12", "1" * 40, "13800006621x9999999999", "王伟"])
def test_what_is_no_number_is_none(typed):
    assert phone_form(typed) is None


@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), region=st.sampled_from(["CN"]))
def test_quick_way_agrees_with_the_library(number, region):
    import phonenumbers

    parsed = phonenumbers.parse(number, region)
    assert phone_form(number) == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@given(st.text())
def test_forms_never_fail_and_stay_what_they_are(text):
    for form in (phone_form, email_form, card_form):
        once = form(text)
        assert once is None or form(once) == once


@pytest.mark.parametrize(
    ("typed", "form"),
    [(" Wang@QQ.com ", "wang@qq.com"), ("ｗａｎｇ＠qq.com", "wang@qq.com"), ("wang", None), ("a b@qq.com", None)],
)
def test_email_has_one_form(typed, form):
    assert email_form(typed) == form


@pytest.mark.parametrize(("typed", "form"), [("vip 0001-22", "VIP000122"), ("ＶＩＰ1", "VIP1"), (" - ", None)])
def test_card_has_one_form(typed, form):
    assert card_form(typed) == form
