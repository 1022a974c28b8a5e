"""What a paper consists of, and the digest that stands on its last page."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter, 2 a clause."""

    text: str
    level: int = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. label: stands before it in the margin, such as "(2)"."""

    text: str
    label: str = ""
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and values side by side, as parties state who they are."""

    rows: Sequence[tuple[str, str]]
    kind: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. widths: shares of the line, one for each head."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""

    kind: Literal["page"] = "page"


Block: TypeAlias = Heading | Text | Fields | Grid | NewPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. note: the line under its title. closing: what its last page says before the digest.

    digest_label: the words beside the digest. language: "zh" or "en", for hyphenation and the choice of glyphs.
    """

    title: str
    note: str
    blocks: Sequence[Block]
    closing: str
    digest_label: str
    language: str = "zh"


def paper_digest(paper: Paper) -> str:
    """SHA-256 of the paper's words in their order, in hexadecimal: equal words, equal digest, whatever the format."""
    words = json.dumps(asdict(paper), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
