"""What the command import says to whoever stands at the terminal: counts, and why rows were turned away."""

import pytest

from shouyue.main.importing import DONE, import_command
from shouyue.store.models import ImportRun

ORDERS = """order_no,customer_no,ordered_at,item_code,quantity,unit_price
A1,C1,2026-03-01 10:00,P1,1,12.50
A2,C1,2026/3/1 10:05,P1,1,12.50
A3,C1,03/04/2026,P1,1,12.50
A4,C1,2026-03-01 10:00,P1,1.5,12.50
"""
CUSTOMERS = "customer_no,phone\nC1,13800006621\nC2,12345\n"


@pytest.mark.django_db
def test_the_terminal_tells_the_reasons_of_rejected_rows_in_both_languages(tmp_path, capsys):
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    assert import_command([str(tmp_path), "--mapping", "plain"]) == DONE
    told = capsys.readouterr().err
    run = ImportRun.objects.get()
    assert "  2 rows, first row 2: “ordered_at” is not a date and time that exists, or not written as" in told
    assert "  1 row, row 4: “quantity” is not a whole number: 1.5. Correct it." in told
    assert told.index("2 rows, first row 2") < told.index("1 row, row 4")
    assert told.count(f"/imports/{run.pk}/") == 2
    assert "“quantity”不是整数：1.5" in told


@pytest.mark.django_db
def test_the_terminal_tells_no_value_of_a_person(tmp_path, capsys):
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    assert import_command([str(tmp_path), "--mapping", "customers"]) == DONE
    told = capsys.readouterr()
    assert "  1 row, row 2: “phone” is not a phone number that can be called" in told.err
    assert "12345" not in told.out + told.err
