"""Who may do what with waves: auditors read, staff of both parties act."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from shouyue.store.models import Party, Staff


def may_act(request: HttpRequest) -> bool:
    return isinstance(request.user, Staff) and request.user.party != Party.AUDITOR


def staff_of(request: HttpRequest) -> str:
    """The name under which an act is kept. Raises PermissionDenied for who only reads."""
    if not may_act(request):
        raise PermissionDenied
    return f"staff:{request.user.pk}"
