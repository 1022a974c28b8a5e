"""Background work that needs several rooms at once: importing files through a mapping."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.kernel import clock
from shouyue.store.jobs import Handle, JobFailedError, enqueue, job
from shouyue.store.models import JobRun

if TYPE_CHECKING:  # what reads files costs every process half a second that only an import needs
    from shouyue.store.imports.engine import StepReport
    from shouyue.store.imports.progress import Progressed

_PHASES = {"check": gettext_noop("Checking the rows"), "commit": gettext_noop("Writing the rows")}
_OUTCOME = gettext_noop(
    "%(rows)s rows: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected"
)


@job(name="main.import_files", title=_("Import of files"), is_alone=True)
def import_files(
    handle: Handle,
    *,
    paths: Sequence[str],
    mapping: str,
    currency: str | None = None,
    zone: str | None = None,
    is_rehearsal: bool = False,
) -> None:
    """Import files or folders that the worker can read. The import keeps its own cursor: its record is resumed.

    A cancelled import stops between two batches and stands as one that can be resumed; starting the run again, or
    importing the same files in any other way, goes on there.
    """
    from shouyue.main.mappings import BY_NAME
    from shouyue.store.imports import engine
    from shouyue.store.imports.refusals import ImportRefusedError, ImportTakenOverError, refuse
    from shouyue.store.tabular import FileRefusedError

    try:
        if mapping not in BY_NAME:
            refuse("unknown-mapping", name=mapping, known=tuple(BY_NAME))
        request = engine.Request([Path(path) for path in paths], handle.by, currency, zone, is_rehearsal=is_rehearsal)
        reports = engine.import_files(BY_NAME[mapping], request, now=clock.now, report=_teller(handle))
    except (ImportRefusedError, FileRefusedError) as refused:
        raise JobFailedError(refused.message) from refused
    except ImportTakenOverError as taken:
        raise JobFailedError(_("Another process has taken up the same import; it goes on there.")) from taken
    _tell_outcome(handle, reports)


def start_import(
    paths: Sequence[Path],
    *,
    mapping: str,
    by: str,
    currency: str | None = None,
    zone: str | None = None,
    is_rehearsal: bool = False,
    at: datetime | None = None,
) -> JobRun:
    """Have a worker import the files, in the caller's transaction. Arguments as of `./shouyue import`.

    paths: made absolute here; every worker must find the same files there.
    """
    arguments = {
        "paths": [str(path.resolve()) for path in paths],
        "mapping": mapping,
        "currency": currency,
        "zone": zone,
        "is_rehearsal": is_rehearsal,
    }
    return enqueue(import_files, arguments, by=by, at=at)


def _teller(handle: Handle) -> "Callable[[Progressed], None]":
    def tell(told: "Progressed") -> None:
        message = _PHASES[told.phase]
        handle.progress(told.rows_done, told.rows_total, rate=told.rows_per_second, message=message)

    return tell


def _tell_outcome(handle: Handle, reports: "Sequence[StepReport]") -> None:
    names = ("created", "updated", "unchanged", "rejected")
    values = {name: sum(getattr(report.tally, name) for report in reports) for name in names}
    rows = sum(report.rows for report in reports)
    handle.progress(rows, rows, message=_OUTCOME, values={"rows": rows, **values})
