"""The mail channel: hands each message to the SMTP server that SHOUYUE_SMTP_URL names, through Django's own backend."""

from datetime import datetime
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from shouyue.store import outgoing
from shouyue.store.outgoing import ChannelClosedError, ChannelFailedError, Message

NAME: Final = "smtp"
_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Smtp:
    """One connection for all messages that one job sends; it is opened with the first."""

    def __init__(self) -> None:
        server = settings.SHOUYUE_SMTP
        if server is None:
            raise ChannelClosedError("SHOUYUE_SMTP_URL names no server")
        self._sender = server.sender
        self._backend: BaseEmailBackend = get_connection(
            _BACKEND,
            host=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_ssl=server.is_tls,
            use_tls=server.is_starttls,
            timeout=20,
        )

    def send(self, message: Message, *, at: datetime) -> None:  # noqa: ARG002 the protocol's; the server writes its own
        """Raises ChannelFailedError when the server does not take it."""
        if message.is_withheld:
            return
        letter = EmailMessage(message.subject, message.text, self._sender, [message.to], connection=self._backend)
        try:
            self._backend.open()
            letter.send()
        except (SMTPException, OSError) as failed:
            self._backend.close()
            # The server's own words may hold the address.
            raise ChannelFailedError(type(failed).__name__) from None

    def close(self) -> None:
        self._backend.close()


outgoing.add(NAME, Smtp)
