"""Signing in at the portal by phone and code: who asks learns nothing, who guesses gets nowhere."""

import logging
import re
import uuid
from datetime import timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.kernel import clock
from shouyue.store import outgoing
from shouyue.store.digests import forget_identities, keep_identities
from shouyue.store.members import codes, sessions
from shouyue.store.members.codes import AskedTooOftenError, Verdict
from shouyue.store.members.forgetting import forget
from shouyue.store.models import IdentityKind, MemberSession, SandboxMessage, SignInCode, Staff
from shouyue.store.outgoing.sandbox import kept_messages

PHONE, UNKNOWN = "138 0000 6621", "139 0000 0000"
AT = clock.now()
database = pytest.mark.django_db


@pytest.fixture
def wang():
    who = uuid.uuid4()
    keep_identities([(who, IdentityKind.PHONE, PHONE)])
    return who


@pytest.fixture
def english(client):
    client.cookies["shouyue_language"] = "en"
    return client


def code_on_desk():
    """The code of the newest message, as a tester reads it."""
    return re.search(r"\d{6}", kept_messages(at=clock.now())[0].text)[0]


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def ask(phone="+8613800006621", *, address="203.0.113.7", code="123456", at=AT):
    text = f"code {code}"
    return codes.ask_code(phone=phone, address=address, code=code, text=text, channel=outgoing.code_channel(), at=at)


