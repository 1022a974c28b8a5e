"""Sources are shown in the reader's words; one that nobody named stays as it came."""

import pytest
from django.template import Context, Template
from django.utils import translation

from shouyue.web.sources import source_choices, source_name


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["Your own records", "Typed in", "API", "till-7", "–"]),
        ("zh-hans", ["自有记录", "手工录入", "API", "till-7", "–"]),
    ],
)
def test_a_source_is_shown_in_the_readers_words(language, shown):
    with translation.override(language):
        page = Template("{% for one in sources %}{{ one|source_name }},{% endfor %}")
        told = page.render(Context({"sources": ["plain", "desk", "api", "till-7", ""]}))
        assert told.split(",") == [*shown, ""]
        assert source_choices(["desk", "x"], "*") == [("", "*"), ("desk", source_name("desk")), ("x", "x")]
