"""The shell's decisions: tokens, limits, retries, addresses, cursors, versions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.rest.rules import addresses, cursors, limits, preconditions, retries, tokens

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def test_a_token_proves_its_digest_and_no_other():
    token = tokens.parse("shy_0123456789_" + "a" * 43)
    other = tokens.parse("shy_0123456789_" + "a" * 42 + "b")
    assert (token.prefix, token.text) == ("0123456789", "shy_0123456789_" + "a" * 43)
    assert (token.proves(token.digest), other.proves(token.digest)) == (True, False)


@pytest.mark.parametrize("text", ["", "shy_", "shy_0123456789_" + "a" * 42, "SHY_0123456789_" + "a" * 43, "a b"])
def test_other_text_is_no_token(text):
    assert tokens.parse(text) is None


@given(st.integers(1, 500), st.lists(st.floats(0, 30), min_size=1, max_size=300))
def test_a_key_never_calls_more_than_its_burst_and_its_rate(limit, waits):
    bucket, now, let_in = None, 0.0, 0
    for wait in waits:
        now += wait
        bucket, standing = limits.take(bucket, limit=limit, now=now)
        let_in += not standing.is_refused
        assert 0 <= standing.remaining <= limit
        assert standing.is_refused == (standing.retry_after > 0)
    assert let_in <= limit + now * limit / limits.PERIOD_SECONDS + 1e-6


@given(st.integers(1, 500))
def test_who_waits_as_long_as_told_is_let_in(limit):
    bucket = None
    for _call in range(limit + 1):
        bucket, standing = limits.take(bucket, limit=limit, now=100.0)
    assert standing.is_refused
    _bucket, later = limits.take(bucket, limit=limit, now=100.0 + standing.retry_after)
    assert not later.is_refused


@given(st.integers(1, retries.ATTEMPTS_MAX - 1), st.floats(0, 1, exclude_max=True))
def test_waits_spread_by_a_fifth_around_the_schedule(attempts, jitter):
    planned = retries.next_try(attempts, at=AT, jitter=0.5) - AT
    wait = retries.next_try(attempts, at=AT, jitter=jitter) - AT
    assert abs(wait - planned) <= planned / 5


def test_a_delivery_is_given_up_after_ten_attempts():
    assert [retries.next_try(count, at=AT, jitter=0.5) is None for count in (1, 9, 10, 11)] == [
        False,
        False,
        True,
        True,
    ]


def test_what_a_receiver_asks_for_is_heeded_up_to_a_day():
    def wait(hours):
        return retries.next_try(1, at=AT, jitter=0.5, asked=timedelta(hours=hours)) - AT

    assert [wait(1), wait(24), wait(1000)] == [timedelta(hours=1), timedelta(hours=24), timedelta(hours=24)]
    assert retries.next_try(1, at=AT, jitter=0.5) - AT == timedelta(seconds=5)


def test_a_receiver_is_given_up_after_five_days_of_failures():
    told = [retries.is_given_up(since, at=AT) for since in (None, AT - timedelta(days=4.9), AT - timedelta(days=5))]
    assert told == [False, False, True]


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 nothing is bound here
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public_however_they_are_written(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_public(address):
    assert addresses.is_public(address)


def test_one_private_address_among_public_ones_refuses_the_name():
    with pytest.raises(addresses.AddressRefusedError, match="not_public"):
        addresses.check_addresses(["1.1.1.1", "10.0.0.1"], is_https=True, local_allowed=False)


@pytest.mark.parametrize(("found", "is_https"), [(["10.0.0.1"], True), (["1.1.1.1"], False), (["10.0.0.1"], False)])
def test_local_permission_is_for_this_machine_only(found, is_https):
    with pytest.raises(addresses.AddressRefusedError, match="not_public"):
        addresses.check_addresses(found, is_https=is_https, local_allowed=True)


SECONDS = int((datetime(2200, 1, 1, tzinfo=UTC) - AT).total_seconds())


@given(st.integers(-SECONDS // 2, SECONDS).map(lambda seconds: AT + timedelta(seconds=seconds)), st.uuids())
def test_a_cursor_gives_back_its_values(at, key):
    assert cursors.read(cursors.write([at, key]), [cursors.moment, UUID]) == [at, key]


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_other_text_is_refused_as_cursor(text):
    with pytest.raises(cursors.CursorError):
        cursors.read(text, [cursors.moment, UUID])


def test_versions_match_exactly_or_by_star():
    told = [preconditions.matches(text, 3) for text in ('"v3"', '"v2", "v3"', "*", '"v2"', 'W/"v3"', "v3", "")]
    assert told == [True, True, True, False, False, False, False]
