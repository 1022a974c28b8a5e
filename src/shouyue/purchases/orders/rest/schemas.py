"""What programs send and get of purchases."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AwareDatetime, Field, PrivateAttr, field_validator, model_validator

from shouyue.kernel.money import to_e4
from shouyue.purchases.orders.rules.drafts import CustomerDraft, OrderDraft, PaymentDraft
from shouyue.purchases.orders.rules.told import ToldLine, TotalTooLargeError, identities, line_id, order_told, utc_text
from shouyue.rest.routes import line_of_text

Status = Literal["placed", "completed", "cancelled"]
_AMOUNT = r"^-?\d{1,9}(\.\d{1,4})?$"
_YEARS = range(1900, 2200)


def _of_our_time(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError(gettext("The year must be from 1900 to 2199."))
    return value


class LineNamed(Schema):
    number: Annotated[str, line_of_text(least=1, most=70)] = Field(
        description=_("The number of the earlier purchase at the same source.")
    )
    line: int = Field(ge=1, le=500, description=_("The line of that purchase, counted from 1."))


class LineIn(Schema):
    item: Annotated[str, line_of_text(least=1, most=80)] = Field(description=_("The item's code."))
    description: Annotated[str, line_of_text(most=300)] = ""
    quantity: int = Field(ge=-1_000_000, le=1_000_000, description=_("Pieces; negative takes goods back."))
    unit_price: str = Field(pattern=_AMOUNT, description=_('Exact decimal text, at most four places: "12.50".'))
    undoes: LineNamed | None = Field(
        None,
        description=_(
            "Of a return: the line that it takes back, sent before or later. Without it the newest earlier purchases "
            "of the item by this customer count."
        ),
    )

    @model_validator(mode="after")
    def only_returns_undo(self) -> "LineIn":
        if self.undoes and self.quantity >= 0:
            raise ValueError(gettext("Only a line with a negative quantity takes another one back."))
        return self


class PaymentIn(Schema):
    reference: Annotated[str, line_of_text(most=40)] = Field(
        "",
        description=_(
            "Your name for it within the purchase; its place in the list if it is empty. Sent again, a payment is the "
            "same; a new one may come later."
        ),
    )
    method: Annotated[str, line_of_text(least=1, most=20)] = Field(
        description=_("For instance wechat, alipay, card, cash, voucher.")
    )
    amount: str = Field(pattern=_AMOUNT, description=_("Exact decimal text; negative for money given back."))
    paid_at: AwareDatetime | None = Field(None, description=_("The purchase's moment if it is not told."))

    @field_validator("paid_at")
    @classmethod
    def of_our_time(cls, value: datetime | None) -> datetime | None:
        return _of_our_time(value) if value else value


class PurchaseIn(Schema):
    source: Annotated[str, line_of_text(least=1, most=40)] = Field(
        "plain", description=_("Whose numbers these are. The same source and number are the same purchase.")
    )
    number: Annotated[str, line_of_text(least=1, most=70)] = Field(
        description=_("The purchase's number at the source.")
    )
    customer_number: Annotated[str, line_of_text(most=80)] = Field(
        "", description=_("The customer's number at the source; empty for a till sale to somebody unknown.")
    )
    country: Annotated[str, line_of_text(most=60)] = ""
    region: Annotated[str, line_of_text(most=60)] = ""
    city: Annotated[str, line_of_text(most=80)] = ""
    placed_at: AwareDatetime = Field(description=_("With its offset from UTC."))
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description=_("ISO 4217."))
    status: Status | None = Field(
        None, description=_("Told anew it may move on; the rest of a purchase never changes.")
    )
    store: Annotated[str, line_of_text(most=80)] = Field("", description=_("The store's code; a new one is made."))
    channel: Annotated[str, line_of_text(most=80)] = Field("", description=_("The channel's code; a new one is made."))
    lines: list[LineIn] = Field(min_length=1, max_length=500)
    payments: list[PaymentIn] = Field(default_factory=list, max_length=50)
    _draft: OrderDraft = PrivateAttr()

    @field_validator("placed_at")
    @classmethod
    def of_our_time(cls, value: datetime) -> datetime:
        return _of_our_time(value)

    @field_validator("customer_number")
    @classmethod
    def not_ours(cls, value: str) -> str:
        # So the unknown customer of a till sale is numbered.
        if value.startswith("order "):
            raise ValueError(gettext("A customer's number may not begin with “order ”."))
        return value

    @field_validator("payments")
    @classmethod
    def told_once(cls, payments: list[PaymentIn]) -> list[PaymentIn]:
        if len(set(_references(payments))) < len(payments):
            raise ValueError(gettext("Two payments carry the same reference."))
        return payments

    @model_validator(mode="after")
    def can_be_kept(self) -> "PurchaseIn":
        try:
            self._draft = order_told(
                source=self.source,
                number=self.number,
                customer=CustomerDraft(self.customer_number, self.country, self.region, self.city),
                placed_at=self.placed_at,
                currency=self.currency,
                status=self.status,
                lines=[self._line(one) for one in self.lines],
                place=(self.store, self.channel),
                payments=self._payments(),
            )
        except TotalTooLargeError:
            raise ValueError(gettext("The amount is too large.")) from None
        return self

    @property
    def draft(self) -> OrderDraft:
        return self._draft

    def _line(self, one: LineIn) -> ToldLine:
        undoes = line_id(identities(self.source).order(one.undoes.number), one.undoes.line) if one.undoes else None
        return ToldLine(one.item, one.description, one.quantity, to_e4(one.unit_price), undoes)

    def _payments(self) -> list[PaymentDraft]:
        named = zip(_references(self.payments), self.payments, strict=True)
        return [
            PaymentDraft(key, one.method, to_e4(one.amount), utc_text(one.paid_at) if one.paid_at else None)
            for key, one in named
        ]


def _references(payments: list[PaymentIn]) -> list[str]:
    return [one.reference or str(place) for place, one in enumerate(payments, start=1)]


class PurchaseDone(Schema):
    outcome: Literal["created", "updated", "unchanged"]
    id: UUID
    customer_id: UUID


class LinkOut(Schema):
    purchase_id: UUID
    number: str = Field(description=_("The other purchase's number at the source."))
    line: int
    quantity: int = Field(description=_("So many pieces of the one undo that many of the other."))


class LineOut(Schema):
    line: int
    kind: str
    item: str
    description: str
    quantity: int
    unit_price: str
    amount: str
    sold_at: datetime
    product_id: UUID | None
    linked: list[LinkOut] = Field(description=_("Of a return: what it undoes. Of a sale: by what it was undone."))
    not_linked: int = Field(description=_("Pieces of a return that undo nothing known."))
    not_linked_reason: str | None = Field(
        description=_(
            "no_customer, named_line_unknown, not_a_product, no_earlier_purchase or more_than_bought; null if all are."
        )
    )


class PaymentOut(Schema):
    method: str
    amount: str
    paid_at: datetime


class PurchaseHead(Schema):
    id: UUID
    customer_id: UUID
    source: str
    number: str
    placed_at: datetime
    kind: str = Field(description=_("sale, return or adjustment."))
    status: str
    currency: str
    total: str = Field(description=_("Exact decimal text in the currency's unit."))
    line_count: int
    store: str | None = Field(description=_("The store's code."))
    channel: str | None = Field(description=_("The channel's code."))


class PurchaseOut(PurchaseHead):
    lines: list[LineOut]
    payments: list[PaymentOut]


class PurchaseFilter(Schema):
    customer_id: UUID | None = Field(None, description=_("Only of this customer."))


class PurchaseSearch(PurchaseFilter):
    source: Annotated[str, line_of_text(most=40)] = Field("", description=_("Only of this source."))
    number: Annotated[str, line_of_text(most=80)] = Field("", description=_("The whole number at the source."))
    kind: Literal["sale", "return", "adjustment"] | None = None
    status: Status | None = None
    store: Annotated[str, line_of_text(most=80)] = Field("", description=_("The store's code."))
    channel: Annotated[str, line_of_text(most=80)] = Field("", description=_("The channel's code."))
    product: Annotated[str, line_of_text(most=80)] = Field("", description=_("The code of a product among its lines."))
    placed_from: AwareDatetime | None = Field(None, description=_("Placed at this moment or later."))
    placed_before: AwareDatetime | None = Field(None, description=_("Placed before this moment."))

    @field_validator("placed_from", "placed_before")
    @classmethod
    def of_our_time(cls, value: datetime | None) -> datetime | None:
        return _of_our_time(value) if value else value
