"""`./shouyue bench`: each benchmark in a process of its own, on a fresh database that is thrown away."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shouyue.main import home, serving
from shouyue.main.bench import BENCHES
from shouyue.store.keys import made_key


def bench_command(words: list[str]) -> int:
    """Run one benchmark or all; prints one JSON object a line. 1 when one of them broke off."""
    parser = argparse.ArgumentParser(prog="./shouyue bench", description="Measurements, one JSON object a line.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="one of them; all without it")
    parser.add_argument("--rows", type=int, help="how many rows to measure with")
    options = parser.parse_args(words)
    names = [options.name] if options.name else sorted(BENCHES)
    return max(_on_scratch_database(name, options.rows) for name in names)


def bench_one(words: list[str]) -> int:
    """Run one benchmark on DATABASE_URL, in this process. Django is set up."""
    name, rows = words[0], int(words[1]) if len(words) > 1 else None
    for line in BENCHES[name](rows):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _on_scratch_database(name: str, rows: int | None) -> int:
    # Not under TMPDIR of the user alone: as root the server runs as another user, who must reach the folder.
    with tempfile.TemporaryDirectory(prefix="shouyue-bench-") as folder:
        Path(folder).chmod(0o755)
        with home.embedded_server(Path(folder)) as server:
            variables = {"SHOUYUE_KEYS": made_key(), **home.urls(server)}
            if serving.migrate(variables):
                return 1
            command = [sys.executable, "-m", "shouyue.main", "bench-one", name, *([str(rows)] if rows else [])]
            return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode
