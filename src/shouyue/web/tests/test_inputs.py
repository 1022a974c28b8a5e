"""A day stands in the browser's field whatever the language: none of the two would take 2026/11/27."""

from datetime import date

import pytest
from django.utils.translation import override

from shouyue.web.inputs import DayInput


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("value", [date(2026, 11, 27), "2026-11-27"])
def test_a_day_is_written_as_browsers_read_it(language, value):
    with override(language):
        assert 'type="date" name="on" value="2026-11-27"' in DayInput().render("on", value)
