"""`./shouyue demo` and `./shouyue serve`: start the supervisor, say where it answers."""

import logging
import os
import sys
from pathlib import Path

from shouyue.main import environment
from shouyue.main.demo import accounts
from shouyue.main.demo.stamp import is_filled
from shouyue.main.home import Running, demo_home, serving_home
from shouyue.main.serving import AddressRefusedError, NotAnsweringError, Plan, PortTakenError, Supervisor, run_python
from shouyue.store.embedded import HomeInUseError, ServerFailedError

_BUSY = 2


def run_demo(*, data: Path | None, port: int) -> int:
    """Serve a furnished company until stopped: DIR's records, imported once, or a generated company."""
    logging.basicConfig(format="shouyue: %(message)s")
    if data is not None and not data.is_dir():
        return _refuse(f"{data} 不是文件夹。请给出放有数据文件的文件夹。", f"{data} is not a folder of records.")
    home = demo_home(data)
    words = ("demo-fill", *(("--data", str(data.resolve())) if data else ()))
    if data is not None and not (home / "pg").exists() and (code := run_python(["shouyue.main", *words, "--look"], {})):
        return code  # before anything is made for a folder that cannot be used
    # Its members are invented: their codes may stand on the desk.
    os.environ.setdefault("SHOUYUE_CODE_CHANNEL", "sandbox")
    os.environ.setdefault("SHOUYUE_MAIL_CHANNEL", "sandbox")
    # Looking for what is new costs seconds of every start; where nothing can be new it is left out.
    prepare = () if is_filled(home, data) else words
    return _supervise(_plan(home, port, prepare=prepare), greet_with_accounts=True)


def run_serve(*, port: int) -> int:
    """Serve the company's own installation until stopped."""
    logging.basicConfig(format="shouyue: %(message)s")
    return _supervise(_plan(serving_home(), port), greet_with_accounts=False)


def _plan(home: Path, port: int, prepare: tuple[str, ...] = ()) -> Plan:
    return Plan(home=home, server=environment.web_server(), port=port, prepare=prepare)


def _supervise(plan: Plan, *, greet_with_accounts: bool) -> int:
    def greet(address: str) -> None:
        sys.stdout.write(_greeting(address, plan.home if greet_with_accounts else None))
        sys.stdout.flush()

    try:
        return Supervisor(plan, announce=greet).run()
    except HomeInUseError:
        return _tell_of_the_other(plan.home)
    except PortTakenError:
        return _refuse(
            f"端口 {plan.port} 已被别的程序占用。请用 --port 换一个。",
            f"port {plan.port} is taken by another program; choose another with --port.",
        )
    except (AddressRefusedError, ServerFailedError, NotAnsweringError) as failed:
        return _refuse("没有启动成功，原因见下一行。", str(failed))


def _greeting(address: str, home: Path | None) -> str:
    lines = ["", f"  守约 Shouyue   {address}", ""]
    if home is not None:
        lines += [f"  {one.role:<22}{one.email:<26}{one.password}" for one in accounts.read(home)]
        lines += [""]
    return "\n".join([*lines, "  Ctrl-C 停止 / stops it.", ""]) + "\n"


def _tell_of_the_other(home: Path) -> int:
    running = Running.read(home)
    if running is None:
        return _refuse("守约正在启动或停止，请稍后再试。", "Shouyue is just starting or stopping; try again soon.")
    sys.stdout.write(f"守约已经在运行 / Shouyue is already running: {running.address}\n")
    return 0


def _refuse(chinese: str, english: str) -> int:
    sys.stderr.write(f"守约：{chinese}\nshouyue: {english}\n")
    return _BUSY
