"""Who of the staff asks: what screens of every room need to know."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from shouyue.store.models import Party, Staff


def may_change(request: HttpRequest) -> bool:
    """Whether this is somebody of the staff who changes records; an auditor reads them."""
    return isinstance(request.user, Staff) and request.user.party != Party.AUDITOR


def is_party_a(request: HttpRequest) -> bool:
    """Whether this is somebody of Party A, whose records these are."""
    return isinstance(request.user, Staff) and request.user.party == Party.A


def must_change(request: HttpRequest) -> None:
    """Raises PermissionDenied for everybody else."""
    if not may_change(request):
        raise PermissionDenied


def staff_name(request: HttpRequest) -> str:
    """How records name who did something."""
    return f"staff:{request.user.pk}"
