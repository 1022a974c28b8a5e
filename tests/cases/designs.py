"""From a survey design over a file of records to the product's weighted estimates. Reads the file, computes nothing."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from shouyue.surveys.estimates.rules import designs
from shouyue.surveys.estimates.rules.designs import Design, Weighting

Input = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
# Where the records lie: beside the folder of the cases, or where the tests find it.
FOLDERS: list[Path] = []

DEFAULTS = {
    "apisrs": "w=pw,fpc=fpc",
    "apistrat": "strata=stype,w=pw,fpc=fpc",
    "apiclus1": "psu=dnum,w=pw,fpc=fpc",
    "apiclus2": "psu=dnum,ssu=snum,w=pw,fpc=fpc1,fpc2=fpc2",
}
PARTS = {
    "w": "weights",
    "weights": "weights",
    "strata": "strata",
    "stratum": "strata",
    "psu": "clusters",
    "id": "clusters",
    "ssu": "subclusters",
    "fpc": "populations",
    "fpc1": "populations",
    "fpc2": "subpopulations",
}


def survey(case: Input, what: str) -> object:
    """Every figure that the words of the case could mean, by the names that R gives them."""
    if "y" in case and "data" not in case:
        weights = case.get("w") or [1.0] * len(case["y"])
        return _mean(list(map(float, case["y"])), Design(weights=weights), None, what)
    records = Records(case["data"])
    design, weighting = records.design(str(case.get("design", ""))), records.weighting(case)
    word = str(case.get("y") or case.get("var") or "")
    proportion = re.search(r"([\w.]+)\s*=\s*(\w+)", what) if "proportion" in what else None
    if proportion:
        kept = [value == proportion[2] for value in records.column(proportion[1])]
        return _share(kept, design, weighting, 1 - case.get("alpha", 0.05))
    fraction = re.search(r"ratio (?:of )?([\w.]+) ?(?:/|to|over) ?([\w.]+)", what)
    if fraction:
        above, below = (records.numbers(fraction[k]) for k in (1, 2))
        found = designs.ratio(above, below, design, weighting=weighting)
        return {"ratio": found.value, "se": found.error}
    figures: dict[str, object] = {}
    if "total" in what:
        found = designs.total(records.numbers(word or _named(what, "total", "enroll")), design, weighting=weighting)
        figures |= {"total": found.value, "total_se": found.error, "se": found.error}
    if "median" in what:
        figures["median"] = designs.median(records.numbers(word or _named(what, "median", "api00")), design).value
    if "mean" in what or not figures:
        figures |= _mean(records.numbers(word or _named(what, "mean", "api00")), design, weighting, what)
    return figures


def nps_of(case: Input) -> object:
    """A score of +1, 0, -1 from two limits of a mark, over a design."""
    records = Records(case["data"])
    high, low = case.get("promoter_min", 700), case.get("detractor_max", 600)
    marks = records.numbers(str(case.get("y", "api00")))
    scores = [float((mark >= high) - (mark <= low)) for mark in marks]
    found = designs.mean(scores, records.design(str(case.get("design", ""))), level=1 - case.get("alpha", 0.05))
    return {"score": found.value, "se": found.error, "ci_t": [found.low, found.high]}


def weighting(case: Input, what: str) -> object:
    """Factors of a table of cells, the first margin's levels changing fastest; of four levels when not told."""
    sample, population = list(map(float, case["sample"])), list(map(float, case["pop"]))
    levels = int(case.get("levels", 4 if len(sample) % 4 == 0 else 1))
    places = range(len(sample))
    if "rak" in what:
        margins = {"a": [k % levels for k in places], "b": [k // levels for k in places]}
    else:
        margins = {"cell": list(places)}
    totals = {
        name: {label: sum(n for n, at in zip(population, labels, strict=True) if at == label) for label in set(labels)}
        for name, labels in margins.items()
    }
    reached = designs.weights_after(Design(weights=sample), Weighting(margins, totals, case.get("largest")))
    return [new / old for new, old in zip(reached, sample, strict=True)]


class Records:
    """Columns of one file of records."""

    def __init__(self, name: str) -> None:
        import polars as pl

        self.name = name
        self._table = pl.read_csv(_found(name), infer_schema_length=None)

    def column(self, name: str) -> list[Any]:
        spelled = name if name in self._table.columns else name.replace("_", ".")
        return list(self._table[spelled].to_list())

    def numbers(self, name: str) -> list[float]:
        return [float(value) for value in self.column(name)]

    def design(self, told: str) -> Design:
        words = dict(word.split("=") for word in (told or DEFAULTS[self.name]).replace(" ", "").split(","))
        parts: dict[str, Any] = {PARTS[part]: self.column(column) for part, column in words.items()}
        if "weights" not in parts:
            parts["weights"] = [1.0] * self._table.height
        return Design(**parts)

    def weighting(self, case: Input) -> Weighting | None:
        controls = case.get("controls")
        if not controls:
            return None
        if not all(isinstance(levels, dict) for levels in controls.values()):
            controls = {str(case.get("by", "stype")): controls}
        return Weighting({name: self.column(name) for name in controls}, controls, case.get("largest"))


def _mean(values: Sequence[float], design: Design, weighting: Weighting | None, what: str) -> dict[str, object]:
    found = designs.mean(values, design, weighting=weighting)
    figures: dict[str, object] = {"mean": found.value, "se": found.error, "ci_t": [found.low, found.high]}
    with_replacement = re.search(r"\bwr\b|srs-wr|with replacement", what.lower())
    if "effect" in what or "deff" in what:
        figures["deff"] = (
            found.design_effect if with_replacement else designs.effect_without_replacement(values, design)
        )
    return figures


def _share(kept: Sequence[bool], design: Design, weighting: Weighting | None, level: float) -> object:
    logit = designs.share(kept, design, weighting=weighting, level=level)
    exact = designs.share(kept, design, weighting=weighting, level=level, method="korn-graubard")
    figures = {"p": logit.value, "se": logit.error, "logit": [logit.low, logit.high], "deff": logit.design_effect}
    return figures | {"beta": [exact.low, exact.high], "korn_graubard": [exact.low, exact.high], "df": logit.degrees}


def _named(what: str, word: str, usual: str) -> str:
    found = re.search(rf"\b{word}(?:/total)? (?:of )?([a-z][\w.]*\d*)\b", what)
    return found[1] if found and found[1] in {"api00", "api99", "enroll", "api.stu", "meals", "ell"} else usual


def _found(name: str) -> Path:
    for folder in _folders():
        for ending in (".csv", ".csv.gz"):
            path = folder / "survey-api" / f"{name}{ending}"
            if path.is_file():
                return path
    raise FileNotFoundError(f"records {name}")


def _folders() -> Iterator[Path]:
    yield from FOLDERS
    yield Path(os.environ.get("SHOUYUE_CASES") or ROOT.parent / "shared") / "data"
