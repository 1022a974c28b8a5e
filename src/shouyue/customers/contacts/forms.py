"""Input of the screens of contacts."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.customers.attesting.public import Method
from shouyue.customers.contacts.models import ContactKind
from shouyue.customers.contacts.rules import birthdays
from shouyue.customers.contacts.rules.contacts import KINDS, LABELS, VALUE_MAX, VALUES_MAX
from shouyue.kernel import clock
from shouyue.kernel.cells import CellError

KIND_CHOICES: Final = [(kind, ContactKind(kind).label) for kind in KINDS]
LABEL_NAMES: Final = {
    "mobile": _("mobile"),
    "home": _("home"),
    "work": _("work"),
    "family": _("family"),
    "delivery": _("delivery"),
    "other": _("other"),
}
_HOW = [(one.value, one.label) for one in Method if one != Method.DELIVERED]
REFUSALS: Final[dict[str, Any]] = {
    "empty": _("Write the value, or remove it with the button below."),
    "unusable": _("We cannot read this. Write one whole phone number, e-mail address, WeChat id or card number."),
    "there": _("This value is there already."),
    "many": _("There are %(most)s values already. Remove one first.") % {"most": VALUES_MAX},
    "erased": _("This person was erased at their request. Nothing can be recorded."),
}


class ContactForm(forms.Form):
    """One value of a person."""

    value = forms.CharField(
        label=_("Value"), max_length=VALUE_MAX, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    label = forms.ChoiceField(
        label=_("What it is for"),
        required=False,
        choices=[(one, LABEL_NAMES.get(one, _("not said"))) for one in LABELS],
    )
    how = forms.ChoiceField(label=_("How do you know?"), choices=_HOW)


class NewContact(ContactForm):
    """One more value."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)
    is_main = forms.BooleanField(label=_("This is the main one"), required=False)
    field_order = ("kind", "value", "label", "how", "is_main")


class BirthdayForm(forms.Form):
    """A birthday as people say it; an empty day removes it."""

    calendar = forms.ChoiceField(
        label=_("Kept by"),
        choices=[(birthdays.SOLAR, _("the Gregorian calendar")), (birthdays.LUNAR, _("the lunar calendar"))],
        widget=forms.RadioSelect,
    )
    day = forms.CharField(
        label=_("Year, month, day"),
        required=False,
        max_length=40,
        help_text=_(
            "Like 1990-5-17; by the lunar calendar 1990-4-23, a leap month like 2023-闰2-1 or 二〇二三年闰二月初一."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    how = forms.ChoiceField(label=_("How do you know?"), choices=_HOW)

    def clean(self) -> dict[str, Any]:
        """Adds born_on: the Gregorian day, None for none."""
        said: dict[str, Any] = super().clean() or {}
        read = birthdays.lunar_cell if said.get("calendar") == birthdays.LUNAR else birthdays.birthday_cell
        try:
            born_on: date | None = read(said.get("day", ""))
        except CellError:
            self.add_error("day", _("There is no such day in this calendar. Check month and day."))
            return said
        if born_on and born_on > clock.now().date():
            self.add_error("day", _("This day has not come yet."))
        return {**said, "born_on": born_on}
