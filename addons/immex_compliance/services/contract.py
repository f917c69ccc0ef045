# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Request bodies made from VUCEM's own WSDLs, which are part of the add-on.

Nothing is fetched: the contracts are files, and the transport of zeep refuses anything
else. VUCEM publishes the addresses of the queries under ``/ventanilla/``, and answers
them under ``/ventanilla-ws-pedimentos/``: the copies here bear the latter, and
``vucem.locate`` gives it.
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from zeep import Client, Settings
from zeep.transports import Transport

WSDL = Path(__file__).resolve().parent / "wsdl"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
# service -> (contract, operation)
QUERIES = {
    "ListarPedimentosService": (
        "pedimentos/ListarPedimentosService.wsdl",
        "consultarPedimentos",
    ),
    "ConsultarPedimentoCompletoService": (
        "pedimentos/ConsultarPedimentoCompleto.wsdl",
        "consultarPedimentoCompleto",
    ),
    "ConsultarPartidaService": (
        "pedimentos/ConsultarPartida.wsdl",
        "consultarPartida",
    ),
    "ConsultarRemesasService": (
        "pedimentos/ConsultarRemesasService.wsdl",
        "consultarRemesas",
    ),
    "ConsultarEstadoPedimentosService": (
        "pedimentos/ConsultarEstadoPedimentosService.wsdl",
        "consultarEstadoPedimentos",
    ),
}


class LocalTransport(Transport):
    """Reads files of the add-on, and nothing from a network."""

    def load(self, url):
        if urlsplit(str(url)).scheme not in ("", "file"):
            raise ValueError(f"{url} is no file of the add-on")
        return super().load(url)


@lru_cache(maxsize=16)
def _client(contract):
    return Client(
        str(WSDL / contract),
        transport=LocalTransport(),
        settings=Settings(strict=True, forbid_entities=True),
    )


def make_body(service, values):
    """The element that a query sends in its Body.

    :param str service: a key of :data:`QUERIES`
    :param dict values: what the request's type holds
    :return: lxml element
    :raise zeep.exceptions.ValidationError: something that must be there is missing
    """
    contract, operation = QUERIES[service]
    client = _client(contract)
    envelope = client.create_message(client.service, operation, **values)
    return etree.fromstring(etree.tostring(envelope.find(f"{{{SOAP}}}Body")[0]))
