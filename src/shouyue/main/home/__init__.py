"""Where the product keeps its things, and how a command gets a database."""

import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import psutil

from shouyue.main import environment
from shouyue.store.embedded import EmbeddedServer, HomeInUseError, home_lock
from shouyue.store.keys import made_key


@dataclass(frozen=True, slots=True)
class Running:
    """What a running supervisor says about itself in its home."""

    pid: int
    address: str

    def write(self, home: Path) -> None:
        _write_private(home / "running.json", json.dumps(asdict(self)))

    @classmethod
    def read(cls, home: Path) -> "Running | None":
        """The supervisor that runs on `home` now, or None."""
        try:
            found = cls(**json.loads((home / "running.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return found if psutil.pid_exists(found.pid) else None


def base_folder() -> Path:
    """SHOUYUE_HOME, or a folder of the user's; for root one that the database's own user can reach."""
    chosen = cast("Path | None", environment.read("SHOUYUE_HOME"))
    if chosen:
        return chosen
    if os.geteuid() == 0:
        return Path("/var/lib/shouyue")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "shouyue"


def serving_home() -> Path:
    """The home of `serve`, `import` and the other commands that work on the company's own data."""
    return base_folder() / "main"


def demo_home(data: Path | None) -> Path:
    """One home for each checkout and each folder of records, so that demos never mix."""
    checkout = os.environ.get("SHOUYUE_CHECKOUT", "")
    name = f"{checkout}\n{data.resolve() if data else ''}"
    label = data.resolve().name[:24] if data else "generated"
    return base_folder() / f"demo-{label}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def secret_key(home: Path) -> str:
    """The key that signs sessions: from the environment, or made once and kept in the home."""
    given = cast(str, environment.read("SHOUYUE_SECRET_KEY"))
    if given:
        return given
    return _kept(home / "secret-key", lambda: secrets.token_urlsafe(48))


def installation_keys(home: Path) -> str:
    """The keys of personal data, as SHOUYUE_KEYS holds them: from the environment, or made once and kept in the home.

    Raises SettingRefusedError when they are malformed, in either place.
    """
    text = os.environ.get("SHOUYUE_KEYS", "").strip() or _kept(home / "keys", made_key)
    if environment.read("SHOUYUE_KEYS", {"SHOUYUE_KEYS": text}) is None:
        raise environment.SettingRefusedError(f"{home / 'keys'} is empty; it must hold the keys of personal data.")
    return text


@contextmanager
def embedded_server(home: Path) -> Iterator[EmbeddedServer]:
    """Own the home and run its server until the block ends. Raises HomeInUseError when somebody else owns it."""
    with home_lock(home):
        server = EmbeddedServer(home)
        server.start()
        try:
            server.prepare_database()
            yield server
        finally:
            server.stop()


@contextmanager
def database(home: Path) -> Iterator[dict[str, str]]:
    """The variables of a database to work on: the environment's, the running server's, or one started for the block.

    Yields DATABASE_URL, DATABASE_OWNER_URL and SHOUYUE_KEYS.
    """
    keys = {"SHOUYUE_KEYS": installation_keys(home)}
    if os.environ.get("DATABASE_URL"):
        owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
        yield {"DATABASE_URL": os.environ["DATABASE_URL"], "DATABASE_OWNER_URL": owner, **keys}
        return
    home.mkdir(parents=True, exist_ok=True)
    try:
        with embedded_server(home) as server:
            yield {**urls(server), **keys}
    except HomeInUseError:
        # A supervisor runs: its server answers on the same socket with the same passwords.
        yield {**urls(EmbeddedServer(home)), **keys}


def urls(server: EmbeddedServer) -> dict[str, str]:
    return {"DATABASE_URL": server.url(role="app"), "DATABASE_OWNER_URL": server.url(role="owner")}


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; made if there is none. Two that come first at once get the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as file:  # 0600
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text(encoding="utf-8").strip()


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:  # 0600
        file.write(text)
    Path(file.name).replace(path)
