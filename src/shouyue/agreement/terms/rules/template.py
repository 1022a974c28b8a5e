"""The shape of a contract as plain values, checked: what a new agreement is made from."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouyue.agreement.terms.rules.duties import Rhythm

CLAUSE_NUMBER = re.compile(r"[1-9][0-9]*(\.[1-9][0-9]*(\([1-9][0-9]*\))?)?", re.ASCII)


class TemplateError(ValueError):
    """The contract's shape contradicts itself; the text names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTemplate:
    """A phase of the schedule: contract months, inclusive, and what must be finished at its end."""

    clause: str
    first_month: int
    last_month: int
    title_zh: str
    title_en: str
    must_finish_zh: str
    must_finish_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseTemplate:
    """A numbered place of the contract. A heading has no text of its own."""

    number: str
    title_zh: str
    title_en: str
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTemplate:
    """A threshold and the risk of a wrong verdict on each side, in basis points, and the rule that decides."""

    threshold_bp: int
    alpha_bp: int
    decision_rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationTemplate:
    """A duty: where it stands, whose it is, when it falls due, what shows it and the target of that."""

    code: str
    clause: str
    title_zh: str
    title_en: str
    owner: str
    rhythm: Rhythm
    also_in: tuple[str, ...]
    measure: str
    target: TargetTemplate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionTemplate:
    """What a measure counts, in words and in the parameters the product computes with."""

    measure: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTemplate:
    """A whole contract without its parties and days. months: how long its term is unless agreed otherwise."""

    name: str
    title_zh: str
    title_en: str
    months: int
    phases: tuple[PhaseTemplate, ...]
    clauses: tuple[ClauseTemplate, ...]
    obligations: tuple[ObligationTemplate, ...]
    definitions: tuple[DefinitionTemplate, ...]


def read_template(values: Mapping[str, Any]) -> AgreementTemplate:
    """The template of the given values (tables as a TOML file has them), checked for consistency.

    Raises TemplateError when clauses, phases, obligations, measures and definitions do not fit one another, and for
    missing or unknown keys.
    """
    try:
        template = AgreementTemplate(
            name=values["name"],
            title_zh=values["title_zh"],
            title_en=values["title_en"],
            months=values["months"],
            phases=tuple(PhaseTemplate(**each) for each in values["phases"]),
            clauses=tuple(ClauseTemplate(**each) for each in values["clauses"]),
            obligations=tuple(_obligation(each) for each in values["obligations"]),
            definitions=tuple(DefinitionTemplate(**each) for each in values["definitions"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise TemplateError(f"a contract's table is not as it should be: {wrong}") from wrong
    check_template(template)
    return template


def check_template(template: AgreementTemplate) -> None:
    """Raises TemplateError when clauses, phases, obligations, measures and definitions do not fit one another."""
    _check_clauses(template)
    _check_schedule(template)
    _check_measures(template)


def parent_number(number: str) -> str:
    """The clause a number stands under: 4.1 for "4.1(2)", 4 for "4.1", "" for "4"."""
    if "(" in number:
        return number[: number.index("(")]
    return number.rpartition(".")[0]


def _obligation(values: Mapping[str, Any]) -> ObligationTemplate:
    known = dict(values)
    rhythm = Rhythm(
        cadence=known.pop("cadence"), anchor=known.pop("anchor", "calendar"), first_month=known.pop("first_month", 1)
    )
    target = known.pop("target", None)
    return ObligationTemplate(
        rhythm=rhythm,
        also_in=tuple(known.pop("also_in", ())),
        measure=known.pop("measure", ""),
        target=None if target is None else TargetTemplate(**target),
        **known,
    )


def _check_clauses(template: AgreementTemplate) -> None:
    numbers = [clause.number for clause in template.clauses]
    _refuse_repeats("clause", numbers)
    seen = {""}
    for number in numbers:
        if not CLAUSE_NUMBER.fullmatch(number):
            raise TemplateError(f"not a clause number: {number!r}")
        if parent_number(number) not in seen:
            raise TemplateError(f"clause {number} comes before the clause it stands under")
        seen.add(number)
    named = {phase.clause for phase in template.phases}
    for obligation in template.obligations:
        named |= {obligation.clause, *obligation.also_in}
    for unknown in sorted(named - set(numbers)):
        raise TemplateError(f"there is no clause {unknown}")


def _check_schedule(template: AgreementTemplate) -> None:
    following = 1
    for phase in template.phases:
        if phase.first_month != following or phase.last_month < phase.first_month:
            raise TemplateError(f"phase {phase.clause} does not begin where the one before it ends")
        following = phase.last_month + 1
    if following != template.months + 1:
        raise TemplateError(f"the phases cover {following - 1} months of {template.months}")
    for obligation in template.obligations:
        if obligation.rhythm.first_month > template.months:
            raise TemplateError(f"{obligation.code} would first fall due after the term")


def _check_measures(template: AgreementTemplate) -> None:
    _refuse_repeats("obligation", [obligation.code for obligation in template.obligations])
    measured = [obligation.measure for obligation in template.obligations if obligation.measure]
    defined = [definition.measure for definition in template.definitions]
    _refuse_repeats("measure", measured)
    _refuse_repeats("definition", defined)
    for odd in sorted(set(measured) ^ set(defined)):
        raise TemplateError(f"measure {odd} needs one obligation and one definition")
    for obligation in template.obligations:
        if bool(obligation.measure) != (obligation.target is not None):
            raise TemplateError(f"{obligation.code} needs both a measure and a target, or neither")


def _refuse_repeats(what: str, names: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise TemplateError(f"{what} {name} is there {times} times")
