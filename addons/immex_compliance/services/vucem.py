# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One SOAP request to VUCEM and what became of it.

UsernameToken with the web service key as PasswordText and a Timestamp, in the only
Security header that VUCEM takes. What matters to the caller is not which error it was
but whether the message can have been received: see the outcomes.
"""

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
from lxml import etree
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.exceptions import SSLError as TlsError

from ..formats.issues import FormatError
from ..formats.xml_tree import check_tree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = OASIS + "wssecurity-secext-1.0.xsd"
WSU = OASIS + "wssecurity-utility-1.0.xsd"
PASSWORD_TEXT = OASIS + "username-token-profile-1.0#PasswordText"

# The queries of pedimentos live on a path of their own and take no SOAPAction.
PEDIMENTOS = frozenset(
    (
        "ListarPedimentosService",
        "ConsultarPedimentoCompletoService",
        "ConsultarPartidaService",
        "ConsultarRemesasService",
        "ConsultarEstadoPedimentosService",
    )
)
# Faults that say that the message was not taken as it is. Any other one, a ``Server``
# above all, may come after the message was registered.
NOT_TAKEN = frozenset(
    (
        "Client",
        "MustUnderstand",
        "VersionMismatch",
        # of WS-Security 1.0, 12
        "FailedAuthentication",
        "FailedCheck",
        "InvalidSecurity",
        "InvalidSecurityToken",
        "MessageExpired",
        "SecurityTokenUnavailable",
        "UnsupportedAlgorithm",
        "UnsupportedSecurityToken",
    )
)
# HTTP statuses below 500 that say "not now", not "no"
NOT_NOW = frozenset((408, 425, 429))
# Answered: ``answer`` is there. Refused: VUCEM said no to the message, nothing was
# registered. Unreached: it did not leave, and may be sent again. Unclear: it left, and
# whether it was received is not known.
ANSWERED, REFUSED, UNREACHED, UNCLEAR = "answered", "refused", "unreached", "unclear"
MAX_ANSWER = 20 * 1024 * 1024  # bytes
MAX_SECONDS = 300  # for the whole of an answer
PIECE = 64  # small, so that a slow answer is noticed
TIMEOUT = (10, 60)  # seconds to connect, and between two pieces of the answer


def locate(service, operation):
    """(path under the host, SOAPAction) of an operation."""
    if service in PEDIMENTOS:
        return f"/ventanilla-ws-pedimentos/{service}", ""
    return f"/ventanilla/{service}", f"http://www.ventanillaunica.gob.mx/{operation}"


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: str
    answer: object = None
    text: str = ""
    reason: str = ""


class _Connection(HTTPSConnection):
    """Tells a connection that did not come about from one that broke later: only
    before the end of the handshake an error of TLS means that nothing left."""

    def connect(self):
        try:
            return super().connect()
        except (OSError, TlsError) as error:
            raise NewConnectionError(self, f"SSLError in handshake: {error}") from error


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Never waits for ever. VUCEM has spoken TLS with keys that OpenSSL refuses at its
    default level; the certificate is verified all the same, and no protocol before TLS
    1.2 is spoken."""

    def __init__(self, timeout, old_tls):
        self._timeout, self._old_tls = timeout, old_tls
        super().__init__()

    def send(self, request, **kwargs):
        return super().send(request, **{**kwargs, "timeout": self._timeout})

    def init_poolmanager(self, *args, **kwargs):
        context = ssl.create_default_context()
        # not every Python of every system refuses the older ones by itself
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._old_tls:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
        made = super().init_poolmanager(*args, **kwargs, ssl_context=context)
        self.poolmanager.pool_classes_by_scheme = {
            "http": HTTPConnectionPool,
            "https": _Pool,
        }
        return made


