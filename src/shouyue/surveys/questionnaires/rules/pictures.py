"""Pictures of choices: PNG and JPEG of a bounded size, without anything in them but the picture."""

from collections.abc import Iterator

PICTURE_BYTES_MAX, SIDE_MAX = 200 * 1024, 2000
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
# What a PNG needs to be shown; texts, times, places and colour profiles fall away.
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"}
# JPEG: the JFIF header and Adobe's note about colours; Exif, XMP, profiles and remarks fall away.
_JPEG_DROPPED = {*range(0xE1, 0xEE), 0xEF, 0xFE}
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class PictureRefusedError(ValueError):
    """A file is not taken as a picture. reason: large, not_picture, broken, wide."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def stripped(content: bytes) -> tuple[str, bytes]:
    """The kind of media and the picture without its metadata. A picture turned by Exif alone is no longer turned.

    Raises PictureRefusedError.
    """
    if len(content) > PICTURE_BYTES_MAX:
        raise PictureRefusedError("large")
    if content.startswith(_PNG):
        return "image/png", _PNG + b"".join(_png_chunks(content))
    if content.startswith(_JPEG):
        return "image/jpeg", _JPEG + b"".join(_jpeg_parts(content))
    raise PictureRefusedError("not_picture")


def _png_chunks(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    seen: set[bytes] = set()
    while b"IEND" not in seen:
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        chunk = content[at : at + 12 + size]
        if len(chunk) != 12 + size or (not seen and name != b"IHDR"):
            raise PictureRefusedError("broken")
        if name == b"IHDR":
            _check_sides(chunk[8:12], chunk[12:16])
        seen.add(name)
        at += len(chunk)
        if name in _PNG_KEPT:
            yield chunk
    if b"IDAT" not in seen:
        raise PictureRefusedError("broken")


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    at, has_frame = len(_JPEG), False
    while True:
        marker = content[at + 1] if content[at : at + 1] == b"\xff" and at + 1 < len(content) else None
        if marker is None:
            raise PictureRefusedError("broken")
        if marker == 0xD9:
            break
        size = int.from_bytes(content[at + 2 : at + 4])
        end = at + 2 + size
        if size < 2 or end > len(content):
            raise PictureRefusedError("broken")
        if marker in _JPEG_FRAMES:
            has_frame = True
            _check_sides(content[at + 7 : at + 9], content[at + 5 : at + 7])
        if marker == 0xDA:
            end = _scan_end(content, end)
        if marker not in _JPEG_DROPPED:
            yield content[at:end]
        at = end
    if not has_frame:
        raise PictureRefusedError("broken")
    yield b"\xff\xd9"


def _scan_end(content: bytes, at: int) -> int:
    """Where the points of a scan end: at the next marker that is neither a stuffed byte nor a restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] not in {0x00, 0xFF, *range(0xD0, 0xD8)}:
            return at
        at += 1
    raise PictureRefusedError("broken")


def _check_sides(*sides: bytes) -> None:
    if not all(1 <= int.from_bytes(side) <= SIDE_MAX for side in sides):
        raise PictureRefusedError("wide")
