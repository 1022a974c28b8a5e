"""The door of figures: what other rooms ask about purchases."""

from shouyue.purchases.figures.queries.digest import business_digest
from shouyue.purchases.figures.queries.goods import Goods, buyers_of, goods_kept, pieces_beyond
from shouyue.purchases.figures.queries.loyalty import data_until, purchase_days
from shouyue.purchases.figures.queries.spend import bought_by, spend_by_day

__all__ = [
    "Goods",
    "bought_by",
    "business_digest",
    "buyers_of",
    "data_until",
    "goods_kept",
    "pieces_beyond",
    "purchase_days",
    "spend_by_day",
]
