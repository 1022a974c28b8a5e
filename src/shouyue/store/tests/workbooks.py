"""Writes small Excel workbooks, part by part: the product reads workbooks and never writes one itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override
PartName="/xl/workbook.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override
PartName="/xl/styles.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"""
_ROOT = f"""<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" Type="{LINK}/officeDocument"
Target="xl/workbook.xml"/></Relationships>"""
# Style 1 shows a date with its time, style 2 a date alone.
_STYLES = f"""<styleSheet xmlns="{SHEET}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="22"/>
<xf numFmtId="14"/></cellXfs></styleSheet>"""
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones


class Raw(str):
    """A cell given as its own XML."""


def write_workbook(
    path: Path,
    sheets: Mapping[str, Iterable[Sequence[object]]],
    *,
    hidden: Sequence[str] = (),
    parts: Mapping[str, bytes] | None = None,
) -> Path:
    """A workbook with these sheets; `parts` are added to the archive as they are. Returns the path."""
    places = list(enumerate(sheets.items(), 1))
    states = {name: ' state="hidden"' if name in hidden else "" for name in sheets}
    book = "".join(f'<sheet name="{escape(name)}" sheetId="{i}"{states[name]} r:id="s{i}"/>' for i, (name, _) in places)
    links = "".join(
        f'<Relationship Id="s{i}" Type="{LINK}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i, _ in places
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/styles.xml", _STYLES)
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{LINK}"><sheets>{book}</sheets></workbook>'
        )
        styles = f'<Relationship Id="x" Type="{LINK}/styles" Target="styles.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}{styles}</Relationships>',
        )
        for i, (_, rows) in places:
            with archive.open(f"xl/worksheets/sheet{i}.xml", "w") as part:
                part.write(f'<worksheet xmlns="{SHEET}"><sheetData>'.encode())
                for number, row in enumerate(rows, 1):
                    part.write(f'<row r="{number}">{"".join(map(_cell, row))}</row>'.encode())
                part.write(b"</sheetData></worksheet>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return path


def _cell(value: object) -> str:  # noqa: PLR0911 - one return for each type of cell
    if isinstance(value, Raw):
        return str(value)
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        return f'<c s="1"><v>{(value - _DAY_ZERO).total_seconds() / 86400!r}</v></c>'
    if isinstance(value, date):
        return f'<c s="2"><v>{(value - _DAY_ZERO.date()).days}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
