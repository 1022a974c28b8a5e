"""The door of the waves, inside the wing."""

from shouyue.surveys.waves.actions.opening import WaveWish, close_wave, open_wave
from shouyue.surveys.waves.facts import WaveClosed
from shouyue.surveys.waves.models import Sheet, SheetFile, WavePlan
from shouyue.surveys.waves.queries import weighting
from shouyue.surveys.waves.queries.conduct import conduct_of, open_waves
from shouyue.surveys.waves.queries.contents import content_of
from shouyue.surveys.waves.queries.counting import drawn_readings, reading_of, strata_counts
from shouyue.surveys.waves.queries.listing import draw_of, links_of, plan_of
from shouyue.surveys.waves.rules.reading import Reading, StratumCount
from shouyue.surveys.waves.rules.trials import TRIALS

__all__ = [
    "TRIALS",
    "Reading",
    "Sheet",
    "SheetFile",
    "StratumCount",
    "WaveClosed",
    "WavePlan",
    "WaveWish",
    "close_wave",
    "conduct_of",
    "content_of",
    "draw_of",
    "drawn_readings",
    "links_of",
    "open_wave",
    "open_waves",
    "plan_of",
    "reading_of",
    "strata_counts",
    "weighting",
]
