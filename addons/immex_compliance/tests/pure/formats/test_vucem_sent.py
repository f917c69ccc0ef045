# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Whether a message may have been received: TLS that fails before and after it left,
and faults by their codes."""

import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from test_vucem import KEY, RFC, reasons, transport

END = b"Envelope>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Paths of a certificate for localhost, and of its key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(1))
        .not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = serialization.Encoding.PEM
    (folder / "own.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "own.pem", folder / "key.pem"


class TlsPeer:
    """Takes one connection; after the whole message it sends ``answer`` as it is, past
    its own TLS. Without a certificate it greets with a text and hangs up."""

    def __init__(self, certificate, answer=b""):
        self.certificate, self.answer = certificate, answer
        self.received = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://localhost:{self.socket.getsockname()[1]}/x"
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_args):
        self.thread.join(10)
        self.socket.close()

    def _run(self):
        raw, _address = self.socket.accept()
        if not self.certificate:
            raw.sendall(b"220 not what you think\r\n")
            raw.close()
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        try:
            secure = context.wrap_socket(raw, server_side=True)
        except (ssl.SSLError, OSError):
            raw.close()
            return
        while not self.received.endswith(END):
            piece = secure.recv(65536)
            if not piece:
                break
            self.received += piece
        bare = socket.socket(fileno=secure.detach())
        bare.sendall(self.answer)
        bare.close()


def send(peer):
    return transport.send(peer.address, "a", etree.Element("x"), RFC, KEY, (5, 5))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 502 Bad gateway\r\n\r\n",
        b"\x17\x03\x03\x00\x20" + b"x" * 32,
        b"\x15\x03\x03\x00\x02\x02\x28",
    ],
    ids=["nothing", "plain text", "bad record", "alert"],
)
def test_tls_that_breaks_after_the_message(certificate, monkeypatch, answer):
    """The server has the whole of it: it is not sent again blindly."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with TlsPeer(certificate, answer) as peer:
        outcome = send(peer)
    assert peer.received.endswith(END)
    assert outcome.kind == transport.UNCLEAR
    assert "connection broke" in reasons.explain(outcome.reason)


@pytest.mark.parametrize("known", [False, True], ids=["unknown issuer", "no TLS"])
def test_tls_that_never_came_about(certificate, known):
    """Nothing left: it may be sent again."""
    with TlsPeer(None if known else certificate) as peer:
        outcome = send(peer)
    assert not peer.received
    assert outcome.kind == transport.UNREACHED
    assert "No secure connection" in reasons.explain(outcome.reason)


FAULT = f"""<e:Envelope xmlns:e="{transport.SOAP}"><e:Body><e:Fault>
<faultcode>%s</faultcode><faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>"""


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("e:Client", "refused"),
        ("e:Client.Authentication", "refused"),
        ("Client", "refused"),
        ("wsse:FailedAuthentication", "refused"),
        ("wsse:InvalidSecurity", "refused"),
        ("e:VersionMismatch", "refused"),
        ("e:MustUnderstand", "refused"),
        ("e:Server", "unclear"),
        ("e:Server.Client", "unclear"),
        ("ORA-12541", "unclear"),
        ("", "unclear"),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_only_some_faults_say_that_nothing_was_taken(status, code, kind):
    outcome = transport._judge(status, (FAULT % code).encode())
    assert outcome.kind == kind
    assert outcome.reason == f"{code} no".strip()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "refused"),
        (403, "refused"),
        (408, "unclear"),
        (425, "unclear"),
        (429, "unclear"),
        (502, "unclear"),
    ],
)
def test_statuses_without_soap(status, kind):
    assert transport._judge(status, b"<html/>").kind == kind
