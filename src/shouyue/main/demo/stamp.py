"""Whether a demo is filled already: a second start then need not even look."""

import hashlib
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def is_filled(home: Path, data: Path | None) -> bool:
    """Whether `mark_filled` was called for these very files by this very generator, and the database is still there."""
    stamp = home / "filled"
    return (home / "pg").is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(data)


def mark_filled(home: Path, data: Path | None) -> None:
    """Call it when all is written and measured: a start that was cut off looks again."""
    (home / "filled").write_text(_digest(data), encoding="utf-8")


def _digest(data: Path | None) -> str:
    """Of the generator's own source, and of names, sizes and times of the folder's files."""
    digest = hashlib.sha256()
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    for file in sorted(data.iterdir()) if data else ():
        seen = file.stat()
        digest.update(f"{file.name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
