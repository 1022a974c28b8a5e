"""Indices over several questions, on a scale of 0 to 100."""

from collections.abc import Sequence


def scale_index(
    marks: Sequence[float], weights: Sequence[float] | None = None, *, low: float = 1, high: float = 10
) -> float:
    """The weighted mean of the marks, stretched so that all `low` is 0 and all `high` is 100.

    weights: one for each mark, >= 0, together > 0; None: all equal. Needs low < high and marks between them.
    The form that satisfaction models of several questions share, GB/T 19038 among them.
    """
    if not marks or not low < high or any(not low <= mark <= high for mark in marks):
        raise ValueError(f"need marks from {low} to {high}")
    chosen = [1.0] * len(marks) if weights is None else list(weights)
    if len(chosen) != len(marks) or min(chosen) < 0 or sum(chosen) <= 0:
        raise ValueError("need a weight >= 0 for each mark, together above 0")
    above = sum(weight * (mark - low) for weight, mark in zip(chosen, marks, strict=True))
    return 100 * above / (sum(chosen) * (high - low))


def effort_score(marks: Sequence[int], *, high: int = 7) -> float:
    """Customer effort score: the mean of "it was easy" from 1 to `high`."""
    if not marks or any(not 1 <= mark <= high for mark in marks):
        raise ValueError(f"need marks from 1 to {high}")
    return sum(marks) / len(marks)
