"""What the runner says of a case that no room answers."""


class NotServedError(Exception):
    """The product has no rule for this case yet."""
