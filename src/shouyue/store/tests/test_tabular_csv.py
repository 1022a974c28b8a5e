"""Reading CSV gives back every cell, and names each row that cannot be read without losing another."""

import csv
import gzip
import hashlib
import io
import tempfile
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.store.tabular import BadRow, file_digest, limits, open_table

# Early and late hanzi of GB 2312, rare ones, full-width forms and marks: a header that is plainly Chinese.
HEADER = ["姓名是王", "手机在中", "这有一样"]
CHINESE = "王伟张丽啊安鑫淼，。“”（）ＡＢ１２"
LINES = "\n\r\t"
ANY_TEXT = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from(LINES + ",;|\t\"'")), max_size=12
)
CHINESE_TEXT = st.text(st.sampled_from(CHINESE + LINES + ',;|"ab1 '), max_size=10)


def tables(cells):
    return st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5)


def read(path: Path, **options) -> list:
    with open_table(path, **options) as table:
        return list(table.rows())


def read_text(text: str, tmp_path: Path) -> list:
    (tmp_path / "a.csv").write_bytes(text.encode())
    return read(tmp_path / "a.csv")


def outcome(rows: list) -> list:
    """Good rows as their values, bad rows as their code."""
    return [row.code if isinstance(row, BadRow) else list(row[1]) for row in rows]


def round_trip(rows: list[list[str]], *, codec: str, delimiter: str, end: str, packed: bool = False) -> None:
    text = io.StringIO()
    # With another line end than its own, the writer leaves a lone line feed or return in a cell unquoted.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    content = text.getvalue().encode(codec)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("a.csv.gz" if packed else "a.csv")
        path.write_bytes(gzip.compress(content) if packed else content)
        with open_table(path, required=HEADER) as table:
            assert (table.kind, table.encoding, table.columns) == ("csv", codec, tuple(HEADER))
            assert list(table.rows()) == list(enumerate(rows, 1))


@settings(max_examples=150)
@given(
    rows=tables(ANY_TEXT),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    packed=st.booleans(),
)
def test_written_cells_come_back_in_unicode(rows, codec, delimiter, end, packed):
    round_trip(rows, codec=codec, delimiter=delimiter, end=end, packed=packed)


