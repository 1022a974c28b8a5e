"""Pairs of customers who are taken away: nobody decided anything of them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from shouyue.customers.duplicates.models import Match, MatchState


def forget_undecided(customers: Sequence[UUID]) -> None:
    """Delete the pairs of these customers that nobody has decided, in the open transaction."""
    if customers:
        Match.objects.filter(Q(one__in=customers) | Q(other__in=customers), state=MatchState.OPEN).delete()
