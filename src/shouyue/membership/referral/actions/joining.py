"""Becoming a member, by a friend's link or alone."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import enrol_members
from shouyue.membership.programme.public import counting_version
from shouyue.membership.referral.actions.rewarding import reward_joining
from shouyue.membership.referral.facts import ReferralDecided
from shouyue.membership.referral.models import Referral, ReferralCode, ReferralState, TermsConsent
from shouyue.membership.referral.queries import traces_of
from shouyue.membership.referral.rules.referral import TO_REVIEW, Traces, guards_met, is_too_fast, referral_rule_of
from shouyue.membership.referral.terms import JoiningTerms
from shouyue.membership.rewards.public import code_of
from shouyue.purchases.public import spend_by_day
from shouyue.store import facts


@transaction.atomic
def join_programme(
    *, customer_id: UUID, code: str, device: str, at: datetime, on: date, agreed: JoiningTerms | None = None
) -> bool:
    """Make a customer a member; with a friend's code it is a referral. False: was a member before, nothing changed.

    device: what this browser is known by; "" where it is not. A code that nobody has is passed over.
    agreed: the terms that the customer read and agreed to; None where staff enrol somebody.
    Raises NoProgrammeError.
    """
    counting_version(on)
    if not enrol_members([customer_id], at=at):
        return False
    if agreed is not None:
        _keep_consent(customer_id, agreed, at=at)
    link = ReferralCode.objects.filter(code=code).first() if code else None
    if link is not None:
        register_referral(
            customer_id=customer_id,
            code=code,
            ours=traces_of(link.customer_id, customer_id, device=link.device),
            theirs=traces_of(customer_id, link.customer_id, device=_digest(device)),
            is_new=not _bought_before(ids_of_person([customer_id])[customer_id], on),
            at=at,
            on=on,
        )
        reward_joining(customer_id, on=on, at=at, by="programme")
    return True


@transaction.atomic
def referral_code(customer_id: UUID, *, device: str = "", at: datetime) -> str:
    """The code of a member's link; made when it is first asked for. device: of the browser that shows it."""
    code = code_of(settings.SECRET_KEY.encode(), f"referral {customer_id}")
    row, _is_new = ReferralCode.objects.get_or_create(customer_id=customer_id, defaults={"code": code, "made_at": at})
    if device and row.device != _digest(device):
        row.device = _digest(device)
        row.save(update_fields=["device"])
    return row.code


@transaction.atomic
def register_referral(
    *, customer_id: UUID, code: str, ours: Traces, theirs: Traces, is_new: bool, at: datetime, on: date
) -> Referral | None:
    """A new member came by a link; one level, once. None: nobody has this code.

    ours, theirs: digests of the referrer's and the new member's device, address and card. Whoever is known under
    several numbers is one person: nobody brings themselves, and the alarm counts whom all of their numbers brought.
    """
    link = ReferralCode.objects.select_for_update().filter(code=code).first()
    if link is None:
        return None
    known = Referral.objects.filter(customer_id=customer_id).first()
    if known is not None:
        return known
    rule, referrer = referral_rule_of(counting_version(on).content), link.customer_id
    persons = ids_of_person([referrer, customer_id])
    one, other = (str(persons[who][0]) for who in (referrer, customer_id))
    met = guards_met(rule, referrer=one, referred=other, ours=ours, theirs=theirs, is_new=is_new)
    earlier = Referral.objects.filter(referrer_id__in=persons[referrer]).values_list("at", flat=True)
    too_fast = is_too_fast(rule, [moment.date() for moment in earlier], on)
    if met - TO_REVIEW:
        state = ReferralState.REFUSED
    else:
        state = ReferralState.REVIEW if met or too_fast else ReferralState.COUNTED
    names = sorted(str(guard) for guard in met) + (["velocity"] if too_fast else [])
    row = Referral(customer_id=customer_id, referrer_id=referrer, state=state, guards=names, at=at)
    row.save(force_insert=True)
    facts.announce(ReferralDecided(subject=customer_id, state=state), at=at, by="programme")
    return row


def _keep_consent(customer_id: UUID, agreed: JoiningTerms, *, at: datetime) -> None:
    TermsConsent(
        customer_id=customer_id,
        id=keyed_id(customer_id, agreed.digest),
        version=agreed.version,
        language=agreed.language,
        words_digest=agreed.digest,
        agreed_at=at,
    ).save(force_insert=True)


def _bought_before(ids: Sequence[UUID], on: date) -> bool:
    return any(day < on for days in spend_by_day(ids, zone=settings.TIME_ZONE).values() for day, _amount in days)


def _digest(device: str) -> str:
    return sha256(device.encode()).hexdigest()[:32] if device else ""
