"""The answer page: opened by a personal link, kept question by question, sent once.

Nobody is signed in here. The link itself is the right to answer, so no cookie is trusted and none is needed: the
views are exempt from the check against forged forms, which would turn away answers that waited without a network.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
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
from shouyue.store.together import Together
from shouyue.surveys.questionnaires.public import (
    Answer,
    AnswerRefusedError,
    Picture,
    Question,
    questions_of,
    shown,
    told_of,
)
from shouyue.surveys.sheets.actions.answering import (
    CUSTOMER,
    AnswersMissingError,
    Arrival,
    GivenFile,
    Refusal,
    SheetUnknownError,
    WaveOverError,
    answers_on,
    answers_with,
    keep_file,
    sheet_of,
    take_answers,
)
from shouyue.surveys.sheets.refusals import needed, why
from shouyue.surveys.waves.public import Sheet

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
    if request.method == "POST":
        said = request.POST.getlist
        faults = _take(
            Arrival(token=token, read=lambda asked: told_of(asked, said), sends=True, keeps_anyhow=True)
        ).faults
        if not faults:
            return redirect("surveys:answer", token)
    sheet = sheet_of(token)
    if sheet.sent_at is not None:
        return render(request, "surveys/thanks.html", {"questionnaire": sheet.wave.questionnaire})
    if not sheet.wave.is_open:
        raise WaveOverError
    return render(request, "surveys/answer.html", _page(request, sheet, token, faults), status=UNFIT if faults else 200)


@login_not_required
@csrf_exempt
@require_POST
@_by_link
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """For the page's script: `question` names what was answered, `send` asks to count the sheet."""
    form = request.POST
    named = set(form.getlist("question"))

    def read(questions: Sequence[Question]) -> dict[str, list[str]]:
        return told_of([one for one in questions if one.code in named], form.getlist)

    taken = _take(Arrival(token=token, read=read, sends="send" in form, keeps_anyhow=True))
    if taken.faults:
        return JsonResponse({"faults": taken.faults}, status=UNFIT)
    return JsonResponse({"sent": taken.is_sent, "at": taken.at.timestamp()})


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


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of an arrival. faults: why, by question, where it was refused."""

    at: datetime
    outcome: Sheet | Refusal

    @property
    def is_sent(self) -> bool:
        return isinstance(self.outcome, Sheet) and self.outcome.sent_at is not None

    @property
    def faults(self) -> dict[str, str]:
        match self.outcome:
            case AnswerRefusedError(code=code, reason=reason):
                return {code: why(reason)}
            case AnswersMissingError(codes=codes):
                return dict.fromkeys(codes, needed())
        return {}


def _take(arrival: Arrival) -> _Taken:
    """Raises SheetUnknownError and WaveOverError."""
    taken = _TAKING.do(arrival)
    if isinstance(taken.outcome, SheetUnknownError | WaveOverError):
        raise taken.outcome
    return taken


def _take_all(arrivals: Sequence[Arrival]) -> list[_Taken]:
    at = clock.now()
    return [_Taken(at, outcome) for outcome in take_answers(arrivals, at=at, by=CUSTOMER)]


# Many phones answer within the same minute, after the same reminder.
_TAKING: Together[Arrival, _Taken] = Together(_take_all)


def _page(request: HttpRequest, sheet: Sheet, token: str, faults: dict[str, str]) -> dict[str, Any]:
    questionnaire = sheet.wave.questionnaire
    questions = questions_of(questionnaire)
    said = _said_now(questions, request) if sheet.wave.is_anonymous else answers_on(sheet)
    return {
        "is_anonymous": sheet.wave.is_anonymous,
        "questionnaire": questionnaire,
        "token": token,
        "questions": shown(questions, said, faults),
        "faults": faults,
        "loaded_at": f"{clock.now().timestamp():.3f}",
        "closes_on": sheet.wave.plan.closes_on,
        "needed": needed(),
    }


def _said_now(questions: Sequence[Question], request: HttpRequest) -> dict[str, Answer]:
    """What came with this very request and fits: of an anonymous wave nothing is kept before it is sent."""
    said: dict[str, Answer] = {}
    for code, words in told_of(questions, request.POST.getlist).items():
        with suppress(AnswerRefusedError):
            said = answers_with(said, questions, {code: words})
    return said
