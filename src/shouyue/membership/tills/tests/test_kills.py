"""kill -9 of web server, database and worker under load: nothing acknowledged is lost, nothing happens twice."""

from shouyue.membership.tills.tests.kill_ground import CLIENTS, killed_under_load


def test_points_survive_kills_under_load(fresh_database):
    load = killed_under_load(kills=3, seed=30, apart=(0.5, 2.0))
    assert len(load.acknowledged) > CLIENTS
