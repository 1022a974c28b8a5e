"""Search by tokens: what is found, what is not, and that the stored numbers say nothing."""

import base64

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from shouyue.store.keys import parse_ring
from shouyue.store.pinyin import rare_readings, readings
from shouyue.store.tokens import matching, parts_of_name, parts_of_query, tokens_column, tokens_of, tokens_of_query

PEOPLE = {
    "王伟鑫": "13800006621",
    "王伟": "13900001234",
    "张重庆": "13700005678",
    "曾伟": "18612340000",
    "吕布": "18600001111",
    "欧阳娜娜": "18600002222",
    "John Smith": "+44 20 7946 0958",
    "苏州星湖科技有限公司": "0512-6888 1234",
}


def found(query, people=PEOPLE):
    groups = [set(group) for group in tokens_of_query(query)]
    return [
        name
        for name, phone in people.items()
        if groups and all(group & set(tokens_of(names=[name], phones=[phone])) for group in groups)
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("伟鑫", ["王伟鑫"]),
        ("王伟鑫", ["王伟鑫"]),
        ("王", ["王伟鑫", "王伟"]),
        ("伟", ["王伟鑫", "王伟", "曾伟"]),
        ("wangwei", ["王伟鑫", "王伟"]),
        ("WangWeiXin", ["王伟鑫"]),
        ("wang wei", ["王伟鑫", "王伟"]),
        ("wangw", ["王伟鑫", "王伟"]),
        ("weixin", ["王伟鑫"]),
        ("wwx", ["王伟鑫"]),
        ("ww", ["王伟鑫", "王伟"]),
        ("zhangchongqing", ["张重庆"]),
        ("zhangzhongqing", ["张重庆"]),
        ("chongqing", ["张重庆"]),
        ("zcq", ["张重庆"]),
        ("zzq", ["张重庆"]),
        ("zengwei", ["曾伟"]),
        ("cengwei", ["曾伟"]),
        ("lvbu", ["吕布"]),
        ("lübu", ["吕布"]),
        ("lyubu", ["吕布"]),
        ("ouyangnana", ["欧阳娜娜"]),
        ("oynn", ["欧阳娜娜"]),
        ("6621", ["王伟鑫"]),
        ("王 6621", ["王伟鑫"]),
        ("王 1234", ["王伟"]),
        ("13800006621", ["王伟鑫"]),
        ("+86 138-0000-6621", ["王伟鑫"]),
        ("john", ["John Smith"]),
        ("smith j", ["John Smith"]),
        ("星湖", ["苏州星湖科技有限公司"]),
        ("suzhouxinghukeji", ["苏州星湖科技有限公司"]),
        ("szxh", ["苏州星湖科技有限公司"]),
        ("王wei", ["王伟鑫", "王伟"]),
        ("ｗａｎｇｗｅｉ", ["王伟鑫", "王伟"]),
        ("鑫伟", []),
        ("weiwang", []),
        ("661", []),
        ("13800006622", []),
        ("李", []),
        ("", []),
        ("  ,。 ", []),
    ],
)
def test_query_finds_exactly(query, names):
    assert found(query) == names


@pytest.mark.parametrize(
    ("surname", "syllables"),
    [
        ("曾", "zeng ceng"),
        ("单", "shan dan"),
        ("解", "xie jie"),
        ("仇", "qiu chou"),
        ("查", "zha cha"),
        ("区", "ou qu"),
        ("乐", "yue le"),
        ("缪", "miao mou miu"),
        ("覃", "qin tan"),
        ("翟", "zhai di"),
        ("朴", "piao pu"),
        ("盖", "ge gai"),
        ("黑", "he hei"),
        ("召", "shao zhao"),
        ("种", "chong zhong"),
    ],
)
def test_surname_is_found_by_each_reading_the_usual_one_first(surname, syllables):
    assert readings(surname)[0] == syllables.split()[0]
    for syllable in syllables.split():
        assert found(f"{syllable}wei", {f"{surname}伟": ""}) == [f"{surname}伟"]


def test_rare_reading_finds_the_character_alone_but_makes_no_combinations():
    assert (readings("王"), rare_readings("王")) == (("wang",), ("yu",))
    assert found("yu", {"王伟": ""}) == ["王伟"]
    assert found("yuwei", {"王伟": ""}) == []


def test_usual_name_costs_few_tokens_and_the_worst_a_bounded_number():
    assert len(tokens_of(names=["王伟鑫"], phones=["13800006621"])) <= 30
    assert len(parts_of_name("单查乐曾缪覃" * 20)) <= 2500


@given(name=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=5), data=st.data())
def test_every_stretch_of_a_name_its_pinyin_and_its_initials_find_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    parts = parts_of_name(name)
    spoken = [readings(character) for character in name[start:end]]
    queries = [name[start:end]]
    if all(spoken) and end - start > 1:
        queries += ["".join(words[0] for words in spoken), "".join(words[0][0] for words in spoken)]
    for query in queries:
        assert all(set(group) & parts for group in parts_of_query(query)), query


@given(st.text())
def test_any_text_can_be_kept_and_searched(text):
    assert all(-(2**63) <= token < 2**63 for token in tokens_of(names=[text], phones=[text]))
    assert all(group for group in tokens_of_query(text))


def test_tokens_hold_nothing_readable_and_differ_by_installation(settings):
    mine = tokens_of(names=["王伟鑫"], phones=["13800006621"])
    assert mine == sorted(set(mine))
    settings.SHOUYUE_KEYS = parse_ring(f"k1:{base64.b64encode(bytes(32)).decode()}")
    others = tokens_of(names=["王伟鑫"], phones=["13800006621"])
    assert len(mine) == len(others)
    assert set(mine) & set(others) == set()


def test_search_finds_what_either_key_made_while_keys_change(settings):
    old, new = (f"k{number}:{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
    settings.SHOUYUE_KEYS = parse_ring(old)
    kept = set(tokens_of(names=["王伟鑫"]))
    settings.SHOUYUE_KEYS = parse_ring(f"{new},{old}")
    assert all(kept & set(group) for group in tokens_of_query("wang 伟鑫"))


with isolate_apps("shouyue.store"):

    class Found(models.Model):
        """A record with a token column."""

        id = models.BigAutoField(primary_key=True)
        tokens = tokens_column()

        class Meta:
            app_label = "store"
            db_table = "found"

        def __str__(self) -> str:
            return str(self.pk)


@pytest.mark.django_db
def test_database_finds_the_same():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE found (id bigserial PRIMARY KEY, tokens bigint[] NOT NULL)")
        cursor.execute("CREATE INDEX ON found USING gin (tokens)")
    rows = {
        Found.objects.create(tokens=tokens_of(names=[name], phones=[phone])).pk: name for name, phone in PEOPLE.items()
    }
    for query in ("伟鑫", "wang wei", "wwx", "chongqing", "王 6621", "138 0000 6621", "李", ""):
        ids = Found.objects.filter(matching("tokens", query)).order_by("pk").values_list("pk", flat=True)
        assert [rows[pk] for pk in ids] == found(query), query
