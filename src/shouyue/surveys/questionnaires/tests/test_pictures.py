"""Pictures of choices: nothing but the picture is kept, the builder shows it, and what is no picture is refused."""

import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.questionnaires.actions import keep_question, start_draft
from shouyue.surveys.questionnaires.models import Picture, Questionnaire
from shouyue.surveys.questionnaires.rules.pictures import PICTURE_BYTES_MAX, PictureRefusedError, stripped
from shouyue.surveys.questionnaires.tests.test_builder import reader

HOME = "/surveys/questionnaires/product_use/"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*between: bytes, width: int = 3, height: int = 2, after: bytes = b"") -> bytes:
    rows = b"".join(b"\x00" + b"\x10\x20\x30" * width for _row in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = head + b"".join(between) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body + after


def part(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


FRAME = part(0xC0, struct.pack(">BHHB", 8, 2, 3, 1) + b"\x01\x11\x00")
TABLE, POINTS = part(0xDB, bytes(65)), part(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"


def jpeg(*between: bytes, frame: bytes = FRAME, after: bytes = b"") -> bytes:
    parts = (part(0xE0, b"JFIF\x00\x01\x01"), *between, TABLE, frame, POINTS)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9" + after


@given(st.lists(st.tuples(st.sampled_from([b"tEXt", b"iTXt", b"eXIf", b"tIME", b"iCCP"]), st.binary(max_size=40))))
def test_a_png_keeps_its_points_and_nothing_else(hidden: list[tuple[bytes, bytes]]) -> None:
    given = png(*(chunk(name, data) for name, data in hidden), after=b"PK\x03\x04 hidden")
    assert stripped(given) == ("image/png", png())
    kept = chunk(b"tRNS", bytes(6))
    assert stripped(png(kept)) == ("image/png", png(kept))


@given(st.lists(st.tuples(st.sampled_from([0xE1, 0xE2, 0xED, 0xFE]), st.binary(max_size=40))))
def test_a_jpeg_keeps_its_points_and_nothing_else(hidden: list[tuple[int, bytes]]) -> None:
    given = jpeg(*(part(marker, b"Exif\x00\x00GPS" + data) for marker, data in hidden), after=jpeg())
    assert stripped(given) == ("image/jpeg", jpeg())
    # A second scan, with a remark between both.
    both = b"\xff\xd8" + TABLE + FRAME + POINTS + part(0xFE, b"where I live") + POINTS + b"\xff\xd9"
    assert stripped(both)[1] == both.replace(part(0xFE, b"where I live"), b"")
    adobe = part(0xEE, b"Adobe\x00d\x00\x00\x00\x00\x01")
    assert stripped(jpeg(adobe))[1] == jpeg(adobe)


@given(st.sampled_from([png(), jpeg()]), st.data())
def test_what_is_cut_off_is_refused(whole: bytes, data: st.DataObject) -> None:
    part_of_it = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(PictureRefusedError) as refused:
        stripped(part_of_it)
    assert refused.value.reason in {"broken", "not_picture"}


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(content: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"):
        try:
            kind, _picture = stripped(start + content)
        except PictureRefusedError:
            continue
        assert kind in {"image/png", "image/jpeg"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_picture"),
        (b"GIF89a", "not_picture"),
        (png(after=bytes(PICTURE_BYTES_MAX)), "large"),
        (png(width=2001), "wide"),
        (jpeg(frame=part(0xC2, struct.pack(">BHHB", 8, 2001, 3, 1) + b"\x01\x11\x00")), "wide"),
        (png(width=0), "wide"),
    ],
)
def test_what_is_no_picture_of_a_choice_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefusedError) as refused:
        stripped(content)
    assert refused.value.reason == reason


IMAGE = {
    "code": "pack",
    "kind": "image",
    "zh": "更喜欢哪种包装？",
    "en": "Which wrapping do you prefer?",
    "choices": "plain | 素色 | Plain\nred | 红色 | Red",
}


def give(client: Client, choice: str, content: bytes):
    file = SimpleUploadedFile("me-at-home.png", content, content_type="image/png")
    return client.post(f"{HOME}questions/pack/picture", {"choice": choice, "file": file})


@pytest.mark.django_db
def test_the_builder_gives_choices_their_pictures() -> None:
    start_draft("product_use")
    client = reader()
    kept = client.post(f"{HOME}questions/new/", IMAGE)
    assert (kept.status_code, kept.headers["Location"]) == (302, f"{HOME}questions/pack/")
    assert give(client, "red", png(chunk(b"tEXt", b"Author\x00Lin"))).status_code == 302
    (picture,) = Picture.objects.all()
    assert (picture.kind, bytes(picture.content)) == ("image/png", png())
    page = client.get(f"{HOME}questions/pack/").content.decode()
    assert page.count(f'src="/a/pictures/{picture.pk}"') == 1
    assert page.count("No picture yet.") == 1
    served = client.get(f"/a/pictures/{picture.pk}")
    assert (served.content, served.headers["Content-Type"]) == (png(), "image/png")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    # Other words of the choices leave the pictures where they are; a choice that went takes its picture along.
    renamed = {**IMAGE, "choices": "red | 大红 | Bright red\nblue | 蓝色 | Blue"}
    assert client.post(f"{HOME}questions/pack/", renamed).status_code == 302
    row = Questionnaire.objects.get(code="product_use", is_draft=True).questions[-1]
    assert [(one["zh"], one["picture"]) for one in row["choices"]] == [("大红", picture.pk), ("蓝色", "")]
    assert f'src="/a/pictures/{picture.pk}"' in client.get(HOME).content.decode()


@pytest.mark.django_db
def test_a_picture_that_cannot_be_taken_leaves_no_trace() -> None:
    start_draft("product_use")
    row = {"code": "pack", "kind": "image", "zh": "哪种？", "en": "Which?", "is_required": False}
    choices = [{"code": "plain", "zh": "素色", "en": "Plain"}, {"code": "red", "zh": "红色", "en": "Red"}]
    keep_question("product_use", {**row, "choices": choices})
    client = reader()
    refused = give(client, "red", Path(__file__).read_bytes())
    assert refused.status_code == 422
    assert "This is neither a PNG nor a JPEG picture." in refused.content.decode()
    assert give(client, "green", png()).status_code == 404
    assert client.get(f"{HOME}questions/pack/picture").status_code == 405
    assert give(reader("auditor"), "red", png()).status_code == 403
    assert Picture.objects.count() == 0
