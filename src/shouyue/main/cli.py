"""What ./shouyue understands: one table of commands; each parses its words and makes one call."""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shouyue.main import environment

_GARBAGE_ASKED_AFTER = 50_000  # objects more than were let go


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line. `run` gets the words after it and returns the exit code."""

    name: str
    arguments: str
    meaning: str
    run: Callable[[list[str]], int]


def run(words: list[str]) -> int:
    """Run one command. Returns 0, 1 when it failed, 2 when its words, settings or input cannot be used."""
    name, rest = (words[0], words[1:]) if words else ("help", [])
    command = _BY_NAME.get("help" if name in {"-h", "--help"} else name)
    if command is None:
        return _refuse(f"there is no command {name!r}. ./shouyue help lists them.")
    try:
        if command.name not in {"help", "settings"}:  # these two help whoever has a wrong one
            environment.refuse_wrong(os.environ)
        return command.run(rest)
    except environment.SettingRefusedError as refused:
        return _refuse(str(refused))
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"shouyue: {sentence}\n")
    return 2


def _parser(name: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"./shouyue {name}", description=_BY_NAME[name].meaning)


def _port_argument(parser: argparse.ArgumentParser) -> None:
    default = environment.read("SHOUYUE_PORT")
    parser.add_argument("--port", type=_port, default=default, help=f"port of the web server (default {default})")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 1 to 65535")
    return int(text)


def _demo(words: list[str]) -> int:
    parser = _parser("demo")
    _port_argument(parser)
    parser.add_argument("--data", type=Path, metavar="DIR", help="a folder of records to import once and show")
    options = parser.parse_args(words)
    from shouyue.main.demo import run_demo

    return run_demo(data=options.data, port=options.port)


def _demo_fill(words: list[str]) -> int:
    parser = _parser("demo-fill")
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("--look", action="store_true", help="only say whether DIR's files can be used")
    options = parser.parse_args(words)
    _start_django()
    from shouyue.main.demo.filling import fill, look

    return look(options.data) if options.look else fill(options.data)


def _serve(words: list[str]) -> int:
    parser = _parser("serve")
    _port_argument(parser)
    options = parser.parse_args(words)
    from shouyue.main.demo import run_serve

    return run_serve(port=options.port)


def _web(words: list[str]) -> int:
    parser = _parser("web")
    _port_argument(parser)
    options = parser.parse_args(words)
    from shouyue.main.serving import web_command

    line = web_command(environment.web_server(), port=options.port)
    os.execv(line[0], line)  # noqa: S606 the same process becomes the server


def _worker(words: list[str]) -> int:
    _parser("worker").parse_args(words)
    _start_django()
    from shouyue.main.worker import run_until_stopped

    return run_until_stopped()


def _migrate(words: list[str]) -> int:
    _parser("migrate").parse_args(words)
    from shouyue.main import home, serving

    with home.database(home.serving_home()) as variables:
        return serving.migrate(variables)


def _import(words: list[str]) -> int:
    from shouyue.main import home, serving

    with home.database(home.serving_home()) as variables:
        os.environ.update(variables)
        if serving.migrate(variables):
            return 1
        os.environ.pop("DATABASE_OWNER_URL", None)
        _start_django()
        from shouyue.main.importing import import_command

        return import_command(words)


def _account(words: list[str]) -> int:
    parser = _parser("account")
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--party", choices=["a", "b", "auditor"], required=True)
    options = parser.parse_args(words)
    from shouyue.main import home, serving

    with home.database(home.serving_home()) as variables:
        os.environ.update(variables)
        if serving.migrate(variables):
            return 1
        _start_django()
        from shouyue.main.accounts import add_account

        return add_account(email=options.email, name=options.name, party=options.party)


def _api_key(words: list[str]) -> int:
    parser = _parser("api-key")
    parser.add_argument("name", nargs="?", help="which program will use it")
    parser.add_argument("--scopes", default="", help="by comma, or all")
    parser.add_argument("--days", type=int, default=365, help="how long it is good (default 365)")
    parser.add_argument("--list", action="store_true", help="every key and its state")
    parser.add_argument("--revoke", metavar="PREFIX", help="end a key")
    options = parser.parse_args(words)
    if [bool(options.name), options.list, bool(options.revoke)].count(True) != 1:
        parser.error("give a NAME, or --list, or --revoke PREFIX")
    from shouyue.main import home, serving

    with home.database(home.serving_home()) as variables:
        os.environ.update(variables)
        if serving.migrate(variables):
            return 1
        _start_django()
        from shouyue.main import api_keys

        if options.list:
            return api_keys.list_keys()
        if options.revoke:
            return api_keys.end_key(options.revoke)
        return api_keys.add_key(name=options.name, wanted=options.scopes, days=options.days)


def _settings(words: list[str]) -> int:
    parser = _parser("settings")
    parser.add_argument("--markdown", action="store_true", help="as the page in docs/reference")
    options = parser.parse_args(words)
    sys.stdout.write(environment.as_markdown() if options.markdown else environment.as_text(os.environ))
    return 0


def _doctor(words: list[str]) -> int:
    _parser("doctor").parse_args(words)
    from shouyue.main.doctor import examine

    return examine()


def _check(words: list[str]) -> int:
    from shouyue.main.check import run_check

    return run_check(words)


def _bench(words: list[str]) -> int:
    from shouyue.main.bench.run import bench_command

    return bench_command(words)


def _bench_one(words: list[str]) -> int:
    _start_django()
    from shouyue.main.bench.run import bench_one

    return bench_one(words)


def _translate(words: list[str]) -> int:
    from shouyue.main.translate import translate_command

    return translate_command(words)


def _lock(words: list[str]) -> int:
    _parser("lock").parse_args(words)
    from shouyue.main.lock import write_locks

    return write_locks()


def _help(_words: list[str]) -> int:
    width = max(len(f"{command.name} {command.arguments}") for command in COMMANDS)
    lines = [f"  {f'{one.name} {one.arguments}':<{width}}  {one.meaning}" for one in COMMANDS]
    sys.stdout.write("Shouyue 守约. Usage: ./shouyue COMMAND\n" + "\n".join(lines) + "\n")
    return 0


def _start_django() -> None:
    from shouyue.main.translate import compile_if_stale

    compile_if_stale()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyue.main.settings")
    import django

    django.setup()
    # Rows come in by the thousand. Looking through all that is loaded for garbage again and again meanwhile took nearly
    # a third of Python's part of an import: 21.5 s of the processor for 200,000 lines instead of 15.1 s.
    gc.set_threshold(_GARBAGE_ASKED_AFTER, 10, 10)


COMMANDS: tuple[Command, ...] = (
    Command(
        "demo",
        "[--data DIR] [--port N]",
        "A furnished company in the browser, from DIR's records or generated.",
        _demo,
    ),
    Command(
        "check",
        "[--quick|--deep|--ci]",
        "Everything CI runs: format, types, walls, translations, tests.",
        _check,
    ),
    Command(
        "import",
        "PATH… --mapping NAME",
        "Records from files: streamed, checked whole, resumed, with an outcome for each row.",
        _import,
    ),
    Command("serve", "[--port N]", "The company's own installation: database, web server and worker.", _serve),
    Command("web", "[--port N]", "The web server alone, on DATABASE_URL.", _web),
    Command("worker", "", "The background worker alone, on DATABASE_URL.", _worker),
    Command("migrate", "", "Bring the tables up to date, as their owner.", _migrate),
    Command(
        "account",
        "EMAIL NAME --party a|b|auditor",
        "Give a person an account; prints the first password.",
        _account,
    ),
    Command(
        "api-key",
        "NAME --scopes S,… [--days N] | --list | --revoke PREFIX",
        "Let a program call the API; prints its key once.",
        _api_key,
    ),
    Command("bench", "[NAME] [--rows N]", "Measurements, one JSON object a line.", _bench),
    Command("settings", "[--markdown]", "Every setting, its default and its value now.", _settings),
    Command("doctor", "", "Whether this machine and database can run Shouyue, and what to do if not.", _doctor),
    Command("translate", "[--merge FILE…]", "Bring the message catalogues up to date.", _translate),
    Command("lock", "", "Write the dependency locks anew.", _lock),
    Command("help", "", "This list.", _help),
)
_HIDDEN = (
    # Started by other commands, in a process of their own.
    Command("demo-fill", "[--data DIR]", "Fill the demo.", _demo_fill),
    Command("bench-one", "NAME [ROWS]", "Measure on DATABASE_URL.", _bench_one),
)
_BY_NAME = {command.name: command for command in (*COMMANDS, *_HIDDEN)}
