"""Writes the dependency locks: hashes only, no address of any registry, the same on every platform."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_OPTIONS = [
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--python-version",
    "3.11",
    "-q",
]


def write_locks() -> int:
    """Compile build.in, requirements.in and requirements-dev.in; the last keeps the versions of the second."""
    uv = str(Path(sys.executable).parent / "uv")
    for name, more in (
        ("build", []),
        ("requirements", []),
        ("requirements-dev", ["-c", "requirements.lock"]),
    ):
        command = [uv, "pip", "compile", *_OPTIONS, f"{name}.in", "-o", f"{name}.lock", *more]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return 1
    return 0
