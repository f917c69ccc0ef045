# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A VUCEM for COVE and digitised documents on this machine, over HTTP.

In tests: ``with CovePeer({rfc: key}) as peer``; by hand::

    python tests/support/cove_peer.py --rfc ADN150203AB1 --key secret --port 8765

``peer.misbehave`` holds what happens to the next requests, one each: ``silence`` (no
answer for ``peer.silence`` seconds), ``reset`` (the request is taken, the connection
cut), ``truncated``, ``http500``, ``html``, ``binary`` (no text at all), ``fault``,
``wrong`` (an answer of another kind), ``mistyped`` (words for numbers and flags),
``latin1`` (the answer in ISO-8859-1), ``good``.
"""

import argparse
import socket
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lxml import etree

if __package__:
    from .vucem_cove import CoveServices, Refused
else:
    sys.path.insert(0, str(Path(__file__).parent))
    from vucem_cove import CoveServices, Refused

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
# ``misbehave`` to SOAP faults: of the caller, and of the server
FAULTS = {
    "fault": "soapenv:Client Servicio no disponible para este mensaje",
    "server_fault": "soapenv:Server Servicio no disponible",
}
NS = {
    "s": SOAP,
    "w": OASIS + "wssecurity-secext-1.0.xsd",
    "u": OASIS + "wssecurity-utility-1.0.xsd",
}
TEXT = OASIS + "username-token-profile-1.0#PasswordText"
# elements of answers that hold no words
TYPED = (
    "numeroDeOperacion numeroOperacion eDocument tieneError contieneError numeroPartida"
).split()
ACTIONS = {
    "RecibirCoveService": {
        "RecibirCove": "solicitarRecibirCoveServicio",
        "RecibirRelacionFacturasIA": "solicitarRecibirRelacionFacturasIAServicio",
        "RecibirRelacionFacturasNoIA": "solicitarRecibirRelacionFacturasNoIAServicio",
    },
    "ConsultarRespuestaCoveService": {
        "ConsultarRespuestaCove": "solicitarConsultarRespuestaCoveServicio",
    },
    "DigitalizarDocumentoService": {
        "RegistroDigitalizarDocumento": "registroDigitalizarDocumentoServiceRequest",
        "ConsultaEDocumentDigitalizarDocumento": (
            "consultaDigitalizarDocumentoServiceRequest"
        ),
    },
}


class CovePeer(CoveServices):
    """The services behind an HTTP server of their own.

    ``requests``: the bodies of all requests as they came, with path and SOAPAction.
    """

    def __init__(self, keys, port=0):
        super().__init__()
        self.keys = keys
        self.misbehave = []
        self.silence = 30
        self.requests = []
        self._stop = threading.Event()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                peer.handle(self)

            def log_message(self, *arguments):
                """Requests bear secrets: nothing is logged."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self.server.shutdown()
        self.server.server_close()

    def handle(self, http):
        data = http.rfile.read(int(http.headers.get("Content-Length", 0)))
        action = http.headers.get("SOAPAction", "").strip('"')
        self.requests.append((http.path, action, data))
        manner = self.misbehave.pop(0) if self.misbehave else "good"
        if manner == "silence":
            self._stop.wait(self.silence)
        status, answer = self.respond(http.path, action, data, manner)
        if manner == "reset":
            http.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
            )
            http.connection.close()
            return
        with suppress(BrokenPipeError):  # who called did not wait
            self._answer(http, status, answer, manner)

    def _answer(self, http, status, answer, manner):
        http.send_response(status)
        http.send_header("Content-Type", "text/xml; charset=utf-8")
        http.send_header("Content-Length", str(len(answer)))
        http.end_headers()
        http.wfile.write(
            answer[: len(answer) // 2] if manner == "truncated" else answer
        )

    def respond(self, path, action, data, manner):
        if manner == "http500":
            return 500, b"Internal Server Error"
        if manner == "html":
            return 200, b"<html><body>En mantenimiento</body></html>"
        if manner == "binary":
            return 200, b"\x00\x01\xff\x00"
        try:
            if manner in FAULTS:
                raise Refused(FAULTS[manner])
            body, rfc = self._opened(data)
            name = path.removeprefix("/ventanilla/")
            operation = action.rsplit("/", 1)[-1]
            expected = ACTIONS.get(name, {}).get(operation)
            if expected != etree.QName(body).localname:
                raise Refused(
                    f"soapenv:Client {operation} of {name} does not take {body.tag}"
                )
            answer = self.services[name](body, rfc)
        except Refused as error:
            fault = etree.Element(f"{{{SOAP}}}Fault")
            code, _, text = str(error).partition(" ")
            etree.SubElement(fault, "faultcode").text = code
            etree.SubElement(fault, "faultstring").text = text
            return 500, self._wrapped(fault)
        if manner == "wrong":
            answer = etree.Element("{urn:other}saludo")
        if manner == "mistyped":
            for node in answer.iter():
                if etree.QName(node).localname in TYPED:
                    node.text = "mil"
        encoding = "ISO-8859-1" if manner == "latin1" else "UTF-8"
        return 200, self._wrapped(answer, encoding)

    def _opened(self, data):
        """(body element, RFC) of an envelope whose login is right."""
        root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
        headers = root.findall("s:Header/w:Security", NS)
        if len(headers) != 1:
            raise Refused("wsse:InvalidSecurity Found more than one Security header")
        created = headers[0].findtext("u:Timestamp/u:Created", "", NS)
        age = datetime.now(UTC) - datetime.fromisoformat(created)
        if abs(age.total_seconds()) > 300:
            raise Refused("wsse:MessageExpired Timestamp")
        user = headers[0].findtext("w:UsernameToken/w:Username", "", NS)
        password = headers[0].find("w:UsernameToken/w:Password", NS)
        if password is None or password.get("Type") != TEXT:
            raise Refused("wsse:InvalidSecurityToken PasswordText")
        if self.keys.get(user) != password.text:
            raise Refused(
                "wsse:FailedAuthentication Failed to assert identity with "
                "UsernameToken."
            )
        return root.find("s:Body", NS)[0], user

    def _wrapped(self, element, encoding="UTF-8"):
        root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
        etree.SubElement(root, f"{{{SOAP}}}Body").append(element)
        return etree.tostring(root, xml_declaration=True, encoding=encoding)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rfc", required=True)
    parser.add_argument("--key", required=True, help="web service key")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--patience", type=int, default=1)
    options = parser.parse_args()
    with CovePeer({options.rfc: options.key}, options.port) as peer:
        peer.patience = options.patience
        print(f"address: {peer.address}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
