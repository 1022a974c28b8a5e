"""What could have moved a result without a customer changing their mind. An alarm asks; it proves nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EXCLUDED_SHARE, BURST_SHARE, INTERVIEWER_SHARE = 0.10, 0.20, 0.30
BURST_MIN = 10


class Alarm(StrEnum):
    """What stands out."""

    EXCLUSIONS = "exclusions"  # many customers were left out of the frame
    BURST = "burst"  # many answers came within one minute
    STAFF = "staff"  # many answers were typed in by staff or sent in by programs
    EARLY = "early"  # closed before the day that was planned
    TOP_UP = "top_up"  # counted again after a count that did not pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a wave was carried out; see surveys' WaveConduct."""

    excluded: int
    frame_size: int
    answered: int
    busiest_minute: int
    by_interviewer: int
    closes_on: date
    closed_on: date | None
    looks: int


def alarms(conduct: Conduct) -> list[Alarm]:
    """Everything that stands out, in a fixed order."""
    found = []
    if conduct.excluded > EXCLUDED_SHARE * (conduct.excluded + conduct.frame_size):
        found.append(Alarm.EXCLUSIONS)
    if conduct.busiest_minute >= BURST_MIN and conduct.busiest_minute >= BURST_SHARE * conduct.answered:
        found.append(Alarm.BURST)
    if conduct.by_interviewer > INTERVIEWER_SHARE * conduct.answered:
        found.append(Alarm.STAFF)
    if conduct.closed_on is not None and conduct.closed_on < conduct.closes_on:
        found.append(Alarm.EARLY)
    if conduct.looks > 1:
        found.append(Alarm.TOP_UP)
    return found
