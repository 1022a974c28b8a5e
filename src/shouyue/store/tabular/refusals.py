"""Why a whole file is refused: one sentence or two each, saying what, why and what to do."""

from collections.abc import Mapping
from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from shouyue.store.tabular.messages import Message, RefusedError

REASONS: Mapping[str, Message] = {
    "missing": _("There is no file named “%(name)s”. Check the name and the folder, then try again."),
    "folder": _("“%(name)s” is a folder, not a file. Choose one file inside it."),
    "unreadable": _(
        "“%(name)s” cannot be opened: this program may not read it, or the disk fails. "
        "Change the file's permissions or copy it, then try again."
    ),
    "empty": _("“%(name)s” is empty. Export it again from where it came from."),
    "header-only": _("“%(name)s” has a line of column names but no rows below it. Export it again with its rows."),
    "not-what-it-says": _(
        "“%(name)s” is named like a %(said)s file, but its content is %(found)s. "
        "Save it as %(said)s, or give it the ending that fits its content."
    ),
    "old-excel": _("“%(name)s” is in the old Excel format (.xls). Open it in Excel or WPS and save it as .xlsx."),
    "binary": _(
        "“%(name)s” is not a table of text: it is full of control characters. Save it as CSV, XLSX or Parquet."
    ),
    "no-delimiter": _(
        "The first line of “%(name)s” is not a list of columns: it holds no comma, semicolon, tab or "
        "vertical bar. Save it as CSV with the column names in the first line."
    ),
    "encoding": _(
        "The text of “%(name)s” is in none of the encodings understood here (UTF-8, UTF-16 with a byte order "
        "mark, GB18030). Save it as “CSV UTF-8” and try again."
    ),
    "line-too-long": _(
        "Line %(line)s of “%(name)s” is longer than %(limit_kb)s kB. "
        "A line break or a closing quotation mark is probably missing there. Correct that line and try again."
    ),
    "quotes-broken": _(
        "Quotation marks in “%(name)s” are opened and never closed in so many rows that the rows cannot be told "
        "apart. Export it again with quotation marks inside cells doubled."
    ),
    "header-broken": _(
        "The first line of “%(name)s” cannot be read as column names: a quotation mark is not closed or the "
        "line contains bytes that are not text. Correct that line and try again."
    ),
    "columns-missing": _(
        "“%(name)s” lacks these columns: %(missing)s. It has: %(found)s. Add the columns or rename the ones that fit."
    ),
    "columns-duplicate": _(
        "“%(name)s” has more than one column named %(duplicates)s. Rename or remove the surplus columns, "
        "so that each name stands once."
    ),
    "columns-unnamed": _(
        "In “%(name)s” these columns have no name: %(positions)s (counted from the left). "
        "Name them in the first row or remove them."
    ),
    "columns-too-many": _(
        "“%(name)s” has %(found)s columns; at most %(limit)s are read. Remove the columns that are not needed."
    ),
    "rows-too-many": _(
        "“%(name)s” holds %(found)s rows; at most %(limit)s are read from one file. Split it into several."
    ),
    "gzip-broken": _("“%(name)s” cannot be unpacked: the file is damaged or cut off. Copy or export it again."),
    "gzip-bomb": _(
        "“%(name)s” unpacks to more than %(limit)s times its size, which ordinary tables never do, "
        "so it was not read. Send the unpacked CSV if the content is really meant."
    ),
    "gzip-too-large": _("“%(name)s” unpacks to more than %(limit_mb)s MB. Split it into several files."),
    "parquet-broken": _(
        "“%(name)s” is not a readable Parquet file: it is damaged, cut off or encrypted. Copy or export it again."
    ),
    "parquet-too-large": _(
        "Rows of “%(name)s” need more memory than %(limit)s. Write the file again with smaller cells and row groups."
    ),
    "xlsx-broken": _(
        "“%(name)s” is not a readable Excel workbook: it is damaged or cut off. "
        "Open it in Excel or WPS, save it as .xlsx and try again."
    ),
    "xlsx-password": _(
        "“%(name)s” is protected with a password. Open it in Excel or WPS, save a copy without a password "
        "and try again."
    ),
    "xlsx-bomb": _(
        "“%(name)s” unpacks to far more than a workbook should (limits: %(limit_mb)s MB, "
        "%(ratio)s times its size, %(entries)s parts), so it was not read. Save the sheet as CSV and try again."
    ),
    "xlsx-too-heavy": _(
        "Reading “%(name)s” took more than %(seconds)s seconds of computing or too much memory. "
        "Save the sheet as CSV and try again."
    ),
    "xlsx-no-sheet": _(
        "“%(name)s” holds no sheet with a table. Put the column names in the first row of a sheet and the rows below."
    ),
    "xlsx-sheet-missing": _("“%(name)s” has no sheet named “%(sheet)s”. It has: %(found)s. Choose one of these."),
}


class FileRefusedError(RefusedError):
    """The whole file is refused."""

    REASONS = REASONS


def refuse(code: str, **details: object) -> NoReturn:
    """Raise FileRefusedError; `details` fill the places of the message."""
    raise FileRefusedError(code, details)
