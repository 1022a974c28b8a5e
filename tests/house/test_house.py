"""The walls of the house: each check looks at the whole tree and must find nothing. test_walls_hold.py breaks each."""

import pytest

from tests.house.checks import floors, names, pages, papers, proofs, purity, sizes
from tests.house.tree import Tree

WALLS = [
    sizes.functions,
    sizes.files,
    sizes.rooms,
    sizes.doors,
    sizes.wings,
    sizes.templates,
    sizes.readmes,
    names.banned,
    names.docstrings,
    names.errors,
    floors.in_templates,
    floors.in_strings,
    floors.in_annotations,
    floors.folders,
    purity.rules,
    purity.undeclared,
    pages.inline,
    pages.untranslatable,
    pages.glued,
    papers.foreign,
    papers.addresses,
    papers.clauses,
    papers.words,
    papers.unexplained,
    proofs.transactional,
    proofs.mocked,
    proofs.skipped,
    proofs.deep,
    proofs.migrations,
]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: f"{wall.__module__.rpartition('.')[2]}.{wall.__name__}")
def test_wall_stands(wall):
    problems = wall(Tree())
    assert not problems, "\n".join(problems)


def test_every_room_has_a_floor():
    tree = Tree()
    assert sorted(tree.floors) == tree.rooms()
