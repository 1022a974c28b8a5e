"""Boxes: a value that one key opens, and only in the place it was sealed for (AES-256-GCM)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# A box is format byte, nonce, ciphertext, tag. Another cipher one day is another format byte.
_FORMAT = b"\x01"
_NONCE = 12
_OVERHEAD = len(_FORMAT) + _NONCE + 16
KEY_BYTES = 32


class BoxBrokenError(Exception):
    """A box that this key does not open here: changed, moved from another place, or sealed under another key."""


class Cipher:
    """One key, ready to seal and to open. Says nothing about itself."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        """A box that opens only with the same context: the place it belongs to. Twice the same gives two boxes.

        The nonce is random: one key seals far fewer than the 2**32 values that NIST SP 800-38D allows.
        """
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._aead.encrypt(nonce, plain, context)

    def open(self, box: bytes, *, context: bytes) -> bytes:
        """What was sealed. Raises BoxBrokenError."""
        if box[:1] != _FORMAT or len(box) < _OVERHEAD:
            raise BoxBrokenError("not a box of a known format")
        try:
            return self._aead.decrypt(box[1 : 1 + _NONCE], box[1 + _NONCE :], context)
        except InvalidTag:
            raise BoxBrokenError("the box does not open with this key in this place") from None

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is not for keeping")
