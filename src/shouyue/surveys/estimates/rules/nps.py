"""Net promoter score: the share of promoters (9, 10) minus the share of detractors (0 to 6)."""

from dataclasses import dataclass

PROMOTER_MIN = 9
DETRACTOR_MAX = 6
SCORE_MAX = 10


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """score: in [-1, 1], screens show it times 100. variance: of one answer; divide by their number for the score's."""

    score: float
    variance: float


def net_promoter(promoters: float, detractors: float) -> NetPromoter:
    """From the shares of promoters and of detractors, each >= 0 and together <= 1; else ValueError.

    Source: an answer is +1, 0 or -1, so its variance is P + D - (P - D)^2.
    """
    if promoters < 0 or detractors < 0 or promoters + detractors > 1:
        raise ValueError(f"shares {promoters} and {detractors} do not fit in a whole")
    score = promoters - detractors
    return NetPromoter(score=score, variance=promoters + detractors - score**2)


def net_promoter_of(scores: list[int]) -> NetPromoter:
    """From answers 0..10, at least one; else ValueError."""
    if not scores or any(not 0 <= score <= SCORE_MAX for score in scores):
        raise ValueError("answers from 0 to 10, at least one")
    promoters = sum(score >= PROMOTER_MIN for score in scores)
    detractors = sum(score <= DETRACTOR_MAX for score in scores)
    return net_promoter(promoters / len(scores), detractors / len(scores))
