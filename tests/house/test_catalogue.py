"""The Chinese catalogue: every way to write a text is found, nothing is lost, and the texts are complete."""

import gettext
from pathlib import Path

import pytest

from shouyue.main import translate

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, npgettext, pgettext
plain = _("plain")
lazy = gettext_lazy("in two "
                    "halves")
many = ngettext("%(n)s row", "%(n)s rows", 2)
month = pgettext("a month", "May")
orders = npgettext("shop", "%(n)s order", "%(n)s orders", 2)
"""
TEMPLATE = """
{% load i18n %}
    <h1>{% translate "in a tag" %}</h1>
  {% blocktranslate with n=count trimmed %}
      in a {{ n }} block
  {% endblocktranslate %}
{% blocktranslate count n=rows %}{{ n }} line{% plural %}{{ n }} lines{% endblocktranslate %}
{% translate "May" context "a verb" %}
<c-button :label="_('in an attribute')" :hint='_("in single quotes")' plain="not a text" />
<c-card
    :title="_('on its own line')">
  {{ value|default:_("in a filter") }} {% include "x" with label=_("in an argument") %}
</c-card>
{# <c-button :label="_('in a comment')" /> #}
"""
FOUND = [
    (None, "plain"),
    (None, "in two halves"),
    (None, ("%(n)s row", "%(n)s rows")),
    ("a month", "May"),
    ("shop", ("%(n)s order", "%(n)s orders")),
    (None, "in a tag"),
    (None, "in a %(n)s block"),
    (None, ("%(n)s line", "%(n)s lines")),
    ("a verb", "May"),
    (None, "in an attribute"),
    (None, "in single quotes"),
    (None, "on its own line"),
    (None, "in a filter"),
    (None, "in an argument"),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "room" / "templates" / "room").mkdir(parents=True)
    (tmp_path / "room" / "tests").mkdir()
    (tmp_path / "room" / "desk.py").write_text(PYTHON)
    (tmp_path / "room" / "tests" / "test_desk.py").write_text('_("in a test")')
    (tmp_path / "room" / "templates" / "room" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_every_way_to_write_a_text_is_found_in_order(source):
    found = [(message.context, message.id) for message in translate.extract(source) if message.id]
    assert found == FOUND


def test_update_keeps_chinese_drops_what_left_and_repeats_itself(source, po):
    translate.update(source, po)
    first = po.read_text()
    po.write_text(first.replace('msgid "plain"\nmsgstr ""', 'msgid "plain"\nmsgstr "朴素"'))
    (source / "room" / "desk.py").write_text(PYTHON.replace('lazy = gettext_lazy("in two "', 'gone = ("in two "'))
    translate.update(source, po)
    second = po.read_text()
    assert 'msgid "plain"\nmsgstr "朴素"' in second
    assert "in two halves" not in second
    translate.update(source, po)
    assert po.read_text() == second


def test_a_changed_text_gets_no_guess(source, po):
    translate.update(source, po)
    po.write_text(po.read_text().replace('msgid "plain"\nmsgstr ""', 'msgid "plain"\nmsgstr "朴素"'))
    (source / "room" / "desk.py").write_text(PYTHON.replace('"plain"', '"plains"'))
    translate.update(source, po)
    assert "'plains'" in translate.missing(po)
    assert "朴素" not in po.read_text()


def test_merge_fills_what_is_empty_and_tells_the_rest(source, po, tmp_path):
    translate.update(source, po)
    po.write_text(po.read_text().replace('msgid "plain"\nmsgstr ""', 'msgid "plain"\nmsgstr "朴素"'))
    offered = tmp_path / "offered.po"
    offered.write_text(
        'msgid "plain"\nmsgstr "普通"\n\nmsgctxt "a month"\nmsgid "May"\nmsgstr "五月"\n\n'
        'msgid "nowhere"\nmsgstr "无"\n\n'
        'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"\n'
    )
    notes = translate.merge([offered], po)
    assert notes == [
        "offered.po: kept '朴素', not '普通', for 'plain'",
        "offered.po: not in the source: 'nowhere'",
    ]
    assert 'msgctxt "a month"\nmsgid "May"\nmsgstr "五月"' in po.read_text()
    assert "'%(n)s row'" not in translate.missing(po)


def test_the_compiled_catalogue_speaks_chinese_and_leaves_the_rest_in_english(source, po):
    translate.update(source, po)
    text = po.read_text().replace('msgid "plain"\nmsgstr ""', 'msgid "plain"\nmsgstr "朴素"')
    po.write_text(
        text.replace('msgid_plural "%(n)s rows"\nmsgstr[0] ""', 'msgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"')
    )
    assert translate.compile_if_stale(po)
    assert not translate.compile_if_stale(po)
    with po.with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("plain") == "朴素"
    assert spoken.ngettext("%(n)s row", "%(n)s rows", 2) == "%(n)s 行"
    assert spoken.gettext("in a tag") == "in a tag"
    assert spoken.ngettext("%(n)s line", "%(n)s lines", 2) == "%(n)s lines"


def test_places_must_agree_and_have_names(po):
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid "%(a)s of %(b)s"\nmsgstr "%(b)s 中的 %(a)s"\n\nmsgid "hello %(name)s"\nmsgstr "你好 %(nam)s"\n\n'
        'msgid "100%% of {place}"\nmsgstr "{place} 的 100%%"\n\nmsgid "%s rows"\nmsgstr "%s 行"\n\n'
        'msgid "one row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"\n'
    )
    assert translate.check_placeholders(po) == [
        "other places in Chinese than in English: 'hello %(name)s'",
        "a place without a name: '%s rows'",
    ]


def test_a_component_attribute_is_shown_in_chinese(db_free_chinese):
    from django.template import Context, Template

    assert Template("{% firstof _('Yes') %}").render(Context()) == "是"
    assert db_free_chinese("<c-vars :label=\"_('Yes')\" />{{ label }}") == "是"


@pytest.fixture
def db_free_chinese():
    """Renders the text of a cotton component in Chinese, through the loader that the product uses."""
    from django.template import Context, Template
    from django.utils import translation
    from django_cotton.compiler_regex import CottonCompiler

    with translation.override("zh-hans"):
        yield lambda text: Template(CottonCompiler().process(text)).render(Context())


def test_the_catalogue_of_the_product_is_complete():
    problems = translate.catalogue_problems()
    assert not problems, "\n".join(problems)
