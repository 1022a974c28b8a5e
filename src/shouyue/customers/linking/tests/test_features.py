"""What of a person is compared, whatever way it was written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.linking.rules.features import features, fuzzy, home_form, name_parts
from shouyue.customers.linking.rules.generated import people, true_pairs
from shouyue.store.pinyin import readings

# Surnames that dictionaries read as something else.
SURNAMES = {
    **{"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "乐": "yue", "缪": "miao"},
    **{"覃": "qin", "翟": "zhai", "朴": "piao", "盖": "ge", "黑": "he", "召": "shao", "种": "chong"},
}


@pytest.mark.parametrize(("surname", "read"), SURNAMES.items())
def test_a_surname_sounds_as_people_of_that_name_say(surname, read):
    assert name_parts(f"{surname}晓东", readings).family == fuzzy(read)


@pytest.mark.parametrize("typed", ["Zeng Xiaodong", "Xiaodong Zeng", "ZENG XIAODONG", "ZengXiaodong", "zeng xiao dong"])
def test_a_name_in_pinyin_sounds_like_its_characters(typed):
    assert name_parts(typed, readings).sound == name_parts("曾晓东", readings).sound


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zang"), ("cheng", "cen"), ("lin", "ning"), ("lv", "nu"), ("shi", "si")]
)
def test_sounds_that_many_do_not_tell_apart_are_one(one, other):
    assert fuzzy(one) == fuzzy(other)


@pytest.mark.parametrize(
    ("written", "title"),
    [("王先生", "mr"), ("王女士", "ms"), ("王小姐", "ms"), ("王老师", ""), ("小王", ""), ("老王", "")],
)
def test_a_form_of_address_tells_the_surname_and_perhaps_the_title(written, title):
    found = name_parts(written, readings)
    assert (found.family, found.title, found.is_short, found.full) == ("wan", title, True, "")


@pytest.mark.parametrize("masked", ["王*", "王**", "王*鑫", "王某鑫", "**鑫", "王＊鑫"])
def test_a_masked_name_is_one_of_the_masks_of_the_whole(masked):
    assert name_parts(masked, readings).mask in name_parts("王伟鑫", readings).masks


@pytest.mark.parametrize(
    "written",
    [
        "江苏省苏州市工业园区星湖街328号5栋1单元1203室",
        "苏州市星湖街328号5号楼1-1203",
        "星湖街 328 号 5 幢 一单元 1203",
        "苏州星湖街328号五栋1单元1203",
        "星湖街３２８号5座1单元1203室",
    ],
)
def test_an_address_is_one_home_in_every_writing(written):
    assert home_form(written) == "星湖街|328-5-1-1203"


@pytest.mark.parametrize("vague", ["", "苏州市", "苏州市***", "星湖街***", "路口"])
def test_an_address_that_says_too_little_is_no_home(vague):
    assert home_form(vague) == ""


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_text_has_features_and_they_print_as_nothing(name, address):
    found = features(name=name, address=address, born_on=date(1990, 1, 1), read=readings)
    assert repr(found) == "<Features>"
    assert features(name=name, address=address, born_on=date(1990, 1, 1), read=readings) == found


def test_generated_people_are_the_same_for_the_same_seed_and_have_doubles():
    rows = people(500, 7, read=readings)
    assert people(500, 7, read=readings) == rows
    assert people(500, 8, read=readings) != rows
    assert len(rows) == 500
    assert 100 < len(true_pairs(rows)) < 300
