"""Every kind of files that can be imported: which room's steps make up which mapping."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from shouyue.customers import public as customers
from shouyue.purchases import public as purchases
from shouyue.store.imports.mapping import Mapping
from shouyue.surveys import public as surveys

# Beside orders the list may be missing; alone it may not.
_CUSTOMERS_IF_ANY = replace(
    customers.PLAIN_CUSTOMERS,
    files=tuple(replace(file, is_optional=True) for file in customers.PLAIN_CUSTOMERS.files),
)
MAPPINGS: tuple[Mapping, ...] = (
    Mapping(
        name="online_retail",
        title=_("Online Retail (UCI): lines of invoices"),
        currency="GBP",
        zone="Europe/London",
        steps=(purchases.ONLINE_RETAIL_PURCHASES,),
    ),
    Mapping(
        name="olist",
        title=_("Olist: products, customers, orders, items, payments and reviews"),
        currency="BRL",
        zone="America/Sao_Paulo",
        steps=(*purchases.OLIST_STEPS, surveys.OLIST_ANSWERS),
    ),
    Mapping(
        name="plain",
        title=_("Plain columns: customers.csv, products.csv, orders.csv and answers.csv"),
        currency="CNY",
        zone="Asia/Shanghai",
        steps=(
            _CUSTOMERS_IF_ANY,
            purchases.PLAIN_CATALOGUE,
            purchases.PLAIN_PURCHASES,
            surveys.PLAIN_ANSWERS,
        ),
    ),
    Mapping(
        name="customers",
        title=_("A list of customers alone: customers.csv"),
        currency="CNY",
        zone="Asia/Shanghai",
        steps=(customers.PLAIN_CUSTOMERS,),
    ),
)
BY_NAME = {mapping.name: mapping for mapping in MAPPINGS}
