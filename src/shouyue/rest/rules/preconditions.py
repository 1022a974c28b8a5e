"""Versions of a record in headers: `ETag` tells it, `If-Match` asks for it (RFC 9110)."""


def etag(version: int) -> str:
    return f'"v{version}"'


def matches(if_match: str, version: int) -> bool:
    """Whether a header's list of tags names this version; "*" names any. A weak tag never matches."""
    tags = [tag.strip() for tag in if_match.split(",")]
    return "*" in tags or etag(version) in tags
