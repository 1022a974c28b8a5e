"""The choreography of the product on one page: which facts make which rooms act.

Rooms announce facts and know nothing of who listens; only this table does. Each reaction is a reader of its own: it
keeps its own place in the facts, so one that fails waits and tries again while the others go on, and loses nothing.
What stopped it stands on its row (`FactReader.last_error`).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from shouyue.agreement.public import RecordsCompleted
from shouyue.customers.public import ValuesConfirmed
from shouyue.kernel import clock
from shouyue.membership.public import Occasion, award_members, earn_from_batches, reward_purchases
from shouyue.purchases.public import OrdersRecorded, OrdersTakenBack, PurchasesImported
from shouyue.rest.public import fact_kinds, write_deliveries
from shouyue.scoreboard.public import take_all_measures
from shouyue.store.loops import repeat
from shouyue.store.models import FactReader
from shouyue.store.readers import PlacedFact, follow, head_position, next_try_at, note_failure
from shouyue.surveys.public import AnswersImported, SurveyAnswered, WaveClosed

log = logging.getLogger(__name__)

_NAP_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Reaction:
    """`act` gets facts of `kinds` in position order, in batches, inside the transaction that passes them.

    name: of its reader; renaming it makes it read all facts again.
    act: idempotent if it has effects outside the database; those happen at least once, the others exactly once.
    most: positions that one transaction passes; few, where a fact stands for thousands of rows and their locks.
    """

    name: str
    kinds: frozenset[str]
    act: Callable[[Sequence[PlacedFact]], object]
    most: int = 500


def _measure_again(news: Sequence[PlacedFact]) -> None:
    """Records came in: whatever they change in the measures becomes a new version."""
    if news:
        take_all_measures(at=clock.now(), by="reactions")


def _earn_points(news: Sequence[PlacedFact]) -> None:
    """Orders came in, went back, were cancelled or taken back: members have what they are due for them."""
    batches = [UUID(fact.payload["batch_id"]) for fact in news]
    earn_from_batches(batches, at=clock.now(), by="reactions")


def _reward_friends(news: Sequence[PlacedFact]) -> None:
    """Friends who were brought bought something, or gave it back."""
    batches = [UUID(fact.payload["batch_id"]) for fact in news]
    reward_purchases(batches, at=clock.now(), by="reactions")


def _award_answers(news: Sequence[PlacedFact]) -> None:
    """Customers answered a survey, whatever they said: members get the points that the programme gives for it."""
    done = [
        (fact.subject, fact.payload["answer_id"], timezone.localdate(fact.occurred_at))
        for fact in news
        if fact.subject is not None
    ]
    award_members(Occasion.SURVEY, done, at=clock.now(), by="reactions")


def _award_confirmations(news: Sequence[PlacedFact]) -> None:
    """Members said themselves that what we know of them is right: points once a calendar year."""
    done = []
    for fact in news:
        if fact.subject is not None and fact.payload["method"] == "member":
            on = timezone.localdate(fact.occurred_at)
            done.append((fact.subject, str(on.year), on))
    award_members(Occasion.DATA_CONFIRMED, done, at=clock.now(), by="reactions")


_ORDERS = frozenset({OrdersRecorded.kind, OrdersTakenBack.kind})
REACTIONS: tuple[Reaction, ...] = (
    Reaction(
        name="measures",
        kinds=frozenset(
            {
                PurchasesImported.kind,
                OrdersTakenBack.kind,
                AnswersImported.kind,
                RecordsCompleted.kind,
                WaveClosed.kind,
            }
        ),
        act=_measure_again,
    ),
    Reaction(name="points", kinds=_ORDERS, act=_earn_points, most=10),
    Reaction(name="referrals", kinds=_ORDERS, act=_reward_friends, most=10),
    Reaction(name="survey_points", kinds=frozenset({SurveyAnswered.kind}), act=_award_answers),
    Reaction(name="data_points", kinds=frozenset({ValuesConfirmed.kind}), act=_award_confirmations),
    # Whoever subscribed hears of what the rooms offer; sending is another loop's work.
    Reaction(name="webhooks", kinds=frozenset(fact_kinds()), act=write_deliveries),
)


def react_once(reactions: Sequence[Reaction] = REACTIONS, *, at: datetime) -> int:
    """Let every reaction that has news and is not waiting after a failure handle one batch.

    Returns how many positions were passed in all. A reaction's error is kept on its reader's row, never raised.
    """
    head = head_position()
    readers = FactReader.objects.in_bulk([reaction.name for reaction in reactions])
    due = [reaction for reaction in reactions if _is_due(readers.get(reaction.name), head=head, at=at)]
    return sum(_react(reaction, at=at) for reaction in due)


def run_reactions(stop: threading.Event, reactions: Sequence[Reaction] = REACTIONS) -> None:
    """React until `stop` is set, napping while there is no news and outliving database restarts."""
    repeat(lambda: react_once(reactions, at=clock.now()), stop=stop, nap_seconds=_NAP_SECONDS)


def _is_due(reader: FactReader | None, *, head: int, at: datetime) -> bool:
    if reader is None:
        return head > 0
    waits_until = next_try_at(reader)
    return reader.position < head and (waits_until is None or waits_until <= at)


def _react(reaction: Reaction, *, at: datetime) -> int:
    try:
        return follow(reaction.name, reaction.act, reaction.most, kinds=reaction.kinds)
    except Exception as error:
        # If it was the database itself, this raises too, and the loop waits for the database.
        note_failure(reaction.name, error, at=at)
        log.exception("reaction %s failed and will be tried again", reaction.name)
        return 0
