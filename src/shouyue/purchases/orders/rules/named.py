"""What lines say of the products that they name."""

from collections.abc import Sequence

from shouyue.purchases.orders.rules.drafts import OrderDraft

_SOLD = frozenset({"sale", "return"})


def products_named(orders: Sequence[OrderDraft]) -> dict[str, tuple[str, str]]:
    """By item code of each product: its name at the latest sale, and that sale's moment; ("", "") where none names it.

    Only lines that sell or take back name a product: corrections of stock say "damaged" or "found". Of two names at
    one moment the one later in the alphabet counts, so that the order of the rows does not matter.
    """
    named: dict[str, tuple[str, str]] = {}
    for order in orders:
        for kind, is_product, item, name, _quantity, _price, at, _undoes in order.lines:
            if not is_product:
                continue
            if name and at and kind in _SOLD:
                known = named.get(item)
                if known is None or (at, name) > (known[1], known[0]):
                    named[item] = (name, at)
            elif item not in named:
                named[item] = ("", "")
    return named
