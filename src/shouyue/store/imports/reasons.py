"""Why a row is turned away: a code is stored, the sentence is made in the reader's language."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from shouyue.store.models.imports import ImportRejection
from shouyue.store.tabular.messages import Message, filled
from shouyue.store.tabular.rows import REASONS as UNREADABLE

REASONS: Mapping[str, Message] = {
    "missing": _("“%(column)s” is empty. Fill it in."),
    "too_long": _("“%(column)s” is longer than it may be. Shorten it."),
    "too_large": _("“%(column)s” is larger than any real value: %(value)s. Correct it."),
    "not_whole": _("“%(column)s” is not a whole number: %(value)s. Correct it."),
    "not_amount": _(
        "“%(column)s” is not an amount with at most four decimals, or not written as this file writes them: %(value)s. "
        "Write it as the other rows do, or like 1289.00 in all of them."
    ),
    "not_moment": _(
        "“%(column)s” is not a date and time that exists, or not written as this file writes them: %(value)s. Write it "
        "as the other rows do, or like 2026-03-01 14:05 in all of them."
    ),
    "not_day": _(
        "“%(column)s” is not a day that exists, or not written as this file writes them: %(value)s. Write it as the "
        "other rows do, or like 2026-03-01 in all of them."
    ),
    "not_phone": _(
        "“%(column)s” is not a phone number that can be called: %(value)s. Give a mobile number, or a fixed line with "
        "its area code."
    ),
    "not_email": _("“%(column)s” is not an e-mail address: %(value)s. Correct it."),
    "not_wechat": _("“%(column)s” is not a WeChat id: %(value)s. It has 6 to 40 letters, digits, - or _."),
    "not_card": _("“%(column)s” is not a card number: %(value)s. It has 4 to 40 letters and digits."),
    "not_lunar": _(
        "“%(column)s” is not a day of the lunar calendar: %(value)s. Write it like 1990-4-23, 2023-闰2-1 or "
        "一九九〇年四月廿三."
    ),
    "birthdays_differ": _("“%(column)s” and the birthday by the Gregorian calendar are not the same day. Correct one."),
    "garbled": _("“%(column)s” holds characters that were damaged on the way: %(value)s. Type it anew."),
    "birthday_future": _("“%(column)s” is a day that has not come yet. Correct it."),
    "person_erased": _("This person was erased at their request. Leave the row out."),
    "kept_ours": _(
        "Our value of “%(column)s” stays, %(value)s: it was verified or corrected after this list was made. The rest "
        "of the row was taken. If the list is newer, say in a column “as_of” which day it is of."
    ),
    "off_scale": _("“%(column)s” is %(value)s; answers run from 1 to 5. Correct it."),
    "unknown_customer": _("Nobody with this customer number is known. Import the customer or their order first."),
    "unknown_word": _("“%(column)s” holds a word that is not known here: %(value)s. Correct it."),
    "not_in_file": _("%(column)s %(value)s does not stand in the file that should list it. Add it there."),
    "repeated_key": _("%(column)s %(value)s stands in more than one row. Keep the right one."),
    "too_many_keys": _("The files hold more keys than can be checked at once. Split them into several imports."),
    "other_customer": _("The order names another customer in an earlier row. Correct one of them."),
    "order_differs": _(
        "Order %(value)s was recorded before with other content. What was recorded stays; record a correction instead."
    ),
    "order_elsewhere": _(
        "Order %(value)s belongs to another customer. If both are one person, merge them and import the row again; if "
        "not, correct the number or the customer."
    ),
}


def reason(code: str, *, column: str, value: str, details: Mapping[str, object] | None = None) -> Message:
    """The sentence for a rejected row, lazy. Codes of rows that could not even be read are understood too."""
    template = REASONS.get(code) or UNREADABLE[code]
    return filled(template, {"column": column, "value": value, **(details or {})})


def reason_of(rejection: ImportRejection) -> Message:
    """The sentence for a recorded rejection, lazy."""
    return reason(rejection.code, column=rejection.column, value=rejection.value, details=rejection.details)


class RejectionKind(NamedTuple):
    """How many rows were turned away for one reason; first_row with its sentence stands for all of them."""

    rows: int
    first_row: int
    reason: Message


def rejection_kinds(run_id: UUID) -> list[RejectionKind]:
    """The reasons of an import, the most frequent first. Sealed values stay hidden. Two statements."""
    found = ImportRejection.objects.filter(run_id=run_id)
    counts = {
        (one, column): rows for one, column, rows in found.values_list("code", "column").annotate(rows=Count("*"))
    }
    firsts = found.order_by("code", "column", "file_number", "row_number").distinct("code", "column")
    kinds = [RejectionKind(counts[one.code, one.column], one.row_number, reason_of(one)) for one in firsts]
    return sorted(kinds, key=lambda kind: (-kind.rows, kind.first_row))
