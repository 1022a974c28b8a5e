"""Files that are not what they say are refused, with the reason in both languages."""

import gzip
import os
import tracemalloc
import zipfile
from pathlib import Path

import duckdb
import pytest
from django.utils import translation

from shouyue.store.tabular import FileRefusedError, file_digest, limits, open_table
from shouyue.store.tests.workbooks import Raw, write_workbook

GOOD_CSV = "name,phone\n王伟,13800000001\n"
GOOD_ROWS = [["name", "phone"], ["王伟", "13800000001"]]


def read(path: Path, **options) -> list:
    with open_table(path, **options) as table:
        return list(table.rows())


def refusal_of(path: Path, **options) -> FileRefusedError:
    """The refusal, after making sure that its message names the file and fills its places in both languages."""
    with pytest.raises(FileRefusedError) as caught:
        read(path, **options)
    error = caught.value
    with translation.override("zh-hans"):
        chinese = str(error.message)
    assert chinese != english(error)
    for message in (chinese, english(error)):
        assert path.name in message
        assert "%(" not in message
    return error


def english(error: FileRefusedError) -> str:
    with translation.override("en"):
        return str(error)


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_file_that_does_not_exist_is_refused(tmp_path):
    error = refusal_of(tmp_path / "客户.csv")
    assert error.code == "missing"
    assert english(error) == ("There is no file named “客户.csv”. Check the name and the folder, then try again.")
    with translation.override("zh-hans"):
        assert str(error) == "找不到名为“客户.csv”的文件。请检查文件名和所在文件夹后重试。"
    with pytest.raises(FileRefusedError) as caught:
        file_digest(tmp_path / "客户.csv")
    assert caught.value.code == "missing"


def test_folder_and_pipe_are_refused(tmp_path):
    (tmp_path / "orders.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    assert refusal_of(tmp_path / "orders.csv").code == "folder"
    assert refusal_of(tmp_path / "pipe.csv").code == "unreadable"


def test_file_that_cannot_be_read_is_refused(tmp_path):
    # Reading the memory of this process from address 0 is an error of input, even for root.
    (tmp_path / "a.csv").symlink_to("/proc/self/mem")
    assert refusal_of(tmp_path / "a.csv").code == "unreadable"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"\xff\xfe"])
def test_empty_file_is_refused(tmp_path, content):
    assert refusal_of(written(tmp_path / "a.csv", content)).code == "empty"
    assert refusal_of(written(tmp_path / "a.csv.gz", gzip.compress(content, mtime=0))).code == "empty"


def test_header_without_rows_is_refused_in_every_kind(tmp_path):
    parquet = tmp_path / "a.parquet"
    duckdb.sql("SELECT 1 AS name, 2 AS phone WHERE false").write_parquet(str(parquet))
    xlsx = write_workbook(tmp_path / "a.xlsx", {"S": [["name", "phone"]]})
    csv = written(tmp_path / "a.csv", "name,phone\n\n\n")
    assert [refusal_of(path).code for path in (parquet, xlsx, csv)] == ["header-only"] * 3


