"""The door of linking."""

from shouyue.customers.linking.engine import Linked, joined, link, table_of
from shouyue.customers.linking.measuring import measured
from shouyue.customers.linking.rules.chinese import CHINESE, is_enough
from shouyue.customers.linking.rules.features import Features, Name, features
from shouyue.customers.linking.rules.pairs import LIKELY

__all__ = [
    "CHINESE",
    "LIKELY",
    "Features",
    "Linked",
    "Name",
    "features",
    "is_enough",
    "joined",
    "link",
    "measured",
    "table_of",
]
