"""Every column of ours is declared: personal, with its purpose and how long it is kept, or not personal."""

from types import SimpleNamespace

import pytest
from django.db import models
from django.test.utils import isolate_apps

from shouyue.store import datamap
from shouyue.store.datamap import DataMapError, Declarations, Entry
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedText
from tests.house.tree import ROOT

CONTACT = Personal(DataClass.CONTACT, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, (Seer.SERVING,))


def test_every_column_is_declared_once_and_every_declaration_has_its_column():
    assert datamap.problems() == []


def test_page_says_what_the_code_says():
    written = (ROOT / "docs" / "reference" / "data-map.md").read_text(encoding="utf-8")
    assert written == datamap.as_markdown(), "run python -m shouyue.main.datamap >docs/reference/data-map.md"


with isolate_apps("shouyue.store"):

    class Planted(models.Model):
        """One column of each sort."""

        customer_id = models.UUIDField()
        name = SealedText(personal=CONTACT)
        note = models.TextField()
        born_on = models.DateField()
        points = models.IntegerField()
        kind = models.CharField(max_length=1, choices=[("a", "A")])

        class Meta:
            app_label = "store"

        def __str__(self) -> str:
            return self.kind


def entry(*columns):
    return Entry("store.Planted", columns, CONTACT, "for the test")


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (Declarations((entry("note", "*"),), {"Planted": ("born_on",)}), []),
        (
            Declarations(),
            [
                "store.Planted.born_on is declared nowhere: personal or not?",
                "store.Planted.note is declared nowhere: personal or not?",
                'store.Planted is about a person: declare the row with "*"',
            ],
        ),
        (
            Declarations((entry("note", "*", "name"),), {"Planted": ("born_on", "note", "gone")}),
            [
                "store.Planted.name is declared twice",
                "store.Planted.note is declared twice",
                "store.Planted has no column gone",
            ],
        ),
    ],
)
def test_planted_column_is_found(declared, found):
    assert datamap.problems_of(Planted, declared) == found


GOOD = """
[[personal]]
model = "Planted"
columns = ["note"]
class = "contact"
purpose = "records"
basis = "contract"
retention = "agreement"
seen_by = ["serving"]
why_plain = "for the test"
"""


def declared_in(folder, text):
    (folder / datamap.FILE).write_text(text, encoding="utf-8")
    return datamap.read_declarations(SimpleNamespace(path=str(folder), label="store"))


def test_file_is_read(tmp_path):
    assert declared_in(tmp_path, GOOD + '[not_personal]\nPlanted = ["kind"]\n') == Declarations(
        (entry("note"),), {"Planted": ("kind",)}
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"contact"', '"contacts"', "'contacts' is not a valid DataClass"),
        ('purpose = "records"', "", "KeyError: 'purpose'"),
        ("why_plain", "because", "KeyError: 'why_plain'"),
        ("why_plain", 'colour = "red"\nwhy_plain', "there is no colour"),
        ("[[personal]]", "[[persons]]", "there is no part persons"),
    ],
)
def test_file_that_says_something_else_is_refused(tmp_path, old, new, words):
    with pytest.raises(DataMapError, match=words):
        declared_in(tmp_path, GOOD.replace(old, new))
