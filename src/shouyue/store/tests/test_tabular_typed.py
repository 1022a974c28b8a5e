"""Parquet and workbooks give typed values, exact and in order."""

import signal
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.store.tabular import BadRow, open_table
from shouyue.store.tests.workbooks import Raw, write_workbook

EIGHT_26 = datetime(2010, 12, 1, 8, 26)  # noqa: DTZ001 - files know no zones


def read(path: Path, **options) -> list:
    with open_table(path, **options) as table:
        return list(table.rows())


def parquet(path: Path, select: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("42", 42),
        ("9223372036854775807", 9223372036854775807),
        ("2.550::DECIMAL(10,3)", Decimal("2.550")),
        ("12345678901234567890.1234::DECIMAL(38,4)", Decimal("12345678901234567890.1234")),
        ("0.1::DOUBLE", Decimal("0.1")),
        ("0.1::FLOAT", Decimal("0.1")),
        ("'nan'::DOUBLE", "nan"),
        ("'王伟'", "王伟"),
        ("''", ""),
        ("true", True),
        ("DATE '2024-02-29'", date(2024, 2, 29)),
        ("TIMESTAMP '2010-12-01 08:26:00'", EIGHT_26),
        ("TIMESTAMP_NS '2010-12-01 08:26:00.123456789'", EIGHT_26.replace(microsecond=123457)),
        ("to_timestamp(1291191960.5)", datetime(2010, 12, 1, 8, 26, 0, 500000, tzinfo=UTC)),
        ("[1, 2]", "[1, 2]"),
        ("{'a': 1}", "{'a': 1}"),
        ("'\\xE7\\x8E\\x8B'::BLOB", "王"),
        ("NULL::INTEGER", None),
        ("NULL::DOUBLE", None),
    ],
)
def test_parquet_values_keep_type_and_digits(tmp_path, sql, value):
    [(number, values)] = read(parquet(tmp_path / "a.parquet", f"SELECT {sql} AS v, 'x' AS t"))
    assert (number, list(values)) == (1, [value, "x"])
    assert type(values[0]) is type(value)


def test_parquet_keeps_the_order_and_starts_over(tmp_path):
    path = parquet(tmp_path / "a.parquet", "SELECT (range * 7919) % 300007 AS n FROM range(300007)")
    with open_table(path, required=["n"]) as table:
        first = [values[0] for _, values in table.rows()]
        assert first == [n * 7919 % 300007 for n in range(300007)]
        assert next(table.rows()) == (1, (0,))


def test_parquet_under_a_name_like_a_pattern_is_this_file_only(tmp_path):
    parquet(tmp_path / "a1.parquet", "SELECT 'other' AS v")
    for name in ("a[1].parquet", "a*.parquet", "a?.parquet"):
        (tmp_path / name).write_bytes(parquet(tmp_path / "plain.parquet", f"SELECT '{name}' AS v").read_bytes())
        assert read(tmp_path / name) == [(1, (name,))]


def test_parquet_columns_may_have_any_name_and_nested_ones_count_once(tmp_path):
    path = parquet(tmp_path / "a.parquet", """SELECT {'x': {'y': [1]}} AS "a""b", 2 AS "select", 3 AS 姓名""")
    with open_table(path) as table:
        assert table.columns == ('a"b', "select", "姓名")
        assert list(table.rows()) == [(1, ("{'x': {'y': [1]}}", 2, 3))]


def test_parquet_cell_over_the_limit_is_a_row_reason(tmp_path):
    select = "SELECT n, repeat('x', CASE n WHEN 2 THEN 10000000 ELSE n END) AS t FROM range(1, 4) r(n)"
    first, second, third = read(parquet(tmp_path / "a.parquet", select))
    assert (first, third) == ((1, (1, "x")), (3, (3, "xxx")))
    assert (second.number, second.code, len(second.raw)) == (2, "cell-too-long", 500)


def test_workbook_values_keep_type_and_digits(tmp_path):
    values = [
        '王伟 <&> "x"\nline',
        13800000001,
        2.55,
        -0.1,
        True,
        EIGHT_26,
        date(2024, 2, 29),
        None,
    ]
    path = write_workbook(tmp_path / "a.xlsx", {"S": [[f"c{i}" for i in range(8)], values]})
    [(number, read_values)] = read(path)
    assert (number, read_values) == (
        1,
        [*values[:2], Decimal("2.55"), Decimal("-0.1"), *values[4:]],
    )
    assert [type(value) for value in read_values[:5]] == [str, int, Decimal, Decimal, bool]


def test_a_computed_number_of_a_workbook_is_what_excel_shows(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["a", "b", "c"], [0.1 + 0.2, 1.1 * 3, 123456789.1234]]})
    [(_number, cells)] = read(path)
    assert list(cells) == [Decimal("0.3"), Decimal("3.3"), Decimal("123456789.1234")]


@settings(max_examples=15)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=8),
            st.integers(-(2**53), 2**53),
            st.decimals(-10000, 10000, places=4),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_workbook_cells_come_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    write_workbook(path, {"S": [["t", "n", "d"], *((t, n, float(d)) for t, n, d in rows)]})
    assert [tuple(values) for _, values in read(path)] == [tuple(row) for row in rows]


def test_workbook_reads_the_first_visible_sheet_that_is_not_empty(tmp_path):
    rows = {name: [["a"], [name]] for name in ("secret", "一月", "二月")}
    path = write_workbook(tmp_path / "a.xlsx", {"blank": [], **rows}, hidden=["secret"])
    with open_table(path) as table:
        assert (table.sheet, table.sheets) == ("一月", ("blank", "一月", "二月"))
        assert list(table.rows()) == list(table.rows()) == [(1, ["一月"])]
    assert read(path, sheet="二月") == [(1, ["二月"])]


def test_workbook_rows_that_cannot_be_read_have_a_reason(tmp_path):
    lost = Raw('<c r="B4"><f>A4*2</f><v></v></c>')
    kept = Raw('<c r="B5"><f>A5*2</f><v>10</v></c>')
    failed = Raw('<c r="B6" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    rows = [["a", "b"], [1, 2], [None, None], [3, lost], [5, kept], [6, failed], [7, "x" * 10_000_000], [8, 9]]
    # The noise keeps the archive below the ratio at which it would count as a bomb.
    noise = {"xl/media/photo.jpg": Random(7).randbytes(200_000)}  # noqa: S311 - no secret
    found = read(write_workbook(tmp_path / "a.xlsx", {"S": rows}, parts=noise))
    assert [(row.number, row.code) if isinstance(row, BadRow) else row for row in found] == [
        (1, [1, 2]),
        (2, "formula-without-value"),
        (3, [5, 10]),
        (4, "cell-error"),
        (5, "cell-too-long"),
        (6, [8, 9]),
    ]
    assert (found[3].raw, found[3].details) == ("6 | ", {"error": "#DIV/0!"})


def test_workbook_column_without_a_name_may_only_be_empty(tmp_path):
    rows = [["a", "b", None], [1, 2, None], [3, 4, "note"]]
    first, second = read(write_workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert first == (1, [1, 2])
    assert (second.code, second.raw) == ("field-count", "3 | 4 | note")


def test_workbook_left_half_read_ends_its_process(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["a", "b"], *([i, "x" * 50] for i in range(20_000))]})
    with open_table(path) as table:
        child = table._child
        rows = table.rows()
        assert next(rows) == (1, [0, "x" * 50])
    assert child.returncode == -signal.SIGKILL
    rows.close()
