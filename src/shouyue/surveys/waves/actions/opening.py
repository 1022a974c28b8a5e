"""Draw a wave and freeze its plan; top it up as planned; close it."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouyue.customers.public import Customer
from shouyue.kernel.clock import day_in
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.kernel.period import Quarter
from shouyue.store import facts
from shouyue.surveys.answers.public import Invitation, Response, Wave, WaveKind, open_box
from shouyue.surveys.estimates.public import Decision
from shouyue.surveys.questionnaires.public import Questionnaire, ensure_template, questions_of
from shouyue.surveys.waves.facts import WaveClosed, WaveOpened, WaveToppedUp
from shouyue.surveys.waves.models import AskingGuard, Sheet, WavePlan
from shouyue.surveys.waves.queries.counting import count_of, reading_of
from shouyue.surveys.waves.queries.frames import ASKED_MAX, Frame, frame_of, tired_customers
from shouyue.surveys.waves.rules.drawing import FrameError, drawn, frame_hash, optimal, proportional
from shouyue.surveys.waves.rules.pseudonyms import pseudonym
from shouyue.surveys.waves.rules.reading import SMALL_FRAME_PART, Reading
from shouyue.surveys.waves.rules.tokens import token_hash, token_of
from shouyue.surveys.weights.public import Margins, checked, margins_hash

__all__ = [
    "ASKED_MAX",
    "SOURCE",
    "AnonymityError",
    "NoTopUpError",
    "WaveExistsError",
    "WaveWish",
    "close_wave",
    "count_first_look",
    "open_wave",
]

SOURCE = "drawn"
_CHUNK = 2000
# The whole risk of a wrong verdict on either side, and what a first look may spend of it.
WHOLE_RISK, FIRST_RISK = "1/20", "1/40"


class WaveExistsError(Exception):
    """This questionnaire was drawn in this quarter already. wave: that one."""

    def __init__(self, wave: Wave) -> None:
        super().__init__(str(wave))
        self.wave = wave


class AnonymityError(Exception):
    """An anonymous wave cannot be so. reason: "strata", "margins", "top_up" (a group says who) or "file" (it names)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoTopUpError(Exception):
    """The plan of this wave has no look left: topping it up now would be a look that nobody agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveWish:
    """What a wave shall be. strata: "" for a simple draw, "region" for one stratified by region.

    wanted: how many are asked; everybody when that many or fewer may be. top_up: how many more are asked if the first
    look decides nothing. spreads: standard deviation expected in each stratum; given, the allocation is Neyman's and
    the answers are weighted back, else it is in proportion. seed: 64 hexadecimal digits.
    margins: what answers are weighted to at the close, whatever the draw; the verdict then rests on the weighted share.
    is_anonymous: no answer will ever be joined to a customer; only in a simple draw with one look and no files.
    """

    questionnaire: str
    wanted: int
    closes_on: date
    zone: str
    seed: str
    target: str = "0.9"
    strata: str = ""
    top_up: int = 0
    spreads: Mapping[str, float] = field(default_factory=dict)
    is_anonymous: bool = False
    margins: Margins | None = None


@transaction.atomic
def open_wave(wish: WaveWish, *, at: datetime, by: str) -> WavePlan:
    """Freeze frame and margins, draw, and give everybody who was drawn a sheet. The same draw again returns the wave.

    Raises WaveExistsError where the quarter has another draw or other margins, FrameError where nobody may be asked,
    MarginsError where the margins are not those of this frame's categories, AnonymityError.
    """
    AskingGuard.objects.select_for_update().get(pk=1)
    day = day_in(wish.zone, at)
    questionnaire = ensure_template(wish.questionnaire)
    period = Quarter.of(day).label
    known = Wave.objects.filter(questionnaire__code=wish.questionnaire, source=SOURCE, period=period).first()
    if known is not None:
        return _same(known, wish)
    if wish.is_anonymous:
        _check_anonymity(wish, questionnaire)
    salt = secrets.token_hex(32)
    found = frame_of(wish.strata, on=day, attributes=wish.margins.attributes if wish.margins else ())
    if not found.people:
        raise FrameError("nobody can be asked")
    names = {pseudonym(salt, customer): customer for customer in found.people}
    frame = {name: found.people[customer] for name, customer in names.items()}
    looks = _looks(wish, Counter(frame.values()))
    sizes = looks[0]["sizes"]
    sample = [names[name] for name in drawn(frame, wish.seed, sizes)]
    wave = _new_wave(wish, questionnaire, period, at)
    is_census = len(sample) == len(frame)
    plan = WavePlan.objects.create(
        wave=wave,
        seed=wish.seed,
        salt=salt,
        method="census" if is_census else ("stratified" if wish.strata else "simple"),
        frame=frame,
        frame_hash=frame_hash(frame),
        frame_size=len(frame),
        sizes=sizes,
        looks=looks,
        **_frozen_margins(wish.margins, found, names),
        is_weighted=wish.margins is not None or (bool(wish.spreads) and not is_census),
        is_small_frame=_is_small(wish, looks, len(sample), len(frame)),
        excluded=found.excluded,
        target=wish.target,
        opened_at=at,
        opened_by=by,
        closes_on=wish.closes_on,
    )
    _invite(plan, sample, day)
    facts.announce(_opened(plan, len(sample)), at=at, by=by)
    return plan


@transaction.atomic
def count_first_look(wave_id: UUID, *, at: datetime, by: str) -> Reading:
    """Look at the answers so far, once. A verdict closes the wave; without one the planned rest of the sample is asked.

    Raises NoTopUpError where the plan has no second look or the first one was taken.
    """
    AskingGuard.objects.select_for_update().get(pk=1)
    plan = _locked(wave_id)
    if plan.closed_at is not None or len(plan.looks) < 2 or plan.counted:
        raise NoTopUpError
    _wait_for_answers(plan)
    kept, asked = count_of(plan.wave)
    plan.counted = [{"kept": kept, "asked": asked, "spent": plan.looks[0]["spent"]}]
    found = reading_of(plan)
    if found.decision is not Decision.UNDETERMINED:
        _close(plan, at=at, by=by)
        return found
    day = day_in(plan.wave.zone, at)
    planned, tired = _top_up(plan), tired_customers(on=day)
    more = [one for one in planned if one not in tired]
    _invite(plan, more, day)
    plan.sizes = plan.looks[1]["sizes"]
    if len(more) < len(planned):
        plan.excluded = {**plan.excluded, "asked_often_since": len(planned) - len(more)}
    plan.save(update_fields=["counted", "sizes", "excluded"])
    facts.announce(WaveToppedUp(wave_id=wave_id, answered=asked, drawn=len(more)), at=at, by=by)
    return found


@transaction.atomic
def close_wave(wave_id: UUID, *, at: datetime, by: str) -> WavePlan:
    """Take no more answers; from now on the quarter has a figure. Closing twice is closing once.

    Where everybody was asked and everybody answered, the wave is a census. This look may spend the whole risk: before
    it nobody has seen a figure, unless at the planned first look, whose part is counted.
    """
    plan = _locked(wave_id)
    if plan.closed_at is None:
        _wait_for_answers(plan)
        kept, asked = count_of(plan.wave)
        plan.counted = [*plan.counted, {"kept": kept, "asked": asked, "spent": WHOLE_RISK}]
        if len(plan.counted) > 1 and plan.counted[0]["asked"] == asked:
            # Nobody answered after the first look: there is one look only, and it has spent what it spent.
            plan.counted = plan.counted[:1]
        _close(plan, at=at, by=by)
    return plan


def _close(plan: WavePlan, *, at: datetime, by: str) -> None:
    invited = Invitation.objects.filter(wave_id=plan.wave_id).count()
    answered = Sheet.objects.filter(wave_id=plan.wave_id, sent_at__isnull=False).count()
    if not plan.wave.is_anonymous:
        answered = Response.objects.filter(wave_id=plan.wave_id).count()
    kind = WaveKind.CENSUS if answered == plan.frame_size else WaveKind.DRAWN
    Wave.objects.filter(pk=plan.wave_id).update(is_open=False, kind=kind)
    if plan.margins and kind == WaveKind.CENSUS:
        # Everybody counts for themselves: margins have nothing left to put right.
        plan.is_weighted, plan.is_small_frame = False, len(plan.counted) == 1
    plan.closed_at = at
    plan.save(update_fields=["closed_at", "counted", "is_weighted", "is_small_frame"])
    facts.announce(WaveClosed(wave_id=plan.wave_id, invited=invited, answered=answered), at=at, by=by)


def _locked(wave_id: UUID) -> WavePlan:
    locked = WavePlan.objects.select_for_update(of=("self",)).select_related("wave__questionnaire")
    return locked.get(wave_id=wave_id)


def _opened(plan: WavePlan, sample: int) -> WaveOpened:
    return WaveOpened(
        wave_id=plan.wave_id,
        frame_hash=plan.frame_hash,
        frame_size=plan.frame_size,
        drawn=sample,
        margins_hash=plan.margins_hash,
    )


def _is_small(wish: WaveWish, looks: Sequence[object], drawn_now: int, everybody: int) -> bool:
    """Whether the tails are those of draws without replacement: only where every answer counts alike."""
    is_plain = len(looks) == 1 and not wish.strata and wish.margins is None
    return is_plain and drawn_now >= SMALL_FRAME_PART * everybody


def _frozen_margins(margins: Margins | None, found: Frame, names: Mapping[str, UUID]) -> dict[str, Any]:
    """The columns of a plan that keep margins; checked against the frame as it is now."""
    if margins is None:
        return {}
    told = margins.stored()["values"]
    margins = checked(told, margins.unit, found.categories)
    traits = {name: list(found.traits[customer]) for name, customer in names.items()}
    return {"margins": margins.stored(), "traits": traits, "margins_hash": margins_hash(margins, traits)}


def _check_anonymity(wish: WaveWish, questionnaire: Questionnaire) -> None:
    if wish.strata or wish.spreads:
        raise AnonymityError("strata")
    if wish.margins:
        raise AnonymityError("margins")
    if wish.top_up:
        raise AnonymityError("top_up")
    if any(one.kind == "file" for one in questions_of(questionnaire)):
        raise AnonymityError("file")


def _new_wave(wish: WaveWish, questionnaire: Questionnaire, period: str, at: datetime) -> Wave:
    wave = Wave.objects.create(
        questionnaire=questionnaire,
        source=SOURCE,
        kind=WaveKind.DRAWN,
        period=period,
        zone=wish.zone,
        is_open=True,
        is_anonymous=wish.is_anonymous,
    )
    if wish.is_anonymous:
        open_box(wave.pk, at=at)
    return wave


def _wait_for_answers(plan: WavePlan) -> None:
    """Answers on their way hold the wave: what is counted next counts them, and later ones see what became of it."""
    Wave.objects.select_for_update().get(pk=plan.wave_id)


def _same(known: Wave, wish: WaveWish) -> WavePlan:
    plan = WavePlan.objects.get(wave=known)
    margins = wish.margins.stored() if wish.margins else {}
    if (plan.seed, plan.margins) != (wish.seed, margins):
        raise WaveExistsError(known)
    return plan


def _looks(wish: WaveWish, strata: Mapping[str, int]) -> list[dict[str, Any]]:
    def sizes(wanted: int) -> dict[str, int]:
        return optimal(strata, wish.spreads, wanted) if wish.spreads else proportional(strata, wanted)

    first = sizes(wish.wanted)
    if not wish.top_up or sum(first.values()) == sum(strata.values()):
        return [{"sizes": first, "spent": WHOLE_RISK}]
    return [
        {"sizes": first, "spent": FIRST_RISK},
        {"sizes": sizes(wish.wanted + wish.top_up), "spent": WHOLE_RISK},
    ]


def _top_up(plan: WavePlan) -> list[UUID]:
    """Who comes next in the order of the draw, in each stratum."""
    first, second = (set(drawn(plan.frame, plan.seed, look["sizes"])) for look in plan.looks[:2])
    more = second - first
    everybody = Customer.objects.order_by("id").values_list("id", flat=True)
    return [one for one in everybody if pseudonym(plan.salt, one) in more]


def _invite(plan: WavePlan, sample: Sequence[UUID], day: date) -> None:
    namespace = source_namespace(f"invitations of {plan.wave_id}")
    invitations, sheets = [], []
    for customer in sorted(sample):
        one = keyed_id(namespace, str(customer))
        invitations.append(Invitation(customer_id=customer, id=one, wave_id=plan.wave_id, asked_on=day))
        hashed = token_hash(token_of(plan.salt, one))
        sheets.append(Sheet(customer_id=customer, id=one, wave_id=plan.wave_id, token_hash=hashed))
    Invitation.objects.bulk_create(invitations, batch_size=_CHUNK)
    Sheet.objects.bulk_create(sheets, batch_size=_CHUNK)
