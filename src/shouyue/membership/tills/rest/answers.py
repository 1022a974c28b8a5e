"""What the till's calls answer, and how refusals become problems."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import BaseModel, Field

from shouyue.membership.tills import sentences
from shouyue.membership.tills.public import RefusedSaleError
from shouyue.rest.problems import ProblemError

_FIELDS = {
    "unknown_member": "customer_number",
    "foreign_currency": "currency",
    "too_many_points": "points",
    "more_than_bought": "lines",
}
_KINDS = {
    "points_short": "points-short",
    "hold_settled": "hold-settled",
    "differs": "purchase-differs",
    "elsewhere": "purchase-elsewhere",
}


class ReasonOut(BaseModel):
    source: str = Field(description=_("base, tier, campaign, fixed or cap."))
    key: str = Field(description=_("The rule, tier or campaign."))
    points: int
    text: str = Field(description=_("The reason as a sentence, in the language of the call."))


class BalanceOut(Schema):
    customer_id: UUID
    usable: int = Field(description=_("What can be spent now."))
    pending: int = Field(description=_("Earned, but not yet active."))
    held: int = Field(description=_("Set aside."))
    debt: int = Field(description=_("Owed after a return; the next points pay it."))
    next_expires_on: date | None = Field(description=_("The last day of the points that expire first."))
    next_expires_points: int


class MovedOut(Schema):
    id: UUID = Field(description=_("Of the movement; it names a hold or a redemption in later calls."))
    points: int
    usable: int = Field(description=_("What can be spent after it."))


class SharedOut(Schema):
    customer_id: UUID
    pool_id: UUID | None
    cap_points: int = Field(description=_("At most so many points in a calendar month; 0 when nothing is shared."))


class TransferOut(Schema):
    id: UUID
    at: datetime
    on: date = Field(description=_("The day it counts for."))
    debit: str = Field(description=_("The account that the points left."))
    credit: str = Field(description=_("The account that they went to."))
    reason: str
    points: int
    order_id: UUID | None


class SaleOut(BaseModel):
    outcome: str = Field(description=_("created, or unchanged when it was known."))
    id: UUID
    customer_id: UUID
    earned: int = Field(description=_("Points that the purchase has earned."))
    spent: int = Field(description=_("Points that paid for it."))
    usable: int = Field(description=_("What can be spent after it."))
    reasons: list[ReasonOut]


class EarningOut(Schema):
    points: int = Field(description=_("Points that the purchase has earned."))
    reasons: list[ReasonOut]


class ReturnOut(Schema):
    outcome: str = Field(description=_("created, or unchanged when it was known."))
    id: UUID
    customer_id: UUID
    lost: int = Field(description=_("Points that the purchases no longer earn. What of them had expired is not taken."))
    usable: int = Field(description=_("What can be spent after it."))


class QuoteOut(Schema):
    points: int = Field(description=_("What the purchase would earn."))
    worth: str = Field(description=_("What these points would pay, as decimal text in the programme's currency."))
    currency: str
    tier: str = Field(description=_("By which it was reckoned; empty for none."))
    reasons: list[ReasonOut]


def reasons(parts: Sequence[Sequence[str | None]]) -> list[ReasonOut]:
    return [
        ReasonOut(source=part[0] or "", key=part[1] or "", points=int(part[2] or 0), text=sentences.reason(part))
        for part in parts
    ]


def errors(faults: Sequence[tuple[str, str]], *, usable: int = 0, prefix: str = "") -> list[dict[str, Any]]:
    """(field, why) as the errors of a problem or of a bulk call's line."""
    return [
        {"field": f"{prefix}{field}", "code": why, "message": sentences.refusal(why, usable)} for field, why in faults
    ]


def faults_of(refusal: RefusedSaleError) -> list[tuple[str, str]]:
    return [(_FIELDS.get(refusal.why, ""), refusal.why)]


def problem_of(refusal: RefusedSaleError) -> ProblemError:
    """The problem that says why a single call was refused."""
    kind = _KINDS.get(refusal.why)
    if kind is not None:
        return ProblemError(kind, sentences.refusal(refusal.why, refusal.usable))
    return ProblemError("invalid", errors=errors(faults_of(refusal), usable=refusal.usable, prefix="body."))
