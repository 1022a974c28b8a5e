"""The questionnaire builder: versions, the draft of the next one, its preview on a phone, publishing."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.surveys.questionnaires import actions
from shouyue.surveys.questionnaires.forms import NewForm, PictureForm, QuestionForm, WordsForm
from shouyue.surveys.questionnaires.models import Questionnaire
from shouyue.surveys.questionnaires.public import Question, questions_of, shown
from shouyue.surveys.questionnaires.queries import newest_versions, versions_of
from shouyue.surveys.questionnaires.rules.questions import DECIDING, Choice, UnaskableError
from shouyue.web.staff import may_change, must_change

_FAULTS = {
    "double": gettext_lazy("Another question has this short name. Choose another one."),
    "kind": gettext_lazy("This kind of question is not known."),
    "choices": gettext_lazy("This kind needs choices with different short names: at least one, for an order two."),
    "after": gettext_lazy("A question can only wait for an earlier one, and for an answer that this one can have."),
    "words": gettext_lazy("Write the question in both languages."),
    "counted": gettext_lazy(
        "The agreement counts this question: it stays, asked of everybody and required. Change its words only."
    ),
    "many": gettext_lazy("At most 40 questions; fewer are answered by more people."),
}


@require_safe
def questionnaires(request: HttpRequest) -> HttpResponse:
    """The newest version of every questionnaire."""
    context = {"lines": newest_versions(), "form": NewForm(), "may_act": may_change(request)}
    return render(request, "surveys/questionnaires.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new questionnaire."""
    must_change(request)
    form = NewForm(request.POST)
    if form.is_valid():
        try:
            made = actions.start_questionnaire(**form.cleaned_data)
        except actions.CodeTakenError:
            form.add_error("code", _("Another questionnaire has this short name. Choose another one."))
        else:
            return redirect("surveys:questionnaire", made.code)
    context = {"lines": newest_versions(), "form": form, "may_act": True}
    return render(request, "surveys/questionnaires.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """Its draft, or the newest version; POST keeps the words around the questions."""
    versions = versions_of(code)
    if not versions:
        raise Http404
    newest = versions[0]
    form = WordsForm(request.POST or None, initial=newest.__dict__)
    if request.method == "POST":
        must_change(request)
        if form.is_valid():
            return _acted(request, code, lambda: actions.keep_words(code, form.cleaned_data), _("Kept in the draft."))
    context = {
        "questionnaire": newest,
        "versions": versions,
        "questions": shown(questions_of(newest), {}),
        "form": form,
        "may_act": may_change(request),
    }
    return render(request, "surveys/questionnaire.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str, name: str = "") -> HttpResponse:
    """One question of the draft, new or changed."""
    must_change(request)
    draft = _draft(code)
    known = questions_of(draft)
    found = next((one for one in known if one.code == name), None)
    earlier = _deciding(known[: known.index(found)] if found else known)
    form = QuestionForm(
        request.POST or None,
        initial=QuestionForm.told(found) if found else {},
        earlier=earlier,
        language=get_language() or "zh-hans",
        changed=found,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_question(code, form.row(), instead_of=name)
        except UnaskableError as refused:
            form.add_error(None, str(_FAULTS[refused.reason]))
        except actions.NoDraftError:
            raise Http404 from None
        else:
            messages.success(request, _("Kept in the draft."))
            is_bare = form.cleaned_data["kind"] == "image" and not form.pictures
            return _to_question(code, form.cleaned_data["code"]) if is_bare else redirect("surveys:questionnaire", code)
    context = {"questionnaire": draft, "form": form, "question": found, "pictures": _pictures(found)}
    return render(request, "surveys/question_form.html", context, status=422 if form.errors else 200)


@require_POST
def picture(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """The picture of one choice of an image question of the draft."""
    must_change(request)
    draft = _draft(code)
    found = next((one for one in questions_of(draft) if one.code == name and one.kind == "image"), None)
    if found is None:
        raise Http404
    form = PictureForm(request.POST, request.FILES, auto_id=f"id_{request.POST.get('choice', '')}_%s")
    if form.is_valid():
        kind, content = form.cleaned_data["file"]
        try:
            actions.keep_picture(code, name, form.cleaned_data["choice"], kind=kind, content=content)
        except actions.NoDraftError:
            raise Http404 from None
        messages.success(request, _("Kept in the draft."))
        return _to_question(code, name)
    earlier = _deciding(questions_of(draft)[: questions_of(draft).index(found)])
    words = QuestionForm(
        initial=QuestionForm.told(found), earlier=earlier, language=get_language() or "zh-hans", changed=found
    )
    context = {"questionnaire": draft, "form": words, "question": found, "pictures": _pictures(found, form)}
    return render(request, "surveys/question_form.html", context, status=422)


@require_POST
def change(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """start a draft, publish it, or move and drop one of its questions."""
    must_change(request)
    name = request.POST.get("question", "")
    acts = {
        "draft": (lambda: actions.start_draft(code), _("A draft of the next version is open.")),
        "publish": (lambda: actions.publish(code), _("Published. The next wave asks this version.")),
        "up": (lambda: actions.move_question(code, name, -1), _("Moved.")),
        "down": (lambda: actions.move_question(code, name, 1), _("Moved.")),
        "drop": (lambda: actions.drop_question(code, name), _("Taken out of the draft.")),
    }
    if act not in acts:
        raise Http404
    return _acted(request, code, *acts[act])


def _to_question(code: str, name: str) -> HttpResponse:
    return redirect("surveys:question", code, name)


def _pictures(found: Question | None, refused: PictureForm | None = None) -> list[tuple[Choice, PictureForm]]:
    """Each choice of an image question with the form for its picture."""
    choices = found.choices if found and found.kind == "image" else ()
    return [
        (
            one,
            refused
            if refused is not None and refused.data.get("choice") == one.code
            else PictureForm(initial={"choice": one.code}, auto_id=f"id_{one.code}_%s"),
        )
        for one in choices
    ]


def _acted(request: HttpRequest, code: str, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except UnaskableError as refused:
        messages.error(request, str(_FAULTS[refused.reason]))
    except actions.NoDraftError:
        messages.error(request, _("There is no draft with questions. Open one first."))
    except KeyError:
        raise Http404 from None
    else:
        messages.success(request, done)
    return redirect("surveys:questionnaire", code)


def _draft(code: str) -> Questionnaire:
    found = next((one for one in versions_of(code) if one.is_draft), None)
    if found is None:
        raise Http404
    return found


def _deciding(questions: Sequence[Question]) -> list[Question]:
    return [one for one in questions if one.kind in DECIDING]
