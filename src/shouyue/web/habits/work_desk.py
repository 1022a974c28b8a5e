"""My work: one queue of what waits for the person who signed in, with the clock of each thing."""

import hashlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.store.contributions import work
from shouyue.store.contributions.work import Urgency, WorkItem

_VERSION_BYTES = 12
_TONES = {Urgency.BROKEN: "seal", Urgency.AT_RISK: "amber", Urgency.TO_DO: "slate"}


@require_safe
def work_queue(request: HttpRequest) -> HttpResponse:
    """The queue. htmx asks every half minute and gets nothing (204) while nothing changed."""
    now = clock.now()
    items = work.queue(request.user, at=now)
    version = _version(items)
    is_part = bool(request.headers.get("HX-Request"))
    if is_part and request.GET.get("seen") == version:
        return HttpResponse(status=204)
    lines = [(item, _TONES[item.urgency], item.due_at is not None and item.due_at < now) for item in items]
    context = {"lines": lines, "version": version, "now": now}
    return render(request, "web/work.html#queue" if is_part else "web/work.html", context)


def _version(items: Sequence[WorkItem]) -> str:
    """Changes when a reader would see a change; the same in every process."""
    seen = repr([(item.key, str(item.title), str(item.note), item.due_at, item.urgency) for item in items])
    return hashlib.blake2b(seen.encode(), digest_size=_VERSION_BYTES).hexdigest()
