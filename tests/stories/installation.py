"""Ground for stories of starting: a copy of the checkout, used as a stranger would, with a home of its own."""

import http.cookiejar
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from shouyue.store.embedded import EmbeddedServer
from tests.browsing import free_port

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@dataclass(frozen=True)
class Account:
    """One line of what the start prints."""

    email: str
    password: str


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    out: str
    err: str


@dataclass
class Running:
    """A `./shouyue demo` under way, in a process group of its own as a terminal would give it."""

    process: subprocess.Popen
    output: Path
    address: str

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def accounts(self) -> list[Account]:
        return [Account(*found) for found in re.findall(r"(\S+@\S+) +(\S+)$", self.text, re.MULTILINE)]

    def wait_until_told(self, words: str = "Ctrl-C", seconds: float = 60) -> None:
        until(lambda: words in self.text or self.process.poll() is not None, seconds)
        assert words in self.text, self.text

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def press_ctrl_c(self) -> int:
        """What a terminal does: the whole group gets the signal. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)


@dataclass
class Installation:
    """A copy of the product under `folder`, which everybody may enter. account: who uses it, if not this process's."""

    folder: Path
    account: pwd.struct_passwd | None = None
    port: int = field(default_factory=free_port)
    address: str = field(init=False)
    started: list[subprocess.Popen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.address = f"http://127.0.0.1:{self.port}"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """This process's without what belongs to the tests, so that nothing but the defaults is at work."""
        ours = ("SHOUYUE_", "DATABASE_", "DJANGO_", "PYTEST_", "PYTHONDONTWRITE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        own = {
            "HOME": str(self.folder / "somebody"),
            "PYTHONPATH": str(
                self.folder / "checkout" / "src"
            ),  # the environment's own path leads to the first checkout
            "SHOUYUE_VENV": str(self.folder / "venv"),
            "SHOUYUE_HOME": str(self.home),
        }
        return {**kept, **own, **settings}

    def run(self, *words: str, **settings: str) -> Ended:
        """Run `./shouyue WORDS` to its end."""
        done = subprocess.run(
            [str(self.folder / "checkout" / "shouyue"), *words],
            cwd=self.folder / "checkout",
            env=self.environment(settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            **_who(self.account),
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, data: Path, seconds: float = 180) -> Running:
        """Start the demo of a folder and wait until it says where it answers; how fast it is, others measure."""
        output = self.folder / f"output-{time.monotonic_ns()}"
        with output.open("w") as file:
            process = subprocess.Popen(
                [str(self.folder / "checkout" / "shouyue"), "demo", "--data", str(data), "--port", str(self.port)],
                cwd=self.folder / "checkout",
                env=self.environment({}),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **_who(self.account),
            )
        self.started.append(process)
        running = Running(process, output, self.address)
        running.wait_until_told(seconds=seconds)
        return running

    def demo_home(self) -> Path:
        (found,) = self.home.glob("demo-*")
        return found

    def counts(self) -> dict[str, int]:
        """Rows of the running demo that must survive whatever happens to its processes."""
        tables = ("purchases_order", "purchases_orderline", "customers_customer", "store_importrun", "store_staff")
        with psycopg.connect(EmbeddedServer(self.demo_home()).url(role="app")) as connection:
            return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}

    def postmaster(self) -> int:
        return int((self.demo_home() / "pg" / "postmaster.pid").read_text().split("\n", 1)[0])

    def processes(self) -> list[psutil.Process]:
        """Everything that runs from this folder, whoever started it."""
        return [one for one in psutil.process_iter() if _works_in(one, str(self.folder))]

    def web_server(self, supervisor: int) -> psutil.Process:
        (found,) = [one for one in psutil.Process(supervisor).children() if "granian" in one.cmdline()]
        return found


@contextmanager
def installed(account: pwd.struct_passwd | None = None, *, is_lent: bool = True) -> Iterator[Installation]:
    """A fresh copy with an empty home; at the end nothing of it runs or is left.

    is_lent: with the packages of the present environment; otherwise the first command makes its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="shouyue-start-"))  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    installation = Installation(folder, account)
    try:
        copy_checkout(folder / "checkout")
        if is_lent:
            lend_environment(folder, python_for(account))
        for name in ("home", "somebody"):
            (folder / name).mkdir(mode=0o755)
        if account:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        yield installation
    finally:
        for process in installation.processes():
            with suppress(psutil.NoSuchProcess):  # it ended by itself in between
                process.kill()
        for started in installation.started:
            started.wait(30)
        shutil.rmtree(folder)


def copy_checkout(target: Path) -> None:
    """What git keeps, and what it would: whatever it ignores (compiled catalogues, environments) stays behind."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def lend_environment(folder: Path, python: Path) -> None:
    """The packages of the present environment, so that nothing is downloaded; stamped as what the copy's locks name."""
    present, lent = Path(sys.prefix), folder / "venv"
    (lent / "bin").mkdir(parents=True)
    for program in (present / "bin").iterdir():
        if not program.name.startswith("python"):
            (lent / "bin" / program.name).symlink_to(program)
    (lent / "bin" / "python").symlink_to(python)
    (lent / "lib").symlink_to(present / "lib")
    (lent / "pyvenv.cfg").write_text(f"home = {python.parent}\ninclude-system-site-packages = false\n")
    build = _checksum(folder / "checkout" / "build.lock")
    for name in LOCKS:
        (lent / f".shouyue-{name}").write_text(f"{build}-{_checksum(folder / 'checkout' / name)}")


def python_for(account: pwd.struct_passwd | None) -> Path:
    """A Python of this version that the account may run: the present one can lie where only root looks."""
    present = Path(sys.executable).resolve()
    version = f"python3.{sys.version_info.minor}"
    found = [present, *(Path(folder) / version for folder in ("/usr/local/bin", "/usr/bin"))]
    for one in found:
        try:
            subprocess.run([str(one), "-c", ""], check=True, cwd="/", **_who(account))
        except (OSError, subprocess.CalledProcessError):
            continue
        return one
    raise AssertionError(f"no {version} that an ordinary user may run; install one outside root's home")


@contextmanager
def somebody() -> Iterator[pwd.struct_passwd | None]:
    """A new ordinary user of this machine; None when the test is run by one already."""
    if os.geteuid():
        yield None
        return
    name = f"shouyue{os.getpid()}"
    subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", name], check=True)
    try:
        yield pwd.getpwnam(name)
    finally:
        subprocess.run(["userdel", name], check=True, capture_output=True)


def signed_in(address: str, account: Account) -> urllib.request.OpenerDirector:
    """A client with the account's session, come in through the form of the sign-in page."""
    jar = http.cookiejar.CookieJar()
    client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = read(client, f"{address}/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {"login": account.email, "password": account.password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(f"{address}/account/login/", urllib.parse.urlencode(form).encode())
    request.add_header("Referer", f"{address}/account/login/")
    client.open(request, timeout=20).close()
    assert "sessionid" in {cookie.name for cookie in jar}
    return client


def read(client: urllib.request.OpenerDirector, address: str) -> str:
    with client.open(address, timeout=20) as answer:
        return answer.read().decode()


def until(happened, seconds: float = 20) -> None:
    """Wait for it; a second start of the machine's slowest day fits into the time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen within {seconds:.0f} s"
        time.sleep(0.05)


def _who(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """For subprocess: to be that user, with no rights of this process."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _checksum(path: Path) -> str:
    return subprocess.run(["cksum"], input=path.read_bytes(), capture_output=True, check=True).stdout.decode().strip()


def _works_in(process: psutil.Process, folder: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.cwd().startswith(folder) or any(folder in word for word in process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
