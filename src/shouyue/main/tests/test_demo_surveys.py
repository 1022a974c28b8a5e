"""The demo's surveys: two closed waves of loyalty, one open wave of satisfaction, and a second start adds nothing."""

from datetime import UTC, datetime

import pytest

from shouyue.main.demo.surveys import fill_surveys
from shouyue.surveys.answers.models import Response, Wave
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.tests.ground import people

AT = datetime(2026, 8, 20, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_waves_of_three_quarters_are_drawn_and_answered_once() -> None:
    people(900)
    for _again in range(2):
        fill_surveys(AT)
        counts = dict(WavePlan.objects.values_list("wave__period", "frame_size"))
        assert counts == {"2026Q1": 900, "2026Q2": 900, "2026Q3": 900}
        assert list(Wave.objects.order_by("period").values_list("is_open", flat=True)) == [False, False, True]
        open_sheets = Sheet.objects.filter(wave__is_open=True)
        assert (open_sheets.count(), open_sheets.filter(sent_at__isnull=False).count()) == (180, 60)
        assert Response.objects.filter(wave__period="2026Q2").count() > 80
