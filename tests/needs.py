"""Pytest plugin of ./shouyue check: `--without=KIND` leaves out the tests that need a KIND, and says how many."""

from collections import Counter

import pytest

KINDS = {
    "database": {"django_db", "database_server", "fresh_database", "db", "live_site", "installation"},
    "browser": {"browser"},
    "shared": {"shared", "shared_folder"},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without", action="append", default=[], choices=sorted(KINDS), help="leave out these tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {item: need for item in items if (need := _unmet(item, config.getoption("without")))}
    items[:] = [item for item in items if item not in left_out]
    counts = dict(Counter(left_out.values()))
    if hasattr(config, "workerinput"):
        config.workeroutput["left_out"] = counts  # every worker collects all tests, so any worker's counts will do
    else:
        config.left_out = counts


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    node.config.left_out = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    for kind, count in sorted(getattr(config, "left_out", {}).items()):
        terminalreporter.write_line(f"left out: {count} tests that need: {kind}")


def _unmet(item: pytest.Item, without: list[str]) -> str | None:
    has = {marker.name for marker in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
    return next((kind for kind in without if KINDS[kind] & has), None)
