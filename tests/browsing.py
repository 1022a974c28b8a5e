"""Browser fixtures: a real Chromium and a real server on the test's own database."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What the served product signs cookies with.
SECRET_KEY = "a key for tests only, long enough"


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium for a file of tests; make a context of your own for each test.

    Not for the whole run: the driver's event loop runs on this thread, and other tests run loops of their own.
    """
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a machine with two busy cores may be slow; nothing waits longer than it must

    # With that loop on the thread Django would refuse database calls as "async".
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass(frozen=True)
class Site:
    """A running web server of the product."""

    url: str
    process: subprocess.Popen

    def path(self, path: str) -> str:
        return self.url + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(database_url: str) -> Iterator[Site]:
    """The real web server (granian) on a database."""
    from shouyue.main.environment import WebServer
    from shouyue.main.serving import web_command

    port = free_port()
    variables = {
        **os.environ,
        "DATABASE_URL": database_url,
        "SHOUYUE_SECRET_KEY": SECRET_KEY,
    }
    process = subprocess.Popen(web_command(WebServer("127.0.0.1", threads=4), port=port), env=variables)
    site = Site(f"http://127.0.0.1:{port}", process)
    try:
        _wait_for(site)
        yield site
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(site: Site) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(site.path("/health"), timeout=20):
                return
        except OSError:
            assert site.process.poll() is None, "the web server ended"
            time.sleep(0.05)
    raise AssertionError("the web server did not answer")


@pytest.fixture
def live_site(fresh_database: str) -> Iterator[Site]:
    """The product served from a fresh database; tests fill it through the ORM, committed."""
    with serving(fresh_database) as site:
        yield site
