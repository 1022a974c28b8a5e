"""The supervisor: starts the database, the web server and the worker, and starts again whatever dies."""

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

from shouyue.main.environment import WebServer
from shouyue.main.home import Running, installation_keys, secret_key, urls
from shouyue.main.home.migrated import is_migrated, mark_migrated
from shouyue.main.translate import compile_if_stale
from shouyue.store.embedded import EmbeddedServer, ServerFailedError, die_with_parent, home_lock

log = logging.getLogger(__name__)
_STEADY_SECONDS = 10.0  # a child that lived this long starts again at once, others after a pause
_PAUSE_SECONDS = 1.0
_STOP_SECONDS = 15.0
_PREPARE_TRIES = 5
_LET_GO_SECONDS = 5.0


class NotAnsweringError(Exception):
    """The web server did not answer in time."""


class PortTakenError(Exception):
    """Another program listens on the port."""


class AddressRefusedError(Exception):
    """Nobody can listen there: the host is not ours, or the port is for root."""


def web_command(server: WebServer, *, port: int) -> list[str]:
    """The web server's command line."""
    command = [sys.executable, "-m", "granian", "shouyue.main.wsgi:application", "--interface", "wsgi"]
    command += ["--host", server.host, "--port", str(port)]
    command += ["--workers", str(server.processes), "--blocking-threads", str(server.threads)]
    return [*command, "--http", "1", "--no-ws", "--log-level", "error", "--respawn-failed-workers"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "shouyue.main", "worker"]


def run_python(words: list[str], variables: Mapping[str, str]) -> int:
    """Run one of our own commands in a process of its own, with a database of its own; returns its exit code."""
    return subprocess.run([sys.executable, "-m", *words], env={**os.environ, **variables}, check=False).returncode


def migrate(variables: Mapping[str, str]) -> int:
    """Bring the tables up to date as their owner, in a process that never serves."""
    owner = {
        **variables,
        "DATABASE_URL": variables["DATABASE_OWNER_URL"],
        "DJANGO_SETTINGS_MODULE": "shouyue.main.settings",
    }
    return run_python(["django", "migrate", "--verbosity", "0"], owner)


@dataclass
class Child:
    """A process that must live: started again when it ends."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,  # a group of its own: its own children go with it
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def keep_alive(self) -> None:
        """Start it again if it ended; a child that ends at once waits a moment."""
        if self.process is None or self.process.poll() is None:
            return
        if time.monotonic() - self.started < _PAUSE_SECONDS:
            return
        log.warning("%s ended with %s; starting it again", self.name, self.process.returncode)
        self.kill_group()
        self.start()

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill_group()
                self.process.wait()
        self.kill_group()

    def kill_group(self) -> None:
        """What a killed process leaves of its group must not hold its port."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


@dataclass(frozen=True, slots=True)
class Plan:
    """What to serve: where, and what to do between migrating and serving."""

    home: Path
    server: WebServer
    port: int
    prepare: tuple[str, ...] = ()  # words of one of our own commands, run once the tables are there

    @property
    def address(self) -> str:
        return f"http://{_asked_at(self.server.host)}:{self.port}"


def _asked_at(host: str) -> str:
    """Where to ask a server that listens on `host`: one that listens everywhere is here too."""
    try:
        return "127.0.0.1" if ip_address(host).is_unspecified else host
    except ValueError:
        return host  # a name


