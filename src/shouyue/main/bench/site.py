"""The real web server on the scratch database, and somebody signed in who asks it for pages over HTTP."""

import http.cookiejar
import os
import secrets
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.urls import reverse

from shouyue.main.environment import WebServer
from shouyue.main.serving import web_command
from shouyue.store.models import Staff


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in session with the server at `address`."""

    address: str
    opener: urllib.request.OpenerDirector
    jar: http.cookiejar.CookieJar

    def milliseconds(self, page: str, form: Mapping[str, str] | None = None) -> float:
        """How long an answer took to its last byte; a form is posted. Raises RuntimeError when it leads elsewhere."""
        body = None
        if form is not None:
            body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self._token()}).encode()
        began = time.perf_counter()
        with self.opener.open(self.address + page, body, timeout=60) as answer:
            answer.read()
            if answer.url != self.address + page:
                raise RuntimeError(f"{page} led to {answer.url}")
        return (time.perf_counter() - began) * 1_000

    def sign_in(self, email: str, password: str) -> None:
        login = self.address + reverse("account_login")
        self.opener.open(login, timeout=30).close()
        form = {"login": email, "password": password, "csrfmiddlewaretoken": self._token()}
        self.opener.open(login, urllib.parse.urlencode(form).encode(), timeout=30).close()

    def _token(self) -> str:
        return next(cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken")


@contextmanager
def signed_in() -> Iterator[Visit]:
    """The web server of a real installation, and a person of Party A who has signed in."""
    email, password = "bench@example.com", secrets.token_urlsafe(12)
    if not Staff.objects.filter(email=email).exists():
        Staff.objects.create_user(email, password, name="Bench", party="a")
    else:
        staff = Staff.objects.get(email=email)
        staff.set_password(password)
        staff.save()
    with served(threads=4) as address:
        jar = http.cookiejar.CookieJar()
        visit = Visit(address, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)), jar)
        visit.sign_in(email, password)
        yield visit


@contextmanager
def served(*, threads: int, processes: int = 1) -> Iterator[str]:
    """The web server of a real installation on a free port of this machine; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {**os.environ, "SHOUYUE_SECRET_KEY": secrets.token_urlsafe(48)}
    server = subprocess.Popen(web_command(WebServer("127.0.0.1", threads, processes), port=port), env=variables)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def p95(took: Sequence[float]) -> float:
    """The 95th percentile, as one of the values."""
    return sorted(took)[int(0.95 * (len(took) - 1))]


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address + "/health", timeout=5).close()  # noqa: S310 our own server
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
