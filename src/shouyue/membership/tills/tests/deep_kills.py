"""As test_kills, at twenty moments."""

import pytest

from shouyue.membership.tills.tests.kill_ground import CLIENTS, killed_under_load


@pytest.mark.deep
def test_points_survive_twenty_kills_under_load(fresh_database):
    load = killed_under_load(kills=20, seed=31, apart=(1.0, 6.0))
    assert len(load.acknowledged) > CLIENTS
