"""Who of the staff asks: what screens of every room need to know."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from shouyue.store.models import Party, Staff


def must_be_staff(request: HttpRequest) -> Staff:
    """Somebody of the staff, an auditor too. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, Staff):
        raise PermissionDenied
    return request.user


def may_change(request: HttpRequest) -> bool:
    """Whether this is somebody of the staff who changes records; an auditor reads them."""
    return isinstance(request.user, Staff) and request.user.party != Party.AUDITOR


def is_party_a(request: HttpRequest) -> bool:
    """Whether this is somebody of Party A, whose records these are."""
    return isinstance(request.user, Staff) and request.user.party == Party.A


def must_change(request: HttpRequest) -> str:
    """The name under which a change is kept. Raises PermissionDenied for who may not change records."""
    if not may_change(request):
        raise PermissionDenied
    return staff_name(request)


def staff_name(request: HttpRequest) -> str:
    """How records name who did something."""
    return f"staff:{request.user.pk}"
