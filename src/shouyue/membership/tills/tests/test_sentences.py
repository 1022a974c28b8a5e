"""Why these points, whole sentences, in both languages; every occasion has its own."""

import pytest
from django.utils.translation import override

from shouyue.membership.programme.public import Occasion
from shouyue.membership.tills.sentences import reason


@pytest.mark.parametrize(
    ("part", "zh", "en"),
    [
        (
            ["base", "base", "129", "12999", None],
            "按“base”规则，消费 ¥129.99 得 129 分",
            "129 points for CN¥129.99 by the rule “base”",
        ),
        (
            ["tier", "gold", "64", "0", "1.5"],
            "“gold”等级积分为 1.5 倍，加 64 分",
            "64 points more, because the tier “gold” earns 1.5 times",
        ),
        (
            ["campaign", "double", "1200", "0", "2"],
            "“double”活动加 1,200 分",
            "1,200 points more by the campaign “double”",
        ),
        (
            ["cap", "", "-29", "0", None],
            "单笔消费已达上限，调整 −29 分",
            "−29 points, because one purchase earns no more",
        ),
    ],
)
def test_a_part_says_its_rule_its_amount_and_its_factor(part, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert reason(part) == words


OTHERS = {
    Occasion.FIRST_PURCHASE: ("首次购物得 50 分", "First purchase"),
    Occasion.REVIEW: ("评价商品得 50 分", "Review of a purchase"),
    Occasion.CHECK_IN: ("每日签到得 50 分", "Daily check-in"),
    Occasion.BIRTHDAY: ("生日得 50 分", "Birthday"),
    Occasion.SURVEY: ("填写调查得 50 分", "Survey answered"),
    Occasion.DATA_CONFIRMED: ("确认资料得 50 分", "Data confirmed"),
}


@pytest.mark.parametrize("occasion", [one for one in Occasion if one is not Occasion.PURCHASE])
def test_every_other_occasion_has_words_of_its_own(occasion):
    zh, en = OTHERS[occasion]
    part = ["fixed", str(occasion), "50", "0", None]
    with override("en"):
        assert reason(part) == f"50 points: {en}"
    with override("zh-hans"):
        assert reason(part) == zh