class Supervisor:
    """Owns a home: database first, web and worker on top, all stopped in reverse order."""

    def __init__(self, plan: Plan, *, announce: Callable[[str], None]) -> None:
        self.plan = plan
        self.announce = announce
        self.stopping = False

    def run(self) -> int:
        """Serve until told to stop; returns the exit code: 0, also when told early, or that of what failed.

        Raises HomeInUseError when another supervisor owns the home, PortTakenError, AddressRefusedError,
        ServerFailedError and NotAnsweringError.
        """
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop)
        with home_lock(self.plan.home):
            try:
                code = self._own()
            except (ServerFailedError, NotAnsweringError):
                # A stop that comes early reaches the database's own first steps too; they fail, and all is well.
                if not self.stopping:
                    raise
            return 0 if self.stopping else code

    def _own(self) -> int:
        self._claim_port()
        server = EmbeddedServer(self.plan.home)
        server.start()
        try:
            server.prepare_database()
            return self._serve(server)
        finally:
            server.stop()
            (self.plan.home / "running.json").unlink(missing_ok=True)

    def _claim_port(self) -> None:
        """Raise PortTakenError when the port is somebody else's; wait for what a killed supervisor left behind."""
        left = self.plan.home / "running.json"
        deadline = time.monotonic() + (_LET_GO_SECONDS if left.exists() else 0)
        while port_is_taken(self.plan.server.host, self.plan.port):
            if time.monotonic() >= deadline:
                raise PortTakenError(str(self.plan.port))
            time.sleep(0.05)
        left.unlink(missing_ok=True)

    def _serve(self, server: EmbeddedServer) -> int:
        compile_if_stale()
        home = self.plan.home
        kept = {"SHOUYUE_SECRET_KEY": secret_key(home), "SHOUYUE_KEYS": installation_keys(home)}
        files = os.environ.get("SHOUYUE_FILES") or str(home / "files")
        variables = {**urls(server), **kept, "SHOUYUE_FILES": files}
        if not is_migrated(home, variables["DATABASE_OWNER_URL"]):
            if migrate(variables):
                return 1
            mark_migrated(home, variables["DATABASE_OWNER_URL"])
        serving = {name: value for name, value in variables.items() if name != "DATABASE_OWNER_URL"}
        command = web_command(self.plan.server, port=self.plan.port)
        children = [Child("web", command, serving), Child("worker", worker_command(), serving)]
        for child in children:
            child.start()
        try:
            if code := self._prepare(server, children, serving):
                return code
            self._wait_until_answering(children)
            Running(pid=os.getpid(), address=self.plan.address).write(self.plan.home)
            self.announce(self.plan.address)
            while not self.stopping:
                self._keep_alive(server, children)
                time.sleep(0.2)
            return 0
        finally:
            for child in reversed(children):
                child.stop()

    def _prepare(self, server: EmbeddedServer, children: list[Child], variables: Mapping[str, str]) -> int:
        """Run the preparing command to its end; when the database died under it, once more: it resumes.

        Returns its exit code; 1 when a signal ended it.
        """
        code = 0
        for _try in range(_PREPARE_TRIES if self.plan.prepare else 0):
            server_pid = server.pid
            words = [sys.executable, "-m", "shouyue.main", *self.plan.prepare]
            process = subprocess.Popen(
                words, env={**os.environ, **variables}, preexec_fn=die_with_parent(signal.SIGTERM)
            )
            while process.poll() is None:
                if self.stopping:
                    process.terminate()
                self._keep_alive(server, children)
                time.sleep(0.05)
            code = process.returncode if process.returncode >= 0 else 1
            if not code or self.stopping or (server.pid == server_pid and server.is_running()):
                break
        return code

    def _keep_alive(self, server: EmbeddedServer, children: list[Child]) -> None:
        if not server.is_running():
            log.warning("PostgreSQL ended; starting it again")
            server.start()
        for child in children:
            child.keep_alive()

    def _wait_until_answering(self, children: list[Child]) -> None:
        deadline = time.monotonic() + 60
        while not self.stopping:
            try:
                with urllib.request.urlopen(self.plan.address + "/health", timeout=5):  # noqa: S310 our own address
                    return
            except urllib.error.HTTPError as wrong:
                raise NotAnsweringError(f"{self.plan.address} answers {wrong.code}") from wrong
            except OSError:
                if time.monotonic() > deadline:
                    raise NotAnsweringError(self.plan.address) from None
                for child in children:
                    child.keep_alive()
                time.sleep(0.05)

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        self.stopping = True


def port_is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            if wrong.errno == errno.EADDRINUSE:
                return True
            raise AddressRefusedError(f"{host} port {port}: {wrong.strerror}") from wrong
    return False
