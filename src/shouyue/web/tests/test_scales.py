"""The geometry of charts, on generated values."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.web.scales import centered, share_scale, shortened, text_width, thinned, zero_scale

shares = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(shares)
def test_a_share_scale_holds_its_values_within_zero_and_one(values):
    scale = share_scale(values)
    assert 0 <= scale.low < scale.high <= 1
    assert scale.low <= min(values) + 1e-9
    assert scale.high >= max(values) - 1e-9
    assert 2 <= len(scale.ticks) <= 8
    assert list(scale.ticks) == sorted(set(scale.ticks))


@given(shares)
def test_a_share_scale_never_makes_noise_look_like_news(values):
    scale = share_scale(values)
    assert scale.high - scale.low >= 0.049


def test_a_share_scale_marks_round_shares():
    assert share_scale([0.888, 0.933, 0.9]).ticks == (0.85, 0.9, 0.95, 1.0)
    assert share_scale([0.731, 0.868, 0.8]).ticks == (0.7, 0.75, 0.8, 0.85, 0.9)
    assert share_scale([]).ticks == (0.0, 0.5, 1.0)


@given(st.lists(st.floats(0, 1e12), max_size=20))
def test_a_zero_scale_starts_at_zero_and_holds_its_values(values):
    scale = zero_scale(values)
    assert scale.low == 0
    assert scale.high > 0
    assert scale.high >= max(values, default=0) * (1 - 1e-9)


@given(shares, st.floats(-5, 5), st.floats(0, 1000), st.floats(0, 1000))
def test_a_position_is_clipped_to_the_axis(values, value, start, end):
    place = share_scale(values).at(value, start, end)
    assert min(start, end) - 1e-6 <= place <= max(start, end) + 1e-6


def test_a_position_is_linear():
    scale = share_scale([0.731, 0.868, 0.8])
    assert scale.at(0.8, 0, 100) == pytest.approx(50)
    assert scale.at(0.7, 100, 0) == pytest.approx(100)


@given(st.lists(st.text("Q1234 2026季度", max_size=8), min_size=1, max_size=40), st.floats(1, 200))
def test_written_labels_do_not_touch_and_the_last_is_written(labels, room):
    written = thinned(labels, room)
    assert written[-1]
    places = [i for i, is_written in enumerate(written) if is_written]
    for one, two in pairwise(places):
        gap = (two - one) * room
        assert gap >= (text_width(labels[one]) + text_width(labels[two])) / 2


@given(st.text(max_size=40), st.floats(20, 200))
def test_a_shortened_text_fits(words, width):
    assert text_width(shortened(words, width)) <= max(width, text_width("…")) or shortened(words, width) == words


@given(st.floats(-100, 500), st.text("目标 90%", max_size=10))
def test_a_centred_text_stays_inside(middle, words):
    place = centered(middle, words, 0, 300)
    assert place - text_width(words) / 2 >= -1e-9
    assert place + text_width(words) / 2 <= 300 + 1e-9
