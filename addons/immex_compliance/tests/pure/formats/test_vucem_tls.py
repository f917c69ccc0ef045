# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Old encryption of VUCEM's server, at a server of that age: the setting lowers one
connection's context, and never the verification of who answers."""

import ipaddress
import socket
import ssl
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from test_vucem import transport

ANSWER = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a/>'
    b"</s:Body></s:Envelope>"
)
NOW = datetime.now(UTC)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *arguments):
        """Nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments):
        """A client that turns away is what is tested."""
        if not isinstance(sys.exc_info()[1], OSError):
            raise


def certificate(name, key, issuer, issuer_key, days=(-10, 10), address="127.0.0.1"):
    """A certificate of ``address``; one of its own issuer signs others."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(name == issuer, None), True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address(address))]
            ),
            False,
        )
    )
    return builder.sign(issuer_key, hashes.SHA256())


def pem(made):
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def authority():
    """An authority that the machine trusts, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return certificate("Authority", key, "Authority", key), key


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    path = tmp_path / "authority.pem"
    path.write_bytes(pem(authority[0]))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@contextmanager
def server(authority, folder, bits=1024, newest=ssl.TLSVersion.TLSv1_2, **options):
    """An HTTPS server whose key is as short as VUCEM's was; gives its address."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    made = certificate("Server", key, "Authority", authority[1], **options)
    path = folder / "server.pem"
    path.write_bytes(
        pem(made)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = newest
    context.load_cert_chain(path)
    with Server(("127.0.0.1", 0), Handler) as served:
        served.socket = context.wrap_socket(
            served.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{served.server_port}/"
        served.shutdown()


def send(address, old):
    body = etree.Element("a")
    return transport.send(address, "", body, "RFC", "key", (2, 2), old_tls=old)


def refused(outcome, words):
    """Nothing left: no request was made to a server that is not trusted."""
    assert outcome.kind == transport.UNREACHED
    assert "SSLError" in outcome.reason
    assert words in outcome.reason, outcome.reason


def test_a_short_key_is_borne_by_choice(authority, trusted, tmp_path):
    with server(authority, tmp_path) as address:
        refused(send(address, False), "key too weak")
        assert send(address, True).kind == transport.ANSWERED
        # it was for that one connection
        refused(send(address, False), "key too weak")


def test_a_key_of_today_needs_no_choice(authority, trusted, tmp_path):
    with server(authority, tmp_path, 2048, ssl.TLSVersion.TLSv1_3) as address:
        for old in (False, True):
            assert send(address, old).kind == transport.ANSWERED


@pytest.mark.parametrize("old", [False, True])
def test_who_answers_is_always_verified(authority, tmp_path, old):
    """An authority that nobody knows."""
    with server(authority, tmp_path, 2048) as address:
        refused(send(address, old), "CERTIFICATE_VERIFY_FAILED")


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"days": (-20, -10)}, "certificate has expired"),
        ({"address": "127.0.0.2"}, "IP address mismatch"),
    ],
    ids=["expired", "another"],
)
def test_a_wrong_certificate_is_never_borne(
    authority, trusted, tmp_path, options, words, old
):
    with server(authority, tmp_path, 2048, **options) as address:
        refused(send(address, old), words)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("old", [False, True])
def test_no_protocol_before_tls_1_2(authority, trusted, tmp_path, old):
    """Old keys and ciphers, not old protocols: VUCEM speaks TLS 1.2."""
    with server(authority, tmp_path, 2048, ssl.TLSVersion.TLSv1_1) as address:
        refused(send(address, old), "PROTOCOL")
        # and the server does speak it, with who wants it
        context = ssl.create_default_context()
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        place = urlsplit(address).hostname, urlsplit(address).port
        with (
            socket.create_connection(place, 5) as plain,
            context.wrap_socket(plain, server_hostname=place[0]) as spoken,
        ):
            assert spoken.version() == "TLSv1.1"


def test_nothing_else_on_the_machine_is_lowered():
    usual = ssl.create_default_context().security_level
    adapter = transport._Adapter((1, 1), True)
    context = adapter.poolmanager.connection_pool_kw["ssl_context"]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.security_level < usual
    other = transport._Adapter((1, 1), False).poolmanager.connection_pool_kw
    assert other["ssl_context"].security_level == usual
    assert other["ssl_context"].minimum_version >= ssl.TLSVersion.TLSv1_2
    assert ssl.create_default_context().security_level == usual
