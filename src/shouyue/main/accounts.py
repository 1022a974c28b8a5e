"""Gives a person an account from the command line."""

import secrets
import sys

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from shouyue.store.models import Staff


def add_account(*, email: str, name: str, party: str) -> int:
    """Make the account and print its first password; 2 when the address is wrong or taken."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        sys.stderr.write(f"shouyue: {email!r} is not an e-mail address.\n")
        return 2
    if Staff.objects.filter(email=email).exists():
        sys.stderr.write(f"shouyue: {email} has an account already.\n")
        return 2
    password = secrets.token_urlsafe(12)
    Staff.objects.create_user(email, password, name=name, party=party)
    sys.stdout.write(f"{email}  {password}\n")
    return 0
