"""kill -9 of the undo of an import, again and again: taken up each time, it leaves what was there before the import."""

import multiprocessing
import os
import time
from uuid import UUID, uuid4

from django.db import connection

from shouyue.purchases.incoming.actions.undoing import UNDO
from shouyue.purchases.incoming.tests.import_ground import point_django_at, retail_rows, run_import, write_rows
from shouyue.purchases.incoming.tests.undo_ground import AT, recorded
from shouyue.store.imports import undoing
from shouyue.store.models import Fact, ImportRun, ImportState, ImportUndo

KILLS, PATIENCE = 4, 120.0


def carry_out(url: str, run_id: UUID, job: UUID) -> None:
    undoing.BATCH_RECORDS = 4  # many transactions to be killed between and inside of
    point_django_at(url)
    undoing.carry_out(
        run_id, UNDO, job=job, now=lambda: AT, keep_place=lambda is_last: None, report=lambda done, total: None
    )


def start(run_id: UUID, job: UUID):
    connection.close()  # a forked process must not speak on its parent's connection
    arguments = os.environ["DATABASE_URL"], run_id, job
    process = multiprocessing.get_context("fork").Process(target=carry_out, args=arguments)
    process.start()
    return process


def rows_done(run_id: UUID) -> int:
    work = ImportUndo.objects.get(pk=run_id)
    return work.removed + work.restored + work.kept


def test_a_killed_undo_goes_on_and_counts_every_row_once(fresh_database, tmp_path):
    before_all = retail_rows(300, seed=5)
    run_import(write_rows(tmp_path / "before.csv", before_all))
    there = recorded()
    others = [(f"9{row[0]}" if row[0][0] != "C" else f"C9{row[0][1:]}", *row[1:]) for row in retail_rows(1_200, seed=6)]
    report = run_import(write_rows(tmp_path / "wrong.csv", others))
    run, job = ImportRun.objects.get(pk=report.run_id), uuid4()
    undoing.rehearse_undo(run.pk, job=job, by="test", at=AT)
    carry_out(os.environ["DATABASE_URL"], run.pk, job)
    undoing.begin_undo(run.pk, job=job, by="test", at=AT)
    share = run.rows_total // (KILLS + 2)
    for number in range(1, KILLS + 1):
        process = start(run.pk, job)
        deadline = time.monotonic() + PATIENCE
        while rows_done(run.pk) < share * number and process.is_alive() and time.monotonic() < deadline:
            process.join(0.02)
        process.kill()
        process.join(PATIENCE)
        assert share * number <= rows_done(run.pk) < run.rows_total
        assert ImportRun.objects.get(pk=run.pk).state == ImportState.UNDOING
    process = start(run.pk, job)
    process.join(PATIENCE)
    assert process.exitcode == 0
    work = ImportUndo.objects.get(pk=run.pk)
    assert (work.removed, work.restored, work.kept, work.untouched) == (run.created, 0, 0, run.rejected)
    assert recorded() == there
    assert sum(one.payload["removed"] for one in Fact.objects.filter(kind="OrdersTakenBack")) > 0
    assert Fact.objects.filter(kind="PurchasesImportUndone").count() == 1
