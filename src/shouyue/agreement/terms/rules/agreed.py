"""What the parties agreed beside a template: other words, further clauses, other thresholds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shouyue.agreement.terms.rules.template import (
    AgreementTemplate,
    ClauseTemplate,
    ObligationTemplate,
    TemplateError,
    check_template,
    parent_number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseWords:
    """A place of the contract in the parties' own words and language. title: "" keeps the template's."""

    number: str
    title: str = ""
    text: str = ""


def place_of(number: str) -> tuple[int, ...]:
    """How numbers sort: 4.1(2) is (4, 1, 2), after 4.1 and before 4.2."""
    return tuple(int(part) for part in number.replace("(", ".").rstrip(")").split("."))


def with_agreed(
    template: AgreementTemplate, *, clauses: Iterable[ClauseWords] = (), targets: Mapping[str, int] | None = None
) -> AgreementTemplate:
    """The template with the parties' words and thresholds (basis points by the obligation's code).

    Words of their own stand in the contract's language only. A clause without the one it stands under gets an empty
    heading. Raises TemplateError for an obligation without a target and for numbers that are none.
    """
    found = {clause.number: clause for clause in template.clauses}
    for words in clauses:
        if parent := parent_number(words.number):
            found.setdefault(parent, ClauseTemplate(number=parent, title_zh="", title_en=""))
        found[words.number] = _in_their_words(found.get(words.number), words)
    wanted = dict(targets or {})
    obligations = tuple(_with_threshold(each, wanted.pop(each.code, None)) for each in template.obligations)
    if wanted:
        raise TemplateError(f"no target to agree on: {', '.join(sorted(wanted))}")
    ordered = tuple(sorted(found.values(), key=lambda clause: place_of(clause.number)))
    made = replace(template, clauses=ordered, obligations=obligations)
    check_template(made)
    return made


def _in_their_words(known: ClauseTemplate | None, words: ClauseWords) -> ClauseTemplate:
    if known is None:
        return ClauseTemplate(number=words.number, title_zh=words.title, title_en="", text_zh=words.text)
    title = words.title or known.title_zh
    if not words.text or words.text == known.text_zh:
        return replace(known, title_zh=title)
    return replace(known, title_zh=title, text_zh=words.text, text_en="")


def _with_threshold(known: ObligationTemplate, threshold_bp: int | None) -> ObligationTemplate:
    if threshold_bp is None:
        return known
    if known.target is None or not 1 <= threshold_bp <= 10_000:
        raise TemplateError(f"{known.code} has no target of {threshold_bp} basis points")
    return replace(known, target=replace(known.target, threshold_bp=threshold_bp))
