"""Addresses of static files carry a print of their content: an upgrade reaches every browser at its next page."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class PrintedFiles(StaticFilesStorage):
    """Django's storage with `?v=…` after each address. Nothing is copied or built."""

    def url(self, name: str | None) -> str:
        """The address of a static file; of one that does not exist, the plain address (it will answer 404)."""
        address = super().url(name)
        mark = _mark(name) if name else ""
        return f"{address}?v={mark}" if mark else address


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]
