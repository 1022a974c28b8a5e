"""What purchases earn: publish a version of the earn programme."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from shouyue.membership.ledger.models import EarnProgramme
from shouyue.membership.ledger.rules.book import ReturnPolicy
from shouyue.membership.ledger.rules.earning import Basis, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a version: `points` for each `per_fen`, and what becomes of them."""

    per_fen: int
    points: int
    rounding: Rounding = Rounding.DOWN
    basis: Basis = Basis.PAID
    pending_days: int = 0
    expire_after_days: int | None = None
    return_policy: ReturnPolicy = ReturnPolicy.UNLIMITED
    point_value_e4: int = 100
    expected_share: float = 0.8
    currency: str = "CNY"


class StartsInThePastError(Exception):
    """A version may not change what days that have passed earned."""


@transaction.atomic
def publish_programme(terms: Terms, *, starts_on: date, at: datetime, today: date | None, by: str) -> EarnProgramme:
    """Publish the next version, from a day on; the same terms from the same day are published once.

    today: None lets it start in the past, for the records of a new installation. Raises StartsInThePastError.
    """
    if today is not None and starts_on < today:
        raise StartsInThePastError
    newest = EarnProgramme.objects.order_by("-version").first()
    wanted = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    if newest and newest.starts_on == starts_on and all(getattr(newest, name) == wanted[name] for name in wanted):
        return newest
    version = newest.version + 1 if newest else 1
    return EarnProgramme.objects.create(
        version=version, starts_on=starts_on, published_at=at, published_by=by, **wanted
    )
