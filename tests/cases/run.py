"""Feed published cases through the product's own rules: run.py FILE... [--area AREA ...]

One JSON object a line: {id, area, input, expected, tol}, or {id, kind, ..., expect} with decimals as text. Prints every
failing id with what was got and expected, and closes with the line "N passed, N failed"; the exit status is 1 when any
failed. A case whose area, method or data the product does not serve counts as failed. --area (repeatable) runs only the
cases of these areas; --served leaves out the cases of rooms that are not built yet, and says how many.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

# Run as a script, this folder and not the project is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.cases import designs
from tests.cases.areas import AREAS, is_served
from tests.cases.loyalty import KINDS
from tests.cases.refusals import NotServedError


@dataclass(frozen=True)
class Outcome:
    case_id: str
    failure: str | None


def run(case: dict) -> Outcome:
    """Judge one case. Whatever goes wrong is its failure: one bad line must not hide the others."""
    case_id = str(case.get("id", case.get("what", "(no id)")))
    area = case_area(case)
    try:
        got, expected = _answer(case, area)
    except NotServedError as refusal:
        return Outcome(case_id, f"not served yet: {refusal}")
    except Exception as error:  # noqa: BLE001  reported as this case's failure
        return Outcome(case_id, f"{type(error).__name__}: {error}")
    if agrees(got, expected, case.get("tol", 0)):
        return Outcome(case_id, None)
    return Outcome(case_id, f"got {json.dumps(got, default=str)}, expected {json.dumps(expected)}")


def _answer(case: dict, area: str | None) -> tuple[object, object]:
    """What the product says to a case, and what is expected: in `expect`, decimals as text, where there is a kind."""
    if case.get("kind") in KINDS:
        return KINDS[case["kind"]](case), case["expect"]
    if area not in AREAS:
        raise NotServedError(f"area {area}")
    return AREAS[area](case["input"], case.get("what", "")), case["expected"]


def case_area(case: dict) -> str | None:
    """What a case is about; some files call it kind."""
    return case.get("area", case.get("kind"))


def agrees(got: object, expected: object, tol: float) -> bool:
    """Equal within tol (absolute; 0: equal), recursively. An object may hold more than is expected, a list may not."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            key in got and agrees(got[key], value, tol) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(agrees(*pair, tol) for pair in zip(got, expected, strict=True))
        )
    if isinstance(expected, str) and isinstance(got, int | Decimal) and not isinstance(got, bool):
        return got == Decimal(expected)
    if isinstance(expected, bool) or isinstance(got, bool) or not _is_number(expected):
        return type(got) is type(expected) and got == expected
    return _is_number(got) and (got == expected or abs(got - expected) <= tol)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def read_cases(paths: Iterable[Path]) -> Iterable[dict]:
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--area", action="append", default=[], help="only this area; may be repeated")
    parser.add_argument("--served", action="store_true", help="leave out the areas that no room serves yet")
    chosen = parser.parse_args(arguments)
    designs.FOLDERS[:] = [path.resolve().parent.parent / "data" for path in chosen.files]
    passed = failed = left_out = 0
    for case in read_cases(chosen.files):
        if chosen.area and case_area(case) not in chosen.area:
            continue
        if chosen.served and not is_served(case_area(case), case.get("input")):
            left_out += 1
            continue
        outcome = run(case)
        if outcome.failure is None:
            passed += 1
        else:
            failed += 1
            print(f"{outcome.case_id}: {outcome.failure}")
    if left_out:
        print(f"left out: {left_out} cases that no room serves yet")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
