"""Documents that repeat what the code knows say the same as the code."""

from shouyue.main import check, cli, environment
from tests.house.checks import papers
from tests.house.tree import ROOT, Tree


def test_commands_lists_exactly_the_commands_that_exist():
    listed = papers.table(ROOT / "docs" / "reference" / "commands.md")
    commands = papers.command_rows((one.name, one.arguments, one.meaning) for one in cli.COMMANDS)
    steps = [f"`{name}`" for name in check.STEPS]
    assert [row for row in listed if row[0].startswith("`./shouyue")] == commands
    assert [row[0] for row in listed if not row[0].startswith("`./shouyue")] == steps


def test_settings_is_the_page_that_the_command_prints():
    written = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert written == environment.as_markdown(), "run ./shouyue settings --markdown >docs/reference/settings.md"


def test_decisions_are_numbered_without_gaps_and_have_the_four_parts():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    parts = {"## Context", "## Decision", "## Consequences", "## Alternatives"}
    for path in decisions:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert parts <= set(lines), path.name
        assert len(lines) <= 60, f"{path.name} is longer than a page"


def test_conventions_fit_one_reading():
    assert len((ROOT / "CONVENTIONS.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_every_room_stands_on_the_floor_plan():
    plan = (ROOT / "docs" / "floorplan.md").read_text(encoding="utf-8")
    assert [room for room in Tree().rooms() if f"`{room}`" not in plan] == []


def test_licence_is_the_apache_text_and_notice_names_the_product():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in licence
    assert "Shouyue" in (ROOT / "NOTICE").read_text(encoding="utf-8")
