"""Personal links: a token that nobody can guess, and its hash, which is all that is kept."""

import base64
import hashlib
import hmac
from uuid import UUID


def token_of(secret: str, invitation: UUID) -> str:
    """22 characters, 128 bits: an HMAC of the invitation. secret: hexadecimal, of the wave alone."""
    digest = hmac.new(bytes.fromhex(secret), b"link " + invitation.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is compared with the record: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
