"""The door of the catalogue."""

from shouyue.purchases.catalogue.actions.importing import OLIST_CATALOGUE, PLAIN_CATALOGUE
from shouyue.purchases.catalogue.actions.naming import ensure_channels, ensure_products, ensure_stores
from shouyue.purchases.catalogue.actions.wording import keep_words
from shouyue.purchases.catalogue.facts import CatalogueChanged
from shouyue.purchases.catalogue.models import Category, Channel, Product, Store
from shouyue.purchases.catalogue.queries import (
    CATALOGUE_COLUMNS,
    CategoryTree,
    EntryChoices,
    category_tree,
    entry_choices,
    products_below,
)
from shouyue.purchases.catalogue.rules.told import product_ids

__all__ = [
    "CATALOGUE_COLUMNS",
    "OLIST_CATALOGUE",
    "PLAIN_CATALOGUE",
    "CatalogueChanged",
    "Category",
    "CategoryTree",
    "Channel",
    "EntryChoices",
    "Product",
    "Store",
    "category_tree",
    "ensure_channels",
    "ensure_products",
    "ensure_stores",
    "entry_choices",
    "keep_words",
    "product_ids",
    "products_below",
]
