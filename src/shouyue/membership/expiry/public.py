"""The door of expiry."""

from shouyue.membership.expiry.actions import NotReinstatedError, notice_expiry, reinstate
from shouyue.membership.expiry.facts import ExpiryNoticed
from shouyue.membership.expiry.queries import expired_lately

__all__ = ["ExpiryNoticed", "NotReinstatedError", "expired_lately", "notice_expiry", "reinstate"]
