"""Which attestation counts for a value on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shouyue.customers.attesting.rules.origins import GONE


@dataclass(frozen=True, slots=True, order=True)
class Attested:
    """One thing that was said of one field. Ordered by the moment at which our record took it in.

    at: that moment. id: of the attestation; breaks ties. is_change: the value became another one with it; otherwise
    the value that was there was confirmed. verified_at: None for what was only told.
    """

    at: datetime
    id: str
    is_change: bool
    source: str
    method: str
    verified_at: datetime | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind the value of a field. asserted_at: since when it is this value in our record.

    verified_at: the latest moment at which this very value was found right, None if never; method and evidence are
    of that verification, or else of the assertion.
    """

    asserted_at: datetime
    source: str
    method: str
    verified_at: datetime | None
    evidence: str


def standing(said: Iterable[Attested], *, until: datetime) -> Standing | None:
    """What counted for a field at a moment; None when nothing had been said by then, or the value was gone again.

    The last change starts anew: what was verified before it was another value. Of later confirmations the one that
    looked latest counts, in whatever order they came in. Nothing after `until` is known yet.
    """
    known = sorted(one for one in said if one.at <= until)
    start = max((place for place, one in enumerate(known) if one.is_change), default=None)
    if start is None:
        return None
    first = known[start]
    if first.source == GONE:
        return None
    best = first
    for one in known[start + 1 :]:
        if one.verified_at is not None and (best.verified_at is None or one.verified_at >= best.verified_at):
            best = one
    return Standing(first.at, first.source, best.method, best.verified_at, best.evidence)


@dataclass(frozen=True, slots=True)
class Behind:
    """The attestations that count for a value: that it became this value, and the confirmation that looked latest."""

    change: str
    confirmation: str | None


def behind(said: Iterable[Attested]) -> Behind | None:
    """What `standing` rests on once everything said is known; None where there is no value."""
    known = sorted(said)
    start = max((place for place, one in enumerate(known) if one.is_change), default=None)
    if start is None or known[start].source == GONE:
        return None
    looked = [one for one in known[start + 1 :] if one.verified_at is not None]
    latest = max(looked, key=lambda one: (one.verified_at, one.at), default=None)
    return Behind(known[start].id, latest.id if latest else None)
