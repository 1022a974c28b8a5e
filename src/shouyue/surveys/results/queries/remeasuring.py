"""Results that a measure of a plan may answer, and what became of them when the same was asked again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shouyue.kernel.clock import day_in
from shouyue.surveys.estimates.public import hidden_cells, satisfied
from shouyue.surveys.questionnaires.public import Question, questions_of, worded
from shouyue.surveys.results.queries.results import is_told, satisfied_by_customer
from shouyue.surveys.results.rules.remeasuring import (
    Asked,
    Compared,
    Counts,
    Measured,
    Outcome,
    Remeasured,
    ResultChoice,
    compared,
    outcomes,
    pairs_of,
    which_again,
)
from shouyue.surveys.waves.public import Sheet, WavePlan, reading_of, strata_counts, weighting
from shouyue.web.format import quarter as quarter_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Measures answer what was found lately.
_WAVES_MAX = 4
_ALL, _QUESTION, _GROUP = "all", "question", "group"


def result_choices() -> list[ResultChoice]:
    """Of the latest closed waves: all answers together, each graded question, each group that may be shown."""
    closed = _closed_plans().order_by("-closed_at")[:_WAVES_MAX]
    return [choice for plan in closed if is_told(plan) for choice in _Side(plan).choices()]


def remeasured(asked: Sequence[Asked], up_to: str) -> list[Remeasured | None]:
    """What became of each result, in the order given; None for one that is unknown or later than the quarter up_to.

    Results of one wave that were asked again in the same later one are judged together (Holm).
    """
    sides = _sides({wave_id for one in asked if (wave_id := _wave_of(one.result))}, up_to)
    found = [_found(one, sides) for one in asked]
    families: dict[tuple[UUID, UUID], dict[str, Compared]] = defaultdict(dict)
    for one in found:
        if one is not None and one.again is not None and one.compared is not None:
            families[one.side.plan.wave_id, one.again.plan.wave_id][one.key] = one.compared
    judged = {family: outcomes(members) for family, members in families.items()}
    told: list[Remeasured | None] = []
    for one in found:
        family = judged.get((one.side.plan.wave_id, one.again.plan.wave_id), {}) if one and one.again else {}
        told.append(one.told(family) if one else None)
    return told


class _Side:
    """A closed wave as one side of a comparison; each figure is counted once."""

    def __init__(self, plan: WavePlan) -> None:
        self.plan, self.wave = plan, plan.wave
        self.opened_on = day_in(plan.wave.zone, plan.opened_at)

    @cached_property
    def graded(self) -> list[Question]:
        """Questions with figures of their own: not where they may have to stay hidden."""
        if self.wave.is_anonymous:
            return []
        return [one for one in questions_of(self.wave.questionnaire) if one.kind == "satisfaction"]

    @cached_property
    def _groups(self) -> dict[str, Counts]:
        counts = {} if self.wave.is_anonymous else strata_counts(self.plan)
        hidden = hidden_cells({name: one.asked for name, one in counts.items()})
        return {
            name: Counts(kept=one.kept, asked=one.asked, is_everybody=one.asked == one.size)
            for name, one in counts.items()
            if one.asked and name not in hidden and list(counts) != [""]
        }

    @cached_property
    def _all_said(self) -> dict[UUID, bool]:
        return satisfied_by_customer(self.wave)

    @cached_property
    def _marks(self) -> list[tuple[UUID, dict[str, object]]]:
        sheets = Sheet.objects.filter(wave=self.plan.wave_id, sent_at__isnull=False)
        return list(sheets.values_list("customer_id", "marks"))

    def counts(self, kind: str, code: str) -> Counts | None:
        """None where there is nothing to show."""
        if kind == _GROUP:
            return self._groups.get(code)
        if kind == _QUESTION:
            said = self.said(kind, code)
            is_everybody = len(said) == self.plan.frame_size
            estimate = weighting.weighted_estimate(self.plan, said)
            kept = sum(said.values())
            return Counts(kept=kept, asked=len(said), estimate=estimate, is_everybody=is_everybody) if said else None
        if not is_told(self.plan):
            return None
        last = self.plan.counted[-1]
        estimate = reading_of(self.plan).estimate if self.plan.is_weighted else None
        is_everybody = last["asked"] == self.plan.frame_size
        return Counts(kept=last["kept"], asked=last["asked"], estimate=estimate, is_everybody=is_everybody)

    def said(self, kind: str, code: str) -> dict[UUID, bool]:
        """Whether each customer was satisfied; nobody of an anonymous wave."""
        if kind == _QUESTION:
            question = next((one for one in self.graded if one.code == code), None)
            marks = ((customer, marks.get(code)) for customer, marks in self._marks) if question else ()
            top = question.marks[-1] if question else 0
            return {customer: satisfied(mark, top) for customer, mark in marks if isinstance(mark, int)}
        if kind == _GROUP:
            return {one: kept for one, kept in self._all_said.items() if self._stratum(one) == code}
        return self._all_said

    def measured(self, counts: Counts) -> Measured:
        return Measured(
            period=self.wave.period,
            day=self.wave.quarter_day,
            share=counts.share,
            kept=counts.kept,
            asked=counts.asked,
            url=reverse("surveys:result", args=[self.plan.wave_id]),
        )

    def choices(self) -> list[ResultChoice]:
        """What a measure may answer of this wave."""
        told = [(_ALL, ""), *((_QUESTION, one.code) for one in self.graded), *((_GROUP, name) for name in self._groups)]
        return [
            ResultChoice(
                key=f"{self.plan.wave_id}:{kind}:{code}",
                label=f"{self.quarter} · {self.what(kind, code)}",
                group=str(self.wave.questionnaire.title),
            )
            for kind, code in told
            if self.counts(kind, code)
        ]

    @property
    def title(self) -> str:
        return f"{self.wave.questionnaire.title} · {self.quarter}"

    @property
    def quarter(self) -> str:
        return quarter_name(self.wave.quarter_day)

    def what(self, kind: str, code: str) -> str:
        """The result in words."""
        if kind == _GROUP:
            return _("Group: %(name)s") % {"name": code or _("not known")}
        if kind == _QUESTION:
            question = next((one for one in self.graded if one.code == code), None)
            return worded(question, get_language() or "zh-hans") if question else code
        return _("All answers together")

    def _stratum(self, customer: UUID) -> str:
        return str(self.plan.frame.get(self.plan.pseudonym_of(customer), ""))


@dataclass(frozen=True, slots=True)
class _Found:
    """A result, and the wave that asked it again, if any did."""

    key: str
    side: _Side
    kind: str
    code: str
    before: Counts
    again: _Side | None
    after: Counts | None
    compared: Compared | None
    is_after_delivery: bool

    def told(self, judged: Mapping[str, tuple[Outcome, float]]) -> Remeasured:
        label = f"{self.side.title} · {self.side.what(self.kind, self.code)}"
        before = self.side.measured(self.before)
        if self.again is None or self.after is None or self.compared is None:
            return Remeasured(key=self.key, label=label, before=before)
        outcome, adjusted = judged[self.key]
        return Remeasured(
            key=self.key,
            label=label,
            before=before,
            after=self.again.measured(self.after),
            outcome=outcome,
            ground=self.compared.ground,
            difference=self.compared.difference,
            low=self.compared.low,
            high=self.compared.high,
            pairs=self.compared.pairs,
            p_value=self.compared.p_value,
            adjusted=adjusted,
            family=len(judged),
            is_after_delivery=self.is_after_delivery,
        )


def _closed_plans() -> "QuerySet[WavePlan]":
    return WavePlan.objects.filter(closed_at__isnull=False).select_related("wave__questionnaire")


def _wave_of(key: str) -> UUID | None:
    try:
        return UUID(key.split(":", maxsplit=1)[0])
    except ValueError:
        return None


def _sides(waves: set[UUID], up_to: str) -> dict[UUID, tuple[_Side, list[_Side]]]:
    """Each wave, and the later ones that asked the same questionnaire, oldest first; in two statements."""
    firsts = [one for one in _closed_plans().filter(wave__in=waves) if not up_to or one.wave.period <= up_to]
    codes = {one.wave.questionnaire.code for one in firsts}
    others = _closed_plans().filter(wave__questionnaire__code__in=codes).order_by("wave__period")
    known = [_Side(one) for one in others if not up_to or one.wave.period <= up_to]
    return {one.plan.wave_id: (one, [other for other in known if _is_again(one, other)]) for one in known}


def _is_again(one: _Side, other: _Side) -> bool:
    is_same = (one.wave.questionnaire.code, one.wave.source) == (other.wave.questionnaire.code, other.wave.source)
    return is_same and one.wave.period < other.wave.period


def _found(asked: Asked, sides: dict[UUID, tuple[_Side, list[_Side]]]) -> _Found | None:
    wave_id, (_wave, kind, code) = _wave_of(asked.result), [*asked.result.split(":", 2), "", ""][:3]
    if wave_id not in sides:
        return None
    side, later = sides[wave_id]
    before = side.counts(kind, code)
    if before is None:
        return None
    counted = [(one, counts) for one in later if (counts := one.counts(kind, code))]
    place = which_again(asked.delivered_on, [one.opened_on for one, _counts in counted])
    if place is None:
        return _Found(asked.result, side, kind, code, before, None, None, None, is_after_delivery=False)
    again, after = counted[place]
    pairs = pairs_of(side.said(kind, code), again.said(kind, code))
    return _Found(
        key=asked.result,
        side=side,
        kind=kind,
        code=code,
        before=before,
        again=again,
        after=after,
        compared=compared(before, after, pairs),
        is_after_delivery=asked.delivered_on is not None,
    )
