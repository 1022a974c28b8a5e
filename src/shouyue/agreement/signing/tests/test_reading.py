"""A contract of the source's structure is read: particulars, clauses, and what the product does not know."""

from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.signing.rules.reading import read_contract
from shouyue.agreement.signing.tests.source_contract import lines
from shouyue.agreement.terms.rules.template import CLAUSE_NUMBER


def test_the_source_contract_is_read() -> None:
    read = read_contract(lines())
    assert read.title == "二零二六年度公司客户关系管理与忠诚度提升合同"
    assert read.particulars == {
        "a": {
            "name": "云杉百货有限公司",
            "legal_representative": "林知夏",
            "phone": "0512-0000 0001",
            "email": "office@party-a.example",
        },
        "b": {"name": "知行客户服务有限公司"},
    }
    assert [(words.number, words.title) for words in read.clauses] == [
        ("1", "合同双方基本信息"),
        ("1.1", "合同甲方基本信息"),
        ("1.2", "合同乙方基本信息"),
        ("2", "合同目的与原则"),
        ("2.1", "合同目的"),
        ("2.2", "合同原则"),
        ("2.2(2)", "客户至上原则"),
        ("2.2(3)", "持续改进原则"),
        ("4", "客户关系管理措施"),
        ("4.1", "客户信息收集与管理"),
        ("4.1(1)", ""),
        ("4.1(3)", ""),
        ("15", "知识产权"),
        ("15.1", "成果归属"),
    ]
    texts = {words.number: words.text for words in read.clauses}
    assert texts["15.1"].splitlines() == [
        "履约中形成的报告和方案归甲方所有。",
        "使用范围由双方书面约定。",
        "15.1.1任何一方不得对外发布。",
    ]
    assert read.loose == ["本合同目录一览", "第一部分:合同如下:"]


@given(st.lists(st.text(max_size=40), max_size=30))
def test_anything_can_be_read_and_nothing_is_lost(given_lines: list[str]) -> None:
    read = read_contract(given_lines)
    assert all(CLAUSE_NUMBER.fullmatch(words.number) for words in read.clauses)
    kept = "".join([read.title, *read.loose, *(words.title + words.text for words in read.clauses)])
    shown = set("".join(given_lines).split()) - {""}
    for line in shown:
        if line.isalpha() and line.isascii():
            assert line in kept


@given(st.lists(st.sampled_from(["(1)甲方应当答复。", "1.总则", "2.1范围", "(2)范围:全部门店", "附则"]), max_size=12))
def test_a_number_used_twice_keeps_both_texts(given_lines: list[str]) -> None:
    read = read_contract(["1.开始", "1.1定义", *given_lines])
    numbers = [words.number for words in read.clauses]
    assert len(numbers) == len(set(numbers))
    written = "".join(words.title + words.text for words in read.clauses)
    for line in given_lines:
        assert line.lstrip("(12.)").partition(":")[0] in written
