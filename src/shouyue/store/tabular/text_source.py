"""Proves that a file is text: one pass over all of it checks line lengths, unpacked size and encoding."""

import codecs
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO, AnyStr, cast

from shouyue.store.tabular import encodings, limits, signatures
from shouyue.store.tabular.encodings import Encoding
from shouyue.store.tabular.refusals import refuse

_CHUNK = 1 << 18
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))
_CONTROLS_SHARE_MAX = 0.1
_NON_ASCII = re.compile("[^\x00-\x7f]+")


class TextSource:
    """A text file, packed with gzip or not, whose whole content has been checked.

    Raises FileRefusedError: line-too-long, encoding, binary, empty, not-what-it-says, gzip-broken, gzip-bomb,
    gzip-too-large.
    """

    def __init__(self, path: Path, *, packed: bool) -> None:
        self.path = path
        self.name = path.name
        self._packed = packed
        self.encoding = self._proven_encoding()

    def open_text(self) -> TextIOWrapper:
        """The text from the start, line ends as they are; undecodable bytes are lone surrogates."""
        return TextIOWrapper(self._open_bytes(), encoding=self.encoding.codec, errors=self.encoding.errors, newline="")

    def _open_bytes(self) -> IO[bytes]:
        return cast(IO[bytes], gzip.open(self.path)) if self._packed else self.path.open("rb")

    def _chunks(self) -> Iterator[bytes]:
        size = self.path.stat().st_size
        unpacked = 0
        try:
            with self._open_bytes() as file:
                while chunk := file.read(_CHUNK):
                    unpacked += len(chunk)
                    if self._packed:
                        self._check_unpacked(unpacked, size)
                    yield chunk
        except (EOFError, gzip.BadGzipFile, zlib.error):
            refuse("gzip-broken", name=self.name)
        except OSError:
            refuse("unreadable", name=self.name)

    def _check_unpacked(self, unpacked: int, size: int) -> None:
        if unpacked > limits.GZIP_RATIO_FROM and unpacked > limits.GZIP_RATIO_MAX * size:
            refuse("gzip-bomb", name=self.name, limit=limits.GZIP_RATIO_MAX)
        if unpacked > limits.GZIP_UNPACKED_MAX:
            refuse("gzip-too-large", name=self.name, limit_mb=limits.GZIP_UNPACKED_MAX // limits.MEGABYTE)

    def _proven_encoding(self) -> Encoding:
        head = next(self._chunks(), b"")
        self._check_head(head)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self._proven_utf16()
        utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
        if self._check_bytes():
            return Encoding(utf8)
        if encodings.is_utf8_with_faults(self._counts("utf-8")):
            return Encoding(utf8, is_clean=False)
        counts = self._counts("gb18030")
        if not encodings.is_gb18030(counts):
            refuse("encoding", name=self.name)
        return Encoding("gb18030", is_clean=not encodings.has_faults(counts))

    def _check_head(self, head: bytes) -> None:
        if not head.removeprefix(codecs.BOM_UTF8).strip():
            refuse("empty", name=self.name)
        if found := signatures.found_in(head[:512]):
            said = signatures.KINDS["csv.gz" if self._packed else "csv"]
            refuse("not-what-it-says", name=self.name, said=said, found=signatures.described(found, self.path))
        if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            refuse("encoding", name=self.name)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return
        half = len(head) // 4  # every other byte of UTF-16 text in Latin letters is zero
        if max(head[::2].count(0), head[1::2].count(0)) > half:
            refuse("encoding", name=self.name)
        if len(head) - len(head.translate(None, _CONTROLS)) > _CONTROLS_SHARE_MAX * len(head):
            refuse("binary", name=self.name)

    def _check_bytes(self) -> bool:
        """Checks the lengths of lines; whether the file is UTF-8 without a fault."""
        lines = _LineLengths(self.name)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_clean = True
        for chunk in self._chunks():
            lines.see(len(chunk), *_line_ends(chunk, b"\n", b"\r"))
            if is_clean:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_clean = False
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return is_clean

    def _proven_utf16(self) -> Encoding:
        """UTF-16 is checked as text: its bytes hold line ends inside of characters."""
        lines = _LineLengths(self.name, bytes_per_char=2)
        decoder = codecs.getincrementaldecoder("utf-16")()
        try:
            for chunk in self._chunks():
                text = decoder.decode(chunk)
                lines.see(len(text), *_line_ends(text, "\n", "\r"))
            decoder.decode(b"", final=True)
        except UnicodeError:
            refuse("encoding", name=self.name)
        return Encoding("utf-16")

    def _counts(self, codec: str) -> Counter[str]:
        """How often each non-ASCII character stands in the file; undecodable bytes count as lone surrogates."""
        decoder = codecs.getincrementaldecoder(codec)("surrogateescape")
        counts: Counter[str] = Counter()
        for chunk in self._chunks():
            counts.update("".join(_NON_ASCII.findall(decoder.decode(chunk))))
            if encodings.is_hopeless(counts):
                return counts
        counts.update("".join(_NON_ASCII.findall(decoder.decode(b"", final=True))))
        return counts


class _LineLengths:
    """Refuses a file with a line over the limit, seeing the file in pieces that are shorter than the limit."""

    def __init__(self, name: str, *, bytes_per_char: int = 1) -> None:
        self._name = name
        self._bytes = bytes_per_char
        self._open = 0
        self._line = 1

    def see(self, length: int, first: int, last: int, count: int) -> None:
        """One more piece: its length, the places of its first and last line end (-1: none), how many there are."""
        if (self._open + (length if first < 0 else first)) * self._bytes > limits.LINE_MAX:
            refuse("line-too-long", name=self._name, line=self._line, limit_kb=limits.LINE_MAX // 1000)
        self._open = self._open + length if first < 0 else length - last - 1
        self._line += count


def _line_ends(piece: AnyStr, feed: AnyStr, back: AnyStr) -> tuple[int, int, int]:
    """Places of the first and last line end in the piece (-1: none), and how many lines end.

    feed, back: LF and CR, of the piece's type. Old files end lines with CR alone.
    """
    feeds = piece.count(feed)
    end = feed if feeds else back
    return piece.find(end), piece.rfind(end), feeds or piece.count(end)
