"""What those who did not answer could change: response rate, worst case, tipping point. No model, only counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The share in everyone invited: low if no silent customer keeps, high if every one does (Manski's bounds)."""

    low: float
    high: float


def response_rate(answered: int, invited: int) -> float:
    """Answers per invitation, in [0, 1]; needs 0 <= answered <= invited and invited >= 1, else ValueError."""
    _check(0, answered, invited)
    return answered / invited


def worst_case(kept: int, answered: int, invited: int) -> Bounds:
    """Bounds [kept/invited, (kept + invited - answered)/invited]; no assumption about the silent makes them wider.

    Needs 0 <= kept <= answered <= invited and invited >= 1, else ValueError.
    """
    _check(kept, answered, invited)
    return Bounds(low=kept / invited, high=(kept + invited - answered) / invited)


def tipping_point(kept: int, answered: int, invited: int, p0: float) -> float | None:
    """The share among the silent at which everyone invited would exactly reach the target p0.

    At most 0: the target is reached whatever the silent think. Above 1: it is missed whatever they think. None: nobody
    was silent. Counts and errors as for worst_case.
    """
    _check(kept, answered, invited)
    silent = invited - answered
    return (p0 * invited - kept) / silent if silent else None


def _check(kept: int, answered: int, invited: int) -> None:
    if invited < 1 or not 0 <= kept <= answered <= invited:
        raise ValueError(f"need 0 <= kept <= answered <= invited, not {kept}, {answered}, {invited}")
