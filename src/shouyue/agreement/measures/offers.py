"""Rooms above offer what they count; the scoreboard takes it. One source for each measure of the contract."""

from collections.abc import Callable, Sequence

from shouyue.agreement.measures.rules.counted import Counted, Scope

Source = Callable[[Scope], Sequence[Counted]]
_sources: dict[str, Source] = {}


def offer_counts(measure: str, source: Source) -> None:
    """Called from AppConfig.ready of the room that counts; the same measure again replaces it."""
    _sources[measure] = source


def offered_counts(measure: str) -> Source | None:
    """The source of a measure; None while no room counts it."""
    return _sources.get(measure)
