"""Voucher codes that a person can read out: no letter that looks like a digit, and a check digit for slips."""

import hmac
from hashlib import sha256
from typing import Final

# Crockford's base 32 without what is still confused on receipts: no 0/O, 1/I/L, U/V, 2/Z, 5/S, 8/B.
ALPHABET: Final = "34679ACDEFGHJKMNPQRTWXY"
BODY_LENGTH: Final = 11  # 23^11 is 9.5 * 10^14 codes: not to be guessed at a till


def code_of(secret: bytes, number: str) -> str:
    """The code of a voucher: grouped as XXXX-XXXX-XXXX, its last letter the check digit. Same number, same code."""
    value = int.from_bytes(hmac.new(secret, number.encode(), sha256).digest(), "big")
    letters = []
    for _place in range(BODY_LENGTH):
        value, letter = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[letter])
    body = "".join(letters)
    return grouped(body + check_letter(body))


def check_letter(body: str) -> str:
    """Weights 1, 2, 3 … modulo the prime 23: every single slip and every swap of two letters is noticed."""
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(body, 1))
    return ALPHABET[total % len(ALPHABET)]


def read(typed: str) -> str | None:
    """What was typed as a code, or None if it cannot be one. Spaces, hyphens and small letters do not matter."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(plain) != BODY_LENGTH + 1 or any(letter not in ALPHABET for letter in plain):
        return None
    return grouped(plain) if check_letter(plain[:-1]) == plain[-1] else None


def grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
