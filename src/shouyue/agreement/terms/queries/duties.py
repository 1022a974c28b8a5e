"""The duties of an agreement with their targets and dates, and what each measure counts."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from shouyue.agreement.terms.models import Agreement, Definition, Obligation, Target
from shouyue.agreement.terms.rules.duties import due_dates, next_due, window_start
from shouyue.agreement.terms.rules.schedule import PhasePlan, Term
from shouyue.agreement.terms.rules.targets import BASIS_POINTS, threshold_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedTarget:
    """A target with the versions it is pinned to.

    title: the measure's name. threshold_bp, alpha_bp: basis points, 9000 is 90 %. applies_from: the first day of the
    periods it judges, None for what was signed. earlier: the versions before it, the latest first.
    """

    obligation: str
    measure: str
    title: str
    threshold_bp: int
    alpha_bp: int
    decision_rule: str
    version: int
    definition_version: int
    parameters: dict[str, Any]
    applies_from: date | None = None
    earlier: tuple["PinnedTarget", ...] = ()

    def on(self, day: date) -> "PinnedTarget":
        """The version that judges a period which begins on that day: an amendment reaches no earlier period."""
        versions = (self, *self.earlier)
        return next((one for one in versions if one.applies_from is None or one.applies_from <= day), versions[-1])

    @property
    def threshold(self) -> Fraction:
        return threshold_fraction(self.threshold_bp)

    @property
    def threshold_share(self) -> float:
        """For screens only; verdicts take `threshold`."""
        return float(self.threshold)

    @property
    def alpha_share(self) -> float:
        return self.alpha_bp / BASIS_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An obligation as it stands on a day.

    clause: its number; also_in: other places that speak of it. owner: a, b, both. measure: "" for a dated duty.
    first_due: the first due day of the term; next_due: the first one from that day on, and started_on the day its
    time began. All three are None for a duty that holds at all times; next_due when no due day is left.
    """

    code: str
    clause: str
    also_in: tuple[str, ...]
    title: str
    owner: str
    cadence: str
    measure: str
    target: PinnedTarget | None
    first_due: date | None
    next_due: date | None
    started_on: date | None

    @property
    def cadence_name(self) -> str:
        """How often, in the reader's language."""
        return str(Obligation.Cadence(self.cadence).label)


def duties(agreement: Agreement, *, on: date) -> list[Duty]:
    """Every obligation in the order of the contract, with the target that holds on that day and its dates."""
    targets = {target.obligation: target.on(on) for target in pinned_targets(agreement.pk)}
    plans = [phase.as_plan() for phase in agreement.phases.all()]
    rows = agreement.obligations.select_related("clause").order_by("order")
    return [_duty(row, targets.get(row.code), agreement.as_term(), plans, on) for row in rows]


def pinned_targets(agreement_id: UUID) -> list[PinnedTarget]:
    """The latest version of each obligation's target with the earlier ones, and the definitions they are pinned to."""
    rows = Target.objects.filter(obligation__agreement_id=agreement_id).select_related("obligation", "definition")
    versions: dict[int, list[PinnedTarget]] = {}
    for row in rows.order_by("obligation_id", "-version"):
        versions.setdefault(row.obligation_id, []).append(_pinned(row))
    return [replace(latest, earlier=tuple(earlier)) for latest, *earlier in versions.values()]


def definition(agreement: Agreement, measure: str) -> Definition | None:
    """What a measure counts, in its latest version; None for a measure that the contract does not know."""
    return agreement.definitions.filter(measure=measure).order_by("-version").first()


def definitions(agreement: Agreement) -> list[Definition]:
    """Every version of every definition, in the order of the measures' obligations; the latest version first."""
    places = dict(agreement.obligations.exclude(measure="").values_list("measure", "order"))
    rows = agreement.definitions.order_by("measure", "-version")
    return sorted(rows, key=lambda row: places.get(row.measure, len(places)))


def _duty(row: Obligation, target: PinnedTarget | None, term: Term, plans: list[PhasePlan], on: date) -> Duty:
    rhythm = row.as_rhythm()
    due = next_due(rhythm, term, on)
    return Duty(
        code=row.code,
        clause=row.clause.number,
        also_in=tuple(row.also_in),
        title=row.title,
        owner=row.owner,
        cadence=row.cadence,
        measure=row.measure,
        target=target,
        first_due=next(iter(due_dates(rhythm, term)), None),
        next_due=due,
        started_on=None if due is None else window_start(rhythm, term, due, plans),
    )


def _pinned(row: Target) -> PinnedTarget:
    return PinnedTarget(
        obligation=row.obligation.code,
        measure=row.obligation.measure,
        title=row.definition.title,
        threshold_bp=row.threshold_bp,
        alpha_bp=row.alpha_bp,
        decision_rule=row.decision_rule,
        version=row.version,
        definition_version=row.definition.version,
        parameters=row.definition.parameters,
        applies_from=row.applies_from,
    )
