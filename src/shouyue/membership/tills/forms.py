"""What programs tell the till, as clean values."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AwareDatetime, BaseModel, Field, PrivateAttr, model_validator

from shouyue.kernel.money import to_e4
from shouyue.membership.tills.public import Sale
from shouyue.purchases.public import sale_told
from shouyue.rest.routes import line_of_text

POINTS_MAX: Final = 1_000_000_000
_AMOUNT = r"^-?\d{1,9}(\.\d{1,4})?$"
_AHEAD: Final = timedelta(minutes=5)

Points = Annotated[int, Field(ge=1, le=POINTS_MAX, description=_("Whole points, above zero."))]


class GoodsIn(BaseModel):
    item: Annotated[str, line_of_text(least=1, most=80)] = Field(description=_("The item's code."))
    description: Annotated[str, line_of_text(most=300)] = ""
    quantity: int = Field(ge=-1_000_000, le=1_000_000, description=_("Pieces, above zero."))
    unit_price: str = Field(pattern=_AMOUNT, description=_('Exact decimal text, at most four places: "12.50".'))


class SaleIn(BaseModel):
    source: Annotated[str, line_of_text(least=1, most=40)] = Field(
        "plain", description=_("Whose numbers these are. The same source and number are the same purchase.")
    )
    number: Annotated[str, line_of_text(least=1, most=70)] = Field(
        description=_("The purchase's number at the source.")
    )
    customer_number: Annotated[str, line_of_text(least=1, most=80)] = Field(
        description=_("The member's number at the source.")
    )
    placed_at: AwareDatetime = Field(description=_("With its offset from UTC; not in the future."))
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description=_("ISO 4217."))
    lines: list[GoodsIn] = Field(min_length=1, max_length=500)
    _sign: int = PrivateAttr(1)
    _sale: Sale = PrivateAttr()

    @model_validator(mode="after")
    def can_be_kept(self) -> "SaleIn":
        if not 1900 <= self.placed_at.year < 2200:
            raise ValueError(gettext("The year must be from 1900 to 2199."))
        if self.customer_number.startswith("order "):
            raise ValueError(gettext("A customer's number may not begin with “order ”."))
        lines = [(one.item, one.description, self._sign * one.quantity, to_e4(one.unit_price)) for one in self.lines]
        try:
            draft = sale_told(
                source=self.source,
                number=self.number,
                customer_number=self.customer_number,
                placed_at=self.placed_at,
                currency=self.currency,
                lines=lines,
            )
        except ValueError:
            raise ValueError(gettext("The amount is too large.")) from None
        self._sale = Sale(draft, self.source, *self._paid())
        return self

    def _paid(self) -> tuple[int | None, UUID | None]:
        return None, None

    @property
    def sale(self) -> Sale:
        return self._sale

    def faults(self, *, at: datetime) -> list[tuple[str, str]]:
        """(field, why) of what no till can have meant."""
        found = [("placed_at", "future_date")] if self.placed_at.astimezone(UTC) > at + _AHEAD else []
        for place, line in enumerate(self.lines):
            if line.quantity <= 0:
                found.append((f"lines.{place}.quantity", "negative_amount"))
            if line.unit_price.startswith("-"):
                found.append((f"lines.{place}.unit_price", "negative_amount"))
        return found


class SaleWithPointsIn(SaleIn):
    points: int | None = Field(
        None, ge=1, le=POINTS_MAX, description=_("Points that pay for a part of it; with hold_id, of those set aside.")
    )
    hold_id: UUID | None = Field(None, description=_("Points that were set aside for it; the rest is set free."))

    def _paid(self) -> tuple[int | None, UUID | None]:
        return self.points, self.hold_id


class ReturnIn(SaleIn):
    _sign: int = PrivateAttr(-1)


class MemberIn(Schema):
    customer_id: UUID = Field(description=_("As GET /customers tells it."))
    joined_at: AwareDatetime | None = Field(
        None, description=_("Purchases earn from that day on; without it, from now on. Not in the future.")
    )


class PointsIn(Schema):
    points: Points


class HoldIn(Schema):
    points: Points
    minutes: int = Field(30, ge=1, le=7 * 24 * 60, description=_("After these they are set free by themselves."))


class SomePointsIn(Schema):
    points: int | None = Field(None, ge=1, le=POINTS_MAX, description=_("So many of them; all without it."))


class GiftIn(Schema):
    to: UUID = Field(description=_("The member who gets them."))
    points: Points


class ConsentIn(Schema):
    pool_id: UUID = Field(description=_("The household; your own number for it."))
    cap_points: int = Field(ge=1, le=POINTS_MAX, description=_("At most so many points in a calendar month."))
