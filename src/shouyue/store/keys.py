"""The installation's keys: given as SHOUYUE_KEYS, never in the database, one derived key for each use."""

import base64
import binascii
import functools
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
_SIZE = 32


class KeysRefusedError(ValueError):
    """SHOUYUE_KEYS cannot be used; the text says what it must be and never repeats a key."""


class KeysMissingError(Exception):
    """A key is needed that SHOUYUE_KEYS does not hold; the text names it."""


class Use(StrEnum):
    """What a derived key is for. A key of one use says nothing about the key of another."""

    WRAP = "wrap"
    TOKENS = "tokens"
    DIGESTS = "digests"
    CHECK = "check"
    DRAFTS = "drafts"
    CODES = "codes"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class InstallationKey:
    """One versioned secret of 32 bytes."""

    id: str
    secret: bytes = field(repr=False)

    def derived(self, use: Use, what: str = "") -> bytes:
        """The 32-byte key for one use, and within it for one kind of value."""
        return _derived(self.secret, f"shouyue/1/{use}/{what}".encode())

    @property
    def check_value(self) -> bytes:
        """8 bytes that tell this secret from another one under the same id, and nothing else."""
        return keyed_digest(self.derived(Use.CHECK), b"", size=8)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key that is in use: the first seals, all open."""

    keys: tuple[InstallationKey, ...]

    @property
    def current(self) -> InstallationKey:
        return self.keys[0]

    def named(self, key_id: str) -> InstallationKey:
        """Raises KeysMissingError when the ring lost that key."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise KeysMissingError(f"records are sealed under the key {key_id!r}, which SHOUYUE_KEYS does not hold")


def parse_ring(text: str) -> KeyRing | None:
    """The ring of "id:base64,id:base64,…"; None for no text. Raises KeysRefusedError."""
    if not text.strip():
        return None
    keys = tuple(_parse_key(part.strip()) for part in text.split(","))
    if len({key.id for key in keys}) < len(keys):
        raise KeysRefusedError("keys with a different id each")
    if len({key.secret for key in keys}) < len(keys):
        raise KeysRefusedError("a different secret under each id")
    return KeyRing(keys)


def made_key(key_id: str = "k1") -> str:
    """A new random key as it stands in SHOUYUE_KEYS."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(_SIZE)).decode()}"


def ring() -> KeyRing:
    """The running installation's keys. Raises KeysMissingError when it was started without any."""
    from django.conf import settings

    if settings.SHOUYUE_KEYS is None:
        raise KeysMissingError("SHOUYUE_KEYS is empty; personal data can be neither written nor read without it")
    return settings.SHOUYUE_KEYS


def keyed_digest(key: bytes, data: bytes, *, size: int) -> bytes:
    """A digest of `size` bytes that nobody without the key can make or check.

    BLAKE2b in its keyed mode (RFC 7693): a message authentication code like HMAC, in a third of the time, and a
    name makes some thirty of them.
    """
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def _parse_key(text: str) -> InstallationKey:
    key_id, _colon, encoded = text.partition(":")
    if not _ID.fullmatch(key_id):
        raise KeysRefusedError("id:base64 pairs by comma, with an id of small letters, digits and hyphens")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise KeysRefusedError(f"base64 after the colon; that of {key_id!r} is not") from None
    if len(secret) != _SIZE:
        raise KeysRefusedError(f"a secret of {_SIZE} bytes; that of {key_id!r} has {len(secret)}")
    return InstallationKey(key_id, secret)


@functools.lru_cache(maxsize=64)
def _derived(secret: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=_SIZE, salt=None, info=info).derive(secret)
