"""Settings from the environment: one table, one parser each, one clear sentence when a value is wrong."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shouyue.store.keys import parse_ring


class SettingRefusedError(Exception):
    """A setting that cannot be used; the text is the sentence shown to the person who starts the product."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One documented setting. `parse` turns its text into a value or raises ValueError saying what it wants."""

    name: str
    default: str
    parse: Callable[[str], object]
    meaning: str


def _text(value: str) -> str:
    return value


def _yes_no(value: str) -> bool:
    if value.lower() in {"1", "yes", "true", "on"}:
        return True
    if value.lower() in {"", "0", "no", "false", "off"}:
        return False
    raise ValueError("yes or no")


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise ValueError("a port number from 1 to 65535")
    return int(value)


def _up_to(most: int) -> Callable[[str], int]:
    def number(value: str) -> int:
        if not value.isdecimal() or not 1 <= int(value) <= most:
            raise ValueError(f"a whole number from 1 to {most}")
        return int(value)

    return number


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise ValueError("a time zone name such as Asia/Shanghai") from wrong
    return value


def _language(value: str) -> str:
    if value not in {"zh-hans", "en"}:
        raise ValueError("zh-hans or en")
    return value


def _code_channel(value: str) -> str:
    if value not in {"sandbox", "none"}:
        raise ValueError("sandbox or none")
    return value


def _mail_channel(value: str) -> str:
    if value not in {"sandbox", "smtp", "none"}:
        raise ValueError("smtp, sandbox or none")
    return value


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where e-mails are handed over, and from which address they come."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    is_starttls: bool
    sender: str


def _smtp(value: str) -> SmtpServer | None:
    """smtp://user:password@host:port?from=address; smtps:// for TLS at once, smtp+tls:// for STARTTLS."""
    if not value:
        return None
    url = urlsplit(value)
    sender = unquote(dict(part.partition("=")[::2] for part in url.query.split("&")).get("from", ""))
    if url.scheme not in {"smtp", "smtps", "smtp+tls"} or not url.hostname or "@" not in sender:
        raise ValueError("smtp://user:password@host:port?from=survey@company.example (or smtps://, smtp+tls://)")
    return SmtpServer(
        host=url.hostname,
        port=url.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        is_tls=url.scheme == "smtps",
        is_starttls=url.scheme == "smtp+tls",
        sender=sender,
    )


def _hosts(value: str) -> list[str]:
    return [host.strip() for host in value.split(",") if host.strip()]


