"""Purchases as programs tell them."""

ONE = {"item": "A", "quantity": 1, "unit_price": "1"}
CASH = {"method": "cash", "amount": "1"}


def purchase(number: str = "1", **more) -> dict:
    line = {"item": "TEA", "description": "茶", "quantity": 2, "unit_price": "12.5"}
    told = {"number": number, "customer_number": "C1", "placed_at": "2026-01-01T08:00:00+08:00", "lines": [line]}
    return {**told, **more}
