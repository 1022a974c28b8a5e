"""The results a claim may rest on: the scoreboard stands above this room, so it offers them here."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedTarget:
    """The latest result of a closed period that missed its target by the agreed rule; pinned by id and version."""

    result_id: UUID
    measure: str
    name: str | Promise
    period: str
    version: int
    definition_version: int
    kept: int
    asked: int
    threshold_bp: int
    decision: str

    def as_record(self) -> dict[str, object]:
        """As a claim keeps it."""
        return {**asdict(self), "result_id": str(self.result_id), "name": str(self.name)}


Source = Callable[[UUID], Sequence[MissedTarget]]
_sources: dict[str, Source] = {}


def offer_missed_targets(name: str, source: Source) -> None:
    """Called from AppConfig.ready of the room that measures; the same name again replaces it."""
    _sources[name] = source


def missed_targets(agreement_id: UUID) -> list[MissedTarget]:
    """Every target missed by the agreed rule in its latest version."""
    return [one for source in _sources.values() for one in source(agreement_id)]
