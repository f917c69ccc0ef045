# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""XML of a COVE in the order of RecibirCove.xsd, validated against it."""

import base64
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

from ..issues import ERROR, FormatError, Issue, _lt
from .document import DOLLARS, QUANTITY, VALUE, amount

NAMESPACE = "http://www.ventanillaunica.gob.mx/cove/ws/oxml/"
SCHEMA = Path(__file__).parent / "schema" / "RecibirCove.xsd"
# Operation of the service and its root element, by (list, automotive).
OPERATIONS = {
    (False, False): ("RecibirCove", "solicitarRecibirCoveServicio"),
    (True, True): (
        "RecibirRelacionFacturasIA",
        "solicitarRecibirRelacionFacturasIAServicio",
    ),
    (True, False): (
        "RecibirRelacionFacturasNoIA",
        "solicitarRecibirRelacionFacturasNoIAServicio",
    ),
}


@dataclass(frozen=True, slots=True)
class SignedPart:
    """firmaElectronica: DER of the certificate, the signed text, the signature."""

    certificate: bytes = field(repr=False)
    original: str
    signature: bytes = field(repr=False)


def _kind(comprobante):
    is_list = bool(comprobante.list_number)
    return OPERATIONS[is_list, is_list and comprobante.automotive]


def operation(comprobante):
    """Name of the service's operation that takes this comprobante."""
    return _kind(comprobante)[0]


def build(comprobante, signed):
    """Return the request element of one comprobante.

    :param Comprobante comprobante: without errors of :func:`checks.check`
    :param SignedPart signed: its signature
    :return: lxml element, valid by the schema
    :raise FormatError: what the schema says against it
    """
    root = etree.Element(_tag(_kind(comprobante)[1]), nsmap={None: NAMESPACE})
    node = _sub(root, "comprobantes")
    if comprobante.edocument:
        _text(node, "e-document", comprobante.edocument)
    _text(node, "tipoOperacion", comprobante.operation)
    for patent in comprobante.patents:
        _text(node, "patenteAduanal", patent)
    _text(node, "fechaExpedicion", comprobante.date.isoformat())
    _text(node, "observaciones", comprobante.remarks)
    for rfc in comprobante.query_rfcs:
        _text(node, "rfcConsulta", rfc)
    _text(node, "tipoFigura", comprobante.figure)
    _text(node, "correoElectronico", comprobante.email)
    _signature(_sub(node, "firmaElectronica"), signed)
    if comprobante.list_number:
        _list(node, comprobante)
    else:
        _single(node, comprobante)
    validate(root)
    return root


def validate(root):
    """:raise FormatError: the first thing that the schema says against ``root``"""
    schema = _schema()
    if not schema.validate(root):
        error = schema.error_log[0]
        raise FormatError(
            Issue(
                ERROR,
                "cove_schema",
                _lt("The COVE does not follow the schema of VUCEM: %(reason)s"),
                {"reason": error.message.replace(f"{{{NAMESPACE}}}", "")},
            )
        )


@cache
def _schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def _tag(name):
    return f"{{{NAMESPACE}}}{name}"


def _sub(node, name):
    return etree.SubElement(node, _tag(name))


def _text(node, name, value):
    """An element with its text; an empty optional one is left out."""
    if value != "":
        _sub(node, name).text = value


def _signature(node, signed):
    _text(node, "certificado", base64.b64encode(signed.certificate).decode())
    _text(node, "cadenaOriginal", signed.original)
    _text(node, "firma", base64.b64encode(signed.signature).decode())


def _single(node, comprobante):
    (invoice,) = comprobante.invoices
    _text(node, "numeroFacturaOriginal", invoice.number)
    _flags(_sub(node, "factura"), invoice)
    _person(node, "emisor", comprobante.issuer)
    _person(node, "destinatario", comprobante.recipient)
    _goods(node, invoice)


def _list(node, comprobante):
    _text(node, "numeroRelacionFacturas", comprobante.list_number)
    _person(node, "emisor", comprobante.issuer)
    _person(node, "destinatario", comprobante.recipient)
    for invoice in comprobante.invoices:
        child = _sub(node, "facturas")
        _flags(child, invoice)
        _text(child, "numeroFactura", invoice.number)
        _person(child, "emisor", invoice.issuer)
        _person(child, "destinatario", invoice.recipient)
        _goods(child, invoice)


def _flags(node, invoice):
    _text(node, "certificadoOrigen", "1" if invoice.certificate_of_origin else "0")
    _text(node, "numeroExportadorAutorizado", invoice.exporter_number)
    _text(node, "subdivision", "1" if invoice.subdivision else "0")


def _person(node, name, person):
    if person is None:
        return
    child = _sub(node, name)
    _text(child, "tipoIdentificador", person.id_type)
    _text(child, "identificacion", person.identification)
    _text(child, "apellidoPaterno", person.paternal)
    _text(child, "apellidoMaterno", person.maternal)
    _text(child, "nombre", person.name)
    home, address = _sub(child, "domicilio"), person.address
    _text(home, "calle", address.street)
    _text(home, "numeroExterior", address.exterior)
    _text(home, "numeroInterior", address.interior)
    _text(home, "colonia", address.colony)
    _text(home, "localidad", address.locality)
    _text(home, "municipio", address.municipality)
    _text(home, "entidadFederativa", address.state)
    _text(home, "pais", address.country)
    _text(home, "codigoPostal", address.zip)


def _goods(node, invoice):
    for goods in invoice.goods:
        child = _sub(node, "mercancias")
        _text(child, "descripcionGenerica", goods.description)
        _text(child, "claveUnidadMedida", goods.unit)
        _text(child, "tipoMoneda", goods.currency)
        _text(child, "cantidad", amount(goods.quantity, QUANTITY))
        _text(child, "valorUnitario", amount(goods.unit_value, VALUE))
        _text(child, "valorTotal", amount(goods.total, VALUE))
        _text(child, "valorDolares", amount(goods.usd, DOLLARS))
        for specific in goods.specifics:
            part = _sub(child, "descripcionesEspecificas")
            _text(part, "marca", specific.brand)
            _text(part, "modelo", specific.model)
            _text(part, "subModelo", specific.submodel)
            _text(part, "numeroSerie", specific.serial)


def build_query(operation_number, signed):
    """Return the request element that asks for the answer to an operation."""
    root = etree.Element(
        _tag("solicitarConsultarRespuestaCoveServicio"), nsmap={None: NAMESPACE}
    )
    _text(root, "numeroOperacion", str(operation_number))
    _signature(_sub(root, "firmaElectronica"), signed)
    return root
