"""Raking of a wave's answers: a published table, a fitting of our own beside svy's, and every reason to refuse."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.surveys.results.rules.replay import fit, raking_of
from shouyue.surveys.waves.rules.reading import Look, Margined, StratumCount, read_wave, weighted_share
from shouyue.surveys.weights.rules.margins import Margins
from shouyue.surveys.weights.rules.raking import Cell, Raked, raked

RISK = Fraction(1, 20)


def margins(times: int = 5, **values: dict[str, str]) -> Margins:
    told = tuple((name, tuple(sorted(one.items()))) for name, one in sorted(values.items()))
    return Margins(unit="count", values=told, largest_times=times)


def table(*rows: tuple[str, str, int, int], stratum: str = "") -> tuple[Cell, ...]:
    return tuple(Cell(stratum, (one, other), asked, kept) for one, other, asked, kept in rows)


def exported(found: Raked, wanted: Margins, sizes: dict[str, int]) -> dict:
    """What the export says of it, for the stand-alone script."""
    strata = {
        name: {"size": size, "asked": sum(one.asked for one in found.cells if one.stratum == name)}
        for name, size in sizes.items()
    }
    cells = [
        {"stratum": one.stratum, "labels": one.labels, "asked": one.asked, "kept": one.kept, "weight": weight}
        for one, weight in zip(found.cells, found.weights, strict=True)
    ]
    return {"margins": wanted.stored(), "cells": cells, "strata": strata, "refusal": found.refusal}


CELLS = table(
    ("company", "南京", 10, 6), ("company", "苏州", 30, 24), ("person", "南京", 40, 38), ("person", "苏州", 20, 19)
)
KNOWN = margins(kind={"company": "200", "person": "800"}, region={"南京": "300", "苏州": "700"})


def test_a_two_by_two_table_is_raked_as_by_hand() -> None:
    found = raked(CELLS, (("", 1000),), KNOWN, RISK)
    # Raking keeps the odds ratio of the answers, (10 x 20) / (30 x 40) = 1/6; with x the companies of 南京 the table is
    # x, 200 - x, 300 - x, 500 + x, so x (500 + x) = (200 - x)(300 - x) / 6, the positive root of 5x² + 3500x - 60000.
    x = (-3500 + (3500**2 + 4 * 5 * 60000) ** 0.5) / 10
    counts = [weight * cell.asked for weight, cell in zip(found.weights, found.cells, strict=True)]
    assert counts == pytest.approx([x, 200 - x, 300 - x, 500 + x], rel=1e-8)
    assert (found.refusal, found.trimmed, found.before == found.after) == ("", 0, True)
    shares = (6 / 10 * x + 24 / 30 * (200 - x) + 38 / 40 * (300 - x) + 19 / 20 * (500 + x)) / 1000
    assert found.estimate.value == pytest.approx(shares, rel=1e-8)
    assert found.drawn.value == pytest.approx(87 / 100)
    assert [(one.attribute, one.category, one.known, one.unweighted) for one in found.lines] == [
        ("kind", "company", 0.2, 0.4),
        ("kind", "person", 0.8, 0.6),
        ("region", "南京", 0.3, 0.5),
        ("region", "苏州", 0.7, 0.5),
    ]
    assert max(abs(one.difference) for one in found.lines) < 1e-9


def test_design_weight_and_silence_stand_before_raking() -> None:
    # Two strata of 100 and 300 customers, of which 10 and 60 answered: an answer starts with 10 or 5.
    cells = (*table(("company", "x", 10, 9), stratum="a"), *table(("company", "x", 60, 30), stratum="b"))
    found = raked(cells, (("a", 100), ("b", 300)), margins(kind={"company": "1"}, region={"x": "1"}), RISK)
    assert found.weights == pytest.approx((10.0, 5.0))
    assert found.estimate.value == pytest.approx((9 * 10 + 30 * 5) / 400)
    plain = weighted_share({"a": StratumCount(100, 10, 9), "b": StratumCount(300, 60, 30)}, RISK)
    assert (found.drawn.value, found.drawn.low) == pytest.approx((plain.value, plain.low))


def test_a_bound_trims_and_the_margins_are_still_reached() -> None:
    # Without the bound the two silent-ish companies of 南京 would stand for most of it.
    cells = table(
        ("company", "南京", 2, 1), ("company", "苏州", 40, 36), ("person", "南京", 30, 27), ("person", "苏州", 28, 20)
    )
    wanted = margins(2, kind={"company": "600", "person": "400"}, region={"南京": "400", "苏州": "600"})
    free = raked(cells, (("", 1000),), replace(wanted, largest_times=1000), RISK)
    found = raked(cells, (("", 1000),), wanted, RISK)
    assert (free.refusal, free.trimmed, found.refusal, found.trimmed, found.largest) == ("", 0, "", 2, 20.0)
    assert found.before == free.after
    assert found.before[1] > 20.0 >= found.after[1] - 1e-6
    assert all(one.is_reached for one in found.lines)
    assert found.kish < free.kish
    assert raking_of(exported(found, wanted, {"": 1000})) == "reached"


def test_what_cannot_be_reached_is_refused_with_its_reason_and_the_draw_stands() -> None:
    silent = raked(
        CELLS[1:3], (("", 1000),), margins(kind=dict(KNOWN.values[0][1]), region={"南京": "1", "无": "1"}), RISK
    )
    assert (silent.refusal, silent.missing) == ("empty", ("region", "无"))
    # All companies are of 苏州 and all persons of 南京, so the two margins contradict each other.
    apart = raked(CELLS[1:3], (("", 1000),), KNOWN, RISK)
    bound = raked(CELLS, (("", 1000),), replace(KNOWN, largest_times=2), RISK)
    assert (apart.refusal, bound.refusal) == ("unreached", "bound")
    for found, wanted in ((silent, None), (apart, KNOWN), (bound, replace(KNOWN, largest_times=2))):
        assert (found.estimate, found.trimmed, len(set(found.weights))) == (found.drawn, 0, 1)
        if wanted:
            assert raking_of(exported(found, wanted, {"": 1000})) == found.refusal


def test_the_script_notices_weights_that_are_not_what_they_should_be() -> None:
    found = raked(CELLS, (("", 1000),), KNOWN, RISK)
    export = exported(found, KNOWN, {"": 1000})
    assert raking_of(export) == "reached"
    export["cells"][0]["weight"] *= 1.01
    assert raking_of(export) == "not reached"
    # Other weights can reach the same margins: what moves round a rectangle leaves its sums alone.
    moved = exported(found, KNOWN, {"": 1000})
    for cell, people in zip(moved["cells"], (5, -5, -5, 5), strict=True):
        cell["weight"] += people / cell["asked"]
    assert raking_of(moved) == "reached by other weights"
    assert (
        raking_of({**exported(found, KNOWN, {"": 1000}), "refusal": "bound"}) == "refused, but not weighted by the draw"
    )


KNOWN_COUNTS = st.lists(st.integers(1, 400), min_size=5, max_size=5)
COUNTS = st.lists(st.integers(0, 30), min_size=6, max_size=6).filter(any)


@settings(max_examples=25, deadline=None)
@given(
    asked=COUNTS, known=st.lists(st.integers(1, 400), min_size=5, max_size=5), times=st.integers(1, 6), data=st.data()
)
def test_margins_are_reached_within_a_millionth_or_raking_is_refused(asked, known, times, data) -> None:
    places = [(kind, region) for kind in ("a", "b") for region in ("x", "y", "z")]
    rows = [
        (kind, region, number, data.draw(st.integers(0, number)))
        for (kind, region), number in zip(places, asked, strict=True)
        if number
    ]
    kinds, regions = known[:2], known[2:]
    # Both sum to the same.
    wanted = margins(
        times,
        kind={name: str(one * sum(regions)) for name, one in zip("ab", kinds, strict=True)},
        region={name: str(one * sum(kinds)) for name, one in zip("xyz", regions, strict=True)},
    )
    found = raked(tuple(sorted(table(*rows))), (("", 5000),), wanted, RISK)
    if found.refusal:
        assert found.refusal in ("empty", "unreached", "bound")
        assert found.estimate == found.drawn
        return
    assert max(abs(one.difference) for one in found.lines) <= 1e-6
    assert max(found.weights) <= found.largest * (1 + 1e-6)
    export = exported(found, wanted, {"": 5000})
    assert raking_of(export) == "reached"
    if not found.trimmed:
        shares = {name: {one: float(part) for one, part in told.items()} for name, told in wanted.shares().items()}
        own = fit(export["cells"], [5000 / sum(asked)] * len(rows), shares, 5000)
        assert list(found.weights) == pytest.approx(own, rel=1e-6)


def test_two_answers_decide_nothing_though_the_margins_explain_them() -> None:
    cells = table(("company", "x", 1, 1), ("person", "x", 1, 0))
    wanted = margins(kind={"company": "1", "person": "1"}, region={"x": "2"})
    found = raked(cells, (("", 1000),), wanted, RISK)
    assert (found.refusal, found.estimate.value) == ("", 0.5)
    assert (found.estimate.low < 0.01, found.estimate.high > 0.99) == (True, True)


def test_the_verdict_of_raked_answers_is_that_of_weighted_waves() -> None:
    margined = Margined(CELLS, (("", 1000),), KNOWN)
    reading = read_wave([Look(87, 100, "1/20")], "0.9", margined=margined)
    assert reading.estimate == reading.raking.estimate == raked(CELLS, (("", 1000),), KNOWN, RISK).estimate
    interval = reading.interval
    assert (interval.method, interval.low, interval.high) == (
        "korn-graubard",
        reading.estimate.low,
        reading.estimate.high,
    )
    assert (reading.decision, reading.value) == ("undetermined", reading.estimate.value)
    # Two looks share the risk, as for every weighted wave.
    two = read_wave([Look(40, 50, "1/40"), Look(87, 100, "1/20")], "0.9", margined=margined)
    assert two.interval.level == pytest.approx(0.95)
