"""My work: what waits for whom, and a page that is only drawn anew when something changed."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from shouyue.kernel import clock
from shouyue.store.models import JobRun, JobState, Staff

pytestmark = pytest.mark.django_db


def signed_in(party, language="en"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(Staff.objects.create_user(f"{party}@party.example", name="林知夏", party=party))
    return client


def failed(days_ago=1):
    at = clock.now() - timedelta(days=days_ago)
    return JobRun.objects.create(
        name="gone.job",
        by="test",
        state=JobState.FAILED,
        finished_at=at,
        error={"en": "The disk is full.", "zh-hans": "磁盘已满。"},
    )


def test_an_empty_queue_says_what_would_stand_there():
    assert "Nothing waits for you" in signed_in("a").get("/my-work/").content.decode()
    assert "没有待您处理的事项" in signed_in("b", "zh-hans").get("/my-work/").content.decode()


def test_a_failed_job_waits_for_those_who_may_start_it_again():
    failed()
    failed(days_ago=15)
    for party, lines in (("a", 1), ("b", 1), ("auditor", 0)):
        page = signed_in(party).get("/my-work/").content.decode()
        assert (party, page.count("The disk is full.")) == (party, lines)


def test_polling_gets_nothing_while_nothing_changed():
    client = signed_in("a")
    address = re.findall(r'hx-get="(/my-work/\?seen=[0-9a-f]+)"', client.get("/my-work/").content.decode())[0]
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    failed()
    changed = client.get(address, headers={"HX-Request": "true"})
    assert changed.status_code == 200
    assert changed.content.decode().lstrip().startswith('<div id="queue"')
    assert address not in changed.content.decode()
