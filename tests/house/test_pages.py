"""All templates as the product's own engine compiles them."""

from django.template import engines
from django.template.base import TextNode

from tests.house.checks.pages import raw_components
from tests.house.tree import Tree


def test_no_component_stays_uncompiled_in_any_template():
    engine = engines["django"]
    raw = {
        name: found
        for name in Tree().template_rooms()
        if (found := [tag for text in _texts(engine.get_template(name).template) for tag in raw_components(text)])
    }
    assert raw == {}


def test_a_raw_component_in_a_page_is_seen():
    assert raw_components("<p>x</p><c-button label='x'></c-button>") == ["<c-b", "</c-b"]


def _texts(template) -> list[str]:
    return [node.s for node in template.nodelist.get_nodes_by_type(TextNode)]
