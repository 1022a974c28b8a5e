"""Invitations by e-mail: a real SMTP server takes them, nobody is written to twice, reminders only to who is silent."""

import re
from datetime import timedelta

import pytest
from django.test import override_settings

from shouyue.customers.models import Customer
from shouyue.customers.people.public import Known, record_people
from shouyue.main import environment
from shouyue.store.outgoing import ChannelClosedError
from shouyue.store.outgoing.sandbox import kept_messages
from shouyue.surveys.sheets.actions.answering import send_answers, sheet_of
from shouyue.surveys.waves.actions.mailing import Sent, TooEarlyError, next_round, send_round
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.models import Mailing
from shouyue.surveys.waves.tests.ground import AT, people, wish
from shouyue.surveys.waves.tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=4)
BASE = "https://survey.example/"


@pytest.fixture
def wave_id():
    """Five people were drawn; four of them have an address."""
    people(5)
    known = Customer.objects.order_by("source_key").values_list("id", flat=True)[:4]
    told = {one: Known(emails=(f"c{number}@mail.example",)) for number, one in enumerate(known)}
    record_people(told, at=AT)
    return open_wave(wish(), at=AT, by="staff:1").wave_id


@pytest.fixture
def mailbox():
    with mail_server() as box:
        url = f"smtp://127.0.0.1:{box.port}?from=survey@company.example"
        server = environment.read("SHOUYUE_SMTP_URL", {"SHOUYUE_SMTP_URL": url})
        with override_settings(SHOUYUE_MAIL_CHANNEL="smtp", SHOUYUE_SMTP=server):
            yield box


def test_everybody_with_an_address_gets_their_own_link_once(wave_id, mailbox) -> None:
    mailbox.refuses.add("c3@mail.example")
    assert send_round(wave_id, 0, base=BASE, at=AT) == Sent(sent=3, failed=1, without_address=1)
    assert send_round(wave_id, 0, base=BASE, at=AT) == Sent(sent=0, failed=0, without_address=1)
    assert sorted(one["To"] for one in mailbox.letters) == [f"c{number}@mail.example" for number in range(3)]
    letter = mailbox.letters[0]
    assert (letter["From"], letter["Subject"]) == ("survey@company.example", "客户满意度调查")
    token = re.search(r"https://survey\.example/a/([\w-]{22})/", letter.get_content())[1]
    assert sheet_of(token).wave_id == wave_id


def test_reminders_go_to_the_silent_and_not_too_often(wave_id, mailbox) -> None:
    send_round(wave_id, 0, base=BASE, at=AT)
    token = re.search(r"/a/([\w-]{22})/", mailbox.letters[0].get_content())[1]
    send_answers(token, {"overall": ["5"]}, at=AT)
    with pytest.raises(TooEarlyError):
        next_round(wave_id, at=AT + timedelta(days=2))
    assert next_round(wave_id, at=LATER) == 1
    assert send_round(wave_id, 1, base=BASE, at=LATER).sent == 3
    assert mailbox.letters[-1]["Subject"] == "提醒：客户满意度调查"
    assert next_round(wave_id, at=LATER + timedelta(days=4)) == 2
    send_round(wave_id, 2, base=BASE, at=LATER + timedelta(days=4))
    with pytest.raises(TooEarlyError):
        next_round(wave_id, at=LATER + timedelta(days=40))


def test_a_server_that_is_gone_is_told_and_leaves_no_address(wave_id, mailbox) -> None:
    server = environment.read("SHOUYUE_SMTP_URL", {"SHOUYUE_SMTP_URL": "smtp://127.0.0.1:1?from=a@b.example"})
    with override_settings(SHOUYUE_SMTP=server):
        assert send_round(wave_id, 0, base=BASE, at=AT).failed == 4
    assert set(Mailing.objects.values_list("outcome", flat=True)) == {"failed"}


def test_the_sandbox_sends_nothing_and_shows_it(wave_id) -> None:
    assert send_round(wave_id, 0, base=BASE, at=AT).sent == 4
    assert sorted(one.to for one in kept_messages(at=AT)) == [f"c{number}@mail.example" for number in range(4)]
    with override_settings(SHOUYUE_MAIL_CHANNEL="none"), pytest.raises(ChannelClosedError):
        send_round(wave_id, 0, base=BASE, at=AT)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://mail.example", "smtp://mail.example?from=nobody"])
def test_a_mail_server_that_cannot_be_used_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(environment.SettingRefusedError, match="SHOUYUE_SMTP_URL"):
        environment.read("SHOUYUE_SMTP_URL", {"SHOUYUE_SMTP_URL": url})
    with pytest.raises(environment.SettingRefusedError, match="must name a mail server"):
        environment.mail_channel("smtp", None)
