"""Channels: how a message leaves the product: by mail (`smtp`), or to the sandbox, which only shows it to testers.

A channel knows how to carry a text to a recipient, nothing of consent, quiet hours or caps: those are decided before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text to one recipient.

    to: a phone in E.164, or an e-mail address. subject: of an e-mail. expires_at: afterwards it is of no use.
    is_withheld: it must not leave, but whoever waits for the answer must not notice the difference, so a channel
    takes as long over it as over any other.
    """

    to: str
    text: str
    expires_at: datetime
    subject: str = ""
    is_withheld: bool = False

    def __repr__(self) -> str:
        # Exceptions and logs print arguments.
        return "<Message>"


class Channel(Protocol):
    """What a channel must do. Raises ChannelFailedError when it cannot take the message."""

    def send(self, message: Message, *, at: datetime) -> None: ...

    def close(self) -> None:
        """Let go of connections; whoever asked for the channel calls it at the end."""


class ChannelFailedError(Exception):
    """A channel did not take a message; the text says why and names neither recipient nor text."""


class ChannelClosedError(Exception):
    """No channel is set for this kind of message."""


_channels: dict[str, Callable[[], Channel]] = {}


def add(name: str, make: Callable[[], Channel]) -> None:
    """Register a channel. The same name again replaces it."""
    _channels[name] = make


def code_channel() -> Channel:
    """The channel of sign-in codes that SHOUYUE_CODE_CHANNEL names. Raises ChannelClosedError when it names none."""
    return _channel("SHOUYUE_CODE_CHANNEL")


def mail_channel() -> Channel:
    """The channel of e-mails that SHOUYUE_MAIL_CHANNEL names. Raises ChannelClosedError when it names none."""
    return _channel("SHOUYUE_MAIL_CHANNEL")


def has_mail() -> bool:
    """Whether e-mails go anywhere."""
    return settings.SHOUYUE_MAIL_CHANNEL in _channels


def _channel(setting: str) -> Channel:
    name: str = getattr(settings, setting)
    if name not in _channels:
        raise ChannelClosedError(f"{setting} names no channel")
    return _channels[name]()
