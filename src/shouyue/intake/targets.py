"""What a wizard's choices mean to the importer: the plain step of the target behind a reader of the file's columns."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import orjson
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.customers import public as customers
from shouyue.intake.models import Reading, Target
from shouyue.intake.rules.adapting import Adaptation, AdaptedReader
from shouyue.intake.rules.fields import TARGETS
from shouyue.purchases import public as purchases
from shouyue.store.imports import mapping as imports
from shouyue.store.imports.mapping import FilePattern, Step, Undo
from shouyue.store.models import ImportRun
from shouyue.store.tabular.messages import Message
from shouyue.surveys import public as surveys

STEPS: Mapping[str, Step] = {
    Target.ORDERS: purchases.PLAIN_PURCHASES,
    Target.CUSTOMERS: customers.PLAIN_CUSTOMERS,
    Target.ANSWERS: surveys.PLAIN_ANSWERS,
}
_UNDOS: Mapping[str, Undo] = {step.name: step.undo for step in STEPS.values() if step.undo}
LABELS: Mapping[str, Message] = {
    "order_no": _("Order number"),
    "customer_no": _("Customer number"),
    "ordered_at": _("Ordered at"),
    "item_code": _("Item code"),
    "item_name": _("Item name"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "store": _("Store"),
    "channel": _("Channel"),
    "paid_by": _("Payment method"),
    "name": pgettext_lazy("of a person", "Name"),
    "title": _("Form of address"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "birthday": _("Birthday"),
    "country": _("Country"),
    "region": _("Province or region"),
    "city": _("City"),
    "address": _("Address"),
    "wechat": _("WeChat id"),
    "card": _("Card number"),
    "lunar_birthday": _("Birthday by the lunar calendar"),
    "as_of": _("Right as of"),
    "answer_no": _("Number of the question sent"),
    "asked_on": _("Asked on"),
    "answered_at": _("Answered at"),
    "score": _("Score from 1 to 5"),
}


def undo_of(run: ImportRun) -> Undo | None:
    """How an import is taken back, wherever it was started; None where what came in stays."""
    return _UNDOS.get(run.step)


def adaptation_of(reading: Reading) -> Adaptation:
    """How the chosen file is read, for the pure reader."""
    return Adaptation(TARGETS[reading.target], reading.columns, reading.day_style, reading.amount_style)


def mapping_of(reading: Reading) -> imports.Mapping:
    """The mapping for the importer. Its name tells readings apart: another choice of columns is another import."""
    step, adaptation = STEPS[reading.target], adaptation_of(reading)
    [own] = step.files
    pattern = FilePattern(own.name, ("*",), tuple(reading.columns.values()), sheet=reading.sheet or None)
    adapted = replace(step, files=(pattern,), reader=lambda zone: AdaptedReader(step.reader(zone), adaptation))
    choices = [reading.sheet, sorted(reading.columns.items()), reading.day_style, reading.amount_style]
    name = f"{reading.target}-{hashlib.sha256(orjson.dumps(choices)).hexdigest()[:12]}"
    return imports.Mapping(name, Target(reading.target).label, reading.currency, reading.zone, (adapted,))
