"""The first start on a machine that has only Python: the environment is made, filled and used."""

from tests.stories.installation import installed
from tests.stories.test_start import FILLED, write_records

MINUTES = 10 * 60


def test_a_fresh_checkout_makes_its_environment_and_starts(fresh_database):
    del fresh_database  # asked for because the demo needs what it needs: a machine that can run PostgreSQL
    with installed(is_lent=False) as own:
        records = write_records(own.folder / "records")
        running = own.start(records, seconds=MINUTES)
        assert own.counts() == FILLED
        assert sorted(path.name for path in (own.folder / "venv").glob(".shouyue-*.lock")) == [
            ".shouyue-requirements.lock"
        ]
        # The second command brings the tools; the running demo stays, and so does what it runs on.
        checked = own.run("check", "lint", "imports")
        assert (checked.code, checked.out.splitlines()[-1]) == (0, "2 passed, 0 failed"), checked.out + checked.err
        assert running.answers()
        assert running.press_ctrl_c() == 0
