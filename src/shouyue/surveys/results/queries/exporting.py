"""A closed wave as anybody can recompute it: what `rules/replay.py` reads, and the line that it must print."""

import json
from typing import Any

from shouyue.surveys.waves.public import Reading, WavePlan, draw_of, reading_of, strata_counts


def export_of(plan: WavePlan) -> dict[str, Any]:
    """Frame, seed, sizes and looks of a closed wave; no name, no number of a customer and no answer of one.

    With margins also these, the categories of the frame, and the answers and weights of each cell.
    """
    reading = reading_of(plan)
    return {
        "questionnaire": f"{plan.wave.questionnaire.code} v{plan.wave.questionnaire.version}",
        "quarter": plan.wave.period,
        "frame": plan.frame,
        "seed": plan.seed,
        "sizes": plan.sizes,
        "p0": plan.target,
        "looks": [{"kept": one.kept, "asked": one.asked, "spent": one.spent} for one in reading.looks],
        "population": reading.population,
        "is_weighted": plan.is_weighted,
        "strata": {
            name: {"size": one.size, "asked": one.asked, "kept": one.kept} for name, one in strata_counts(plan).items()
        },
        "excluded": plan.excluded,
        **_raking_of(plan, reading),
    }


def expected_line(plan: WavePlan) -> str:
    """What the product itself says, as the stand-alone script must print it."""
    reading = reading_of(plan)
    verdict = "weighted by svy" if plan.is_weighted else reading.decision.value
    hashed, sample = draw_of(plan)
    found: dict[str, Any] = {"frame_hash": hashed, "sample": sample, "verdict": verdict}
    if plan.margins:
        found["margins_hash"] = plan.margins_hash
    if reading.raking is not None:
        # Six digits: what two ways of summing have in common.
        found["raking"] = reading.raking.refusal or "reached"
        found["weighted_share"] = f"{reading.raking.estimate.value:.6f}"
    return json.dumps(found, sort_keys=True, separators=(",", ":"))


def _raking_of(plan: WavePlan, reading: Reading) -> dict[str, Any]:
    if not plan.margins:
        return {}
    raking = reading.raking
    cells = zip(raking.cells, raking.weights, strict=True) if raking else ()
    return {
        "margins": plan.margins,
        "margins_hash": plan.margins_hash,
        "traits": plan.traits,
        "cells": [
            {"stratum": one.stratum, "labels": one.labels, "asked": one.asked, "kept": one.kept, "weight": weight}
            for one, weight in cells
        ],
        "refusal": raking.refusal if raking else "",
    }