def _folder(value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError("an absolute path")
    return path


def _database(value: str) -> dict[str, str] | None:
    """Parts of a PostgreSQL URL: postgresql://user:password@host:port/name; a socket folder as ?host=/folder."""
    if not value:
        return None
    url = urlsplit(value)
    if url.scheme not in {"postgresql", "postgres"} or len(url.path) < 2:
        raise ValueError("postgresql://user:password@host:port/name")
    socket = [part[5:] for part in url.query.split("&") if part.startswith("host=")]
    return {
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(socket[0]) if socket else (url.hostname or ""),
        "PORT": str(url.port or ""),
    }


SETTINGS: tuple[Setting, ...] = (
    Setting("SHOUYUE_HOME", "", _folder, "Folder for the database, files and secrets. Empty: chosen per user."),
    Setting(
        "SHOUYUE_FILES",
        "",
        _folder,
        "Folder for files that people bring in, private to the product. Empty: the home.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        _database,
        "PostgreSQL that the product serves from (role app). Empty: the embedded one.",
    ),
    Setting("DATABASE_OWNER_URL", "", _database, "The same database as the role that owns and migrates it."),
    Setting("SHOUYUE_SECRET_KEY", "", _text, "Signs sessions. Empty: made once and kept in SHOUYUE_HOME."),
    Setting(
        "SHOUYUE_KEYS",
        "",
        parse_ring,
        "Keys of personal data, id:base64 of 32 bytes, by comma; the first seals, all open. "
        "Empty: made once and kept in SHOUYUE_HOME. Keep a copy apart from the backups: without them the data is lost.",
    ),
    Setting("SHOUYUE_HOST", "127.0.0.1", _text, "Address that the web server listens on."),
    Setting("SHOUYUE_PORT", "8000", _port, "Port that the web server listens on."),
    Setting(
        "SHOUYUE_ALLOWED_HOSTS",
        "localhost,127.0.0.1,[::1]",
        _hosts,
        "Host names that may be asked for, by comma.",
    ),
    Setting("SHOUYUE_WEB_THREADS", "8", _up_to(256), "Threads of a web process that answer requests."),
    Setting(
        "SHOUYUE_WEB_PROCESSES",
        "1",
        _up_to(64),
        "Web processes. One for each core serves many tills; limits on calls and sign-in count in each by itself.",
    ),
    Setting(
        "SHOUYUE_TIME_ZONE",
        "Asia/Shanghai",
        _zone,
        "Zone of the screens; an agreement's periods use its own zone.",
    ),
    Setting("SHOUYUE_LANGUAGE", "zh-hans", _language, "Language before a person chooses: zh-hans or en."),
    Setting(
        "SHOUYUE_ALLOW_LOCAL_WEBHOOKS",
        "no",
        _yes_no,
        "Webhooks may also be sent to this machine, without TLS. For trials and tests only.",
    ),
    Setting(
        "SHOUYUE_CODE_CHANNEL",
        "none",
        _code_channel,
        "Carries sign-in codes to members. none closes the portal; sandbox shows the codes to staff on the desk, who "
        "could then sign in as a member, so it is for trials: the demo uses it.",
    ),
    Setting(
        "SHOUYUE_MAIL_CHANNEL",
        "none",
        _mail_channel,
        "Carries e-mails to customers: smtp sends them, sandbox shows them to staff on the desk (the demo uses it), "
        "none sends nothing.",
    ),
    Setting(
        "SHOUYUE_SMTP_URL",
        "",
        _smtp,
        "Mail server of the channel smtp: smtp://user:password@host:port?from=survey@company.example; "
        "smtps:// for TLS, smtp+tls:// for STARTTLS.",
    ),
    Setting("SHOUYUE_DEBUG", "no", _yes_no, "Shows error pages with internals. Never where others can reach it."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class WebServer:
    """How pages and calls are served. threads: of each process."""

    host: str
    threads: int
    processes: int = 1


def read(name: str, environment: Mapping[str, str] | None = None) -> object:
    """The parsed value of a documented setting. Raises SettingRefusedError with one clear sentence."""
    setting = _BY_NAME[name]
    text = (os.environ if environment is None else environment).get(name, "") or setting.default
    try:
        return setting.parse(text)
    except ValueError as wrong:
        shown = "(hidden)" if "URL" in name or "KEY" in name else repr(text)
        raise SettingRefusedError(f"{name} is {shown}; it must be {wrong}. See ./shouyue settings.") from wrong


def web_server() -> WebServer:
    """As the settings have it."""
    return WebServer(
        cast(str, read("SHOUYUE_HOST")),
        cast(int, read("SHOUYUE_WEB_THREADS")),
        cast(int, read("SHOUYUE_WEB_PROCESSES")),
    )


def mail_channel(name: str, server: SmtpServer | None) -> str:
    """The channel of e-mails. Raises SettingRefusedError where a server is wanted and none is named."""
    if name == "smtp" and server is None:
        raise SettingRefusedError("SHOUYUE_MAIL_CHANNEL is smtp, so SHOUYUE_SMTP_URL must name a mail server.")
    return name


def refuse_wrong(environment: Mapping[str, str]) -> None:
    """Refuse a misspelt setting instead of silently ignoring it, and a wrong value before anything is started."""
    known = set(_BY_NAME) | {"SHOUYUE_CHECKOUT", "SHOUYUE_VENV", "SHOUYUE_PYTHON", "SHOUYUE_CASES"}
    for name in environment:
        if name.startswith("SHOUYUE_") and name not in known:
            raise SettingRefusedError(f"{name} is not a setting of Shouyue. See ./shouyue settings for the list.")
    for setting in SETTINGS:
        read(setting.name, environment)


def as_text(environment: Mapping[str, str]) -> str:
    """Every setting with its value now, for the terminal; secrets are not shown."""
    lines = []
    for setting in SETTINGS:
        value = environment.get(setting.name, "") or setting.default
        secret = ("URL" in setting.name or "KEY" in setting.name) and value
        lines.append(f"{setting.name} = {'(hidden)' if secret else value or '(empty)'}\n    {setting.meaning}\n")
    return "".join(lines)


def as_markdown() -> str:
    """The page docs/reference/settings.md."""
    lines = ["# Settings\n\nRead from the environment; a wrong value stops the start with one sentence.\n"]
    lines += ["\n| setting | default | meaning |\n|---|---|---|\n"]
    lines += [f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.meaning} |\n" for one in SETTINGS]
    return "".join(lines)
