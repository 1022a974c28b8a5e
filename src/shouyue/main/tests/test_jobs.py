"""An import as a job: cancelled between batches and started again, every row is recorded once; refusals are told."""

import pytest

from shouyue.kernel import clock
from shouyue.main.jobs import start_import
from shouyue.purchases.incoming.tests.import_ground import retail_rows, write_rows
from shouyue.purchases.orders.models import Order
from shouyue.store.imports import committing
from shouyue.store.jobs import cancel, start_again
from shouyue.store.jobs.running import Pace
from shouyue.store.models import ImportRun, ImportState, JobRun, JobState
from shouyue.store.tests.job_samples import WorkerHere, ended, wait_until

ROWS = 3000
PACE = Pace(slots=1, beat_seconds=60)


def test_a_cancelled_import_goes_on_where_it_stopped(fresh_database, tmp_path, monkeypatch):
    monkeypatch.setattr(committing, "BATCH_ROWS", 20)
    path = write_rows(tmp_path / "retail.csv", retail_rows(ROWS))
    run = start_import([path], mapping="online_retail", by="staff:1")
    with WorkerHere(PACE):
        wait_until(lambda: JobRun.objects.get().message == "Writing the rows")
        cancel(run.pk, by="staff:1", at=clock.now())
        wait_until(ended(run))
        run.refresh_from_db()
        stopped = ImportRun.objects.get()
        assert (run.state, stopped.state, stopped.by) == (JobState.CANCELLED, ImportState.FAILED, "staff:1")
        assert 0 < stopped.created < ROWS
        start_again(run.pk, by="staff:1", at=clock.now())
        wait_until(ended(run))
    run.refresh_from_db()
    resumed = ImportRun.objects.get()
    assert (run.state, run.error, resumed.state) == (JobState.DONE, {}, ImportState.DONE)
    assert resumed.created + resumed.rejected == resumed.rows_total == ROWS
    assert run.message_values["rows"] == ROWS
    assert run.message_values["created"] == resumed.created
    assert Order.objects.count() == len({row[0] for row in retail_rows(ROWS)})


@pytest.mark.parametrize(
    ("mapping", "name", "wanted"),
    [("nothing", "retail.csv", "没有名为“nothing”的导入方案"), ("online_retail", "other.csv", "other.csv")],
)
def test_a_refused_import_says_why_and_is_not_tried_again(fresh_database, tmp_path, mapping, name, wanted):
    path = tmp_path / name
    run = start_import([path], mapping=mapping, by="staff:1")
    with WorkerHere(PACE):
        wait_until(ended(run))
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.FAILED, 1)
    assert wanted in run.error_in("zh-hans")
    assert run.error_in("en") != run.error_in("zh-hans")
