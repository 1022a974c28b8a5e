"""Cells that a spreadsheet would run as formulas: harmless in files that go out, as they were when they come back."""

# What a spreadsheet takes for the start of a formula, and the full-width forms that some of them fold to it.
_STARTS = frozenset("=+-@\t\r＝＋－＠")


def neutral(cell: object) -> str:
    """The cell as text that a spreadsheet does not run; numbers such as -5 stay numbers."""
    text = "" if cell is None else str(cell)
    if text[:1] not in _STARTS:
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def as_typed(cell: object) -> object:
    """A cell of a file that `neutral` wrote, without the apostrophe that it put before the text."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in _STARTS else cell
