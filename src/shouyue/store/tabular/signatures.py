"""Tells what a file is: from its name, and from its first bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext_lazy as _

from shouyue.store.tabular.messages import Message

Said = Literal["csv", "csv.gz", "xlsx", "xls", "parquet"]

_ENDINGS: tuple[tuple[str, Said], ...] = (
    (".gz", "csv.gz"),
    (".csv", "csv"),
    (".tsv", "csv"),
    (".txt", "csv"),
    (".xlsx", "xlsx"),
    (".xlsm", "xlsx"),
    (".xls", "xls"),
    (".parquet", "parquet"),
    (".pq", "parquet"),
)
# Names of formats are the same in every language, so only the descriptions are translated.
KINDS: Mapping[Said, str] = {
    "csv": "CSV",
    "csv.gz": "CSV (gzip)",
    "xlsx": "Excel (.xlsx)",
    "xls": "Excel (.xls)",
    "parquet": "Parquet",
}
PLAIN_TEXT = _("plain text")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!\x1a", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<?xml", "XML"), (b"[{", "JSON"), (b'{"', "JSON"))


def said_by_name(name: str) -> Said | None:
    """What the ending of the name promises; None for an ending that promises nothing."""
    return next((said for ending, said in _ENDINGS if name.lower().endswith(ending)), None)


def found_in(head: bytes) -> str | None:
    """The format that the first bytes (64 or more) show; None for anything else, such as text."""
    signature = next((found for magic, found in _SIGNATURES if head.startswith(magic)), None)
    if signature:
        return signature
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((found for tag, found in _MARKUP if start.startswith(tag)), None)


def described(found: str | None, path: Path) -> "str | Message":
    """The found format as words for people."""
    if found is None:
        return PLAIN_TEXT
    if found == "zip":
        return KINDS["xlsx"] if is_workbook(path) else "ZIP"
    return {"gzip": "gzip", "parquet": "Parquet", "ole": "Excel (.xls)"}.get(found, found)


def is_workbook(path: Path) -> bool:
    """Whether the zip archive has the parts of an Excel workbook."""
    try:
        with ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.NameToInfo
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def is_zip_of_other_things(path: Path) -> bool:
    """Whether the archive is whole, yet no workbook; a damaged workbook has no readable directory at its end."""
    try:
        with ZipFile(path) as archive:
            return "xl/workbook.xml" not in archive.NameToInfo
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def is_encrypted_office(path: Path) -> bool:
    """Whether an OLE container holds an encrypted package: how Office stores a file with a password."""
    mark = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if mark in tail + chunk:
                return True
            tail = chunk[-len(mark) :]
    return False
