"""Money as whole ten-thousandths of the currency unit (`*_e4`): exact, and fits a database bigint."""

from decimal import Decimal, InvalidOperation

E4_MAX = 2**63 - 1
E4_MIN = -(2**63)

# The largest amount is 922,337,203,685,477.5807 units: 15 digits before the point.
_DIGITS_MAX = 15


class AmountError(ValueError):
    """An amount that cannot be kept exactly; the message says why, in a sentence about the value given."""


def to_e4(value: str | Decimal | int) -> int:
    """The amount in ten-thousandths of its unit, exactly: "12.5" is 125000.

    value: plain or scientific notation with a point and without thousands separators ("1234.50", "-1e-4"); zeros
    after the fourth decimal are allowed, since they change nothing. Never a float: it has lost the digits already.
    Raises AmountError for text that is no number, NaN, infinity, more than four decimals, and amounts outside
    [E4_MIN, E4_MAX].
    """
    amount = _exact(value)
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        raise AmountError(f"not a finite amount: {value}")
    if amount.is_zero():
        return 0
    if amount.adjusted() >= _DIGITS_MAX:
        raise AmountError(f"too large for an amount: {value}")
    shift = exponent + 4
    if shift < 0 and any(digits[shift:]):
        raise AmountError(f"more than four decimals: {value}")
    kept = digits[:shift] if shift < 0 else digits + (0,) * shift
    whole = int("".join(map(str, kept)) or "0") * (-1 if sign else 1)
    if not E4_MIN <= whole <= E4_MAX:
        raise AmountError(f"too large for an amount: {value}")
    return whole


def from_e4(amount_e4: int) -> Decimal:
    """The amount in its unit, with four decimals: 125000 is Decimal("12.5000")."""
    return Decimal(amount_e4).scaleb(-4)


def yuan_text(fen: int) -> str:
    """Fen as they are typed into a field in yuan, every digit of them: 29900 is "299", 1234567 is "12345.67"."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def _exact(value: str | Decimal | int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | Decimal | int):
        raise AmountError(f"an amount is text, Decimal or int, not {type(value).__name__}")
    # Decimal would read "1_000" as a thousand and full-width digits as digits; files that hold those need a look.
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise AmountError(f"not an amount: {value!r}")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise AmountError(f"not an amount: {value!r}") from None
