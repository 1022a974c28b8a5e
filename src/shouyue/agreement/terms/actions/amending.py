"""Carrying out an amendment that both parties agreed on: the next version of what it changes, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouyue.agreement.terms.models import Agreement, Clause, Definition, Obligation, Target
from shouyue.agreement.terms.rules.targets import BASIS_POINTS
from shouyue.agreement.terms.rules.template import CLAUSE_NUMBER, parent_number
from shouyue.kernel.clock import day_in

TITLE_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. kind and what it names:

    target: subject is an obligation's code, value {"threshold_bp"}. definition: a measure, {"text", "parameters"}.
    clause: a number, {"title", "text"}; a new number adds a clause. term: "", the
    last day {"ends_on"} as an ISO date. applies_from: the first day of the periods it reaches.
    """

    kind: str
    subject: str
    value: Mapping[str, Any]
    applies_from: date


class ChangeRefusedError(Exception):
    """The agreement has nothing that could be changed so. reason: unknown, value, same, too_early."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def weigh_change(agreement: Agreement, change: Change, *, on: date) -> dict[str, Any]:
    """What the change would replace, in the shape of its value; {} for a clause that is not there yet.

    Raises ChangeRefusedError for a change that could not be carried out when both agreed on that day.
    """
    if change.applies_from < on:
        raise ChangeRefusedError("too_early")
    weighs: dict[str, Callable[[Agreement, Change], dict[str, Any]]] = {
        "target": _weigh_target,
        "definition": _weigh_definition,
        "clause": _weigh_clause,
        "term": _weigh_term,
    }
    if change.kind not in weighs:
        raise ChangeRefusedError("unknown")
    before = weighs[change.kind](agreement, change)
    if before == {**before, **change.value}:
        raise ChangeRefusedError("same")
    return before


@transaction.atomic
def amend(agreement_id: UUID, change: Change, *, at: datetime) -> None:
    """Write the change as the next version; the caller has both parties' consent and announces it.

    Raises ChangeRefusedError, except for "too_early": consent may come after the day that was agreed on.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    weigh_change(agreement, change, on=change.applies_from)
    frozen_on = day_in(agreement.zone, at)
    if change.kind == "target":
        _write_target(agreement, change.subject, change, threshold_bp=int(change.value["threshold_bp"]))
    elif change.kind == "definition":
        _write_definition(agreement, change, frozen_on=frozen_on)
    elif change.kind == "clause":
        _write_clause(agreement, change)
    else:
        agreement.ends_on = date.fromisoformat(change.value["ends_on"])
        agreement.save(update_fields=["ends_on"])


def _weigh_target(agreement: Agreement, change: Change) -> dict[str, Any]:
    latest = Target.objects.filter(obligation__agreement=agreement, obligation__code=change.subject).last()
    if latest is None:
        raise ChangeRefusedError("unknown")
    wanted = change.value.get("threshold_bp")
    if not isinstance(wanted, int) or not 1 <= wanted <= BASIS_POINTS:
        raise ChangeRefusedError("value")
    return {"threshold_bp": latest.threshold_bp}


def _weigh_definition(agreement: Agreement, change: Change) -> dict[str, Any]:
    latest = agreement.definitions.filter(measure=change.subject).order_by("-version").first()
    if latest is None:
        raise ChangeRefusedError("unknown")
    parameters = change.value.get("parameters", {})
    # What is computed with keeps its names and its kinds.
    fits = parameters.keys() == latest.parameters.keys() and all(
        type(value) is type(latest.parameters[name]) for name, value in parameters.items()
    )
    if not fits or not str(change.value.get("text", "")).strip():
        raise ChangeRefusedError("value")
    return {"text": latest.text_zh, "parameters": latest.parameters}


def _weigh_clause(agreement: Agreement, change: Change) -> dict[str, Any]:
    number, parent = change.subject, parent_number(change.subject)
    if not CLAUSE_NUMBER.fullmatch(number) or (parent and not agreement.clauses.filter(number=parent).exists()):
        raise ChangeRefusedError("unknown")
    if not str(change.value.get("text", "")).strip() or len(str(change.value.get("title", ""))) > TITLE_MAX:
        raise ChangeRefusedError("value")
    latest = agreement.clauses.filter(number=number).order_by("-version").first()
    return {"title": latest.title_zh, "text": latest.text_zh} if latest else {}


def _weigh_term(agreement: Agreement, change: Change) -> dict[str, Any]:
    try:
        wanted = date.fromisoformat(change.value["ends_on"])
    except (KeyError, ValueError) as wrong:
        raise ChangeRefusedError("value") from wrong
    if wanted < agreement.starts_on:
        raise ChangeRefusedError("value")
    return {"ends_on": agreement.ends_on.isoformat()}


def _write_target(agreement: Agreement, code: str, change: Change, *, threshold_bp: int | None = None) -> None:
    obligation = Obligation.objects.get(agreement=agreement, code=code)
    latest = obligation.targets.order_by("-version").first()
    definition = agreement.definitions.filter(measure=obligation.measure).order_by("-version").first()
    if latest is None or definition is None:
        raise ChangeRefusedError("unknown")
    Target(
        obligation=obligation,
        definition=definition,
        version=latest.version + 1,
        applies_from=change.applies_from,
        threshold_bp=latest.threshold_bp if threshold_bp is None else threshold_bp,
        alpha_bp=latest.alpha_bp,
        decision_rule=latest.decision_rule,
    ).save(force_insert=True)


def _write_definition(agreement: Agreement, change: Change, *, frozen_on: date) -> None:
    latest = agreement.definitions.filter(measure=change.subject).order_by("-version")[0]
    Definition(
        agreement=agreement,
        measure=latest.measure,
        version=latest.version + 1,
        frozen_on=frozen_on,
        applies_from=change.applies_from,
        title_zh=latest.title_zh,
        title_en=latest.title_en,
        text_zh=change.value["text"],
        parameters=change.value["parameters"],
    ).save(force_insert=True)
    # Verdicts are pinned to a target, and it to the definition: the new words need a target of their own.
    code = agreement.obligations.get(measure=change.subject).code
    _write_target(agreement, code, change)


def _write_clause(agreement: Agreement, change: Change) -> None:
    latest = agreement.clauses.filter(number=change.subject).order_by("-version").first()
    # A new clause stands behind those of its chapter: places of signed clauses are taken.
    last = agreement.clauses.order_by("-order").values_list("order", flat=True)[0]
    Clause(
        agreement=agreement,
        number=change.subject,
        order=latest.order if latest else last + 1,
        version=latest.version + 1 if latest else 1,
        applies_from=change.applies_from,
        title_zh=change.value.get("title") or (latest.title_zh if latest else ""),
        title_en=latest.title_en if latest else "",
        text_zh=change.value["text"],
    ).save(force_insert=True)