@pytest.mark.parametrize(
    ("name", "content", "said", "found"),
    [
        ("a.csv", b"%PDF-1.7\n%\xe2\xe3", "CSV", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "CSV", "PNG"),
        ("a.csv", b"PAR1abc", "CSV", "Parquet"),
        ("a.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "CSV", "gzip"),
        ("a.csv", b"<html><body>Sign in, please</body></html>", "CSV", "HTML"),
        ("a.csv", b'[{"a": 1, "b": 2}]', "CSV", "JSON"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "CSV", "Excel (.xls)"),
        ("a.csv.gz", b"a,b\n1,2\n", "CSV (gzip)", "plain text"),
        ("a.csv.gz", gzip.compress(b"%PDF-1.7", mtime=0), "CSV (gzip)", "PDF"),
        ("a.xlsx", b"a,b\n1,2\n", "Excel (.xlsx)", "plain text"),
        ("a.parquet", b"a,b\n1,2\n", "Parquet", "plain text"),
        ("photo.pdf.bin", b"%PDF-1.7", "CSV", "PDF"),
    ],
)
def test_content_that_does_not_fit_the_name_is_refused(tmp_path, name, content, said, found):
    error = refusal_of(written(tmp_path / name, content))
    assert error.code == "not-what-it-says"
    assert english(error) == (
        f"“{name}” is named like a {said} file, but its content is {found}. "
        f"Save it as {said}, or give it the ending that fits its content."
    )


def test_archive_is_refused_under_either_name(tmp_path):
    for name in ("a.csv", "a.xlsx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a.csv", GOOD_CSV)
        with translation.override("en"):
            error = refusal_of(tmp_path / name)
            assert (error.code, str(error.details["found"])) == ("not-what-it-says", "ZIP")


def test_workbook_named_csv_is_refused_as_a_workbook(tmp_path):
    error = refusal_of(write_workbook(tmp_path / "a.csv", {"S": GOOD_ROWS}))
    assert (error.code, error.details["found"]) == ("not-what-it-says", "Excel (.xlsx)")


def test_unknown_ending_is_decided_by_the_content(tmp_path):
    parquet = tmp_path / "upload-1"
    duckdb.sql("SELECT 1 AS name").write_parquet(str(parquet))
    xlsx = write_workbook(tmp_path / "upload-2", {"S": GOOD_ROWS})
    csv = written(tmp_path / "upload-3", GOOD_CSV)
    packed = written(tmp_path / "upload-4", gzip.compress(GOOD_CSV.encode(), mtime=0))
    kinds = []
    for path in (parquet, xlsx, csv, packed):
        with open_table(path) as table:
            kinds.append(table.kind)
    assert kinds == ["parquet", "xlsx", "csv", "csv"]


def test_control_characters_are_refused(tmp_path):
    assert refusal_of(written(tmp_path / "a.csv", b"a,b\n" + bytes(range(1, 9)) * 50)).code == "binary"


def test_text_without_columns_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", "Dear all\nplease find attached\n")
    assert refusal_of(path).code == "no-delimiter"


def test_one_column_is_a_table_if_it_is_the_required_one(tmp_path):
    path = written(tmp_path / "a.csv", "phone\n13800000001\n")
    with open_table(path, required=["phone"]) as table:
        assert list(table.rows()) == [(1, ["13800000001"])]


@pytest.mark.parametrize(
    "content",
    [
        "Ñandú,Überraschung,café\n1,2,3\n".encode("latin-1"),
        "имя,телефон,заметка\nИван Петров,1,постоянный покупатель\n".encode("cp1251"),
        "имя,телефон,заметка\nИван Петров,1,постоянный покупатель магазина\n".encode("koi8-r"),
        "имя,телефон,заметка\nИвам Петров,1,постоянный покупатель!\n".encode("iso8859-5"),
        "ชื่อ,โทร\nสมชาย ใจดี,ลูกค้าประจำของร้าน\n".encode("tis-620"),
        "姓名,電話,備註\n王偉,0912,這位顧客經常購買我們的產品\n".encode("big5"),
        "なまえ,でんわ\nさとうはなこ,090\nすずきいちろう,080\n".encode("shift_jis"),
        "なまえ,でんわ\nさとうはなこ,090\nすずきいちろう,080\n".encode("euc_jp"),
        "名前,住所\n山田太郎さん,東京都新宿区西新宿のマンション\n".encode("euc_jp"),
        "이름,전화번호,비고\n김철수,010,단골 고객이며 매달 방문합니다 감사합니다\n".encode("euc_kr"),
        "name,phone\nWang,1\n".encode("utf-16-le"),
        "name,phone\nWang,1\n".encode("utf-32"),
        "姓名,电话\n王伟,1\n".encode("utf-16") + b"\x00",
    ],
    ids=[
        "latin-1",
        "cp1251",
        "koi8-r",
        "iso-8859-5",
        "thai",
        "big5",
        "shift-jis",
        "euc-jp",
        "euc-jp-kanji",
        "euc-kr",
        "utf-16-no-bom",
        "utf-32",
        "utf-16-cut",
    ],
)
def test_other_encodings_are_refused(tmp_path, content):
    assert refusal_of(written(tmp_path / "a.csv", content)).code == "encoding"


def test_line_of_ten_megabytes_is_refused_in_little_memory_with_its_number(tmp_path):
    path = written(tmp_path / "a.csv", b"a,b\n1,2\n3," + b"x" * 10_000_000 + b"\n5,6\n")
    tracemalloc.start()
    error = refusal_of(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (error.code, error.details["line"]) == ("line-too-long", 3)
    assert english(error).startswith("Line 3 of “a.csv” is longer than 1000 kB.")
    assert peak < 5_000_000


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r"])
def test_line_limit_is_exact_enough(tmp_path, codec, end):
    size = limits.LINE_MAX // (2 if codec == "utf-16" else 1)
    text = "a,b" + end + "1,{}" + end + "2,2" + end
    short = written(tmp_path / "short.csv", text.format("x" * (size - 2)).encode(codec))
    long = written(tmp_path / "long.csv", text.format("x" * size).encode(codec))
    with open_table(short) as table:
        assert [number for number, _ in table.rows()] == [1, 2]
    assert refusal_of(long).details["line"] == 2


def test_missing_columns_are_named_with_the_ones_found(tmp_path):
    csv = written(tmp_path / "a.csv", "姓名,phone,备注\n1,2,3\n")
    error = refusal_of(csv, required=["name", "phone", "birthday"])
    assert (error.code, error.details["missing"]) == ("columns-missing", ("name", "birthday"))
    assert english(error) == (
        "“a.csv” lacks these columns: name, birthday. It has: 姓名, phone, 备注. "
        "Add the columns or rename the ones that fit."
    )
    parquet = tmp_path / "a.parquet"
    duckdb.sql("SELECT 1 AS x").write_parquet(str(parquet))
    xlsx = write_workbook(tmp_path / "a.xlsx", {"S": GOOD_ROWS})
    for path in (parquet, xlsx):
        assert refusal_of(path, required=["birthday"]).details["missing"] == ("birthday",)


def test_duplicate_and_unnamed_columns_are_refused(tmp_path):
    error = refusal_of(written(tmp_path / "a.csv", "phone,name, Phone\n1,2,3\n"))
    assert (error.code, error.details["duplicates"]) == ("columns-duplicate", ("phone", "Phone"))
    error = refusal_of(written(tmp_path / "b.csv", "phone,,name\n1,2,3\n"))
    assert (error.code, error.details["positions"]) == ("columns-unnamed", (2,))
    xlsx = write_workbook(tmp_path / "a.xlsx", {"S": [["a", "a"], [1, 2]]})
    assert refusal_of(xlsx).code == "columns-duplicate"


def test_columns_over_the_limit_are_refused_in_every_kind(tmp_path):
    names = [f"c{i}" for i in range(501)]
    line = ",".join(names)
    csv = written(tmp_path / "a.csv", f"{line}\n{line}\n")
    xlsx = write_workbook(tmp_path / "a.xlsx", {"S": [names, names]})
    parquet = tmp_path / "a.parquet"
    duckdb.sql("SELECT " + ", ".join(f"1 AS {name}" for name in names)).write_parquet(str(parquet))
    for path in (csv, xlsx, parquet):
        error = refusal_of(path)
        assert (error.code, error.details["found"]) == ("columns-too-many", 501)


def test_five_hundred_columns_are_read(tmp_path):
    names = [f"c{i}" for i in range(500)]
    line = ",".join(names)
    with open_table(written(tmp_path / "a.csv", f"{line}\n{line}\n")) as table:
        assert list(table.rows()) == [(1, names)]


def test_gzip_that_is_cut_off_or_bursts_is_refused(tmp_path):
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(50_000)))
    assert refusal_of(written(tmp_path / "a.csv.gz", packed[:-20])).code == "gzip-broken"
    assert refusal_of(written(tmp_path / "b.csv.gz", packed[:500] + b"\xff" * 20 + packed[520:])).code == (
        "gzip-broken"
    )
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 5_000_000, mtime=0)
    error = refusal_of(written(tmp_path / "c.csv.gz", bomb))
    assert error.code == "gzip-bomb"
    assert english(error).startswith("“c.csv.gz” unpacks to more than 200 times its size")


