"""Why an import as a whole is refused before anything is written."""

from collections.abc import Mapping
from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from shouyue.store.tabular.messages import Message, RefusedError

REASONS: Mapping[str, Message] = {
    "unknown-mapping": _("There is no mapping “%(name)s”. Known: %(known)s."),
    "unknown-currency": _("“%(name)s” is not a currency of ISO 4217, such as CNY or EUR."),
    "unknown-zone": _("“%(name)s” is not a time zone, such as Asia/Shanghai."),
    "no-file": _("No file was given."),
    "file-missing": _("The mapping needs the file “%(wanted)s”. Given: %(found)s."),
    "surplus-files": _("The mapping does not read these files: %(names)s. Leave them out."),
    "keys-missing": _(
        "The file holds personal data, and there is no key to seal it with. Set SHOUYUE_KEYS; ./shouyue settings says "
        "how."
    ),
    "no-row-usable": _("Not one of %(rows)s rows can be used, so nothing was written. First: row %(row)s, %(reason)s"),
}


class ImportRefusedError(RefusedError):
    """An import that cannot be done with what was given."""

    REASONS = REASONS


class ImportTakenOverError(Exception):
    """Another process took up this import; it goes on there."""


def refuse(code: str, **details: object) -> NoReturn:
    """Raise ImportRefusedError; `details` fill the places of the message."""
    raise ImportRefusedError(code, details)
