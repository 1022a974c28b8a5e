"""Reading the lines of a contract of the usual structure: particulars, numbered clauses, everything else as text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from shouyue.agreement.terms.rules.agreed import ClauseWords

# "4.客户关系管理措施", "4.1.客户信息收集", "4.1 …", "(2)…", "第四条 …" is left as text.
_CLAUSE = re.compile(r"(?P<number>[1-9]\d*\.[1-9]\d*)\s*[.、．]?(?![\d.])\s*(?P<words>.*)")
_CHAPTER = re.compile(r"(?P<number>[1-9]\d*)\s*[.、．]\s*(?P<words>\D.*)")
_ITEM = re.compile(r"[(（](?P<number>[1-9]\d*)[)）]\s*(?P<words>.*)")
_BLANKS = re.compile(r"[_＿\s]+")
_BODY = re.compile(r"第[一二三]部分|合同(正文)?如下")
_LABEL_MAX, TITLE_MAX = 24, 40
_PARTICULARS = {
    "名称": "name",
    "法定代表人": "legal_representative",
    "注册地址": "registered_address",
    "联系电话": "phone",
    "电子邮箱": "email",
}
_SIDES = {"1.1": "a", "1.2": "b"}


@dataclass(slots=True)
class ReadContract:
    """What a document says. particulars: by side, only what is filled in. clauses: in the document's order.

    loose: lines that stand under no number, kept as they are; the title is the first of them.
    """

    title: str = ""
    particulars: dict[str, dict[str, str]] = field(default_factory=lambda: {"a": {}, "b": {}})
    clauses: list[ClauseWords] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def read_contract(lines: Iterable[str]) -> ReadContract:
    """The contract in these lines. A table of contents before the text is passed over; nothing else is dropped."""
    given = [line.strip() for line in lines if line.strip()]
    front, body = _parted(given)
    read = ReadContract(title=front[0] if front else "", loose=front[1:])
    place = _Place(read)
    for line in body:
        place.take(line)
    place.close()
    return read


def _parted(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What comes before the clauses, without a table of contents; and the clauses."""
    starts = [at for at, line in enumerate(lines) if (found := _CHAPTER.fullmatch(line)) and found["number"] == "1"]
    if not starts:
        return list(lines), []
    first = starts[0]
    front = list(lines[:first])
    again = [at for at in starts[1:] if lines[at] == lines[first]]
    if not again:
        return front, list(lines[first:])
    # The same chapter twice: the first time it stood in the contents.
    front += [line for line in lines[first : again[0]] if _BODY.search(line)]
    return front, list(lines[again[0] :])


class _Place:
    """Where the reader is in the document; collects lines until the next number."""

    def __init__(self, read: ReadContract) -> None:
        self._read = read
        self._number, self._title, self._text = "", "", list[str]()
        self._clause = ""

    def take(self, line: str) -> None:
        if found := _CLAUSE.fullmatch(line):
            self._clause = found["number"]
            self._open(found["number"], *_heading(found["words"]))
        elif found := _CHAPTER.fullmatch(line):
            self._clause = ""
            self._open(found["number"], *_heading(found["words"]))
        elif self._clause and (found := _ITEM.fullmatch(line)):
            self._open(f"{self._clause}({found['number']})", *_titled(found["words"]))
        elif not (self._clause in _SIDES and self._is_particular(line)):
            self._keep(line)

    def close(self) -> None:
        if self._number:
            text = "\n".join(line for line in self._text if line)
            places = {words.number: at for at, words in enumerate(self._read.clauses)}
            words = ClauseWords(number=self._number, title=self._title, text=text)
            if self._number in places:  # a number used twice: both texts stand there
                before = self._read.clauses[places[self._number]]
                more = [before.text, self._title, text]
                joined = "\n".join(line for line in more if line)
                self._read.clauses[places[self._number]] = replace(before, text=joined)
            else:
                self._read.clauses.append(words)
        self._number = ""

    def _open(self, number: str, title: str, text: str) -> None:
        self.close()
        self._number, self._title, self._text = number, title, [text]

    def _keep(self, line: str) -> None:
        if self._number:
            self._text.append(line)
        else:
            self._read.loose.append(line)

    def _is_particular(self, line: str) -> bool:
        label, colon, value = line.replace("：", ":", 1).partition(":")
        name = next((field for words, field in _PARTICULARS.items() if label.strip().endswith(words)), None)
        if not colon or name is None:
            return False
        if value := _BLANKS.sub(" ", value).strip():
            self._read.particulars[_SIDES[self._clause]][name] = value
        return True


def _heading(words: str) -> tuple[str, str]:
    """A clause's heading is a title when it is short and no sentence; otherwise it is the clause's text."""
    words = words.strip()
    return (
        (words, "")
        if len(words) <= TITLE_MAX and not words.endswith(("。", "；", ";")) and "，" not in words
        else ("", words)
    )


def _titled(words: str) -> tuple[str, str]:
    """ "客户至上原则:始终…" has a title and a text; a sentence without a label is text."""
    label, colon, rest = words.replace("：", ":", 1).partition(":")
    return (label.strip(), rest.strip()) if colon and rest.strip() and len(label) <= _LABEL_MAX else ("", words.strip())
