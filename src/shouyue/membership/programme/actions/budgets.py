"""Close what has given all that it may."""

from datetime import date, datetime

from django.db import transaction

from shouyue.membership.programme.facts import BudgetUsedUp
from shouyue.membership.programme.models import Closing
from shouyue.membership.programme.queries import closed_days, points_given, version_on
from shouyue.membership.programme.rules.content import budgets_of
from shouyue.store import facts


@transaction.atomic
def close_used_up(*, on: date, at: datetime, by: str) -> list[Closing]:
    """Rules and campaigns of the version that counts, whose budget is used up: `on` is their last day. Once each."""
    version = version_on(on)
    budgets = budgets_of(version.content) if version else {}
    budgets = {key: budget for key, budget in budgets.items() if key not in closed_days()}
    given = points_given(list(budgets)) if budgets else {}
    closings = [
        Closing(key=key, last_on=on, budget=budget, used=given[key], closed_at=at)
        for key, budget in budgets.items()
        if given.get(key, 0) >= budget
    ]
    Closing.objects.bulk_create(closings, ignore_conflicts=True)
    news = [BudgetUsedUp(key=row.key, last_on=on, budget=row.budget, used=row.used) for row in closings]
    facts.announce(*news, at=at, by=by)
    return closings
