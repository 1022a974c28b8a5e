"""Tokens of API keys: a prefix that finds the key, and a secret that proves it."""

import hashlib
import hmac
import re
from dataclasses import dataclass

PREFIX_LENGTH = 10
_TOKEN = re.compile(r"shy_([0-9a-z]{10})_([0-9A-Za-z_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """What stands in `Authorization: Bearer shy_<prefix>_<secret>`. secret: 32 random bytes in base64url."""

    prefix: str
    secret: str

    @property
    def text(self) -> str:
        return f"shy_{self.prefix}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """32 bytes to keep instead of the secret.

        One round of SHA-256 is enough: the secret is 256 random bits, not a password that somebody chose.
        """
        return hashlib.sha256(self.secret.encode()).digest()

    def proves(self, digest: bytes) -> bool:
        """Whether the secret is the one that `digest` was kept of, in a time that tells nothing."""
        return hmac.compare_digest(self.digest, digest)


def parse(text: str) -> Token | None:
    """The token in a header's text; None when it is none."""
    found = _TOKEN.fullmatch(text.strip())
    return Token(*found.groups()) if found else None
