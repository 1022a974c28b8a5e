"""Search everybody for duplicates in the background."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.customers.duplicates.actions.recording import record_matches
from shouyue.customers.duplicates.queries.everybody import tables_of_everybody
from shouyue.customers.duplicates.queries.reviewing import SEARCH, last_search
from shouyue.customers.linking.public import CHINESE, joined, link
from shouyue.customers.people.public import Person
from shouyue.kernel import clock
from shouyue.store.jobs import Handle, enqueue, job
from shouyue.store.models import JobRun


@job(name=SEARCH, title=_("Search for duplicates"), retries=1, is_alone=True)
def find_duplicates(handle: Handle) -> None:
    """Compare everybody with everybody. Values are plain in the memory of two processes alone, and gone with them."""
    total = Person.objects.count()
    people, tables = 0, []
    for table in tables_of_everybody():
        tables.append(table)
        people += table.num_rows
        handle.progress(min(people, total - 1), total, message=gettext_noop("Reading the persons"))
    found = link(joined(tables), CHINESE)
    with transaction.atomic():
        likely, less = record_matches(
            found, run_id=UUID(str(handle.run_id)), persons=people, by=handle.by, at=clock.now()
        )
        handle.save_cursor({"likely": likely, "less": less}, is_last=True)
    message = gettext_noop("%(likely)s likely pairs, %(less)s less likely")
    handle.progress(total, total, message=message, values={"likely": likely, "less": less})


@transaction.atomic
def start_search(*, by: str) -> JobRun:
    """Have everybody compared; a search that waits or runs is the one that is meant."""
    last = last_search()
    return last if last and not last.is_finished else enqueue(find_duplicates, {}, by=by)
