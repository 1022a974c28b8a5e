"""Sends one request to a receiver: to a public address that is resolved once and then held, briefly, without following.

The only place of the product that calls out. What a receiver can do to us is bounded: the time of the whole exchange,
the size of what it answers, and where it can lead us (nowhere: a redirect is an answer like any other).
"""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from shouyue.rest.rules.addresses import AddressRefusedError, check_addresses

SECONDS_MAX = 10.0
_ANSWER_BYTES_MAX = 64 * 1024
_URL_LENGTH_MAX = 500


class SendFailedError(Exception):
    """No answer came. code: refused_<why>, no_address, no_connection, bad_tls, timeout, bad_answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said. retry_after: seconds it asks for, if it does."""

    status: int
    retry_after: int | None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], local_allowed: bool, seconds: float = SECONDS_MAX
) -> Answer:
    """POST `body` to `url`. seconds: for everything together. Raises SendFailedError.

    local_allowed: plain http and loopback addresses may be reached too; for tests and trials on one machine.
    """
    deadline = time.monotonic() + seconds
    try:
        is_https, host, port, path = split_url(url, local_allowed=local_allowed)
        address = check_addresses(_resolved(host, port, deadline), is_https=is_https, local_allowed=local_allowed)
    except AddressRefusedError as refused:
        raise SendFailedError(f"refused_{refused.code}") from None
    try:
        with _connected(address, port, host if is_https else None, deadline) as connected:
            connection = HTTPConnection(host, port)
            connection.sock = _DeadlineSocket(connected, deadline)
            return _exchanged(connection, path, body, headers)
    except TimeoutError:
        raise SendFailedError("timeout") from None
    except ssl.SSLError:
        raise SendFailedError("bad_tls") from None
    except OSError:
        raise SendFailedError("no_connection") from None
    except (HTTPException, ValueError):
        raise SendFailedError("bad_answer") from None


def split_url(url: str, *, local_allowed: bool) -> tuple[bool, str, int, str]:
    """(is https, host, port, path with query) of a receiver's URL. Raises AddressRefusedError.

    local_allowed: plain http may be used; `check_addresses` then still wants a loopback address for it.
    """
    if len(url) > _URL_LENGTH_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefusedError("bad_url")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefusedError("bad_url") from None
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefusedError("bad_url")
    if parts.scheme != "https" and not (parts.scheme == "http" and local_allowed):
        raise AddressRefusedError("not_https")
    is_https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return is_https, host, port or (443 if is_https else 80), path


class _DeadlineSocket:
    """A socket whose every wait ends at one moment, however slowly the other side drips."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._socket, self._deadline = connected, deadline

    def sendall(self, data: bytes) -> None:
        self._wait_no_longer()
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self))

    def receive_into(self, buffer: memoryview) -> int:
        self._wait_no_longer()
        return self._socket.recv_into(buffer)

    def close(self) -> None:
        """Closed by whoever opened it."""

    def _wait_no_longer(self) -> None:
        self._socket.settimeout(_left(self._deadline))


class _Reading(io.RawIOBase):
    """The bytes of a receiver, up to _ANSWER_BYTES_MAX."""

    def __init__(self, source: _DeadlineSocket) -> None:
        self._source, self._left = source, _ANSWER_BYTES_MAX

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # a memoryview is what BufferedReader gives
        if self._left <= 0:
            raise HTTPException("the answer is too long")
        count = self._source.receive_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


def _exchanged(connection: HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
    answer = connection.getresponse()
    asked = answer.headers.get("Retry-After", "")
    return Answer(answer.status, int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else None)


def _resolved(host: str, port: int, deadline: float) -> list[str]:
    """Every address of a name; the system's resolver knows no time limit, so another thread waits for it."""
    try:
        found = _resolvers().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(one[4][0]) for one in found.result(_left(deadline))))
    except FutureTimeoutError:
        raise SendFailedError("timeout") from None
    except (OSError, UnicodeError):
        raise SendFailedError("no_address") from None


@cache
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(16, thread_name_prefix="resolver")


def _connected(address: str, port: int, tls_host: str | None, deadline: float) -> socket.socket:
    """A connection to the very address that was checked; the name is only what its certificate must bear."""
    plain = socket.create_connection((address, port), timeout=_left(deadline))
    if tls_host is None:
        return plain
    try:
        plain.settimeout(_left(deadline))
        return _trusted().wrap_socket(plain, server_hostname=tls_host)
    except BaseException:
        plain.close()
        raise


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
