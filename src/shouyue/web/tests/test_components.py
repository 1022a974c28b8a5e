"""Components: compiled, escaped, accessible in their markup."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from shouyue.web import samples
from shouyue.web.states import LOOKS

WEB = Path(__file__).resolve().parent.parent
COMPONENTS = sorted(path.stem.replace("_", "-") for path in (WEB / "templates" / "cotton").glob("*.html"))


def rendered(source, **context):
    """A template from a string, compiled as the loader compiles files."""
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(source)).render(context)


class Tags(HTMLParser):
    """Every opening tag with its attributes, and whether all are closed in order."""

    VOID = {"meta", "link", "input", "br", "hr", "img", "path", "line", "rect", "circle", "polygon", "polyline"}

    def __init__(self, html):
        super().__init__()
        self.found, self.open, self.problems = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(tag)


@pytest.fixture(params=["zh-hans", "en"])
def style_page(request):
    with translation.override(request.param):
        asked = RequestFactory().get("/style")
        yield "".join(
            render_to_string(f"web/style_{part}.html", samples.context(), asked)
            for part in ("numbers", "lists", "forms", "habits", "charts")
        )


def test_every_component_is_shown_on_the_style_page():
    shown = "".join(path.read_text() for path in (WEB / "templates" / "web").glob("*.html"))
    used = set(re.findall(r"<c-([a-z-]+)", shown)) - {"slot", "vars"}
    assert sorted(set(COMPONENTS) - used - {"key"}) == []
    assert sorted(used - set(COMPONENTS)) == []


def test_every_component_is_in_the_readme():
    told = set(re.findall(r"`<c-([a-z-]+)[ >]", (WEB / "README.md").read_text()))
    assert sorted(set(COMPONENTS) - told) == []


def test_components_are_compiled_and_well_formed(style_page):
    page = Tags(style_page)
    assert "<c-" not in style_page
    assert "{%" not in style_page
    assert page.problems == []
    assert page.open == []
    assert [tag for tag, attrs in page.found if "style" in attrs] == []
    assert [tag for tag, attrs in page.found if any(name.startswith("on") for name in attrs)] == []


def test_ids_are_unique_and_labels_have_their_field(style_page):
    found = Tags(style_page).found
    refused = {"id_name", "id_share", "id_name_helptext", "id_share_helptext"}  # the same form is shown twice
    ids = [attrs["id"] for _, attrs in found if attrs.get("id") and attrs["id"] not in refused]
    assert sorted(i for i in set(ids) if ids.count(i) > 1) == []
    every = {attrs["id"] for _, attrs in found if attrs.get("id")}
    assert [
        attrs["for"] for tag, attrs in found if tag == "label" and "for" in attrs and attrs["for"] not in every
    ] == []


def test_a_state_has_word_mark_and_colour_and_no_two_look_alike():
    with translation.override("en"):
        for name, look in LOOKS.items():
            html = rendered(f'<c-state state="{name}" />')
            assert f'class="state is-{name}"' in html
            assert re.sub(r"<[^>]+>", "", html).strip() == str(look.word)
            assert look.mark in html
    assert len({look.mark for look in LOOKS.values()}) == len(LOOKS)


def test_a_state_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        rendered('<c-state state="green" />')


EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "source",
    [
        '<c-card :title="evil" :note="evil" :id="evil">{{ evil }}</c-card>',
        '<c-card title="{{ evil }}" data-x="{{ evil }}">x</c-card>',
        '<c-card :title="evil" :data-x="evil">x</c-card>',
        '<c-button :href="evil" :data-x="evil">{{ evil }}</c-button>',
        '<c-state state="met" :label="evil" :title="evil" />',
        '<c-prop :label="evil" :note="evil">{{ evil }}</c-prop>',
        '<c-event :when="evil" :note="evil">{{ evil }}</c-event>',
        '<c-owner party="a" :name="evil" />',
        '<c-table :caption="evil">{{ evil }}</c-table>',
        '<c-stat :label="evil" :value="evil" :note="evil" />',
        '<c-avatar :name="evil" :data-x="evil" />',
    ],
)
def test_what_people_typed_is_escaped_once(source):
    html = rendered(source, evil=EVIL)
    assert "<script" not in html
    assert "&amp;quot;" not in html
    assert "&amp;lt;" not in html


def test_a_component_sees_only_what_it_is_given():
    html = rendered("<c-card>inside</c-card>", title="the page's own title", foot="x", aside="y")
    assert "the page's own title" not in html
    assert "<footer>" not in html


class OneField(forms.Form):
    name = forms.CharField(label="Name", help_text="As signed.")


def test_a_field_ties_help_and_error_to_the_control():
    fresh = rendered('<c-field :field="form.name" />', form=OneField())
    assert 'aria-describedby="id_name_helptext"' in fresh
    assert 'id="id_name_helptext"' in fresh
    refused = rendered('<c-field :field="form.name" />', form=OneField({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in refused
    assert 'aria-invalid="true"' in refused
    assert 'id="id_name_error"' in refused


def test_help_given_in_the_template_is_tied_too():
    class Bare(forms.Form):
        name = forms.CharField()

    html = rendered('<c-field :field="form.name" help="As signed." />', form=Bare())
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_a_button_with_an_address_is_a_link():
    assert rendered('<c-button href="/x">Go</c-button>').strip() == '<a class="btn plain" href="/x">Go</a>'
    assert rendered('<c-button kind="first" type="submit" name="a" value="b">Go</c-button>').strip() == (
        '<button class="btn first" type="submit" name="a" value="b">Go</button>'
    )


def test_a_figure_shows_its_chart_and_the_table():
    with translation.override("en"):
        html = rendered('<c-figure :chart="chart">Words.</c-figure>', chart=samples.context()["trend"])
    assert html.count("<svg") == 4
    assert html.count('<th scope="row">') == 8
    assert "<figcaption>Words.</figcaption>" in html


def test_style_sheets_stay_small_and_without_foreign_addresses():
    sheets = sorted((WEB / "static" / "web").glob("*.css"))
    assert sum(sheet.stat().st_size for sheet in sheets) <= 60_000
    for sheet in sheets:
        text = sheet.read_text()
        assert "url(" not in text
        assert text.count("{") == text.count("}")
        assert "@layer" in text
