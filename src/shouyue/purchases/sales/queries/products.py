"""What was sold of products: figures for a page of them in one statement, and by month for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shouyue.customers.public import Customer
from shouyue.purchases.catalogue.public import Product, products_below
from shouyue.purchases.sales.rules.selling import NOTHING_SOLD, Month, Sold

BUYERS_SHOWN = 10
_LINES = """
    SELECT line.product_id, line.customer_id, line.id, line.kind, line.quantity, line.amount_e4, line.sold_at,
        placed.currency
    FROM purchases_orderline AS line
    JOIN purchases_order AS placed ON placed.customer_id = line.customer_id AND placed.id = line.order_id
    WHERE line.product_id = ANY(%(products)s) AND line.kind IN ('sale', 'return') AND placed.status <> 'cancelled'
"""
_SOLD = f"""
WITH lines AS ({_LINES}), backs AS (
    SELECT DISTINCT link.customer_id, link.sale_line_id FROM lines
    JOIN purchases_returnlink AS link ON link.customer_id = lines.customer_id AND link.return_line_id = lines.id
    WHERE lines.kind = 'return'
)
SELECT DISTINCT ON (lines.product_id) lines.product_id, lines.currency,
    coalesce(sum(quantity) FILTER (WHERE lines.kind = 'sale'), 0)::bigint,
    coalesce(-sum(quantity) FILTER (WHERE lines.kind = 'return'), 0)::bigint,
    sum(amount_e4)::bigint,
    count(*) FILTER (WHERE lines.kind = 'sale'),
    count(backs.sale_line_id),
    count(DISTINCT lines.customer_id) FILTER (WHERE lines.kind = 'sale' AND customer.kind <> 'anonymous')
FROM lines JOIN customers_customer AS customer ON customer.id = lines.customer_id
LEFT JOIN backs ON backs.customer_id = lines.customer_id AND backs.sale_line_id = lines.id
GROUP BY lines.product_id, lines.currency
ORDER BY lines.product_id, count(*) DESC, lines.currency
"""  # noqa: S608 no value is part of the text
_MONTHS = f"""
WITH lines AS ({_LINES})
SELECT date_trunc('month', sold_at AT TIME ZONE %(zone)s)::date AS first, sum(amount_e4)::bigint,
    coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0)::bigint
FROM lines WHERE currency = %(currency)s GROUP BY first ORDER BY first
"""  # noqa: S608 no value is part of the text
_BUYERS = f"""
WITH lines AS ({_LINES})
SELECT lines.customer_id, sum(quantity)::bigint AS pieces, sum(amount_e4)::bigint, max(sold_at)
FROM lines JOIN customers_customer AS customer ON customer.id = lines.customer_id
WHERE lines.currency = %(currency)s AND lines.kind = 'sale' AND customer.kind <> 'anonymous'
GROUP BY lines.customer_id ORDER BY pieces DESC, lines.customer_id LIMIT %(most)s
"""  # noqa: S608 no value is part of the text


def listed_products(*, words: str = "", source: str = "", category: str = "", is_active: str = "") -> QuerySet[Product]:
    """Products with their categories, unordered; list them by ("code", "id").

    words: part of the code or of a name. category: an id as text, also of those below it. is_active: "yes" or "no".
    """
    found = Product.objects.select_related("category")
    if words:
        found = found.filter(Q(code__icontains=words) | Q(name__icontains=words) | Q(name_en__icontains=words))
    if source:
        found = found.filter(source=source)
    if category:
        found = found.filter(pk__in=products_below(UUID(category)))
    return found.filter(is_active=is_active == "yes") if is_active else found


def sold_of(products: Sequence[UUID]) -> dict[UUID, Sold]:
    """What was sold of each of the products; one statement for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, {"products": list(products)})
        found = {row[0]: Sold(*row[1:]) for row in cursor.fetchall()}
    return {one: found.get(one, NOTHING_SOLD) for one in products}


def months_of(product: UUID, *, currency: str, zone: str) -> list[Month]:
    """Sales of the product by month on the clocks of `zone`, without the months in which there were none."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, {"products": [product], "currency": currency, "zone": zone})
        return [Month(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Buyer:
    """What one known customer bought of a product, whatever came back of it."""

    customer: Customer
    pieces: int
    amount_e4: int
    last_at: datetime


def buyers_of_product(product: UUID, *, currency: str) -> list[Buyer]:
    """The BUYERS_SHOWN known customers who bought most pieces of the product; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_BUYERS, {"products": [product], "currency": currency, "most": BUYERS_SHOWN})
        rows = cursor.fetchall()
    customers = Customer.objects.in_bulk([row[0] for row in rows])
    return [Buyer(customers[row[0]], *row[1:]) for row in rows]
