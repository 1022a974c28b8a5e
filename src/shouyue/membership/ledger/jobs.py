"""Background work of the ledger."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.kernel.clock import day_in
from shouyue.membership.ledger.actions.nightly import expire_due, prove_balances
from shouyue.membership.ledger.actions.points import release_ended_holds
from shouyue.store.jobs import Handle, JobFailedError, job


def _zone() -> str:
    return timezone.get_default_timezone_name()


@job(name="membership.expire_points", title=_("Points past their last day"), retries=3, schedule="10 0 * * *")
def expire_points(handle: Handle) -> None:
    """Take away what is left of lots whose last day has passed."""
    at = clock.now()
    total = expire_due(on=day_in(_zone(), at), at=at, by="night", told=handle.progress)
    handle.progress(total, total)


@job(
    name="membership.release_holds", title=_("Set points free whose time has ended"), retries=3, schedule="*/5 * * * *"
)
def release_holds(handle: Handle) -> None:
    at = clock.now()
    count = release_ended_holds(at=at, on=day_in(_zone(), at), by="night")
    handle.progress(count, count)


@job(name="membership.prove_balances", title=_("Proof of all points"), retries=3, schedule="40 1 * * *")
def prove(handle: Handle) -> None:
    """Reckon every balance anew; a difference fails the run, so that somebody looks."""
    proof = prove_balances(at=clock.now(), by="night")
    handle.progress(proof.members, proof.members)
    if proof.differences:
        raise JobFailedError(str(_("Balances and movements of points do not agree; see the points page.")))
