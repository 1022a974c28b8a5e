"""What some tests need from the machine, found or installed: a browser with Chinese fonts, the published cases."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
_FONTS = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a group of tests needs. `packages`: Debian packages that bring it; empty when a person must."""

    name: str
    what: str
    is_here: Callable[[], bool]
    packages: tuple[str, ...]
    remedy: str


def chromium() -> str | None:
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def has_chinese_font() -> bool:
    """Whether text in Chinese can be drawn; pictures and widths mean nothing otherwise."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    return any(any(_FONTS.rglob(pattern)) for pattern in ("*CJK*", "wqy*"))


def shared_folder() -> Path:
    """Where cases/ and data/ of others may lie: beside the checkout, or where SHOUYUE_CASES says."""
    return Path(os.environ.get("SHOUYUE_CASES") or CHECKOUT.parent / "shared")


def case_files() -> list[Path]:
    """The published cases found, in order."""
    return sorted((shared_folder() / "cases").glob("*.jsonl"))


NEEDS = (
    Need(
        "browser",
        "Chromium and a Chinese font",
        lambda: chromium() is not None and has_chinese_font(),
        ("chromium", "fonts-noto-cjk"),
        "apt-get install chromium fonts-noto-cjk",
    ),
    Need(
        "shared",
        "the published cases and data (a folder shared/ beside the checkout)",
        lambda: bool(case_files()),
        (),
        "SHOUYUE_CASES=FOLDER ./shouyue check",
    ),
)


def absent() -> list[Need]:
    """The needs that this machine does not meet, after trying apt when that is possible (root on Debian)."""
    missing = [need for need in NEEDS if not need.is_here()]
    wanted = [package for need in missing for package in need.packages]
    if wanted and _install(wanted):
        missing = [need for need in missing if not need.is_here()]
    return missing


def _install(packages: list[str]) -> bool:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.run([apt, *words], env=variables, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True
