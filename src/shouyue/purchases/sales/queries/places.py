"""What was sold by category and by store."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from shouyue.purchases.catalogue.public import Category, Product, Store, category_tree
from shouyue.purchases.sales.rules.selling import Month, rolled_up

_BY_PRODUCT = """
SELECT line.product_id, placed.currency, sum(line.quantity)::bigint, sum(line.amount_e4)::bigint
FROM purchases_orderline AS line
JOIN purchases_order AS placed ON placed.customer_id = line.customer_id AND placed.id = line.order_id
WHERE line.product_id IS NOT NULL AND line.kind IN ('sale', 'return') AND placed.status <> 'cancelled'
GROUP BY line.product_id, placed.currency
"""
_BY_STORE = """
SELECT store_id, currency, count(*) FILTER (WHERE kind = 'sale'), sum(total_e4)::bigint, count(DISTINCT customer_id)
FROM purchases_order WHERE store_id IS NOT NULL AND kind <> 'adjustment' AND status <> 'cancelled'
GROUP BY store_id, currency ORDER BY sum(total_e4) DESC, store_id
"""
_STORE_MONTHS = """
SELECT date_trunc('month', placed_at AT TIME ZONE %s)::date AS first, sum(total_e4)::bigint, count(*)
FROM purchases_order
WHERE store_id = %s AND currency = %s AND kind <> 'adjustment' AND status <> 'cancelled'
GROUP BY first ORDER BY first
"""
_STORE_CHANNELS = """
SELECT channel_id, sum(total_e4)::bigint, count(*) FILTER (WHERE kind = 'sale')
FROM purchases_order
WHERE store_id = %s AND currency = %s AND kind <> 'adjustment' AND status <> 'cancelled'
GROUP BY channel_id ORDER BY sum(total_e4) DESC, channel_id
"""


@dataclass(frozen=True, slots=True)
class CategorySales:
    """One category in the order of the tree. What is below it is counted with it; category None: products without one.

    amount_e4: less what was given back, in the currency of the page; share: of all of them, None without sales.
    """

    category: Category | None
    depth: int
    products: int
    pieces: int
    amount_e4: int
    share: float | None

    @property
    def indent(self) -> str:
        """Spaces that show the depth."""
        return "\u3000" * self.depth


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """currency: in which most was sold; others: the currencies that are not counted here."""

    currency: str
    others: list[str]
    rows: list[CategorySales]


def sales_by_category() -> CategoryPage:
    """Every category with what was sold in it; three statements, the sum over all lines among them."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_PRODUCT)
        sold = cursor.fetchall()
    amounts: Counter[str] = Counter()
    for _product, currency, _pieces, amount in sold:
        amounts[currency] += amount
    ranked = [currency for currency, _amount in amounts.most_common()]
    main = ranked[0] if ranked else ""
    by_product = {row[0]: (row[2], row[3]) for row in sold if row[1] == main}
    return CategoryPage(main, ranked[1:], _rows(by_product, amounts[main]))


def _rows(by_product: dict[UUID, tuple[int, int]], total_e4: int) -> list[CategorySales]:
    own: dict[UUID | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, category in Product.objects.values_list("pk", "category_id"):
        pieces, amount = by_product.get(key, (0, 0))
        own[category] = [one + more for one, more in zip(own[category], (1, pieces, amount), strict=True)]
    tree = category_tree()
    parents = {one.pk: one.parent_id for one, _depth in tree}
    sums = [rolled_up({key: values[place] for key, values in own.items() if key}, parents) for place in range(3)]

    def row(category: Category | None, depth: int, values: list[int]) -> CategorySales:
        products, pieces, amount = values
        return CategorySales(category, depth, products, pieces, amount, amount / total_e4 if total_e4 else None)

    rows = [row(one, depth, [by_key[one.pk] for by_key in sums]) for one, depth in tree]
    return [*rows, row(None, 0, own[None])] if None in own else rows


@dataclass(frozen=True, slots=True)
class StoreSales:
    """One store in the currency in which it sold most. orders: sales; amount_e4: less what was given back.

    customers: also the anonymous ones of till sales. share: of all stores in this currency, None without sales.
    """

    store: Store
    currency: str
    orders: int
    amount_e4: int
    customers: int
    share: float | None


def sales_by_store() -> list[StoreSales]:
    """Every store, the largest amount first; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_STORE)
        sold = cursor.fetchall()
    totals: Counter[str] = Counter()
    by_store: dict[UUID, tuple[str, int, int, int]] = {}
    for key, currency, orders, amount, customers in sold:
        totals[currency] += amount
        by_store.setdefault(key, (currency, orders, amount, customers))
    found = []
    for store in Store.objects.all():
        currency, orders, amount, customers = by_store.get(store.pk, ("", 0, 0, 0))
        share = amount / totals[currency] if totals[currency] else None
        found.append(StoreSales(store, currency, orders, amount, customers, share))
    return sorted(found, key=lambda one: (-one.amount_e4, one.store.label, one.store.pk))


def months_of_store(store: UUID, *, currency: str, zone: str) -> list[Month]:
    """Orders of the store by month on the clocks of `zone`: amounts, and in `pieces` the number of orders."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE_MONTHS, [zone, store, currency])
        return [Month(*row) for row in cursor.fetchall()]


def channels_of_store(store: UUID, *, currency: str) -> list[tuple[UUID | None, int, int]]:
    """(channel, amount in e4, number of sales) of the store, the largest first; None: no channel was told."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE_CHANNELS, [store, currency])
        return list(cursor.fetchall())
