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
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

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


class _Adapter(HTTPAdapter):
    """Never waits for ever. VUCEM has spoken TLS with keys that OpenSSL refuses at its
    default level; the certificate is verified all the same."""

    def __init__(self, timeout, old_tls):
        self._timeout, self._old_tls = timeout, old_tls
        super().__init__()

    def send(self, request, **kwargs):
        return super().send(request, **{**kwargs, "timeout": self._timeout})

    def init_poolmanager(self, *args, **kwargs):
        context = ssl.create_default_context()
        if self._old_tls:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
        return super().init_poolmanager(*args, **kwargs, ssl_context=context)


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
            return Outcome(UNREACHED, reason=_plain(error))
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


def _judge(status, content):
    text = content.decode("utf-8", "replace")
    try:
        root = etree.fromstring(content, parser())
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != f"{{{SOAP}}}Envelope":
        refused = 400 <= status < 500
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
        reason = " ".join(
            filter(None, (first.findtext("faultcode"), first.findtext("faultstring")))
        )
        return Outcome(REFUSED, text=text, reason=reason[:2000] or "SOAP fault")
    if status != 200:
        return Outcome(UNCLEAR, text=text, reason=f"HTTP {status}")
    return Outcome(ANSWERED, first, text)
