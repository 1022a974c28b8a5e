"""Changes of many records by hand, and what became of taking one back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undone:
    """restored: records with their earlier values again. kept: those that somebody changed since, left as they are."""

    restored: int
    kept: int


class TooManyRowsError(Exception):
    """More records than one change may touch; `most` says how many may."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"at most {most}")
