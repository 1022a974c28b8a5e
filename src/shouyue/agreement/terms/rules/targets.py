"""Thresholds as exact fractions, so that no comparison with a target rests on binary floats."""

from fractions import Fraction

BASIS_POINTS = 10_000


def threshold_fraction(basis_points: int) -> Fraction:
    """The share of a threshold in basis points: 9000 is exactly 9/10. Raises ValueError outside 0 … 10,000."""
    if not 0 <= basis_points <= BASIS_POINTS:
        raise ValueError(f"a share has 0 to {BASIS_POINTS} basis points, not {basis_points}")
    return Fraction(basis_points, BASIS_POINTS)
