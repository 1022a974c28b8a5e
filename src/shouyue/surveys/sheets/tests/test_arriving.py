"""Answers that arrive over HTTP while the web process is killed: none lost, none twice."""

from shouyue.surveys.sheets.tests.arriving import assert_all_counted_once, draw, send_all

NUMBER = 1_000


def test_no_answer_is_lost_or_counted_twice_when_the_server_is_killed(fresh_database) -> None:
    links = draw(NUMBER)
    send_all(links, fresh_database, kill_after=0.4)
    assert_all_counted_once(NUMBER)
