"""The lines of a contract of the usual structure: contents, then the text, some of it unknown to the product."""

from io import BytesIO

import docx

CONTENTS = """二零二六年度公司客户关系管理与忠诚度提升合同
本合同目录一览
1.合同双方基本信息
1.1.合同甲方基本信息
1.2.合同乙方基本信息
2.合同目的与原则
2.1.合同目的
2.2.合同原则
4.客户关系管理措施
4.1.客户信息收集与管理
15.知识产权
第一部分:合同如下:"""
TEXT = """1.合同双方基本信息
1.1合同甲方基本信息
甲方名称:云杉百货有限公司
法定代表人:林知夏
注册地址:____________________
联系电话:0512-0000 0001
电子邮箱:office@party-a.example
1.2合同乙方基本信息
乙方名称:知行客户服务有限公司
法定代表人:____________________
2.合同目的与原则
2.1合同目的
本合同旨在通过实施有效的客户关系管理策略,提升甲方公司的客户满意度和忠诚度。
2.2合同原则
(2)客户至上原则:始终将客户需求放在首位,确保客户满意度。
(3)持续改进原则:不断优化客户关系管理措施,提升服务质量。
4.客户关系管理措施
4.1客户信息收集与管理
(1)甲方公司应建立完善的客户信息管理系统,确保客户信息的准确性和安全性。
(3)乙方每年协助清理一次重复档案。
15.知识产权
15.1成果归属
履约中形成的报告和方案归甲方所有。
使用范围由双方书面约定。
15.1.1任何一方不得对外发布。"""
# What must come out again, word for word.
CLAUSES = [
    "本合同旨在通过实施有效的客户关系管理策略,提升甲方公司的客户满意度和忠诚度。",
    "始终将客户需求放在首位,确保客户满意度。",
    "不断优化客户关系管理措施,提升服务质量。",
    "甲方公司应建立完善的客户信息管理系统,确保客户信息的准确性和安全性。",
    "乙方每年协助清理一次重复档案。",
    "履约中形成的报告和方案归甲方所有。",
    "使用范围由双方书面约定。",
    "15.1.1任何一方不得对外发布。",
]


def lines() -> list[str]:
    return [*CONTENTS.splitlines(), *TEXT.splitlines()]


def as_word() -> bytes:
    """The same contract as a Word document; particulars of Party B stand in a table."""
    document = docx.Document()
    for line in lines():
        if line.startswith("乙方名称"):
            row = document.add_table(rows=1, cols=2).rows[0]
            row.cells[0].text, row.cells[1].text = line.split(":")
        else:
            document.add_paragraph(line)
    made = BytesIO()
    document.save(made)
    return made.getvalue()
