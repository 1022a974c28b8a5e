"""An import that the wizard began, in real worker processes: killed in the middle, it is finished once by the next."""

import signal

import pytest
from django.test import Client

from shouyue.intake.models import Upload
from shouyue.intake.tests.wizard_ground import form_of, gb18030_file, upload
from shouyue.purchases.orders.models import OrderLine
from shouyue.store.jobs.running import Pace
from shouyue.store.models import ImportRun, ImportState, JobRun, JobState, Staff
from shouyue.store.tests.fact_samples import start_process
from shouyue.store.tests.job_samples import WorkerHere, ended, wait_until

COUNT = 1200
WORKER = """
import threading
from shouyue.store.imports import committing
from shouyue.store.jobs.running import Pace, run_jobs
committing.BATCH_ROWS = 20
print("running", flush=True)
run_jobs(threading.Event(), Pace(beat_seconds=0.1, lost_seconds=1.0))
"""


@pytest.fixture
def worker(fresh_database, tmp_path, monkeypatch, settings):
    monkeypatch.setenv("SHOUYUE_FILES", str(tmp_path / "home"))
    settings.FILES_FOLDER = tmp_path / "home"
    process = start_process(WORKER)
    assert process.stdout.readline() == "running\n"
    yield process
    process.kill()
    process.wait(60)
    process.stdout.close()


def test_an_import_whose_worker_is_killed_is_finished_once(worker, tmp_path):
    desk = Client()
    desk.force_login(Staff.objects.create_user("lin@a.example", name="林知夏", party="a"))
    rows = [(f"T-{n}", str(n % 300), "2026/3/1 14:05", "SKU-1", "茶叶", "1", "¥2.50", "") for n in range(COUNT)]
    address = upload(desk, gb18030_file(tmp_path, rows=rows))["Location"]
    desk.post(address, form_of(desk.get(address)))
    wait_until(ended(JobRun.objects.get()))
    assert OrderLine.objects.count() == 0
    found = Upload.objects.get()
    desk.post(f"{address}import")
    job = JobRun.objects.latest("pk")
    wait_until(lambda: ImportRun.objects.filter(is_rehearsal=False, created__gt=0).exists())
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    killed_at = ImportRun.objects.get(is_rehearsal=False)
    assert (killed_at.state, 0 < killed_at.created < COUNT) == (ImportState.COMMITTING, True)
    assert found.path.exists()
    with WorkerHere(Pace(beat_seconds=0.1, lost_seconds=1.0)):
        wait_until(ended(job))
    job.refresh_from_db()
    found.refresh_from_db()
    run = ImportRun.objects.get(pk=found.import_run)
    assert (job.state, job.attempts, run.state, run.created) == (JobState.DONE, 2, ImportState.DONE, COUNT)
    assert OrderLine.objects.count() == COUNT
    assert (found.path.exists(), found.folder.exists()) == (False, False)
