"""A draft's terms as values: the parties' own words in it, and the contract it would become."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouyue.agreement.terms.rules.agreed import ClauseWords, with_agreed
from shouyue.agreement.terms.rules.template import CLAUSE_NUMBER, AgreementTemplate


@dataclass(frozen=True, slots=True)
class ClauseRead:
    """One place of a draft. kind: template (the product's words), own (the parties' words), further (no such place)."""

    number: str
    title: str
    text: str
    kind: str


def own_words(terms: Mapping[str, Any]) -> tuple[ClauseWords, ...]:
    """The parties' own words that have a number the register can keep."""
    given = [ClauseWords(number=number, title=title, text=text) for number, title, text in terms.get("clauses", ())]
    return tuple(words for words in given if CLAUSE_NUMBER.fullmatch(words.number))


def shape(template: AgreementTemplate, terms: Mapping[str, Any]) -> AgreementTemplate:
    """The contract that a draft with these terms would become."""
    return with_agreed(template, clauses=own_words(terms), targets=terms.get("targets") or {})


def places(template: AgreementTemplate, terms: Mapping[str, Any]) -> list[ClauseRead]:
    """Every place of the draft in order, and where its words come from."""
    known = {clause.number for clause in template.clauses}
    own = {words.number for words in own_words(terms) if words.text or words.title}
    return [
        ClauseRead(
            clause.number,
            clause.title_zh,
            clause.text_zh,
            "further" if clause.number not in known else "own" if clause.number in own else "template",
        )
        for clause in shape(template, terms).clauses
    ]
