"""Papers to hand over: one description, written as a Word document and as a PDF."""

from shouyue.web.paper.blocks import Block, Fields, Grid, Heading, NewPage, Paper, Text, paper_digest
from shouyue.web.paper.pdf import GlyphsMissingError, as_pdf
from shouyue.web.paper.word import DOCX_TYPE, NotADocumentError, as_docx, docx_lines

__all__ = [
    "DOCX_TYPE",
    "Block",
    "Fields",
    "GlyphsMissingError",
    "Grid",
    "Heading",
    "NewPage",
    "NotADocumentError",
    "Paper",
    "Text",
    "as_docx",
    "as_pdf",
    "docx_lines",
    "paper_digest",
]
