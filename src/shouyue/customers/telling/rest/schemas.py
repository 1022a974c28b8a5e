"""What programs tell of customers, and what they get."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AwareDatetime, Field, ValidationInfo, field_validator

from shouyue.customers.entering.public import REFUSALS, EntryRefusedError, Place, clean
from shouyue.customers.people.public import Known
from shouyue.kernel import clock
from shouyue.rest.routes import line_of_text

_PERSON = ("name", "title", "phone", "email", "birthday", "address")


# Empty says nothing.
class CustomerValues(Schema):
    kind: Literal["person", "company", "unknown"] = Field("unknown", description=_("unknown says nothing."))
    country: Annotated[str, line_of_text(most=60)] = ""
    region: Annotated[str, line_of_text(most=60)] = ""
    city: Annotated[str, line_of_text(most=80)] = ""
    name: Annotated[str, line_of_text(most=80)] = ""
    title: Literal["", "mr", "ms"] = ""
    phone: Annotated[str, line_of_text(most=200)] = Field("", description=_("Several stand apart by a semicolon."))
    email: Annotated[str, line_of_text(most=200)] = Field("", description=_("Several stand apart by a semicolon."))
    birthday: Annotated[str, line_of_text(most=20)] = Field("", description=_("As 1990-05-17."))
    address: Annotated[str, line_of_text(most=300)] = ""

    @field_validator("name", "phone", "email", "birthday", "address")
    @classmethod
    def can_be_used(cls, value: str, info: ValidationInfo) -> str:
        field = str(info.field_name)
        try:
            known = clean({field: value})
        except EntryRefusedError as refused:
            raise ValueError(str(REFUSALS[refused.reasons[field]])) from None
        # The whole world has the day by then; which zone a person was born in is not told.
        if known.born_on and known.born_on > clock.day_in("Pacific/Kiritimati", clock.now()):
            raise ValueError(gettext("This day has not come yet."))
        return value

    @property
    def place(self) -> Place:
        return Place(kind=self.kind, country=self.country, region=self.region, city=self.city)

    @property
    def known(self) -> Known:
        return clean({name: getattr(self, name) for name in _PERSON})


class CustomerIn(CustomerValues):
    source: Annotated[str, line_of_text(least=1, most=40)] = Field(
        "plain", description=_("Whose numbers these are. The same source and number are the same customer.")
    )
    number: Annotated[str, line_of_text(least=1, most=80)] = Field(
        description=_("The customer's number at the source, as purchases name it.")
    )
    as_of: AwareDatetime | None = Field(
        None,
        description=_(
            "When this was right. What was set by hand or verified later stays; without it everything set by hand or "
            "verified stays."
        ),
    )

    @field_validator("as_of")
    @classmethod
    def of_our_time(cls, value: datetime | None) -> datetime | None:
        if value and not 1900 <= value.year < 2200:
            raise ValueError(gettext("The year must be from 1900 to 2199."))
        return value

    @field_validator("number")
    @classmethod
    def not_ours(cls, value: str) -> str:
        # So the unknown customer of a till sale is numbered.
        if value.startswith("order "):
            raise ValueError(gettext("A customer's number may not begin with “order ”."))
        return value


class CustomerDone(Schema):
    outcome: Literal["created", "updated", "unchanged"]
    id: UUID
    kept: str = Field(description=_("A field that stays as it was set by hand or verified; empty if none does."))


class PersonShown(Schema):
    name: str
    title: str
    phone: str
    email: str
    birthday: str
    address: str
    is_masked: bool = Field(description=_("False when the key may read whole values: scope customers:personal."))


class CustomerOut(Schema):
    id: UUID
    kind: str = Field(description=_("person, company, unknown, or anonymous: the subject of one till sale."))
    source: str = Field(description=_("Where the record comes from."))
    number: str = Field(description=_("The number that the source gave."))
    country: str
    region: str
    city: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None


class CustomerShown(CustomerOut):
    person: PersonShown | None = Field(description=_("Null where nothing is known of a person."))


class CustomerFilter(Schema):
    source: Annotated[str, line_of_text(most=40)] = Field("", description=_("Only of this source."))


class CustomerSearch(Schema):
    text: Annotated[str, line_of_text(least=2, most=80)] = Field(
        description=_(
            "A name by its characters, pinyin or initials, a phone or its last four digits, an e-mail address, a card, "
            "or a whole number."
        )
    )
    limit: int = Field(50, ge=1, le=100)


class CustomersFound(Schema):
    data: list[CustomerShown]
    is_all: bool = Field(description=_("False when more fit than are shown: ask for more of the name."))


def shown_value(value: Any, *, is_whole: bool) -> str:
    """A value of a person: whole, or its mask; empty when it is not known."""
    if value is None:
        return ""
    plain = value.plain if is_whole and not value.is_erased else str(value)
    return plain.isoformat() if isinstance(plain, date) else str(plain or "")
