"""Why a value that somebody typed or sent cannot be used, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "missing": _("Give at least a name, a phone or an e-mail address."),
    "not_phone": _("This is no phone number. Write a mobile number with 11 digits, or a landline with its area code."),
    "not_email": _("This is no e-mail address. It looks like name@example.cn."),
    "not_day": _("This is no day. Write it as 1990-05-17, since 1900."),
    "too_long": _("This is too long. Shorten it."),
    "garbled": _("This text is garbled. Type it again."),
    "unknown_word": _("This title is not known. Choose one of the list."),
}
