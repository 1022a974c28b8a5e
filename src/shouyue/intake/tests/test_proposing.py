"""Which column is proposed as which field: by names in both languages, else by what the cells are."""

import pytest

from shouyue.intake.rules import proposing
from shouyue.intake.rules.adapting import Adaptation, AdaptedReader
from shouyue.intake.rules.fields import ANSWERS, CUSTOMERS, ORDERS, TARGETS, folded
from shouyue.kernel.cells import RowRejectedError
from shouyue.purchases.incoming.rules.plain import PlainReader

ROW = ["A-1", "c1", "2026/3/1 14:05", "SKU-9", "Tea", "2", "¥1,289.50"]


@pytest.mark.parametrize(
    ("fields", "columns", "wanted"),
    [
        (
            ORDERS,
            ["订单编号", "会员号", "下单时间", "商品编码", "商品名称", "数量", "单价（元）"],
            ["order_no", "customer_no", "ordered_at", "item_code", "item_name", "quantity", "unit_price"],
        ),
        (
            ORDERS,
            ["Order ID", "Customer ID", "Order Date", "SKU", "Description", "Qty", "Price (CNY)"],
            ["order_no", "customer_no", "ordered_at", "item_code", "item_name", "quantity", "unit_price"],
        ),
        (
            ORDERS,
            ["InvoiceNo", "CustomerID", "InvoiceDate", "StockCode", "Description", "Quantity", "UnitPrice"],
            ["order_no", "customer_no", "ordered_at", "item_code", "item_name", "quantity", "unit_price"],
        ),
        (
            CUSTOMERS,
            ["会员编号", "姓名", "手机号", "出生日期", "城市"],
            ["customer_no", "name", "phone", "birthday", "city"],
        ),
        (CUSTOMERS, ["Member-No.", "Full Name", "DOB"], ["customer_no", "name", "birthday"]),
        (CUSTOMERS, ["customer_id", "customer_city", "customer_state"], ["customer_no", "city", "region"]),
        (
            ANSWERS,
            ["答卷编号", "客户编号", "发送日期", "提交时间", "评分"],
            ["answer_no", "customer_no", "asked_on", "answered_at", "score"],
        ),
    ],
)
def test_names_in_both_languages_are_known(fields, columns, wanted):
    found = proposing.propose(fields, columns, [])
    assert {column: name for name, column in found.columns.items()} == dict(zip(columns, wanted, strict=True))


def test_no_two_fields_share_a_name_that_would_be_a_matter_of_luck():
    for fields in TARGETS.values():
        names = [name for field in fields for name in set(field.synonyms)]
        assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("numbering", ["order_item_id", "行号", "Line No."])
def test_a_column_that_numbers_lines_is_never_taken_for_how_many(numbering):
    rows = [["A", "1"], ["B", "1"]]
    assert proposing.propose(ORDERS, ["order_id", numbering], rows).columns == {"order_no": "order_id"}
    assert proposing.propose(ORDERS, ["order_id", "z"], rows).columns == {"order_no": "order_id", "quantity": "z"}


def test_cells_speak_where_names_do_not():
    columns = ["a", "b", "c", "Qty", "SKU", "e"]
    rows = [["T1", "x", "2026/3/1", "1", "S1", "12.50"], ["T2", "x", "2026/3/2", "2", "S2", "8.00"]]
    found = proposing.propose(ORDERS, columns, rows)
    assert found.columns == {
        "order_no": "a",
        "ordered_at": "c",
        "item_code": "SKU",
        "quantity": "Qty",
        "unit_price": "e",
    }
    assert (found.day_style, found.amount_style) == ("ymd", "plain")


def test_two_columns_that_could_both_be_it_are_no_proposal():
    rows = [["2026/3/1", "2026/3/4"]]
    assert "ordered_at" not in proposing.propose(ORDERS, ["x", "y"], rows).columns


def test_the_columns_of_our_rejected_rows_are_never_fields():
    columns = ["order_no", "reason", "row in the file"]
    rows = [["A1", "not a day", "3"], ["A2", "not a day", "4"]]
    assert proposing.propose(ORDERS, columns, rows).columns == {"order_no": "order_no"}


def test_the_signature_ignores_order_case_width_and_our_own_columns():
    assert proposing.signature(["Order No", "单价（元）"]) == proposing.signature(
        ["单价", "ORDER_NO", "原因", "reason"]
    )
    assert proposing.signature(["a", "b"]) != proposing.signature(["a", "c"])


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        (["订单编号", "会员号", "下单时间", "商品编码", "数量", "单价"], "orders"),
        (["会员号", "姓名", "手机号"], "customers"),
        (["答卷编号", "客户编号", "发送日期", "提交时间", "评分"], "answers"),
        (["x", "y"], "orders"),
    ],
)
def test_the_kind_of_records_is_guessed_from_the_names(columns, target):
    assert proposing.likeliest_target(columns) == target


@pytest.mark.parametrize(
    ("name", "wanted"), [("单价（元）", "单价"), ("Order_No.", "orderno"), ("（注）", "(注)"), ("ＱＴＹ", "qty")]
)
def test_a_name_is_folded_for_comparison(name, wanted):
    assert folded(name) == wanted


def adapted(**more):
    columns = {"order_no": "单号", "customer_no": "客户", "ordered_at": "时间", "item_code": "货号", "quantity": "件数"}
    columns |= {"unit_price": "价"}
    adaptation = Adaptation(ORDERS, columns, **more)
    names = ["单号", "客户", "时间", "货号", "备注", "件数", "价"]
    return AdaptedReader(PlainReader("Asia/Shanghai"), adaptation).parser("orders", names)


def test_an_adapted_row_is_the_plain_row():
    columns = ("order_no", "customer_no", "ordered_at", "item_code", "ignored", "quantity", "unit_price")
    plain = PlainReader("Asia/Shanghai").parser("orders", columns)
    wanted = plain(["A-1", "c1", "2026-03-01 14:05", "SKU-9", "Tea", "2", "1289.50"])
    assert adapted(day_style="ymd", amount_style="point")(ROW) == wanted


@pytest.mark.parametrize(
    ("place", "cell", "code", "column"),
    [
        (2, "2026-02-30", "not_moment", "时间"),
        (6, "1.289,5", "not_amount", "价"),
        (5, "1,5", "not_whole", "件数"),
        (0, "", "missing", "单号"),
    ],
)
def test_a_rejected_row_names_the_files_own_column(place, cell, code, column):
    row = [*ROW[:place], cell, *ROW[place + 1 :]]
    with pytest.raises(RowRejectedError) as refused:
        adapted(day_style="ymd", amount_style="point")(row)
    assert (refused.value.code, refused.value.column, refused.value.value) == (code, column, cell)
