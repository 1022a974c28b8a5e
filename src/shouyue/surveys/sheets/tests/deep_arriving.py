"""The full line: 10,000 answers within a minute, the web process killed in the middle."""

from shouyue.surveys.sheets.tests.arriving import assert_all_counted_once, draw, send_all

NUMBER, SECONDS = 10_000, 60


def test_ten_thousand_answers_in_a_minute_with_a_kill(fresh_database) -> None:
    links = draw(NUMBER)
    seconds = send_all(links, fresh_database, kill_after=0.5)
    assert_all_counted_once(NUMBER)
    assert seconds <= SECONDS, f"{seconds:.0f} s"
