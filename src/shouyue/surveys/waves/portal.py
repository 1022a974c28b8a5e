"""The answer page: opened by a personal link, kept question by question, sent once.

Nobody is signed in here. The link itself is the right to answer, so no cookie is trusted and none is needed: the
views are exempt from the check against forged forms, which would turn away answers that waited without a network.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.surveys.questionnaires.public import (
    AnswerRefusedError,
    Picture,
    questions_of,
    shown,
    told_of,
)
from shouyue.surveys.waves.actions.answering import (
    AnswersMissingError,
    GivenFile,
    SheetUnknownError,
    WaveOverError,
    answers_on,
    keep_answers,
    keep_file,
    send_answers,
    sheet_of,
)
from shouyue.surveys.waves.models import Sheet
from shouyue.surveys.waves.refusals import needed, why

GONE, UNFIT, UNKNOWN = 410, 422, 404
_View = Callable[..., HttpResponse]


def _by_link(view: _View) -> _View:
    """Whoever holds the link may; an unknown or a late one is answered with a page, or with its status to a script."""

    @wraps(view)
    def answered(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        try:
            response = view(request, token, **more)
        except SheetUnknownError:
            response = render(request, "surveys/link_unknown.html", status=UNKNOWN)
        except WaveOverError:
            response = render(request, "surveys/wave_over.html", status=GONE)
        add_never_cache_headers(response)
        # Django logs the address of what it refuses; here the address is a right that belongs to one person.
        setattr(response, "_has_been_logged", True)  # noqa: B010  Django types no such attribute
        return response

    return answered


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, or thanks once they were sent; POST sends them, also without any script."""
    faults: dict[str, str] = {}
    sheet = sheet_of(token)
    if request.method == "POST":
        told = told_of(questions_of(sheet.wave.questionnaire), request.POST.getlist)
        try:
            send_answers(token, told, at=clock.now())
        except AnswerRefusedError as refused:
            faults = {refused.code: why(refused.reason)}
        except AnswersMissingError as refused:
            keep_answers(token, told, at=clock.now())
            faults = dict.fromkeys(refused.codes, needed())
        else:
            return redirect("surveys:answer", token)
    if sheet.sent_at is not None:
        return render(request, "surveys/thanks.html", {"questionnaire": sheet.wave.questionnaire})
    if not sheet.wave.is_open:
        raise WaveOverError
    return render(
        request, "surveys/answer.html", _page(sheet_of(token), token, faults), status=UNFIT if faults else 200
    )


@login_not_required
@csrf_exempt
@require_POST
@_by_link
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """For the page's script: `question` names what was answered, `send` asks to count the sheet."""
    sheet, at = sheet_of(token), clock.now()
    named = set(request.POST.getlist("question"))
    told = {
        code: words
        for code, words in told_of(questions_of(sheet.wave.questionnaire), request.POST.getlist).items()
        if code in named
    }
    try:
        act = send_answers if "send" in request.POST else keep_answers
        sheet = act(token, told, at=at)
    except AnswerRefusedError as refused:
        return JsonResponse({"faults": {refused.code: why(refused.reason)}}, status=UNFIT)
    except AnswersMissingError as refused:
        keep_answers(token, told, at=at)
        return JsonResponse({"faults": dict.fromkeys(refused.codes, needed())}, status=UNFIT)
    return JsonResponse({"sent": sheet.sent_at is not None, "at": at.timestamp()})


@login_not_required
@csrf_exempt
@require_POST
@_by_link
def upload(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """A file for a file question."""
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"faults": {code: needed()}}, status=UNFIT)
    try:
        keep_file(token, code, GivenFile(given.name or "", given.read()), at=clock.now())
    except AnswerRefusedError as refused:
        return JsonResponse({"faults": {code: why(refused.reason)}}, status=UNFIT)
    return JsonResponse({"sent": False, "at": clock.now().timestamp()})


@login_not_required
@require_safe
@cache_control(max_age=31_536_000, immutable=True, public=True)
def picture(request: HttpRequest, mark: str) -> HttpResponse:  # noqa: ARG001 a view's signature
    """A picture of a choice, the same for everybody."""
    found = Picture.objects.filter(pk=mark).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.content), content_type=found.kind)


@login_not_required
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the page again without a network. It forgets it once the answers were sent."""
    return render(request, "surveys/answers_sw.js", content_type="text/javascript; charset=utf-8")


def _page(sheet: Sheet, token: str, faults: dict[str, str]) -> dict[str, Any]:
    questionnaire = sheet.wave.questionnaire
    questions = questions_of(questionnaire)
    return {
        "questionnaire": questionnaire,
        "token": token,
        "questions": shown(questions, answers_on(sheet), faults),
        "faults": faults,
        "loaded_at": f"{clock.now().timestamp():.3f}",
        "closes_on": sheet.wave.plan.closes_on,
        "needed": needed(),
    }
