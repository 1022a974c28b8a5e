"""Sign-in of staff: accounts are given by the operator, nobody registers."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes registration, and says in plain words what is wrong with a sign-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not belong together. Check both and try again."),
        "account_inactive": _("This account may no longer sign in. Ask whoever operates Shouyue."),
        "too_many_login_attempts": _("Too many wrong passwords for this account. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 the library's signature
        """Never: the operator gives accounts."""
        return False
