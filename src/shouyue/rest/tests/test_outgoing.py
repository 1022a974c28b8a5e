"""Calling out: only to where we may, only as long and as much as we allow."""

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shouyue.rest.outgoing import SendFailedError, post, split_url
from shouyue.rest.rules import addresses
from shouyue.rest.tests.receivers import misbehaving, receiving


def send(url: str, *, local_allowed: bool = True, seconds: float = 5.0):
    return post(url, body=b"{}", headers={"A-Header": "a"}, local_allowed=local_allowed, seconds=seconds)


def refusal(url: str, **how) -> str:
    with pytest.raises(SendFailedError) as failed:
        send(url, **how)
    return failed.value.code


def test_a_receiver_gets_the_body_and_the_headers():
    with receiving(202, Retry_After="7") as receiver:
        answer = send(receiver.url + "?a=b")
    [got] = receiver.got
    assert (answer.status, answer.is_taken, answer.retry_after) == (202, True, 7)
    assert (got.path, got.body, got.headers["a-header"]) == ("/hook?a=b", b"{}", "a")
    assert got.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 nothing is bound here
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[fd00:ec2::254]",
        "[64:ff9b::a00:1]",
        "2130706433",
        "127.1",
        "0x7f.1",
    ],
)
def test_private_addresses_are_refused_whatever_they_are_called(host):
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        code = refusal(f"https://{host}:{port}/hook", local_allowed=False)
    assert (code, receiver.got) == ("refused_not_public", [])


def test_permission_for_this_machine_does_not_open_the_network_around_it():
    codes = {refusal(f"{scheme}://{host}/") for scheme in ("http", "https") for host in ("10.0.0.1", "169.254.169.254")}
    assert codes == {"refused_not_public"}


def test_without_permission_plain_http_is_refused_even_to_public_addresses():
    assert refusal("http://93.184.216.34/", local_allowed=False) == "refused_not_https"


def test_a_redirect_is_an_answer_and_nobody_follows_it():
    with receiving() as private, receiving(302, Location=private.url) as receiver:
        answer = send(receiver.url)
    assert (answer.status, answer.is_taken, len(receiver.got), private.got) == (302, False, 1, [])


def test_a_receiver_that_does_not_answer_is_left():
    with misbehaving(lambda _connected, over: over.wait(20)) as url:
        assert refusal(url, seconds=0.3) == "timeout"


def test_a_receiver_that_drips_is_left_too():
    def drip(connected, over):
        """A byte at a time, each well within any wait for one byte; after 200 of them the answer would be whole."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 200 + b"\r\nContent-Length: 0\r\n\r\n":
            if over.wait(0.05):
                return
            connected.sendall(bytes([byte]))

    with misbehaving(drip) as url:
        assert refusal(url, seconds=0.5) == "timeout"


def test_an_answer_without_end_is_left():
    def pour(connected, over):
        connected.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.is_set():
            connected.sendall(b"X-More: " + b"a" * 60_000 + b"\r\n")

    with misbehaving(pour) as url:
        assert refusal(url) == "bad_answer"


@pytest.mark.parametrize("said", [b"hello\r\n\r\n", b"", b"HTTP/1.1 abc OK\r\n\r\n"])
def test_what_is_no_answer_is_told(said):
    with misbehaving(lambda connected, _over: connected.sendall(said)) as url:
        assert refusal(url) in {"bad_answer", "no_connection"}


def test_nobody_there_is_told():
    with receiving() as receiver:
        url = receiver.url
    assert refusal(url) == "no_connection"
    assert refusal("https://no-such-host.invalid/", local_allowed=False) == "no_address"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    path = tmp_path / "both.pem"
    path.write_bytes(self_signed())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    ready, port, got = threading.Event(), [], []
    thread = threading.Thread(target=tls_once, args=(context, ready, port, got))
    thread.start()
    assert ready.wait(10)
    assert refusal(f"https://localhost:{port[0]}/") == "bad_tls"
    thread.join(10)
    assert got == []


def tls_once(context, ready, port, got) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port.append(listening.getsockname()[1])
        ready.set()
        connected, _address = listening.accept()
        with suppress(OSError), context.wrap_socket(connected, server_side=True) as secured:
            got.append(secured.recv(1))


def self_signed() -> bytes:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/", "not_https"),
        ("ftp://example.org/", "not_https"),
        ("file:///etc/passwd", "bad_url"),
        ("https://", "bad_url"),
        ("https://user:word@example.org/", "bad_url"),
        ("https://@example.org/", "bad_url"),
        ("https://example.org/#part", "bad_url"),
        ("https://example.org:99999/", "bad_url"),
        ("https://exam ple.org/", "bad_url"),
        ("https://example.org/\r\nHost: x", "bad_url"),
        ("https://例子.测试/", "bad_url"),
        ("https://[::1/", "bad_url"),
        ("https://example.org/" + "a" * 500, "bad_url"),
    ],
)
def test_urls_that_nothing_is_sent_to(url, code):
    with pytest.raises(addresses.AddressRefusedError) as refused:
        split_url(url, local_allowed=False)
    assert refused.value.code == code


def test_a_url_comes_apart():
    split = split_url("https://example.org:8443/a/b?c=d", local_allowed=False)
    assert split == (True, "example.org", 8443, "/a/b?c=d")
    assert split_url("http://localhost", local_allowed=True) == (False, "localhost", 80, "/")
