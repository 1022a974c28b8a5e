"""The answer page over HTTP: what each link shows, answers that are kept and sent, also without any script."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.store.models import Staff
from shouyue.surveys.answers.models import Response
from shouyue.surveys.questionnaires.models import Picture, Questionnaire
from shouyue.surveys.sheets.actions.answering import answers_on, file_of, sheet_of
from shouyue.surveys.waves.actions.opening import close_wave, open_wave
from shouyue.surveys.waves.models import Sheet, SheetFile
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
EVERY_KIND = [
    {"code": "overall", "kind": "satisfaction", "zh": "满意吗？", "en": "Satisfied?", "is_required": True},
    {"code": "which", "kind": "image", "zh": "哪个？", "en": "Which?"},
    {"code": "rank", "kind": "ranking", "zh": "排序", "en": "Rank"},
    {"code": "rows", "kind": "matrix", "zh": "打分", "en": "Rate"},
    {"code": "photo", "kind": "file", "zh": "照片", "en": "Photo"},
    {
        "code": "words",
        "kind": "text",
        "zh": "为什么选{which}？",
        "en": "Why {which}?",
        "after": "which",
        "among": ["a"],
    },
]


@pytest.fixture
def token() -> str:
    people(30)
    return tokens(open_wave(wish(), at=AT, by="staff:1"))[0]


@pytest.fixture
def every_kind(token: str) -> str:
    """The link of a wave that asks a question of each kind that has parts."""
    Picture.objects.create(print="p" * 64, kind="image/png", content=PNG)
    choices = [{"code": "a", "zh": "甲", "en": "A", "picture": "p" * 64}, {"code": "b", "zh": "乙", "en": "B"}]
    rows = [{**row, "choices": choices} if row["code"] in ("which", "rank", "rows") else row for row in EVERY_KIND]
    Questionnaire.objects.filter(waves__sheets=sheet_of(token)).update(questions=rows)
    return token


@pytest.fixture
def phone() -> Client:
    """Forms are checked as in the served product; nobody is signed in."""
    return Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")


def test_a_link_opens_the_questions_and_nothing_else(phone: Client, token: str) -> None:
    page = phone.get(f"/a/{token}/")
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert re.findall(r'data-code="(\w+)"', page.content.decode()) == [
        "overall",
        "why",
        "recommend",
        "aspects",
        "topics",
        "more",
    ]
    unknown = phone.get("/a/a-guess/")
    assert (unknown.status_code, b"incomplete or was mistyped" in unknown.content) == (404, True)
    assert phone.post("/a/a-guess/keep", {"question": "overall", "overall": "5"}).status_code == 404


def test_answers_are_kept_one_by_one_and_sent_without_any_script(phone: Client, token: str) -> None:
    kept = phone.post(f"/a/{token}/keep", {"question": ["overall", "aspects"], "overall": "2", "aspects:goods": "4"})
    assert (kept.status_code, kept.json()["sent"]) == (200, False)
    # What is not named stays as it is, whatever the form holds.
    phone.post(f"/a/{token}/keep", {"question": "why", "why": "慢", "overall": "5"})
    assert answers_on(sheet_of(token)) == {"overall": 2, "aspects": {"goods": 4}, "why": "慢"}
    page = phone.get(f"/a/{token}/").content.decode()
    assert re.search(r'name="overall" value="2" checked', page)
    sent = phone.post(f"/a/{token}/", {"overall": "4", "recommend": "9", "topics": ["price", "goods"]}, follow=True)
    assert (sent.status_code, b"Your answers have arrived" in sent.content) == (200, True)
    assert Response.objects.get().score == 4
    assert phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "1", "send": "1"}).json()["sent"] is True
    assert Response.objects.get().score == 4


def test_a_refused_form_keeps_what_was_said_and_says_what_to_do(phone: Client, token: str) -> None:
    page = phone.post(f"/a/{token}/", {"recommend": "9"})
    assert page.status_code == 422
    assert re.search(r'name="recommend" value="9" checked', page.content.decode())
    assert re.search(r'id="why-overall">Please answer this question', page.content.decode())
    refused = phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "9"})
    assert (refused.status_code, refused.json()) == (
        422,
        {"faults": {"overall": "Choose one of the marks that are shown."}},
    )
    missing = phone.post(f"/a/{token}/keep", {"question": "why", "send": "1"})
    assert (missing.status_code, list(missing.json()["faults"])) == (422, ["overall"])
    assert Response.objects.count() == 0


def test_after_the_close_nothing_is_taken(phone: Client, token: str) -> None:
    close_wave(sheet_of(token).wave_id, at=AT, by="staff:1")
    assert phone.get(f"/a/{token}/").status_code == 410
    assert phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "5", "send": "1"}).status_code == 410
    assert Response.objects.count() == 0


def test_every_kind_of_question_is_shown_and_taken(phone: Client, every_kind: str) -> None:
    page = phone.get(f"/a/{every_kind}/").content.decode()
    assert f'src="/a/pictures/{"p" * 64}"' in page
    assert phone.get(f"/a/pictures/{'p' * 64}").content == PNG
    assert phone.get("/a/pictures/none").status_code == 404
    told = {"overall": "5", "which": "a", "rank:a": "2", "rank:b": "1", "rows:a": "3", "words": "好看"}
    assert phone.post(f"/a/{every_kind}/", told).status_code == 302
    assert answers_on(sheet_of(every_kind)) == {
        "overall": 5,
        "which": "a",
        "rank": ["b", "a"],
        "rows": {"a": 3},
        "words": "好看",
    }


def test_a_file_is_sealed_and_replaced(phone: Client, every_kind: str) -> None:
    address = f"/a/{every_kind}/files/photo"
    for content in (PNG, PNG + b"second"):
        assert phone.post(address, {"file": SimpleUploadedFile("家.png", content)}).status_code == 200
    row = SheetFile.objects.get()
    assert answers_on(sheet_of(every_kind)) == {"photo": str(row.id)}
    assert (file_of(row).name, file_of(row).content) == ("家.png", PNG + b"second")
    with connection.cursor() as cursor:
        cursor.execute("SELECT surveys_sheetfile::text FROM surveys_sheetfile")
        assert "家.png" not in cursor.fetchone()[0]
    for file, words in (
        (SimpleUploadedFile("x.exe", b"MZ"), "Pictures (JPEG"),
        (SimpleUploadedFile("x.png", PNG + b"0" * (4 << 20)), "larger than 4 MB"),
    ):
        refused = phone.post(address, {"file": file})
        assert (refused.status_code, words in refused.json()["faults"]["photo"]) == (422, True)
    assert phone.post(f"/a/{every_kind}/files/overall", {"file": SimpleUploadedFile("x.png", PNG)}).status_code == 422
    # A form cannot say that a file is there.
    phone.post(f"/a/{every_kind}/keep", {"question": "photo", "photo": "made-up"})
    assert answers_on(sheet_of(every_kind)) == {"photo": str(row.id)}


def test_links_do_not_reach_the_log(phone: Client, token: str, caplog) -> None:
    for answer in (
        phone.post(f"/a/{token}/", {}),
        phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "9"}),
        phone.get(f"/a/{token}x/"),
    ):
        assert answer.status_code >= 400
    assert token not in caplog.text


def test_a_link_of_another_wave_is_not_touched(phone: Client, token: str) -> None:
    others = set(Sheet.objects.exclude(id=sheet_of(token).id).values_list("saved_at", flat=True))
    phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "5"})
    assert (others, Sheet.objects.filter(saved_at__isnull=False).count()) == ({None}, 1)
    assert sheet_of(token).wave.plan.closes_on == date(2026, 5, 25)
    assert datetime.now(UTC) > AT


def asked_of_the_database(log: CaptureQueriesContext) -> list[str]:
    """The first words of the statements, without those that open and end transactions."""
    words = [one["sql"].split(None, 1)[0] for one in log.captured_queries]
    return [word for word in words if word not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")]


def test_a_save_asks_the_database_no_more_than_it_must(phone: Client, token: str) -> None:
    phone.force_login(Staff.objects.create_user("anna@desk.example", name="安娜", party="a"))
    phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "2"})  # the process learns what the wave asks
    with CaptureQueriesContext(connection) as log:
        phone.post(f"/a/{token}/keep", {"question": "overall", "overall": "1"})
    # The sheet is locked and read, and written. Nobody is looked up, though the browser has a session.
    assert asked_of_the_database(log) == ["SELECT", "UPDATE"]
    with CaptureQueriesContext(connection) as log:
        phone.post(f"/a/{token}/keep", {"question": "recommend", "recommend": "3", "send": "1"})
    # The answer counts, and one statement announces it and that somebody should call.
    assert asked_of_the_database(log) == ["SELECT", "UPDATE", "INSERT", "WITH"]
    assert Response.objects.get().score == 1
