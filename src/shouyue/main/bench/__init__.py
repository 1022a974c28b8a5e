"""Measurements: `./shouyue bench` runs one of these or all and prints one JSON object a line.

A benchmark is a function of the size wanted (rows; None: its own default) that yields lines. It starts with Django
set up on an empty scratch database with the settings of a real installation, which is thrown away afterwards.
"""

from collections.abc import Callable, Iterator

from shouyue.main.bench.line import Line

Bench = Callable[[int | None], Iterator[Line]]


def _facts(rows: int | None) -> Iterator[Line]:
    # Modules with records are imported late: this table is read before Django is set up.
    from shouyue.main.bench.facts import measure_facts

    return measure_facts(rows)


def _customers(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.customers import measure_customers

    return measure_customers(rows)


def _duplicates(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.duplicates import measure_duplicates

    return measure_duplicates(rows)


def _imports(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.imports import measure_imports

    return measure_imports(rows)


def _intake(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.intake import measure_intake

    return measure_intake(rows)


def _ledger(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.ledger import measure_ledger

    return measure_ledger(rows)


def _people(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.people import measure_people

    return measure_people(rows)


def _screens(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.screens import measure_screens

    return measure_screens(rows)


def _verdict(rows: int | None) -> Iterator[Line]:
    from shouyue.main.bench.verdict import measure_verdicts

    return measure_verdicts(rows)


BENCHES: dict[str, Bench] = {
    "customers": _customers,
    "duplicates": _duplicates,
    "facts": _facts,
    "import": _imports,
    "intake": _intake,
    "ledger": _ledger,
    "people": _people,
    "screens": _screens,
    "verdict": _verdict,
}

__all__ = ["BENCHES", "Bench", "Line"]
