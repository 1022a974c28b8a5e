"""Keep answers: one code path for one answer and for a file of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from shouyue.kernel.canonical import canonical_json
from shouyue.kernel.ids import keyed_id, new_id, source_namespace
from shouyue.kernel.merkle import merkle_root
from shouyue.kernel.period import Quarter
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.surveys.answers.facts import AnswersRecorded
from shouyue.surveys.answers.models import Wave
from shouyue.surveys.questionnaires.public import Questionnaire


class AnswerRow(NamedTuple):
    """One person asked, on its way in. `id` is derived from the source's own key, so that a replay finds the row.

    score, answered_at: None when the person did not answer. order_id: the order it is about, if any.
    """

    customer_id: UUID
    id: UUID
    asked_on: date
    score: int | None
    answered_at: datetime | None
    order_id: UUID | None


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Where a batch of answers comes from, and what may be claimed of it."""

    source: str
    questionnaire: Questionnaire
    kind: str
    zone: str
    # False: the answers came of themselves, so there is no list of who was asked and no response rate.
    has_invitations: bool = False


_INVITE = """
INSERT INTO surveys_invitation (customer_id, id, wave_id, asked_on)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[]) AS asked (customer_id, id, wave_id, asked_on)
ORDER BY customer_id, id
ON CONFLICT (customer_id, id) DO NOTHING
RETURNING id
"""
_ANSWER = """
INSERT INTO surveys_response (customer_id, id, wave_id, asked_on, score, answered_at, order_id)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::smallint[], %s::timestamptz[], %s::uuid[])
    AS answers (customer_id, id, wave_id, asked_on, score, answered_at, order_id)
ORDER BY customer_id, id
ON CONFLICT (customer_id, id) DO NOTHING
RETURNING customer_id, id, score, asked_on
"""


@transaction.atomic
def record_answers(answers: Sequence[AnswerRow], *, into: AnswerSource, at: datetime, by: str) -> set[UUID]:
    """Keep a batch of answers, and who was asked, in the waves of their quarters; returns the ids that are new.

    What is there already stays as it is: an answer is never changed. Customers must exist.
    Announces one `AnswersRecorded` with the Merkle root of the new answers, nothing when there are none.
    """
    if not answers:
        return set()
    waves = _waves(into, {Quarter.of(answer.asked_on).label for answer in answers})
    new: set[UUID] = set()
    with connection.cursor() as cursor:
        if into.has_invitations:
            cursor.execute(
                _INVITE, [list(column) for column in zip(*(_asked(one, waves) for one in answers), strict=True)]
            )
            new |= {row[0] for row in cursor.fetchall()}
        given = [(*_asked(one, waves), *one[3:]) for one in answers if one.score is not None]
        if given:
            cursor.execute(_ANSWER, [list(column) for column in zip(*given, strict=True)])
        kept = sorted(cursor.fetchall()) if given else []
    _announce(kept, source=into.source, at=at, by=by)
    return new | {row[1] for row in kept}


@transaction.atomic(savepoint=False)
def record_in_wave(
    answers: Sequence[AnswerRow], *, wave: Wave, at: datetime, by: str, also: Sequence[FactBase] = ()
) -> set[UUID]:
    """Keep answers of people whom a wave invited; returns the ids that are new. Who was asked is known already.

    also: what else is announced, after the answers and in the same statement.
    """
    given = [(one.customer_id, one.id, wave.pk, one.asked_on, *one[3:]) for one in answers if one.score is not None]
    kept = []
    if given:
        with connection.cursor() as cursor:
            cursor.execute(_ANSWER, [list(column) for column in zip(*given, strict=True)])
            kept = sorted(cursor.fetchall())
    _announce(kept, source=wave.source, at=at, by=by, also=also)
    return {row[1] for row in kept}


def _announce(
    kept: Sequence[Sequence[object]], *, source: str, at: datetime, by: str, also: Sequence[FactBase] = ()
) -> None:
    news = list(also)
    if kept:
        root = merkle_root(canonical_json(list(row)).encode() for row in kept)
        news.insert(0, AnswersRecorded(batch_id=new_id(), row_count=len(kept), rows_root=root, source=source))
    facts.announce(*news, at=at, by=by)


def _asked(answer: AnswerRow, waves: dict[str, UUID]) -> tuple[UUID, UUID, UUID, date]:
    return answer.customer_id, answer.id, waves[Quarter.of(answer.asked_on).label], answer.asked_on


def _waves(into: AnswerSource, periods: set[str]) -> dict[str, UUID]:
    """The wave of each quarter, made where missing; two writers make the same one."""
    namespace = source_namespace(f"waves of {into.source} {into.questionnaire}")
    wanted = [
        Wave(
            id=keyed_id(namespace, period),
            questionnaire=into.questionnaire,
            source=into.source,
            kind=into.kind,
            period=period,
            zone=into.zone,
        )
        for period in sorted(periods)
    ]
    Wave.objects.bulk_create(wanted, ignore_conflicts=True)
    return {wave.period: wave.id for wave in wanted}
