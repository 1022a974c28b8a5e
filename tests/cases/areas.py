"""From a case's input to the product's own rule, one function for each area. No arithmetic of its own lives here."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, get_args

from shouyue.agreement.terms.rules.working_time import after_business_time, after_working_days, is_working_day
from shouyue.kernel.shares import DifferenceMethod, Method, difference_interval, exact_test, share_interval
from shouyue.surveys.estimates.rules.change import holm, same_people_changed, same_people_differ, trend
from shouyue.surveys.estimates.rules.decision import decision_limits, false_missed_risk_of_literal, verdict
from shouyue.surveys.estimates.rules.nonresponse import response_rate, tipping_point, worst_case
from shouyue.surveys.estimates.rules.nps import net_promoter, net_promoter_of
from shouyue.surveys.estimates.rules.planner import answers_for_verdict, answers_for_width, power_of_comparison
from shouyue.surveys.estimates.rules.scores import scale_index
from shouyue.surveys.estimates.rules.survival import survival
from tests.cases import designs
from tests.cases.loyalty import KINDS
from tests.cases.refusals import NotServedError

Input = dict[str, Any]


# The same methods go by several names.
METHODS = {
    "clopper-pearson": "beta",
    "clopper_pearson": "beta",
    "exact": "beta",
    "agresti-coull": "agresti_coull",
    "wald": "normal",
    "asymptotic": "normal",
}


def proportion_ci(case: Input, _what: str) -> object:
    level = _level(case)
    if "p0" in case:
        test = exact_test(case["k"], case["n"], case["p0"], level)
        return {"ci": [test.interval.low, test.interval.high], "p": test.p_value}
    named = str(case.get("method", "wilson")).lower()
    method = METHODS.get(named, named)
    if method not in get_args(Method):
        raise NotServedError(f"method {named}")
    interval = share_interval(case["k"], case["n"], level, method)
    return [interval.low, interval.high]


def decision(case: Input, _what: str) -> object:
    p0, alpha = _exact(case.get("p0", "0.9")), _exact(case.get("alpha", "0.05"))
    if "p" in case:
        return _each(case["n"], lambda n: false_missed_risk_of_literal(_exact(case["p"]), n, p0))
    if "k" in case:
        return {"verdict": str(verdict(case["k"], case["n"], p0, alpha, case.get("N")))}

    def limits(n: int) -> object:
        found = decision_limits(n, p0, alpha, case.get("N"))
        return {"breach_max": found.missed_max, "comply_min": found.met_min}

    return _each(case["n"], limits)


def nonresponse(case: Input, what: str) -> object:
    kept, answered, invited = case.get("k"), case["n"], case["N"]
    if "tipping" in what or "p0" in case:
        return tipping_point(_given(kept), answered, invited, case.get("p0", 0.9))
    if kept is None or "response rate" in what:
        return response_rate(answered, invited)
    bounds = worst_case(kept, answered, invited)
    return [bounds.low, bounds.high]


def change_test(case: Input, what: str) -> object:
    if "table" in case:
        (both, lost), (won, neither) = case["table"]
        corrected = case.get("correction", "uncorrected" not in what and "without" not in what)
        test = same_people_changed(both=both, lost=lost, won=won, neither=neither, corrected=corrected)
        return {"chi2": test.statistic, "p": test.p_value}
    if "x" in case:
        test = same_people_differ(case["x"])
        return {"Q": test.statistic, "p": test.p_value}
    if "trend" in what:
        test = trend(case["k"], case["n"])
        return {"chi2": test.statistic, "p": test.p_value}
    if "holm" in what.lower() and "p" in case:
        return holm(case["p"])
    if "difference" in what.lower() or "newcomb" in what.lower():
        return _differences(case)
    raise NotServedError(f"change test: {what}")


def nps(case: Input, what: str) -> object:
    if "data" in case:
        return designs.nps_of(case)
    if "p" in case and "d" in case:
        result = net_promoter(case["p"], case["d"])
    elif "scores" in case:
        result = net_promoter_of(case["scores"])
    else:
        raise NotServedError(f"nps: {what}")
    return {"nps": result.score, "var": result.variance}


def sample_size(case: Input, what: str) -> object:
    if "diff" in case:
        return power_of_comparison(case["diff"], case["p2"], case["n"], alpha=case.get("alpha", 0.05))
    if "p0" in case and "p" in case:
        alpha = _exact(case.get("alpha", "0.05"))
        return answers_for_verdict(case["p"], _exact(case["p0"]), alpha, case.get("power", 0.8))
    if "N" in case or "d" in case:
        return answers_for_width(
            case.get("d", 0.05), share=case.get("p", 0.5), level=_level(case), population=case.get("N")
        )
    raise NotServedError(f"sample size: {what}")


def retention(case: Input, what: str) -> object:
    curve = survival(case["time"], [bool(mark) for mark in case["event"]])
    if "median" in what:
        return curve.median
    told = re.search(r"\bat ([\d., ]+)$", what.strip())
    times = case.get("at") or ([float(time) for time in told[1].split(",")] if told else curve.times)
    return [curve.at(time) for time in times]


def index(case: Input, _what: str) -> object:
    return scale_index(case["x"], case.get("w"), low=case.get("low", 1), high=case.get("high", 10))


def calendar(case: Input, _what: str) -> object:
    if "date" in case:
        return is_working_day(date.fromisoformat(case["date"]))
    if "days" in case:
        return after_working_days(date.fromisoformat(case["start"][:10]), case["days"]).isoformat()
    hours = case.get("hours", 0) + case.get("minutes", 0) / 60
    start = datetime.fromisoformat(case["start"])
    return after_business_time(start, timedelta(hours=hours)).isoformat(sep=" ", timespec="minutes")


AREAS: dict[str, Callable[[Input, str], object]] = {
    "proportion_ci": proportion_ci,
    "decision": decision,
    "nonresponse": nonresponse,
    "change_test": change_test,
    "nps": nps,
    "sample_size": sample_size,
    "survey": designs.survey,
    "weighting": designs.weighting,
    "retention": retention,
    "index": index,
    "calendar": calendar,
}


def is_served(area: str | None, given: object) -> bool:
    """Whether a room answers such cases."""
    return area in KINDS or (area in AREAS and isinstance(given, dict))


def _differences(case: Input) -> object:
    (kept_after, kept_before), (asked_after, asked_before) = case["k"], case["n"]
    found = {}
    for method in get_args(DifferenceMethod):
        interval = difference_interval(
            kept_before=kept_before,
            asked_before=asked_before,
            kept_after=kept_after,
            asked_after=asked_after,
            level=_level(case),
            method=method,
        )
        found[method.replace("-", "_")] = [interval.low, interval.high]
    return found


def _level(case: Input) -> float:
    return case["level"] if "level" in case else 1 - case.get("alpha", 0.05)


def _each(n: int | Sequence[int], rule: Callable[[int], object]) -> object:
    return [rule(each) for each in n] if isinstance(n, list) else rule(n)


def _exact(value: float | str) -> Fraction:
    """A JSON number is meant in its decimal spelling: 0.9 is nine tenths."""
    return Fraction(str(value))


def _given(value: int | None) -> int:
    if value is None:
        raise NotServedError("no count of kept answers")
    return value
