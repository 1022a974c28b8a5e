"""What a party signs, byte for byte, and the keys it signs with (Ed25519)."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PASSPHRASE_MIN = 12


class WrongPassphraseError(Exception):
    """The passphrase does not open this key."""


def canonical(values: Mapping[str, Any]) -> bytes:
    """The one way to write these values: JSON in UTF-8 with sorted names and without spaces."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(values)).hexdigest()


def make_key(passphrase: str) -> tuple[str, str]:
    """A new key: (public key in base64, private key as PEM that only the passphrase opens)."""
    key = Ed25519PrivateKey.generate()
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(public).decode(), sealed.decode()


def sign(sealed_key: str, passphrase: str, message: bytes) -> str:
    """The signature in base64. Raises WrongPassphraseError."""
    try:
        key = serialization.load_pem_private_key(sealed_key.encode(), passphrase.encode())
    except ValueError as wrong:
        raise WrongPassphraseError from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("parties sign with Ed25519 keys")
    return base64.b64encode(key.sign(message)).decode()


def holds(public_key: str, signature: str, message: bytes) -> bool:
    """Whether this key made this signature of this message."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """The first 16 hexadecimal digits of the key's SHA-256, in fours: how people compare keys by telephone."""
    found = hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:16]
    return " ".join(found[at : at + 4] for at in range(0, 16, 4))
