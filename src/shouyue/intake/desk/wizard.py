"""The import wizard: bring a file, say what its columns are, rehearse, import."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.intake.desk.incoming import SIZE_MAX, PrivateFile
from shouyue.intake.desk.undo import ways_back
from shouyue.intake.desk.watching import importer, stage_of
from shouyue.intake.forms import ReadingForm
from shouyue.intake.models import Target, Upload
from shouyue.intake.public import (
    Look,
    NotRehearsedError,
    Proposed,
    UploadClosedError,
    begin_import,
    choose,
    drop,
    look_at,
    preview,
    proposal,
    receive,
)
from shouyue.intake.targets import LABELS, STEPS
from shouyue.kernel import clock
from shouyue.store.tabular import FileRefusedError
from shouyue.web.staff import must_change, staff_name


@csrf_exempt
def new(request: HttpRequest) -> HttpResponse:
    """The first step. The handler must be there before anything reads the request, so the token is checked inside."""
    incoming = PrivateFile(request)
    request.upload_handlers = [incoming]
    try:
        return _new(request, incoming)
    finally:
        incoming.forget()


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _new(request: HttpRequest, incoming: PrivateFile) -> HttpResponse:
    staff = importer(request)
    error = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        if incoming.is_too_large:
            error = _(
                "The file is larger than %(limit)s MB. Pack it (.csv.gz), split it, or have it imported at the server: "
                "./shouyue import."
            ) % {"limit": SIZE_MAX // 1_000_000}
        elif given is None or incoming.path is None:
            error = _("Choose a file first.")
        else:
            name = given.name or "file"
            try:
                upload = receive(incoming.path, name=name, by=staff_name(request), party=staff.party, at=clock.now())
            except FileRefusedError as refused:
                error = str(refused.message)
            else:
                return redirect("intake:reading", upload.pk)
    status = 422 if error else 200
    return render(request, "intake/new.html", {"error": error, "limit_mb": SIZE_MAX // 1_000_000}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The second step: sheet and target live in the address, the rest in the form."""
    upload = _open_upload(request, upload_id)
    if upload.import_job:
        return redirect("intake:result", upload.pk)
    if upload.removed_at:
        return render(request, "intake/gone.html", {"upload": upload}, status=410)
    try:
        look = look_at(upload, sheet=request.GET.get("sheet", upload.sheet))
    except FileRefusedError as refused:
        messages.error(request, str(refused.message))
        return redirect("intake:new")
    target = request.GET.get("target", "")
    proposed = proposal(upload, look, target=target if target in Target.values else "")
    form = ReadingForm(request.POST if request.method == "POST" else None, look=look, proposed=proposed)
    if request.method == "POST" and form.is_valid():
        return _chosen(request, upload, form, look, proposed)
    context = _reading_context(upload, form, look, proposed)
    return render(request, "intake/reading.html", context, status=422 if form.is_bound else 200)


def _chosen(request: HttpRequest, upload: Upload, form: ReadingForm, look: Look, proposed: Proposed) -> HttpResponse:
    try:
        choose(upload.pk, form.choice(proposed), look, by=must_change(request), at=clock.now())
    except UploadClosedError:
        return redirect("intake:result", upload.pk)
    return redirect("intake:dry-run", upload.pk)


def _reading_context(upload: Upload, form: ReadingForm, look: Look, proposed: Proposed) -> dict[str, object]:
    fields = [(one, look.shown(one.value(), 3) if one.value() in look.columns else []) for one in form.of_columns()]
    return {
        "upload": upload,
        "form": form,
        "look": look,
        "proposed": proposed,
        "fields": fields,
        "targets": Target.choices,
        "columns": [(name, look.shown(name)) for name in look.columns],
    }


@require_safe
def dry_run(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The third step: how the rehearsal goes, what it found, and how the first rows will be read."""
    upload = _open_upload(request, upload_id)
    if upload.import_job:
        return redirect("intake:result", upload.pk)
    if not upload.rehearsal_job or upload.removed_at:
        return redirect("intake:reading", upload.pk)
    stage = stage_of(upload.rehearsal_job, upload.rehearsal_run, request.user)
    context: dict[str, object] = {"upload": upload, "stage": stage, "title": _("Dry run")}
    if request.headers.get("HX-Request") and not stage.has_ended:
        return render(request, "intake/dry_run.html#stage", context)
    if stage.is_done:
        can_undo = STEPS[upload.target].undo is not None
        heads = [LABELS[name] for name in upload.chosen]
        context |= {"preview": preview(upload, at=clock.now()), "heads": heads, "can_undo": can_undo}
    answer = render(request, "intake/dry_run.html", context)
    if request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def begin(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The fourth step: import what was rehearsed."""
    upload = _open_upload(request, upload_id)
    try:
        begin_import(upload.pk, by=must_change(request))
    except NotRehearsedError:
        messages.error(request, _("The dry run has not come through yet."))
        return redirect("intake:dry-run", upload.pk)
    except UploadClosedError:
        return redirect("intake:reading", upload.pk)
    return redirect("intake:result", upload.pk)


@require_safe
def result(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The fifth step: how the import goes, and what became of each row."""
    upload = _open_upload(request, upload_id)
    if not upload.import_job:
        return redirect("intake:reading", upload.pk)
    stage = stage_of(upload.import_job, upload.import_run, request.user)
    context = {"upload": upload, "stage": stage, "title": _("Import")}
    if request.headers.get("HX-Request") and not stage.has_ended:
        return render(request, "intake/result.html#stage", context)
    if upload.import_run:
        context["way_back"] = ways_back([upload.import_run], request.user).get(upload.import_run)
    answer = render(request, "intake/result.html", context)
    if request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def drop_file(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Give the file up."""
    upload = _open_upload(request, upload_id)
    try:
        drop(upload.pk, by=must_change(request), at=clock.now())
    except UploadClosedError:
        return redirect("intake:result", upload.pk)
    messages.success(request, _("The file was deleted. Nothing was imported."))
    return redirect("intake:new")


def _open_upload(request: HttpRequest, upload_id: UUID) -> Upload:
    """An upload of the reader's own party: colleagues may go on with each other's, the other party may not."""
    return get_object_or_404(Upload, pk=upload_id, party=importer(request).party)
