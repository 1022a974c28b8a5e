"""What a line of an order is, by its source's code table, and the moment it was sold."""

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codes:
    """A source's item codes that are no products. fees: charged for a service; adjustments: corrections of money."""

    fees: Set[str] = frozenset()
    adjustments: Set[str] = frozenset()

    def is_product(self, item: str) -> bool:
        return item not in self.fees and item not in self.adjustments

    def kind(self, item: str, *, quantity: int, unit_price_e4: int, in_return: bool) -> str:
        """`return`, `fee`, `adjustment` or `sale`.

        in_return: the order as a whole is a return; its lines that take nothing back are adjustments.
        Outside a return nothing is sold by a line without quantity or without a price: stock is written off or
        found, a gift is added.
        """
        if in_return:
            return "return" if quantity < 0 else "adjustment"
        if item in self.adjustments or quantity <= 0 or unit_price_e4 <= 0:
            return "adjustment"
        return "fee" if item in self.fees else "sale"
