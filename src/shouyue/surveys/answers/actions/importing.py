"""Imports of answers: the steps that this room serves in mappings, and what becomes of each row."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.customers import public as customers
from shouyue.store import facts
from shouyue.store.imports.mapping import Batch, FilePattern, Finished, Outcomes, RowRejectedError, Step
from shouyue.surveys.answers.actions.recording import AnswerRow, AnswerSource, record_answers
from shouyue.surveys.answers.facts import AnswersImported
from shouyue.surveys.answers.models import WaveKind
from shouyue.surveys.answers.rules import answers
from shouyue.surveys.questionnaires.public import ensure_questionnaire

_REVIEW = {"code": "order_review", "title_zh": "订单评分", "title_en": "Review of an order"}
_SATISFACTION = {"code": "satisfaction", "title_zh": "客户满意度调查", "title_en": "Customer satisfaction survey"}


def load_answers(
    source: str, questionnaire: dict[str, str], zone: str, has_invitations: bool, batch: Batch
) -> Outcomes:
    """Write one batch of staged answers. An answer of a customer whom nobody knows is turned away."""
    into = AnswerSource(
        source=source,
        questionnaire=ensure_questionnaire(
            code=questionnaire["code"], title_zh=questionnaire["title_zh"], title_en=questionnaire["title_en"]
        ),
        kind=WaveKind.AS_FOUND,
        zone=zone,
        has_invitations=has_invitations,
    )
    known = customers.known(UUID(row.customer_id) for row in batch.rows)
    outcomes, rows = Outcomes(), []
    for place, staged in enumerate(batch.rows):
        if UUID(staged.customer_id) in known:
            rows.append(_row(UUID(staged.customer_id), staged.content))
        else:
            outcomes.rejected.append((place, RowRejectedError("unknown_customer", "", "")))
    new = record_answers(rows, into=into, at=batch.at, by=batch.by)
    outcomes.count("created", len(new))
    # Also a row that stands in the file twice: its second time changes nothing.
    outcomes.count("unchanged", len(rows) - len(new))
    return outcomes


def _row(customer_id: UUID, content: list[object]) -> AnswerRow:
    answer, score, asked_on, answered_at, order = content
    return AnswerRow(
        customer_id=customer_id,
        id=UUID(str(answer)),
        asked_on=date.fromisoformat(str(asked_on)),
        score=int(str(score)) or None,
        answered_at=datetime.fromisoformat(str(answered_at)) if answered_at else None,
        order_id=UUID(str(order)) if order else None,
    )


def announce_import(source: str, finished: Finished) -> None:
    """Announce the end of an import, in the transaction that ends it."""
    tally = finished.tally
    fact = AnswersImported(
        run_id=finished.run_id,
        source=source,
        created=tally.created,
        unchanged=tally.unchanged,
        rejected=tally.rejected,
    )
    facts.announce(fact, at=finished.at, by=finished.by)


def _csv(name: str) -> tuple[str, str]:
    return name, f"{name}.gz"


OLIST_ANSWERS = Step(
    name="reviews",
    title=_("Review scores"),
    files=(
        FilePattern(
            answers.OLIST_CUSTOMERS, _csv("olist_customers_dataset.csv"), answers.OLIST_CUSTOMER_COLUMNS, is_lookup=True
        ),
        FilePattern(
            answers.OLIST_ORDERS, _csv("olist_orders_dataset.csv"), answers.OLIST_ORDER_COLUMNS, is_lookup=True
        ),
        FilePattern(answers.REVIEWS, _csv("olist_order_reviews_dataset.csv"), answers.REVIEW_COLUMNS, is_optional=True),
    ),
    reader=answers.OlistReviewReader,
    load=partial(load_answers, answers.OLIST_SOURCE, _REVIEW, "America/Sao_Paulo", False),
    finish=partial(announce_import, answers.OLIST_SOURCE),
)

PLAIN_ANSWERS = Step(
    name="answers",
    title=_("Answers to the satisfaction survey"),
    files=(FilePattern(answers.ANSWERS, ("answers.*",), answers.ANSWER_COLUMNS, is_optional=True),),
    reader=answers.PlainAnswerReader,
    load=partial(load_answers, answers.PLAIN_SOURCE, _SATISFACTION, "Asia/Shanghai", True),
    finish=partial(announce_import, answers.PLAIN_SOURCE),
)