def parser(huge=False):
    """For XML from outside: no entities, no network, no DTD, no huge tree; ``huge``
    for a text of our own, whose PDF is longer than libxml2 lets pass."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
    )


def allowed(url):
    """Whether a service key may be sent there: TLS, or this very machine."""
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return parts.scheme == "https" or (parts.scheme == "http" and local)


def envelope(body, username, key, now=None):
    """The bytes that are sent: ``body`` in an envelope with the security header."""
    now = now or datetime.now(UTC)
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    security = etree.SubElement(
        header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE, "wsu": WSU}
    )
    security.set(f"{{{SOAP}}}mustUnderstand", "1")
    stamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
    for name, moment in (("Created", now), ("Expires", now + timedelta(minutes=5))):
        etree.SubElement(stamp, f"{{{WSU}}}{name}").text = moment.strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
    token = etree.SubElement(security, f"{{{WSSE}}}UsernameToken")
    etree.SubElement(token, f"{{{WSSE}}}Username").text = username
    password = etree.SubElement(token, f"{{{WSSE}}}Password", Type=PASSWORD_TEXT)
    password.text = key
    etree.SubElement(root, f"{{{SOAP}}}Body").append(body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def send(url, action, body, username, key, timeout=None, old_tls=False):
    """Send one request and tell its :class:`Outcome`; never raises for the network.

    :param str action: SOAPAction
    :param body: lxml element
    :param timeout: seconds to connect, and between two pieces of the answer
    :param bool old_tls: whether keys and ciphers may be weaker than OpenSSL likes
    """
    data = envelope(body, username, key)
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": f'"{action}"'}
    with requests.Session() as session:
        session.trust_env = False
        adapter = _Adapter(timeout or TIMEOUT, old_tls)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        try:
            with session.post(
                url,
                data=data,
                headers=headers,
                stream=True,
                allow_redirects=False,
            ) as response:
                content = _read(response)
                status = response.status_code
        except requests.exceptions.SSLError as error:
            return Outcome(UNCLEAR, reason=f"After sending: {_plain(error)}"[:500])
        except requests.ConnectionError as error:
            cause = getattr(error.args[0] if error.args else None, "reason", None)
            left = not isinstance(cause, NewConnectionError | ConnectTimeoutError)
            return Outcome(UNCLEAR if left else UNREACHED, reason=_plain(error))
        except requests.RequestException as error:
            return Outcome(UNCLEAR, reason=_plain(error))
    return _judge(status, content)


def _plain(error):
    return f"{type(error).__name__}: {error}"[:500]


def _read(response):
    """The answer, as far as it is no larger and no slower than is borne: a server
    that sends a byte at a time must not hold the queue."""
    pieces, size, begun = [], 0, time.monotonic()
    for piece in response.iter_content(PIECE):
        size += len(piece)
        if time.monotonic() - begun > MAX_SECONDS:
            raise requests.exceptions.Timeout("the answer took too long")
        if size > MAX_ANSWER:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        pieces.append(piece)
    return b"".join(pieces)


def answer_of(text):
    """The answer in an envelope that was kept as :attr:`Outcome.text`: lxml element."""
    return etree.fromstring(text.encode(), parser()).find(f"{{{SOAP}}}Body")[0]


def _text(content, root):
    """What came, to be kept: XML in whatever encoding as UTF-8, anything else as far as
    it can be read; PostgreSQL keeps no NUL."""
    if root is not None:
        encoding = root.getroottree().docinfo.encoding or "UTF-8"
        if encoding.upper() not in ("UTF-8", "US-ASCII", "ASCII"):
            return etree.tostring(root, encoding="UTF-8", xml_declaration=True).decode()
    return content.decode("utf-8-sig", "replace").replace("\0", "\ufffd")


def _judge(status, content):
    try:
        check_tree(content)
        root = etree.fromstring(content, parser())
    except (FormatError, etree.XMLSyntaxError, ValueError):
        root = None
    text = _text(content, root)
    if root is None or root.tag != f"{{{SOAP}}}Envelope":
        refused = 400 <= status < 500 and status not in NOT_NOW
        return Outcome(
            REFUSED if refused else UNCLEAR,
            text=text,
            reason=f"HTTP {status}, no SOAP answer",
        )
    body = root.find(f"{{{SOAP}}}Body")
    first = body[0] if body is not None and len(body) else None
    if first is None:
        return Outcome(UNCLEAR, text=text, reason=f"HTTP {status}, empty answer")
    if first.tag == f"{{{SOAP}}}Fault":
        told = (first.findtext("faultcode") or "").strip()
        reason = " ".join(filter(None, (told, first.findtext("faultstring"))))
        # Client.Authentication, say, is a Client fault too (SOAP 1.1, 4.4.1)
        code = told.rpartition(":")[2].partition(".")[0]
        return Outcome(
            REFUSED if code in NOT_TAKEN else UNCLEAR,
            text=text,
            reason=reason[:2000] or "SOAP fault",
        )
    if status != 200:
        return Outcome(UNCLEAR, text=text, reason=f"HTTP {status}")
    return Outcome(ANSWERED, first, text)
