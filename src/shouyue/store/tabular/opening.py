"""Opens a file as the table its name says, or refuses it."""

from collections.abc import Sequence
from hashlib import file_digest as digest_of
from pathlib import Path

from shouyue.store.tabular import signatures
from shouyue.store.tabular.csv_table import CsvTable
from shouyue.store.tabular.parquet_table import ParquetTable
from shouyue.store.tabular.refusals import refuse
from shouyue.store.tabular.table import Table
from shouyue.store.tabular.xlsx_table import XlsxTable

_HEAD = 512


def file_digest(path: Path) -> str:
    """SHA-256 of the file's bytes in hexadecimal, read as a stream.

    Raises FileRefusedError if there is no such readable file.
    """
    _must_be_readable(path)
    with path.open("rb") as file:
        return digest_of(file, "sha256").hexdigest()


def open_table(path: Path, *, required: Sequence[str] = (), sheet: str | None = None) -> Table:
    """Open CSV (.csv, .tsv, .txt, also with .gz), XLSX or Parquet; the content decides an unknown ending.

    required: names of columns that must be there, exactly as written in the header.
    sheet: of a workbook the sheet to read; without it the first visible one that is not empty.
    A CSV is read once from end to end before this returns, to prove its encoding and its line lengths.
    Raises FileRefusedError.
    """
    kind = _kind_of(path)
    if kind == "parquet":
        return ParquetTable(path, required=required)
    if kind == "xlsx":
        return XlsxTable(path, required=required, sheet=sheet)
    return CsvTable(path, packed=kind == "csv.gz", required=required)


def _must_be_readable(path: Path) -> bytes:
    """The first bytes of the file; refuses what is no readable file."""
    if path.is_dir():
        refuse("folder", name=path.name)
    if not path.exists():
        refuse("missing", name=path.name)
    if not path.is_file():
        # A named pipe or device would let the reader wait for ever.
        refuse("unreadable", name=path.name)
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        refuse("unreadable", name=path.name)


def _kind_of(path: Path) -> signatures.Said:
    head = _must_be_readable(path)
    if not head.removeprefix(b"\xef\xbb\xbf").strip() and path.stat().st_size <= _HEAD:
        refuse("empty", name=path.name)
    said, found = signatures.said_by_name(path.name), signatures.found_in(head)
    if found == "ole" and said in (None, "xlsx", "xls"):
        refuse("xlsx-password" if signatures.is_encrypted_office(path) else "old-excel", name=path.name)
    if said is None or said == "xls":
        said = _kind_by_content(found, path)
    wanted = {"csv": None, "csv.gz": "gzip", "xlsx": "zip", "xls": "ole", "parquet": "parquet"}[said]
    if found != wanted or (found == "zip" and not signatures.is_workbook(path)):
        _refuse_other_content(path, said, found)
    return said


def _kind_by_content(found: str | None, path: Path) -> signatures.Said:
    if found == "zip" and signatures.is_workbook(path):
        return "xlsx"
    by_content: dict[str | None, signatures.Said] = {"parquet": "parquet", "gzip": "csv.gz"}
    return by_content.get(found, "csv")


def _refuse_other_content(path: Path, said: signatures.Said, found: str | None) -> None:
    if found == "zip" and said == "xlsx" and not signatures.is_zip_of_other_things(path):
        refuse("xlsx-broken", name=path.name)
    refuse(
        "not-what-it-says",
        name=path.name,
        said=signatures.KINDS[said],
        found=signatures.described(found, path),
    )
