"""Downloads of the contract's papers: /agreement/papers/contract.pdf and so on."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from shouyue.agreement.papers import queries
from shouyue.agreement.papers.queries import annex_paper, contract_paper, termination_paper
from shouyue.agreement.signing.public import Draft
from shouyue.agreement.terms.public import Agreement, current_agreement
from shouyue.kernel import clock
from shouyue.web.paper import DOCX_TYPE, GlyphsMissingError, Paper, as_docx, as_pdf

_WRITERS = {"pdf": (as_pdf, "application/pdf"), "docx": (as_docx, DOCX_TYPE)}
NAMES = ("contract", "annex-1", "annex-2", "termination")


@require_safe
def paper(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """One paper as pdf or docx, in Chinese: the language of the contract; ?lang=en gives the English text."""
    agreement = current_agreement()
    if agreement is None or name not in NAMES or ending not in _WRITERS:
        raise Http404
    on = agreement.standing_day(clock.day_in(agreement.zone, clock.now()))
    with override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        made = _made(agreement, name, on)
    return _sent(request, made, f"{agreement.pk}-{name}", ending)


@require_safe
def draft_paper(request: HttpRequest, draft_id: UUID, ending: str) -> HttpResponse:
    """A draft as pdf or docx, in the contract's language."""
    draft = get_object_or_404(Draft, pk=draft_id)
    if ending not in _WRITERS:
        raise Http404
    with override("zh-hans"):
        made = queries.draft_paper(draft, on=clock.day_in("Asia/Shanghai", clock.now()))
    return _sent(request, made, f"{draft.pk}-draft", ending)


def _sent(request: HttpRequest, made: Paper, name: str, ending: str) -> HttpResponse:
    write, kind = _WRITERS[ending]
    try:
        content = write(made)
    except GlyphsMissingError:
        return render(
            request, "agreement/no_glyphs.html", {"word_document": request.path[: -len(ending)] + "docx"}, status=503
        )
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _made(agreement: Agreement, name: str, on: date) -> Paper:
    if name == "contract":
        return contract_paper(agreement, on=on)
    if name == "termination":
        return termination_paper(agreement, on=on)
    return annex_paper(agreement, int(name[-1]), on=on)
