"""However long a table is, reading it takes the same memory."""

import gzip
import random
import subprocess
import sys
from pathlib import Path

import duckdb

import shouyue

READING = """
import resource, sys
from pathlib import Path
from shouyue.store.tabular import open_table
def peak_kb(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak_kb()
with open_table(Path(sys.argv[1])) as table:
    count = sum(1 for _ in table.rows())
print(count, (peak_kb() - before) * 1024)
"""


def count_and_growth(path: Path) -> tuple[int, int]:
    """How many rows a fresh process reads, and by how many bytes its memory grew at most."""
    source = str(Path(shouyue.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", READING, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": source},
    )
    count, growth = done.stdout.split()
    return int(count), int(growth)


def test_csv_of_two_hundred_megabytes_takes_little_memory(tmp_path):
    rng = random.Random(7)  # noqa: S311 - no secret
    block = b"".join(b"%d,%s\n" % (i, rng.randbytes(97).hex().encode()) for i in range(10_000))
    # A gzip file may be several packed parts one after another; so the large file need not be packed at length.
    packed = gzip.compress(block, compresslevel=1)
    path = tmp_path / "a.csv.gz"
    with path.open("wb") as file:
        file.write(gzip.compress(b"n,text\n"))
        for _ in range(100):
            file.write(packed)
    assert len(block) * 100 > 195_000_000
    count, growth = count_and_growth(path)
    assert count == 1_000_000
    assert growth < 20_000_000


def test_parquet_of_two_million_rows_takes_little_memory(tmp_path):
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT range AS n, md5(range::VARCHAR) AS t, 1.5::DECIMAL(10,2) AS d FROM range(2000000)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    count, growth = count_and_growth(path)
    assert count == 2_000_000
    assert growth < 150_000_000
