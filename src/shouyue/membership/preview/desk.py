"""Previews at the desk: asked on the page of the rules, watched while they are reckoned, read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.preview.actions import ask_preview
from shouyue.membership.preview.forms import PreviewForm
from shouyue.membership.preview.models import Preview
from shouyue.membership.preview.sentences import told
from shouyue.membership.programme.public import NoProgrammeError
from shouyue.store.models import JobRun
from shouyue.web.staff import may_change, must_change, staff_name


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The latest previews; POST has the draft reckoned on past purchases."""
    form = PreviewForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST":
        must_change(request)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                row = ask_preview(
                    preview_id=asked["key"],
                    days=asked["days"],
                    with_coming=asked["with_coming"],
                    at=clock.now(),
                    by=staff_name(request),
                )
            except NoProgrammeError:
                messages.error(
                    request, _("No version counts yet, so no purchase has earned points. Publish a first one.")
                )
                return redirect("membership:rules")
            return redirect("membership:preview", row.pk)
    context = {
        "form": form,
        "previews": Preview.objects.defer("content", "result")[:20],
        "may_change": may_change(request),
    }
    return render(request, "membership/previews.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, preview_id: UUID) -> HttpResponse:
    """One preview: its progress, then what the draft would have given beside what was earned."""
    row = get_object_or_404(Preview, pk=preview_id)
    context = {
        "preview": row,
        "job": JobRun.objects.filter(pk=row.job).first() if row.job else None,
        "told": told(row, on=timezone.localdate(row.asked_at)) if row.result is not None else None,
    }
    is_part = bool(request.headers.get("HX-Request")) and row.result is None
    return render(request, "membership/preview.html#stage" if is_part else "membership/preview.html", context)
