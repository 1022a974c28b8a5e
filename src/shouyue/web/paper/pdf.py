"""Papers as PDF/A, set by Typst with the fonts of the machine; a glyph that no font has is an error, not a blank."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from shouyue.web.paper.blocks import Paper, paper_digest

_SHEET = Path(__file__).resolve().parent / "sheet.typ"
# Families with the hanzi of GB 2312, the first ones preferred: Debian, macOS, Windows, older Linux.
_FAMILIES = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Songti SC",
    "PingFang SC",
    "SimSun",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
_ALWAYS_THERE = "Libertinus Serif"  # comes with Typst; Latin letters only
_MOMENT = 1_700_000_000  # the same words give the same bytes, so the file says nothing of when it was made


class GlyphsMissingError(Exception):
    """The machine has no font for what the paper says. detail: what Typst found."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"no font of this machine can set the paper: {detail}")
        self.detail = detail


def as_pdf(paper: Paper) -> bytes:
    """The paper as PDF/A-2b with page numbers and its digest at the end. Equal papers are equal files.

    Raises GlyphsMissingError.
    """
    values = {**asdict(paper), "digest": paper_digest(paper), "fonts": [*_families(), _ALWAYS_THERE]}
    try:
        made = typst.compile(
            str(_SHEET),
            font_paths=_fonts(),
            sys_inputs={"paper": json.dumps(values, ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=_MOMENT,
        )
    except typst.TypstError as failed:
        raise GlyphsMissingError(failed.message) from failed
    if not isinstance(made, bytes):
        raise TypeError("Typst gives a PDF as one piece")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


@cache
def _families() -> tuple[str, ...]:
    there = set(_fonts().families())
    return tuple(name for name in _FAMILIES if name in there)
