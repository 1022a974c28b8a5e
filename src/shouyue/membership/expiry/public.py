"""The door of expiry."""

from shouyue.membership.expiry.actions import NotReinstatedError, notice_expiry, reinstate
from shouyue.membership.expiry.facts import ExpiryNoticed

__all__ = ["ExpiryNoticed", "NotReinstatedError", "notice_expiry", "reinstate"]
