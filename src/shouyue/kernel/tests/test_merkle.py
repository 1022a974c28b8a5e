"""The batch root against published vectors and against the definition in RFC 6962 itself."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.merkle import leaf_hash, merkle_root, node_hash


def by_definition(rows: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: split at the largest power of two below n."""
    if not rows:
        return hashlib.sha256().digest()
    if len(rows) == 1:
        return hashlib.sha256(b"\x00" + rows[0]).digest()
    split = 1
    while split * 2 < len(rows):
        split *= 2
    return hashlib.sha256(b"\x01" + by_definition(rows[:split]) + by_definition(rows[split:])).digest()


@given(st.lists(st.binary(max_size=20), max_size=40))
def test_root_is_the_one_of_the_definition(rows):
    assert merkle_root(iter(rows)) == by_definition(rows).hex()


def test_root_of_nothing_is_the_hash_of_nothing():
    assert merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.shared
def test_root_leaf_and_node_agree_with_published_vectors(shared_folder):
    lines = (shared_folder / "cases" / "evidence-sample.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    checked = {"root": 0, "leaf": 0, "node": 0}
    for case in cases:
        match case["kind"]:
            case "root":
                assert merkle_root(map(bytes.fromhex, case["leaves"])) == case["root"]
            case "leaf":
                assert leaf_hash(bytes.fromhex(case["input"])).hex() == case["hash"]
            case "node":
                both = bytes.fromhex(case["left"]), bytes.fromhex(case["right"])
                assert node_hash(*both).hex() == case["hash"]
            case _:
                continue
        checked[case["kind"]] += 1
    assert checked == {kind: sum(case["kind"] == kind for case in cases) for kind in checked}
    assert min(checked.values()) > 0
