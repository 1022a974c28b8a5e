"""Measures that answer a result and what became of it. Rooms above keep the results, the plans keep the link."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouyue.agreement.plans.queries import MeasureView, plans_of
from shouyue.agreement.plans.rules.remeasured import Asked, Ground, Measured, Outcome, Remeasured, ResultChoice
from shouyue.agreement.terms.public import Agreement
from shouyue.web.format import count, percent, points
from shouyue.web.format import quarter as quarter_name

# up_to: the last quarter ("2026Q1") whose results may be looked at; "" for all. None: a result nobody knows any more.
Remeasuring = Callable[[Sequence[Asked], str], Sequence[Remeasured | None]]

_WORDS = {
    Outcome.BETTER: gettext_lazy("better"),
    Outcome.WORSE: gettext_lazy("worse"),
    Outcome.NOT_SHOWN: gettext_lazy("no change shown"),
    Outcome.WAITING: gettext_lazy("not asked again yet"),
}
_TONES = {Outcome.BETTER: "jade", Outcome.WORSE: "seal", Outcome.NOT_SHOWN: "slate", Outcome.WAITING: "quiet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A measure of the plan that holds and the result it answers. result: None where that is known no more."""

    annex: int
    measure: MeasureView
    result: Remeasured | None

    @property
    def outcome(self) -> Outcome:
        return self.result.outcome if self.result else Outcome.WAITING

    @property
    def word(self) -> str:
        return str(_WORDS[self.outcome])

    @property
    def tone(self) -> str:
        return _TONES[self.outcome]

    @property
    def sentences(self) -> list[str]:
        """Before, after, the test and what it shows."""
        if self.result is None:
            return [_("The result that this measure answers is not known any more.")]
        return list(_told(self.result))

    def touches(self, url: str) -> bool:
        """Whether this page shows the first result, or the one that measured anew."""
        sides = (self.result.before, self.result.after) if self.result else ()
        return any(one is not None and one.url == url for one in sides)


class Improvements:
    """Rooms above offer their results, plans link measures to them."""

    def __init__(self) -> None:
        self._choices: Callable[[], Sequence[ResultChoice]] = tuple
        self._remeasuring: Remeasuring = lambda asked, _up_to: [None for _one in asked]

    def offer(self, choices: Callable[[], Sequence[ResultChoice]], remeasuring: Remeasuring) -> None:
        """Called from AppConfig.ready of the room that keeps results; a second call replaces the first."""
        self._choices, self._remeasuring = choices, remeasuring

    def choices(self) -> Sequence[ResultChoice]:
        """The results that a measure may answer, the newest first."""
        return self._choices()

    def of(self, agreement: Agreement, *, on: date, up_to: str = "") -> list[Improvement]:
        """Every measure of the plans that hold which answers a result, as it stands on a day."""
        linked = [
            (view.annex, one) for view in plans_of(agreement, on=on) for one in view.measures if one.measure.answers
        ]
        asked = [
            Asked(result=one.measure.answers, delivered_on=min((d.done_on for d in one.deliveries), default=None))
            for _annex, one in linked
        ]
        found = self._remeasuring(asked, up_to) if asked else ()
        return [
            Improvement(annex=annex, measure=one, result=result)
            for (annex, one), result in zip(linked, found, strict=True)
        ]


improvements = Improvements()


def _told(result: Remeasured) -> Iterator[str]:
    yield _figure(result.before)
    if result.after is None:
        yield _("Nobody has asked the same again since.")
        return
    yield _figure(result.after)
    yield from _test(result)
    if result.outcome is Outcome.BETTER:
        yield _("Better than before.")
    elif result.outcome is Outcome.WORSE:
        yield _("Worse than before.")
    else:
        yield _("No change is shown: it may be chance.")
    if not result.is_after_delivery:
        yield _("The measure was not delivered yet when the same was asked again.")


def _figure(one: Measured) -> str:
    told = {
        "quarter": quarter_name(one.day),
        "share": percent(one.share),
        "kept": count(one.kept),
        "asked": count(one.asked),
    }
    return _("%(quarter)s: %(share)s%% (%(kept)s of %(asked)s answers).") % told


def _test(result: Remeasured) -> Iterator[str]:
    moved = {"moved": points(result.difference or 0.0)}
    if result.ground is Ground.COUNTED:
        yield _("Difference %(moved)s points; everybody answered both times, so no test is needed.") % moved
        return
    if result.pairs:
        people, lost, won = (count(one) for one in result.pairs)
        words = _(
            "Of the %(people)s who answered both times %(won)s turned to satisfied and %(lost)s away from it: "
            "%(moved)s points (McNemar)."
        )
        yield words % {**moved, "people": people, "lost": lost, "won": won}
    elif result.low is not None and result.high is not None:
        words = (
            _("Difference %(moved)s points (%(low)s to %(high)s; weighted answers).")
            if result.ground is Ground.WEIGHTED
            else _("Difference %(moved)s points (%(low)s to %(high)s; Newcombe).")
        )
        yield words % {**moved, "low": points(result.low), "high": points(result.high)}
    if result.family > 1:
        corrected = _("p = %(p)s after correction for %(n)s results asked again together (Holm).")
        yield corrected % {"p": f"{result.adjusted:.3f}", "n": count(result.family)}
    else:
        yield _("p = %(p)s.") % {"p": f"{result.adjusted:.3f}"}
