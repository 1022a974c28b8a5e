"""The sandbox channel: keeps each message, sealed, for the page where a tester reads it, and sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from django.conf import settings

from shouyue.store import keys, outgoing
from shouyue.store.keys import InstallationKey, Use
from shouyue.store.models import SandboxMessage
from shouyue.store.outgoing import Message
from shouyue.store.sealing import Cipher

NAME: Final = "sandbox"
SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A kept message, readable. text: "" when it was withheld."""

    id: UUID
    to: str
    text: str
    is_withheld: bool
    made_at: datetime
    expires_at: datetime


class Sandbox:
    """Takes every message."""

    def send(self, message: Message, *, at: datetime) -> None:
        """Keep it until it expires."""
        key = keys.ring().current
        row = SandboxMessage(key_id=key.id, is_withheld=message.is_withheld, made_at=at, expires_at=message.expires_at)
        # A withheld text is not kept: nobody is to read the code of a phone that no customer has.
        told = orjson.dumps([message.to, "" if message.is_withheld else message.text])
        row.content = _cipher(key).seal(told, context=row.pk.bytes)
        row.save(force_insert=True)

    def close(self) -> None:
        """Nothing is held."""


def is_on() -> bool:
    """Whether sign-in codes or e-mails go to the sandbox."""
    return NAME in (settings.SHOUYUE_CODE_CHANNEL, settings.SHOUYUE_MAIL_CHANNEL)


def kept_messages(*, at: datetime) -> Sequence[Shown]:
    """The newest messages that have not expired, at most SHOWN_MAX."""
    rows = SandboxMessage.objects.filter(expires_at__gt=at).order_by("-made_at", "-id")[:SHOWN_MAX]
    held = {key.id: key for key in keys.ring().keys}
    return [_opened(row, held[row.key_id]) for row in rows if row.key_id in held]


def _opened(row: SandboxMessage, key: InstallationKey) -> Shown:
    to, text = orjson.loads(_cipher(key).open(bytes(row.content), context=row.pk.bytes))
    return Shown(
        id=row.pk,
        to=to,
        text=text,
        is_withheld=row.is_withheld,
        made_at=row.made_at,
        expires_at=row.expires_at,
    )


def _cipher(key: InstallationKey) -> Cipher:
    return Cipher(key.derived(Use.MESSAGES))


outgoing.add(NAME, Sandbox)
