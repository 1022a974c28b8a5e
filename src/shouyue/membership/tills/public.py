"""The door of the till."""

from shouyue.membership.tills.actions.earning import earn_from_batches
from shouyue.membership.tills.actions.members import (
    Moved,
    UnknownCustomerError,
    earn_for_order,
    enrol,
    give_back_redemption,
    move_for_till,
)
from shouyue.membership.tills.actions.selling import RefusedSaleError, Sale, Sold, bring_back, sell
from shouyue.membership.tills.queries import (
    Earned,
    Versions,
    categories_now,
    earned,
    parts_of,
    quoted,
    standing_of_person,
)
from shouyue.membership.tills.sentences import reason

__all__ = [
    "Earned",
    "Moved",
    "RefusedSaleError",
    "Sale",
    "Sold",
    "UnknownCustomerError",
    "Versions",
    "bring_back",
    "categories_now",
    "earn_for_order",
    "earn_from_batches",
    "earned",
    "enrol",
    "give_back_redemption",
    "move_for_till",
    "parts_of",
    "quoted",
    "reason",
    "sell",
    "standing_of_person",
]
