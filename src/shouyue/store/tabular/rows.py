"""What a table yields: rows of values, and rows that cannot be read with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from shouyue.store.tabular.limits import RAW_SHOWN_MAX
from shouyue.store.tabular.messages import Message, filled, shortened

REASONS: Mapping[str, Message] = {
    "field-count": _(
        "The row has %(found)s cells where the first line names %(wanted)s columns. "
        "Look for a missing or surplus separator or quotation mark."
    ),
    "cell-too-long": _(
        "A cell is longer than %(limit_kb)s kB; probably a closing quotation mark is missing. "
        "Shorten the cell or close the quotation mark."
    ),
    "quote-broken": _(
        "A quotation mark in the row is not closed, or text follows it. "
        "Double the quotation marks that belong to the text."
    ),
    "nul": _("The row contains a NUL byte, which no text has. Export the row again."),
    "bytes-undecodable": _(
        "The row contains bytes that are not text in the encoding of this file (%(encoding)s). "
        "Type the garbled cell again."
    ),
    "cell-error": _("A cell holds the error %(error)s of a formula. Correct the formula or type the value."),
    "formula-without-value": _(
        "A cell holds a formula without a stored result. Open the workbook in Excel or WPS, save it and try again."
    ),
}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read; it counts as one input row and the rows after it are read on.

    number: data rows from 1, in one sequence with the good rows.
    code: a stable slug, one of the keys of REASONS in this module.
    raw: what stands in the file, at most 500 characters; for people, not for parsing.
    """

    number: int
    code: str
    raw: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """What is wrong and what to do: lazy, translated when shown."""
        return filled(REASONS[self.code], self.details)


Row: TypeAlias = tuple[int, Sequence[object]] | BadRow


def bad_row(number: int, code: str, raw: str, **details: object) -> BadRow:
    """A BadRow with `raw` shortened and made safe to store as text."""
    text = shortened(raw, RAW_SHOWN_MAX).replace("\0", "␀")
    return BadRow(number, code, text.encode("utf-8", "backslashreplace").decode(), details)