def test_header_with_an_open_quotation_mark_is_refused(tmp_path):
    assert refusal_of(written(tmp_path / "a.csv", 'name,"phone\n1,2\n')).code == "header-broken"


def test_quotation_marks_open_everywhere_are_refused(tmp_path):
    # Without the bound every line would read ahead to the limit of a record: its cells close and open again.
    path = written(tmp_path / "a.csv", "a,b\n" + 'x","\n' * 1_200_000)
    assert refusal_of(path).code == "quotes-broken"


def test_broken_parquet_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    duckdb.sql("SELECT range AS n, 'x' || range AS t FROM range(50000)").write_parquet(str(path))
    whole = path.read_bytes()
    assert refusal_of(written(tmp_path / "cut.parquet", whole[:-100])).code == "parquet-broken"
    assert refusal_of(written(tmp_path / "head.parquet", whole[:8])).code == "parquet-broken"
    hurt = whole[:200] + bytes(len(whole) // 2) + whole[200 + len(whole) // 2 :]
    assert refusal_of(written(tmp_path / "hurt.parquet", hurt)).code == "parquet-broken"


def test_parquet_with_too_many_rows_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    duckdb.sql("SELECT 1 AS n FROM range(1001)").write_parquet(str(path))
    monkeypatch.setattr(limits, "ROWS_MAX", 1000)
    error = refusal_of(path)
    assert (error.code, error.details["found"]) == ("rows-too-many", 1001)


def test_broken_workbook_is_refused(tmp_path):
    whole = write_workbook(tmp_path / "a.xlsx", {"S": GOOD_ROWS}).read_bytes()
    assert refusal_of(written(tmp_path / "cut.xlsx", whole[: len(whole) // 2])).code == "xlsx-broken"
    rows = [["a", "b"], [Raw("<c><v>1</c>")]]
    assert refusal_of(write_workbook(tmp_path / "xml.xlsx", {"S": rows})).code == "xlsx-broken"


def test_workbook_with_a_password_or_of_the_old_kind_is_refused(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    locked = ole + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    assert refusal_of(written(tmp_path / "a.xlsx", locked)).code == "xlsx-password"
    archive = bytearray(write_workbook(tmp_path / "c.xlsx", {"S": GOOD_ROWS}).read_bytes())
    archive[archive.index(b"PK\x01\x02") + 8] |= 1  # the directory's mark of an encrypted part
    assert refusal_of(written(tmp_path / "c.xlsx", bytes(archive))).code == "xlsx-password"
    assert refusal_of(written(tmp_path / "a.xls", ole)).code == "old-excel"
    assert refusal_of(written(tmp_path / "b.xlsx", ole)).code == "old-excel"


def test_workbook_that_bursts_is_refused_unopened(tmp_path):
    ratio = write_workbook(tmp_path / "a.xlsx", {"S": GOOD_ROWS}, parts={"xl/media/a.bin": bytes(30_000_000)})
    parts = {f"xl/media/{i}.bin": os.urandom(4) for i in range(1000)}
    many = write_workbook(tmp_path / "b.xlsx", {"S": GOOD_ROWS}, parts=parts)
    assert [refusal_of(path).code for path in (ratio, many)] == ["xlsx-bomb"] * 2


def test_workbook_that_claims_a_gigantic_sheet_is_refused(tmp_path):
    # calamine lays a sheet out densely: one cell in the last corner would take half a terabyte.
    rows = [["a", "b"], [Raw('<c r="XFD1048576"><v>1</v></c>')]]
    assert refusal_of(write_workbook(tmp_path / "a.xlsx", {"S": rows})).code == "xlsx-too-heavy"


def test_workbook_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["n", "t"], *([i, f"t{i}"] for i in range(150_000))]})
    monkeypatch.setattr(limits, "XLSX_SECONDS_MAX", 0)
    assert refusal_of(path).code == "xlsx-too-heavy"


def test_workbook_without_a_table_is_refused(tmp_path):
    assert refusal_of(write_workbook(tmp_path / "a.xlsx", {"S": [], "T": [[None, None]]})).code == "xlsx-no-sheet"
    error = refusal_of(write_workbook(tmp_path / "b.xlsx", {"一月": GOOD_ROWS, "二月": GOOD_ROWS}), sheet="三月")
    assert (error.code, error.details["found"]) == ("xlsx-sheet-missing", ("一月", "二月"))
