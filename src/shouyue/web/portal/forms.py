"""Forms of the portal's sign-in."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.identities import phone_form
from shouyue.store.members.codes import DIGITS


class PhoneForm(forms.Form):
    """A phone number, as people write it; clean: E.164."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        error_messages={"required": _("Enter the mobile number that you gave us.")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )

    def clean_phone(self) -> str:
        """E.164. Says nothing of whether anybody has it."""
        form = phone_form(self.cleaned_data["phone"])
        if form is None:
            raise ValidationError(_("This is not a phone number. Check the digits and try again."))
        return form


class CodeForm(forms.Form):
    """The code of a message; clean: six digits."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=20,
        error_messages={"required": _("Enter the six digits of the message.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        """The digits, also of full-width ones and with spaces between them."""
        code = "".join(unicodedata.normalize("NFKC", self.cleaned_data["code"]).split())
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            raise ValidationError(_("The code has six digits."))
        return code
