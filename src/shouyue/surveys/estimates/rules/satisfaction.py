"""Who counts as satisfied: the two best marks of the scale (top-2 box)."""


def satisfied(score: int, scale_max: int = 5) -> bool:
    """True for the two best marks of a scale 1..scale_max (of five: 4 and 5).

    scale_max: at least 3, so that some mark is not satisfied. Raises ValueError for a score off the scale.
    """
    if scale_max < 3:
        raise ValueError(f"a scale of {scale_max} marks has no top-2 box")
    if not 1 <= score <= scale_max:
        raise ValueError(f"score {score} is not on the scale 1..{scale_max}")
    return score >= scale_max - 1
