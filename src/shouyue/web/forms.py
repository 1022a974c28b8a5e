"""Forms of sign-in, in our words."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

_LABELS = {
    "login": _("E-mail"),
    "password": _("Password"),
    "remember": _("Keep me signed in on this device"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class SignIn(LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["password" if self.is_bound else "login"].widget.attrs["autofocus"] = True


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["password1"].help_text = format_lazy(" ".join(["{}"] * 3), *password_validators_help_texts())


def _in_our_words(form: Any) -> None:
    for name, field in form.fields.items():
        field.label = _LABELS[name]
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)  # a label says it already, and stays when typing starts
