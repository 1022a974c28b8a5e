"""Exports of lists in the background: asked for at once, made by a worker row by row, fetched for a day."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.jobs import Handle, JobFailedError, enqueue, job
from shouyue.store.models import ExportKind, ListExport, Staff
from shouyue.store.saved.exports import file_of, note_made, remove_expired
from shouyue.web.exports import write_csv
from shouyue.web.habits import lists
from shouyue.web.workbooks import Workbook

_PHASE = gettext_noop("Writing the rows")
_TOLD_ROWS = 500


class NotExportableError(Exception):
    """There is no such list, or it is not exported in the background."""


@transaction.atomic
def ask_export(listing: str, query: str, *, kind: str, language: str, by: Staff, at: datetime) -> ListExport:
    """Have a worker write the list as its address shows it to this person. Raises NotExportableError."""
    found = lists.declared(listing)
    if found is None or found.chosen is None or kind not in ExportKind.values:
        raise NotExportableError
    export = ListExport(
        id=new_id(),
        owner=by,
        listing=listing,
        query=lists.view_query(QueryDict(query)),
        kind=kind,
        language=language,
        asked_at=at,
    )
    export.job = enqueue(export_list, {"export": str(export.pk)}, by=f"staff:{by.pk}").pk
    export.save(force_insert=True)
    return export


@job(name="web.export_list", title=_("Export of a list"), retries=2)
def export_list(handle: Handle, *, export: str) -> None:
    """Write the file of an export. Killed, it is written anew; the one that is there last is whole."""
    found = ListExport.objects.select_related("owner").get(pk=UUID(export))
    if found.made_at is not None:
        return
    listing = lists.declared(found.listing)
    if listing is None or listing.chosen is None:
        raise JobFailedError(_("This version of Shouyue no longer has this list."))
    asked = QueryDict(found.query)
    rows, order = listing.chosen(asked)
    total = rows.order_by().count()
    path = file_of(found)
    shutil.rmtree(path.parent, ignore_errors=True)  # what an attempt left that was killed
    path.parent.mkdir(mode=0o700)
    part = path.with_suffix(f".{handle.claim}")
    with override(found.language):
        heads, cells = lists.file_of(found.owner, listing, asked, rows.order_by(*order))
        told = _Told(handle, total)
        if found.kind == ExportKind.XLSX:
            with Workbook(part, heads) as book:
                book.write(told.rows(cells))
        else:
            write_csv(part, heads, told.rows(cells))
    part.replace(path)
    note_made(found, rows=told.done, at=clock.now())


@job(name="web.remove_exports", title=_("Delete exported files that have expired"), retries=3, schedule="10 * * * *")
def remove_exports(handle: Handle) -> None:
    """Delete files that nobody may fetch any more."""
    count = remove_expired(at=clock.now())
    handle.progress(count, count)


class _Told:
    """Passes rows on and tells how many there were."""

    def __init__(self, handle: Handle, total: int) -> None:
        self._handle, self._total, self.done = handle, total, 0

    def rows(self, cells: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
        for row in cells:
            yield row
            self.done += 1
            if self.done % _TOLD_ROWS == 0:
                self._handle.progress(self.done, max(self._total, self.done + 1), message=_PHASE)
