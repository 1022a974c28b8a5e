"""A closed wave as anybody can recompute it: what `rules/replay.py` reads, and the line that it must print."""

import json
from typing import Any

from shouyue.surveys.waves.public import WavePlan, drawn, frame_hash, reading_of, strata_counts


def export_of(plan: WavePlan) -> dict[str, Any]:
    """Frame, seed, sizes and looks of a closed wave; no name, no number of a customer and no answer of one."""
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
    }


def expected_line(plan: WavePlan) -> str:
    """What the product itself says, as the stand-alone script must print it."""
    verdict = "weighted by svy" if plan.is_weighted else reading_of(plan).decision.value
    found = {
        "frame_hash": frame_hash(plan.frame),
        "sample": drawn(plan.frame, plan.seed, plan.sizes),
        "verdict": verdict,
    }
    return json.dumps(found, sort_keys=True, separators=(",", ":"))
