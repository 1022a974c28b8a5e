"""Search everybody for duplicates in the background."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.customers.duplicates.actions.recording import record_matches
from shouyue.customers.duplicates.queries.persons import features_of_all
from shouyue.customers.duplicates.queries.reviewing import SEARCH, last_search
from shouyue.customers.linking.public import CHINESE, joined, link, table_of
from shouyue.customers.people.public import Person
from shouyue.kernel import clock
from shouyue.store.jobs import Handle, enqueue, job
from shouyue.store.models import JobRun

_BATCH = 5_000


@job(name=SEARCH, title=_("Search for duplicates"), retries=1, is_alone=True)
def find_duplicates(handle: Handle) -> None:
    """Compare everybody with everybody. Values are plain in this process's memory alone, and gone with it."""
    total = Person.objects.count()
    people, tables = 0, []
    for batch in features_of_all(batch=_BATCH):
        tables.append(table_of({str(who): found for who, found in batch.items()}))
        people += len(batch)
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
