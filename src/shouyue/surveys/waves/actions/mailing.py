"""Invitations and reminders by e-mail: each round goes to each person once, however often it is started."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from shouyue.customers.public import persons_in
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.jobs import Handle, JobFailedError, enqueue, job
from shouyue.store.models import JobRun
from shouyue.store.outgoing import Channel, ChannelClosedError, ChannelFailedError, Message, mail_channel
from shouyue.store.person_keys import PersonKeys
from shouyue.surveys.waves.models import Mailing, Sheet, WavePlan
from shouyue.surveys.waves.rules.tokens import token_of

REMINDERS_MAX, REMIND_AFTER_DAYS = 2, 3
_BATCH = 200
_OUTCOME = gettext_noop("%(sent)s sent, %(failed)s not taken by the server, %(without)s without an address")
_SHOWN_FOR = timedelta(days=14)  # in the sandbox


class TooEarlyError(Exception):
    """The last round went out less than REMIND_AFTER_DAYS ago, or both reminders did."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a round."""

    sent: int
    failed: int
    without_address: int


def next_round(wave_id: UUID, *, at: datetime) -> int:
    """0 for the invitation, 1 or 2 for a reminder. Raises TooEarlyError where nobody may be written to now."""
    last = Mailing.objects.filter(wave_id=wave_id).order_by("-round", "-made_at").first()
    if last is None:
        return 0
    if last.round >= REMINDERS_MAX or at < last.made_at + timedelta(days=REMIND_AFTER_DAYS):
        raise TooEarlyError
    return last.round + 1


def start_round(wave_id: UUID, *, base: str, at: datetime, by: str) -> JobRun:
    """Have the invitation or the next reminder written in the background. Raises TooEarlyError."""
    number = next_round(wave_id, at=at)
    arguments = {"wave": str(wave_id), "round_": number, "base": base}
    return enqueue(send_invitations, arguments, by=by, at=at, key=f"surveys.round:{wave_id}:{number}")


@job(name="surveys.send_invitations", title=gettext_lazy("Invitations by e-mail"), retries=3, is_alone=True)
def send_invitations(handle: Handle, *, wave: str, round_: int, base: str) -> None:
    """Write to everybody who was drawn and has not answered; a second run goes on where the first one stopped."""
    try:
        done = send_round(UUID(wave), round_, base=base, at=clock.now(), told=handle.progress)
    except ChannelClosedError:
        sentence = gettext_lazy("No mail channel is set. Set SHOUYUE_MAIL_CHANNEL, then start this again.")
        raise JobFailedError(sentence) from None
    values = {"sent": done.sent, "failed": done.failed, "without": done.without_address}
    total = sum(values.values())
    handle.progress(total, total, message=_OUTCOME, values=values)


def send_round(
    wave_id: UUID, round_: int, *, base: str, at: datetime, told: Callable[[int, int], object] = lambda *_: None
) -> Sent:
    """Write to everybody who was drawn, has an address and has not answered; whoever got this round is left out.

    base: the address of the product, before /a/. told: hears how many were done, of how many.
    A message that was handed over right before a crash may go out twice; none is left out.
    """
    plan = WavePlan.objects.select_related("wave__questionnaire").get(wave_id=wave_id)
    with closing(mail_channel()) as channel:
        return _send_round(plan, round_, channel, base=base, at=at, told=told)


def _send_round(
    plan: WavePlan, round_: int, channel: Channel, *, base: str, at: datetime, told: Callable[[int, int], object]
) -> Sent:
    wave_id = plan.wave_id
    written = Mailing.objects.filter(wave_id=wave_id, round=round_)
    waiting = Sheet.objects.filter(wave_id=wave_id, sent_at__isnull=True).exclude(id__in=written.values("sheet_id"))
    sheets = list(waiting.order_by("customer_id", "id"))
    sent = failed = 0
    for start in range(0, len(sheets), _BATCH):
        part = sheets[start : start + _BATCH]
        addressed = _addressed(part)
        outcomes = [(sheet, _hand_over(channel, plan, sheet, to, round_, base=base, at=at)) for sheet, to in addressed]
        _note(outcomes, plan, round_, at=at)
        sent += sum(ok for _sheet, ok in outcomes)
        failed += sum(not ok for _sheet, ok in outcomes)
        told(start + len(part), len(sheets))
    return Sent(sent, failed, len(sheets) - sent - failed)


def _addressed(sheets: Sequence[Sheet]) -> list[tuple[Sheet, str]]:
    known = persons_in([sheet.customer_id for sheet in sheets], keys=PersonKeys())
    addresses = {customer: person.emails[0] for customer, person in known.items() if person.emails}
    return [(sheet, addresses[sheet.customer_id]) for sheet in sheets if sheet.customer_id in addresses]


def _hand_over(
    channel: Channel, plan: WavePlan, sheet: Sheet, to: str, round_: int, *, base: str, at: datetime
) -> bool:
    link = f"{base.rstrip('/')}/a/{token_of(plan.salt, sheet.id)}/"
    with override(settings.LANGUAGE_CODE):
        title = plan.wave.questionnaire.title
        subject = _("A reminder: %(title)s") % {"title": title} if round_ else title
        words = _(
            "Please tell us how satisfied you are; it takes two minutes. The link is yours alone and works until "
            "%(day)s: %(link)s"
        ) % {"day": plan.closes_on.isoformat(), "link": link}
    try:
        channel.send(Message(to=to, subject=subject, text=words, expires_at=at + _SHOWN_FOR), at=at)
    except ChannelFailedError:
        return False
    return True


@transaction.atomic
def _note(outcomes: Sequence[tuple[Sheet, bool]], plan: WavePlan, round_: int, *, at: datetime) -> None:
    Mailing.objects.bulk_create(
        [
            Mailing(
                customer_id=sheet.customer_id,
                id=new_id(),
                wave_id=plan.wave_id,
                sheet_id=sheet.id,
                round=round_,
                outcome=Mailing.Outcome.SENT if ok else Mailing.Outcome.FAILED,
                made_at=at,
            )
            for sheet, ok in outcomes
        ],
        ignore_conflicts=True,
    )
