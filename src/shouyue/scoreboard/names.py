"""What the measures are called in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "satisfaction": _("Customer satisfaction"),
    "repurchase": _("Repurchase"),
    "retention": _("Retention"),
    "loyalty_survey": _("Loyalty by survey"),
}
