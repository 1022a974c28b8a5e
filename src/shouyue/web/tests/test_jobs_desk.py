"""The page of background jobs: what it shows, who may cancel, how many questions it asks, and that it refreshes."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_noop
from tests.looking import barriers, overflow

from shouyue.kernel import clock
from shouyue.store.jobs import cancel, enqueue, runs
from shouyue.store.models import JobRun, JobState, Staff
from shouyue.store.tests.job_samples import note_numbers, refuse
from shouyue.web.tests.test_browser import DESK, PHONE, visit

__all__ = ["visit"]
PAGE = "/jobs/"
ROWS = gettext_noop("checking the file")


def signed_in(client, party="a"):
    person = Staff.objects.create_user(f"{party}@party.example", name="林知夏", party=party)
    client.force_login(person)
    return person


def read(client, language="en", **headers):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(PAGE, headers=headers)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<c-" not in page
    return page


def one_of_each(by="test"):
    """A run in every state, the running one half-way."""
    made = {state: enqueue(note_numbers, {"writer": 1, "count": 9}, by=by) for state in JobState}
    now = clock.now()
    runs.take_up(made[JobState.RUNNING].pk, at=now, must_stop=lambda: False)
    JobRun.objects.filter(pk=made[JobState.RUNNING].pk).update(done=4000, total=8000, rate=1234.2, message=ROWS)
    cancel(made[JobState.CANCELLED].pk, by=by, at=now)
    ends = JobRun.objects.filter(pk__in=[made[JobState.DONE].pk, made[JobState.FAILED].pk])
    ends.update(state=JobState.DONE, finished_at=now)
    JobRun.objects.filter(pk=made[JobState.FAILED].pk).update(
        state=JobState.FAILED, error={"en": "no such file", "zh-hans": "没有这个文件"}
    )
    return made


@pytest.mark.django_db
def test_each_state_is_told_in_the_readers_language(client):
    person = signed_in(client)
    one_of_each(by=f"staff:{person.pk}")
    english, chinese = read(client), read(client, "zh-hans")
    for words in ("Note numbers", "林知夏", "4,000 of 8,000", "1,234 per second", "checking the file", "no such file"):
        assert words in english
    for words in ("4,000 / 8,000", "每秒 1,234", "没有这个文件", "等待中", "运行中", "已完成", "失败", "已取消"):
        assert words in chinese
    assert "no such file" not in chinese


@pytest.mark.django_db
def test_the_page_refreshes_only_while_something_moves(client):
    signed_in(client)
    made = one_of_each()
    assert 'hx-trigger="every 2s"' in read(client)
    part = read(client, **{"HX-Request": "true"})
    assert part.lstrip().startswith('<div class="stack" id="runs"')
    assert "<html" not in part
    for state in (JobState.WAITING, JobState.RUNNING):
        JobRun.objects.filter(pk=made[state].pk).update(state=JobState.DONE, finished_at=clock.now())
    assert "every 2s" not in read(client)
    enqueue(refuse, {}, by="test", at=clock.now().replace(year=2099))
    page = read(client)
    assert "not before" in page
    assert "every 2s" not in page


@pytest.mark.django_db
def test_a_running_job_is_cancelled_after_a_question(client):
    person = signed_in(client)
    run = one_of_each()[JobState.RUNNING]
    address = reverse("web:job_cancel", args=[run.pk])
    assert address in read(client)
    assert "Cancel the job" in client.get(address).content.decode()
    run.refresh_from_db()
    assert run.cancel_asked_at is None
    assert client.post(address).headers["Location"] == PAGE
    run.refresh_from_db()
    assert (run.state, run.cancel_by, run.cancel_asked_at is None) == (JobState.RUNNING, f"staff:{person.pk}", False)
    page = read(client)
    assert "stopping" in page
    assert address not in page


@pytest.mark.django_db
def test_a_failed_and_a_cancelled_job_are_started_again(client):
    signed_in(client)
    made = one_of_each()
    for state in (JobState.FAILED, JobState.CANCELLED):
        address = reverse("web:job_start_again", args=[made[state].pk])
        assert f'action="{address}"' in read(client)
        assert client.get(address).status_code == 405
        assert client.post(address).status_code == 302
        assert JobRun.objects.get(pk=made[state].pk).state == JobState.WAITING
    assert "start-again" not in read(client)


@pytest.mark.django_db
def test_an_auditor_sees_and_does_not_steer(client):
    signed_in(client, party="auditor")
    made = one_of_each()
    page = read(client)
    assert "Note numbers" in page
    assert "/cancel" not in page
    assert "start-again" not in page
    for name, state in (("web:job_cancel", JobState.RUNNING), ("web:job_start_again", JobState.FAILED)):
        assert client.post(reverse(name, args=[made[state].pk])).status_code == 403
    assert client.get(reverse("web:job_cancel", args=[made[JobState.RUNNING].pk])).status_code == 403


@pytest.mark.django_db
def test_nobody_else_sees_it(client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.django_db
def test_thirty_runs_cost_as_many_questions_as_one(client):
    person = signed_in(client)
    enqueue(note_numbers, {"writer": 1, "count": 9}, by=f"staff:{person.pk}")
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for _ in range(30):
        enqueue(note_numbers, {"writer": 1, "count": 9}, by=f"staff:{person.pk}")
    with CaptureQueriesContext(connection) as many:
        read(client)
    assert len(many) == len(few)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_accessible_fits_and_moves_by_itself(visit, language):
    made = one_of_each()
    for width in (DESK, PHONE):
        page = visit(PAGE, width=width, language=language)
        assert (width, barriers(page), overflow(page)) == (width, [], 0)
    page.focus(f"#cancel-{made[JobState.RUNNING].pk}")
    JobRun.objects.filter(pk=made[JobState.RUNNING].pk).update(done=6000)
    page.wait_for_selector("progress[value='6000']")
    assert page.evaluate("document.activeElement.id") == f"cancel-{made[JobState.RUNNING].pk}"
    page.keyboard.press("Enter")
    page.wait_for_selector("button.danger")
    assert (barriers(page), overflow(page)) == ([], 0)
    page.click("button.danger")
    page.wait_for_selector(".toast")
    assert JobRun.objects.get(pk=made[JobState.RUNNING].pk).cancel_asked_at is not None
