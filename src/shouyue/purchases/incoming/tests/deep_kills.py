"""As test_kills, at the size of a year of a real wholesaler."""

import random

import pytest

from shouyue.purchases.incoming.tests.import_ground import another_database, retail_rows, run_import, write_rows
from shouyue.purchases.incoming.tests.test_kills import KILLS, kill_until_done, recorded

ROWS = 541_909


@pytest.mark.deep
def test_the_full_size_survives_kills(database_server, fresh_database, tmp_path):
    path = write_rows(tmp_path / "full.csv", retail_rows(ROWS))
    run_import(path)
    whole = recorded()
    pick = random.Random(22)  # noqa: S311 moments of a test, no secret
    with another_database(database_server) as url:
        assert kill_until_done(url, path, pick, 20.0, most=KILLS) == KILLS
        assert recorded() == whole