def words(answer):
    """What a reader sees, without what is other on each page."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode())
    return re.sub(r'data-wait-seconds="\d+"|\d+ seconds?, then', "", page)


@database
def test_a_member_signs_in_by_the_code_and_out_again(english, wang):
    assert english.get("/m/").url == "/m/sign-in"
    assert english.post("/m/sign-in", {"phone": PHONE}).url == "/m/sign-in/code"
    assert "138****6621" in english.get("/m/sign-in/code").content.decode()
    answer = english.post("/m/sign-in/code", {"code": code_on_desk()})
    assert answer.url == "/m/"
    cookie = answer.cookies["shouyue_member"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/m/", True, "Lax")
    assert MemberSession.objects.get().customer_id == wang
    page = english.get("/m/")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert english.get("/m/sign-in").url == "/m/"
    assert english.get("/m/sign-out").status_code == 405
    kept = english.cookies["shouyue_member"].value
    assert english.post("/m/sign-out").url == "/m/sign-in"
    english.cookies["shouyue_member"] = kept
    assert english.get("/m/").url == "/m/sign-in", "the session ended on the server too"


@database
def test_a_phone_that_nobody_has_gets_the_same_answers(wang):
    pages = []
    for phone in (PHONE, UNKNOWN):
        browser = Client(headers={"Accept-Language": "en"})
        answers = [
            browser.post("/m/sign-in", {"phone": phone}),
            browser.get("/m/sign-in/code"),
            browser.post("/m/sign-in", {"phone": phone}),
            browser.post("/m/sign-in/again"),
        ]
        newest = SignInCode.objects.order_by("made_at").last()
        right = "654321"
        newest.code_digest = codes._code_digest(newest.pk, right, codes.keys.ring().current)
        newest.save()
        wrong = [browser.post("/m/sign-in/code", {"code": other_than(right)}) for _ in range(6)]
        answers += wrong
        masked = "138****6621" if phone == PHONE else "139****0000"
        told = [(one.status_code, one.get("Location"), words(one).replace(masked, "…")) for one in answers]
        pages.append([(status, place, text.replace(phone, "…")) for status, place, text in told])
    assert [status for status, _, _ in pages[0]] == [302, 200, 429, 429, *[422] * 6]
    assert pages[0] == pages[1]


@database
def test_known_and_unknown_phones_cost_the_same_statements(wang):
    asked = []
    for phone in (PHONE, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            Client().post("/m/sign-in", {"phone": phone})
        asked.append([re.sub(r"'[^']*'|\d+|true|false", "?", query["sql"]) for query in queries])
    assert len(asked[0]) > 5
    assert asked[0] == asked[1]


@database
def test_a_code_never_sent_is_never_right(english, wang):
    asked = ask("+8613900000000")
    assert [message.text for message in kept_messages(at=AT)] == [""]
    assert codes.check_code(asked.pk, "123456", at=AT) is Verdict.WRONG


@database
def test_five_wrong_codes_spend_it(wang):
    asked = ask()
    verdicts = [codes.check_code(asked.pk, "000000", at=AT) for _ in range(5)]
    assert verdicts == [Verdict.WRONG] * 4 + [Verdict.SPENT]
    assert codes.check_code(asked.pk, "123456", at=AT) is Verdict.SPENT


@database
def test_a_code_expires_and_works_once(wang):
    asked = ask()
    assert codes.check_code(asked.pk, "123456", at=AT + timedelta(minutes=5)) is Verdict.ENDED
    assert codes.check_code(asked.pk, "123456", at=AT + timedelta(minutes=4, seconds=59)) is Verdict.RIGHT
    assert codes.check_code(asked.pk, "123456", at=AT) is Verdict.ENDED
    assert codes.check_code(uuid.uuid4(), "123456", at=AT) is Verdict.ENDED
    proved = AT + timedelta(minutes=4, seconds=59)
    assert codes.sign_in(asked.pk, wang, at=proved + timedelta(minutes=5)) is None
    assert codes.sign_in(asked.pk, uuid.uuid4(), at=proved) is None
    assert codes.sign_in(asked.pk, wang, at=proved).customer_id == wang
    assert codes.sign_in(asked.pk, wang, at=proved) is None


@database
def test_a_code_that_was_not_given_signs_nobody_in(wang):
    assert codes.sign_in(ask().pk, wang, at=AT) is None


@database
@pytest.mark.parametrize("phone", ["+8613800006621", "+8613900000000"])
def test_codes_of_a_phone_are_limited_known_or_not(wang, phone):
    def waits(after):
        with pytest.raises(AskedTooOftenError) as refused:
            ask(phone, address=str(uuid.uuid4()), at=AT + after)
        return refused.value.wait_seconds

    ask(phone)
    assert (waits(timedelta(0)), waits(timedelta(seconds=59))) == (60, 1)
    for minute in range(1, 5):
        ask(phone, at=AT + timedelta(minutes=minute))
    assert waits(timedelta(minutes=5)) == 55 * 60
    for hour in range(1, 6):
        ask(phone, at=AT + timedelta(hours=hour, minutes=5))
    assert waits(timedelta(hours=7)) == 17 * 3600
    ask(phone, at=AT + timedelta(hours=24))


@database
def test_codes_asked_from_one_address_are_limited():
    for number in range(60):
        ask(f"+86139{number:08d}", address="198.51.100.1")
    with pytest.raises(AskedTooOftenError):
        ask("+8613800000001", address="198.51.100.1")
    ask("+8613800000001", address="198.51.100.2")


def test_two_at_once_get_one_code(fresh_database):
    start, outcomes = Barrier(4), []

    def request():
        start.wait()
        try:
            ask(at=clock.now())
            outcomes.append("sent")
        except AskedTooOftenError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["sent"]
    assert SignInCode.objects.count() == 1


@database
def test_the_page_says_how_long_to_wait(english, wang):
    english.post("/m/sign-in", {"phone": PHONE})
    answer = english.post("/m/sign-in/again")
    assert answer.status_code == 429
    assert re.search(r"Wait (59|60) seconds, then ask again", answer.content.decode())
    SignInCode.objects.update(made_at=clock.now() - timedelta(seconds=61))
    SandboxMessage.objects.all().delete()
    assert english.post("/m/sign-in/again").status_code == 302
    refused = english.post("/m/sign-in/code", {"code": other_than(code_on_desk())})
    assert "This is not the code" in refused.content.decode()
    assert english.post("/m/sign-in/code", {"code": f" {code_on_desk()[:3]} {code_on_desk()[3:]}"}).url == "/m/"


@database
@pytest.mark.parametrize("phone", ["", "12", "not a phone", "１２３", "9" * 41])
def test_what_is_no_phone_is_said_at_once(english, phone):
    answer = english.post("/m/sign-in", {"phone": phone})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not SignInCode.objects.exists()


@database
@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_costs_no_try(english, wang, code):
    english.post("/m/sign-in", {"phone": PHONE})
    assert english.post("/m/sign-in/code", {"code": code}).status_code == 422
    assert SignInCode.objects.get().tries_left == 5


@database
def test_a_family_with_one_phone_chooses_after_the_code(english, wang):
    mother = uuid.uuid4()
    keep_identities([(mother, IdentityKind.PHONE, PHONE)])
    english.post("/m/sign-in", {"phone": PHONE})
    assert english.get("/m/sign-in/who").url == "/m/sign-in", "nothing is shown before the code"
    assert english.post("/m/sign-in/code", {"code": code_on_desk()}).url == "/m/sign-in/who"
    page = english.get("/m/sign-in/who").content.decode()
    assert set(re.findall(r'name="customer" value="([^"]+)"', page)) == {str(wang), str(mother)}
    stranger = english.post("/m/sign-in/who", {"customer": str(uuid.uuid4())})
    assert (stranger.status_code, MemberSession.objects.count()) == (200, 0)
    assert english.post("/m/sign-in/who", {"customer": str(mother)}).url == "/m/"
    assert MemberSession.objects.get().customer_id == mother
    assert english.get("/m/sign-in/who").url == "/m/sign-in", "the code is used up"


@database
def test_who_is_erased_meanwhile_is_not_signed_in(english, wang):
    english.post("/m/sign-in", {"phone": PHONE})
    code = code_on_desk()
    forget_identities([wang])
    assert english.post("/m/sign-in/code", {"code": code}).status_code == 422
    assert not MemberSession.objects.exists()


@database
def test_sessions_end_by_idleness_by_age_and_for_all(wang):
    session = sessions.start_session(wang, at=AT)
    assert sessions.live_session(session.pk, at=AT + timedelta(minutes=29)).last_seen_at == AT + timedelta(minutes=29)
    assert sessions.live_session(session.pk, at=AT + timedelta(minutes=59)) is None
    busy = sessions.start_session(wang, at=AT)
    for minutes in range(20, 720, 20):
        assert sessions.live_session(busy.pk, at=AT + timedelta(minutes=minutes))
    assert sessions.live_session(busy.pk, at=AT + timedelta(hours=12)) is None
    other = sessions.start_session(uuid.uuid4(), at=AT)
    assert sessions.end_sessions_of([wang], at=AT) == 2
    assert sessions.live_session(other.pk, at=AT) == other


@database
def test_a_request_within_a_minute_writes_nothing(wang):
    session = sessions.start_session(wang, at=AT)
    with CaptureQueriesContext(connection) as queries:
        sessions.live_session(session.pk, at=AT + timedelta(seconds=59))
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@database
def test_a_cookie_that_we_did_not_sign_is_nobody(client, wang):
    session = sessions.start_session(wang, at=clock.now())
    for forged in (str(session.pk), f"{session.pk}:x", "", "é"):
        client.cookies["shouyue_member"] = forged
        assert client.get("/m/").url == "/m/sign-in"


@database
def test_an_ended_session_takes_the_whole_page_to_sign_in(client):
    answer = client.get("/m/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/m/sign-in")


@database
def test_staff_and_members_do_not_mix(client, wang):
    lin = Staff.objects.create_user("lin@a.example", "a long enough password", name="林小雨", party="a")
    client.force_login(lin)
    assert client.get("/m/").url == "/m/sign-in", "staff are nobody at the portal"
    client.post("/m/sign-in", {"phone": PHONE})
    client.post("/m/sign-in/code", {"code": code_on_desk()})
    page = client.get("/m/")
    assert page.status_code == 200
    assert "林小雨" not in page.content.decode()
    assert page.wsgi_request.user.is_anonymous
    assert "林小雨" in client.get("/style").content.decode()
    client.post("/m/sign-out")
    assert client.get("/style").status_code == 200, "signing out at the portal leaves the desk as it is"
    member = Client()
    SignInCode.objects.all().delete()
    member.post("/m/sign-in", {"phone": PHONE})
    member.post("/m/sign-in/code", {"code": code_on_desk()})
    assert member.get("/m/").status_code == 200
    for desk in ("/style", "/jobs/", "/sandbox-messages/", "/"):
        assert member.get(desk).url.startswith("/account/login/")


@database
def test_forms_need_their_token(wang):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/m/sign-in", "/m/sign-in/code", "/m/sign-in/again", "/m/sign-in/who", "/m/sign-out"):
        assert strict.post(address, {"phone": PHONE}).status_code == 403
    assert not SignInCode.objects.exists()


@database
def test_the_code_and_the_phone_are_in_no_log_no_page_and_no_statement(client, wang, caplog):
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        pages = [client.post("/m/sign-in", {"phone": PHONE}), client.get("/m/sign-in/code")]
        code = code_on_desk()
        pages += [client.post("/m/sign-in/code", {"code": code}), client.get("/m/")]
    assert pages[2].url == "/m/"
    told = [page.content.decode() + str(page.headers) + str(page.cookies) for page in pages]
    for text in (*told, *caplog.messages, *(query["sql"] for query in queries)):
        # Moments have six digits behind their second.
        assert not re.search(rf"(?<![\d.]){code}(?!\d)", text)
        assert "13800006621" not in re.sub(r"[\s-]", "", text)


def test_the_tables_hold_neither_codes_nor_phones(fresh_database):
    keep_identities([(uuid.uuid4(), IdentityKind.PHONE, PHONE)])
    asked = ask(at=clock.now(), code="839201", address="203.0.113.77")
    codes.check_code(asked.pk, "839201", at=clock.now())
    with psycopg.connect(fresh_database) as raw:
        rows = [
            str(row)
            for table in ("store_signincode", "store_sandboxmessage", "store_identitydigest", "store_membersession")
            for row in raw.execute(f"SELECT row_to_json(one)::text FROM {table} AS one")
        ]
        boxes = [bytes(box) for (box,) in raw.execute("SELECT phone FROM store_signincode")]
        boxes += [bytes(box) for (box,) in raw.execute("SELECT content FROM store_sandboxmessage")]
    assert (len(rows), len(boxes)) == (3, 2)
    for plain in ("13800006621", "839201", "203.0.113.77"):
        assert not any(plain in row or plain.encode().hex() in row for row in rows)
        assert not any(plain.encode() in box for box in boxes)


@database
def test_the_desk_reads_what_the_sandbox_keeps_until_it_expires(english, wang):
    staff = {
        party: Staff.objects.create_user(f"{party}@x.example", "a long enough password", name=party, party=party)
        for party in ("a", "b", "auditor")
    }
    ask(at=clock.now(), code="246810")
    ask("+8613900000000", at=clock.now(), code="135791")
    assert english.get("/sandbox-messages/").url.startswith("/account/login/")
    for party, status in (("a", 200), ("b", 200), ("auditor", 403)):
        english.force_login(staff[party])
        assert english.get("/sandbox-messages/").status_code == status
    english.force_login(staff["a"])
    page = english.get("/sandbox-messages/")
    assert page["Cache-Control"] == "private, no-store"
    text = page.content.decode()
    assert ("246810" in text, "135791" in text, "13800006621" in text) == (True, False, False)
    assert "139****0000" in text
    assert "Not sent: no customer has this phone." in text
    SandboxMessage.objects.update(expires_at=clock.now())
    assert "246810" not in english.get("/sandbox-messages/", headers={"HX-Request": "true"}).content.decode()


@database
def test_without_a_channel_nobody_signs_in_and_nothing_is_shown(english, wang, settings):
    settings.SHOUYUE_CODE_CHANNEL = settings.SHOUYUE_MAIL_CHANNEL = "none"
    lin = Staff.objects.create_user("lin@a.example", "a long enough password", name="林小雨", party="a")
    answer = english.post("/m/sign-in", {"phone": PHONE})
    assert (answer.status_code, SignInCode.objects.count()) == (503, 0)
    assert "No code can be sent now" in answer.content.decode()
    english.force_login(lin)
    assert english.get("/sandbox-messages/").status_code == 403
    assert "/sandbox-messages/" not in english.get("/style").content.decode()


@database
def test_what_is_old_is_forgotten(wang):
    ask()
    sessions.start_session(wang, at=AT)
    left = []
    for after in (timedelta(minutes=4), timedelta(minutes=5), timedelta(days=2), timedelta(days=30, hours=12)):
        forget(at=AT + after)
        left.append([model.objects.count() for model in (SandboxMessage, SignInCode, MemberSession)])
    assert left == [[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]]