@settings(max_examples=100)
@given(rows=tables(CHINESE_TEXT), delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
def test_written_cells_come_back_in_gb18030(rows, delimiter, end):
    round_trip(rows, codec="gb18030", delimiter=delimiter, end=end)


@settings(max_examples=60)
@given(
    words=st.lists(st.text("ab王", min_size=1, max_size=3), max_size=8),
    place=st.integers(0, 8),
    stray=st.sampled_from(['"open,1', 'x,"open', '"closed" and more,1']),
)
def test_stray_quotation_mark_costs_its_own_row_only(words, place, stray):
    lines = [f"{word},1" for word in words]
    place = min(place, len(lines))
    lines.insert(place, stray)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("\n".join(["name,n", *lines]), encoding="utf-8")
        rows = read(path)
    assert outcome(rows) == ["quote-broken" if at == place else line.split(",") for at, line in enumerate(lines)]
    assert (rows[place].number, rows[place].raw) == (place + 1, stray)


def test_wrong_number_of_cells_is_a_row_reason_in_words(tmp_path):
    rows = read_text("a,b\n1,2\n3\n4,5,6\n7,8\n", tmp_path)
    assert outcome(rows) == [["1", "2"], "field-count", "field-count", ["7", "8"]]
    assert [(row.number, row.raw, row.details) for row in rows[1:3]] == [
        (2, "3", {"found": 1, "wanted": 2}),
        (3, "4,5,6", {"found": 3, "wanted": 2}),
    ]
    with translation.override("en"):
        assert str(rows[2].message) == (
            "The row has 3 cells where the first line names 2 columns. "
            "Look for a missing or surplus separator or quotation mark."
        )
    with translation.override("zh-hans"):
        assert str(rows[2].message) == ("该行有 3 个单元格，而第一行有 2 个列名。请检查是否缺少或多出分隔符、引号。")


def test_nul_byte_is_a_row_reason(tmp_path):
    rows = read_text("a,b\n1,2\n3,x\0y\n5,6\n", tmp_path)
    assert outcome(rows) == [["1", "2"], "nul", ["5", "6"]]
    assert rows[1].raw == "3,x␀y"


def test_undecodable_bytes_are_a_row_reason_if_they_are_few(tmp_path):
    good = "王伟,住在北京的老顾客\n".encode()
    (tmp_path / "utf8.csv").write_bytes("姓名,备注\n".encode() + good + b"caf\xe9,x\n" + good)
    # A system that cuts text at a number of bytes leaves half a hanzi behind.
    chinese = "王伟,住在北京的老顾客，一直是会员，每月都来店里看看新款\n".encode("gb18030")
    (tmp_path / "gb.csv").write_bytes("姓名,备注\n".encode("gb18030") + chinese + b"\xcd\xf5\xce,x\n" + chinese)
    for name, codec in (("utf8.csv", "utf-8"), ("gb.csv", "gb18030")):
        rows = read(tmp_path / name)
        assert [row.code if isinstance(row, BadRow) else row[1][0] for row in rows] == [
            "王伟",
            "bytes-undecodable",
            "王伟",
        ]
        assert rows[1].details["encoding"] == codec
        rows[1].raw.encode()  # can be stored: no lone surrogates


def test_cell_over_the_limit_is_a_row_reason_and_later_rows_are_read(tmp_path):
    line = "x" * 99 + "\n"
    text = 'a,b\n1,2\n3,"' + line * 11_000 + '"\n5,6\n'
    rows = read_text(text, tmp_path)
    assert outcome(rows[:2]) == [["1", "2"], "cell-too-long"]
    assert rows[1].details["limit_kb"] == limits.CELL_MAX // 1000
    assert len(rows[1].raw) <= 500
    assert outcome(rows)[-1] == ["5", "6"]
    assert [row.number if isinstance(row, BadRow) else row[0] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    "text",
    ["name,phone\n刘鑫,1\n王昊,2\n张祎,3\n李玥,4\n陈琪,5\n", "姓名,備註\n王偉,這位顧客經常購買我們的產品\n"],
    ids=["rare names", "traditional"],
)
def test_gb18030_with_rare_hanzi_is_understood(tmp_path, text):
    (tmp_path / "a.csv").write_bytes(text.encode("gb18030"))
    rows = list(csv.reader(text.splitlines()))[1:]
    assert read(tmp_path / "a.csv") == list(enumerate(rows, 1))


def test_row_over_the_limit_of_all_its_cells_is_a_row_reason(tmp_path):
    cell = '"' + ("x" * 99 + "\n") * 9_000 + '"'
    rows = read_text("a,b,c,d,e\n" + ",".join([cell] * 5) + "\n1,2,3,4,5\n", tmp_path)
    assert (outcome(rows)[0], outcome(rows)[-1]) == ("cell-too-long", ["1", "2", "3", "4", "5"])


def test_cell_below_the_limit_is_read(tmp_path):
    cell = ("x" * 99 + "\n") * 9_000
    assert outcome(read_text(f'a,b\n1,"{cell}"\n', tmp_path)) == [["1", cell]]


def test_blank_lines_are_no_rows_and_empty_cells_stay_empty(tmp_path):
    assert read_text("\na,b\n\n1,\n\n,\n", tmp_path) == [(1, ["1", ""]), (2, ["", ""])]


def test_unnamed_columns_at_the_end_may_only_be_empty(tmp_path):
    rows = read_text("a,b,,\n1,2,,\n3,4,,5\n6,7\n", tmp_path)
    assert outcome(rows) == [["1", "2"], "field-count", "field-count"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sep=;\na;b\n1;2\n", ["1", "2"]),
        ("a;b\n1,5;2,5\n", ["1,5", "2,5"]),
        ("a\tb\n1,5\t2;5\n", ["1,5", "2;5"]),
        ("a|b\n1|2\n", ["1", "2"]),
        ('"a, full";b\nx;y\n', ["x", "y"]),
        ("a,b\r1,2\r", ["1", "2"]),
        ('"a","b"\r\n"1","2"', ["1", "2"]),
    ],
)
def test_separator_is_found(tmp_path, text, values):
    assert read_text(text, tmp_path) == [(1, values)]


def test_separator_that_finds_the_required_columns_wins(tmp_path):
    (tmp_path / "a.csv").write_text("name;tags, many, more\n王伟;x, y, z\n", encoding="utf-8")
    with open_table(tmp_path / "a.csv", required=["name"]) as table:
        assert table.columns == ("name", "tags, many, more")


def test_rows_can_be_read_again_and_stopped_early(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with open_table(tmp_path / "a.csv") as table:
        assert next(table.rows()) == (1, ["1", "2"])
        assert list(table.rows()) == list(table.rows()) == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_digest_is_that_of_the_bytes(tmp_path):
    content = bytes(range(256)) * 5000
    (tmp_path / "a.bin").write_bytes(content)
    assert file_digest(tmp_path / "a.bin") == hashlib.sha256(content).hexdigest()
