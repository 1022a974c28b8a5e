"""Installation keys: what is accepted, what is refused and how, one derived key for each use."""

import base64
import re

import pytest

from shouyue.main import environment, home
from shouyue.store.keys import KeysMissingError, KeysRefusedError, Use, keyed_digest, made_key, parse_ring

ONE, TWO = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_ring_keeps_the_order_so_that_the_first_seals():
    ring = parse_ring(f"k2:{TWO}, k1:{ONE}")
    assert [key.id for key in ring.keys] == ["k2", "k1"]
    assert ring.current.secret == bytes([2]) * 32
    assert ring.named("k1").secret == bytes([1]) * 32


def test_ring_of_nothing_is_none():
    assert parse_ring(" ") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{ONE}", "id:base64 pairs"),
        (f"K1:{ONE}", "small letters"),
        ("k1:not base64!", "that of 'k1' is not"),
        ("k1:" + base64.b64encode(b"short").decode(), "that of 'k1' has 5"),
        (f"k1:{ONE},k1:{TWO}", "different id each"),
        (f"k1:{ONE},k2:{ONE}", "different secret"),
        (f"k1:{ONE},", "id:base64 pairs"),
    ],
)
def test_malformed_keys_are_refused_without_being_shown(text, words):
    with pytest.raises(KeysRefusedError, match=re.escape(words)) as refused:
        parse_ring(text)
    assert ONE[:8] not in str(refused.value)


def test_malformed_setting_stops_the_start_with_one_sentence():
    with pytest.raises(environment.SettingRefusedError) as refused:
        environment.read("SHOUYUE_KEYS", {"SHOUYUE_KEYS": "k1:secret-text"})
    assert str(refused.value) == (
        "SHOUYUE_KEYS is (hidden); it must be base64 after the colon; that of 'k1' is not. See ./shouyue settings."
    )


def test_lost_key_is_named():
    with pytest.raises(KeysMissingError, match="'k7'"):
        parse_ring(f"k1:{ONE}").named("k7")


def test_key_never_shows_itself():
    ring = parse_ring(f"k1:{ONE}")
    assert str(bytes([1])) not in repr(ring)
    assert "secret" not in repr(ring)


def test_derived_keys_differ_by_use_kind_and_installation():
    first, second = parse_ring(f"k1:{ONE},k2:{TWO}").keys
    derived = [key.derived(use, what) for key in (first, second) for use in Use for what in ("", "phone")]
    assert len(set(derived)) == len(derived) == 2 * 2 * len(Use)
    assert {len(key) for key in derived} == {32}


def test_derived_key_is_hkdf_sha256():
    # RFC 5869 by hand: extract with a salt of zeros, expand one block.
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(32), bytes([1]) * 32, hashlib.sha256)
    expanded = hmac.digest(extracted, b"shouyue/1/digests/phone\x01", hashlib.sha256)
    assert parse_ring(f"k1:{ONE}").current.derived(Use.DIGESTS, "phone") == expanded


def test_keyed_digest_needs_the_key():
    assert keyed_digest(b"a", b"value", size=16) != keyed_digest(b"b", b"value", size=16)
    assert keyed_digest(b"a", b"value", size=16) == keyed_digest(b"a", b"value", size=16)
    assert len(keyed_digest(b"a", b"value", size=8)) == 8


def test_keys_are_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.delenv("SHOUYUE_KEYS")
    made = home.installation_keys(tmp_path / "main")
    assert home.installation_keys(tmp_path / "main") == made
    assert parse_ring(made).current.id == "k1"
    assert (tmp_path / "main" / "keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "main").iterdir()] == ["keys"]


def test_given_keys_come_before_kept_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOUYUE_KEYS", given := made_key())
    assert home.installation_keys(tmp_path) == given
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["", "k1:damaged"])
def test_damaged_file_of_keys_is_refused_not_replaced(tmp_path, monkeypatch, kept):
    monkeypatch.delenv("SHOUYUE_KEYS")
    (tmp_path / "keys").write_text(kept)
    with pytest.raises(environment.SettingRefusedError):
        home.installation_keys(tmp_path)
    assert (tmp_path / "keys").read_text() == kept


def test_two_that_make_the_keys_at_once_get_the_same(tmp_path, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    monkeypatch.delenv("SHOUYUE_KEYS")
    together = Barrier(8)

    def make(_number: int) -> str:
        together.wait()
        return home.installation_keys(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
