"""The scheduled job that deletes what sign-in leaves behind, when the data map says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.store.jobs.declared import job
from shouyue.store.jobs.handle import Handle
from shouyue.store.members import codes, sessions
from shouyue.store.models import MemberSession, SandboxMessage, SignInCode


@job(name="store.forget_sign_ins", title=_("Forget old sign-ins of members"), retries=3, schedule="*/10 * * * *")
def forget_sign_ins(handle: Handle) -> None:
    """Delete expired sandbox messages, codes after two days, sessions 30 days after their end."""
    with transaction.atomic():
        handle.save_cursor(forget(at=clock.now()), is_last=True)


def forget(*, at: datetime) -> int:
    """Delete what is due at a moment; returns how many rows."""
    old = (
        SandboxMessage.objects.filter(expires_at__lte=at),
        SignInCode.objects.filter(made_at__lte=at - codes.KEPT),
        MemberSession.objects.filter(expires_at__lte=at - sessions.KEPT),
    )
    return sum(rows.delete()[0] for rows in old)
