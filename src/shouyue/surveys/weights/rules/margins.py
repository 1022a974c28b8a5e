"""Margins: what is known of everybody, by one attribute after another, and whether what was entered can be one.

Entered as text, category by category, in percent or as counts; kept exactly as entered, so that a third person reads
the same numbers. Raking brings the weighted answers to them (`raking.py`).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Unit = Literal["percent", "count"]
Values = Mapping[str, Mapping[str, str]]

# Percentages are usually rounded to one decimal: so far may their sum be from 100; they are then scaled to it.
PERCENT_TOLERANCE = Fraction(1, 10)
# Of more categories some have hardly any answer, and raking would be refused.
CATEGORIES_MAX = 40
# No answer may stand for more than so many times as many customers as the average answer.
LARGEST_TIMES = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Why margins cannot be as entered. category: None where it is about the attribute as a whole.

    reason: "line", "number", "positive", "missing", "twice", "unknown", "many", "percent_sum", "count_sum"; text: what
    was entered, or the sum. sums: where those of attributes differ, each attribute with its own.
    """

    reason: str
    attribute: str
    category: str | None = None
    text: str = ""
    sums: tuple[tuple[str, str], ...] = ()


class MarginsError(ValueError):
    """What was entered are no margins of this frame. problems: everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.reason} {one.attribute} {one.category} {one.text}" for one in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Margins:
    """values: for each attribute its categories with the numbers as entered. largest_times: the bound on weights."""

    unit: Unit
    values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    largest_times: int = LARGEST_TIMES

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(name for name, _categories in self.values)

    def shares(self) -> dict[str, dict[str, Fraction]]:
        """Exact shares of each attribute's categories; they sum to 1."""
        found = {}
        for name, categories in self.values:
            numbers = {category: Fraction(text) for category, text in categories}
            whole = sum(numbers.values())
            found[name] = {category: number / whole for category, number in numbers.items()}
        return found

    def stored(self) -> dict[str, Any]:
        """As it is kept and exported."""
        values = {name: dict(categories) for name, categories in self.values}
        return {"unit": self.unit, "largest_times": self.largest_times, "values": values}


def margins_from(stored: Mapping[str, Any]) -> Margins | None:
    """What `stored` keeps; None of an empty one."""
    if not stored:
        return None
    # JSON columns do not keep an order: attributes and categories stand in their own.
    values = tuple((name, tuple(sorted(told.items()))) for name, told in sorted(stored["values"].items()))
    return Margins(unit=stored["unit"], values=values, largest_times=stored["largest_times"])


def checked(values: Values, unit: Unit, known: Mapping[str, Iterable[str]]) -> Margins:
    """The margins as entered, for the categories that the frame knows of each chosen attribute.

    Raises MarginsError: a number that is none or not above 0, a category unknown or missing, percentages that do not
    sum to 100 within PERCENT_TOLERANCE, counts of two attributes with different sums.
    """
    problems: list[Problem] = []
    sums: dict[str, Fraction] = {}
    for name in sorted(known):
        told, categories = values.get(name, {}), set(known[name])
        if len(categories) > CATEGORIES_MAX:
            problems.append(Problem("many", name, text=str(len(categories))))
            continue
        wrong = [Problem("unknown", name, one, told[one]) for one in sorted(set(told) - categories)]
        wrong += [found for one in sorted(categories) if (found := _wrong(name, one, told.get(one, "")))]
        problems += wrong
        if not wrong:
            sums[name] = sum((Fraction(text) for text in told.values()), Fraction())
    problems += _wrong_sums(sums, unit)
    if problems:
        raise MarginsError(problems)
    return Margins(unit, tuple((name, tuple(sorted(values[name].items()))) for name in sorted(known)))


def margins_hash(margins: Margins, traits: Mapping[str, Sequence[str]]) -> str:
    """SHA-256 over the margins and everybody's categories: what freezes them. traits: of each pseudonym.

    Lines, fields parted by tabs: unit and bound, each margin, then each pseudonym, in ascending order.
    """
    lines = [f"{margins.unit}\t{margins.largest_times}\n"]
    lines += [f"{name}\t{category}\t{text}\n" for name, told in margins.values for category, text in told]
    lines += ["\t".join([pseudonym, *labels]) + "\n" for pseudonym, labels in sorted(traits.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def pasted(
    text: str, attributes: Mapping[str, str], categories: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Cells copied from a spreadsheet: attribute, category and number in each line, parted by tabs.

    attributes, categories: what the reader calls them -> how they are kept. A percent sign and grouping are taken off.
    Raises MarginsError for a line that is none of three, an unknown word, or a category that stands there twice.
    """
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for line in filter(str.strip, text.splitlines()):
        cells = [cell.strip() for cell in line.split("\t")]
        attribute = attributes.get(cells[0].casefold()) if len(cells) == 3 else None
        if attribute is None:
            problems.append(Problem("line", "", text=line.strip()))
            continue
        category = categories[attribute].get(cells[1].casefold())
        if category is None:
            problems.append(Problem("unknown", attribute, cells[1], cells[2]))
        elif category in found.setdefault(attribute, {}):
            problems.append(Problem("twice", attribute, category, cells[2]))
        else:
            found[attribute][category] = cells[2].rstrip("%％").replace(",", "").strip()
    if problems:
        raise MarginsError(problems)
    return found


def _wrong(attribute: str, category: str, text: str) -> Problem | None:
    if not text:
        return Problem("missing", attribute, category)
    number = _number(text)
    if number is None:
        return Problem("number", attribute, category, text)
    return Problem("positive", attribute, category, text) if number <= 0 else None


def _number(text: str) -> Fraction | None:
    """A plain decimal number of at most twelve digits each side; no fraction, exponent or underscore."""
    whole, _point, part = text.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 12):
        return None
    if part and not (part.isascii() and part.isdecimal() and len(part) <= 12):
        return None
    return Fraction(text) if not text.endswith(".") else None


def _wrong_sums(sums: Mapping[str, Fraction], unit: Unit) -> list[Problem]:
    if unit == "percent":
        wrong = [name for name, whole in sums.items() if abs(whole - 100) > PERCENT_TOLERANCE]
        return [Problem("percent_sum", name, text=_decimal(sums[name])) for name in wrong]
    told = tuple((name, _decimal(whole)) for name, whole in sums.items())
    return [Problem("count_sum", "", sums=told)] if len(set(sums.values())) > 1 else []


def _decimal(number: Fraction) -> str:
    return f"{float(number):.4f}".rstrip("0").rstrip(".")
