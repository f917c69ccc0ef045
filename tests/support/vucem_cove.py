# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""COVE and digitisation as VUCEM would answer them: services of the test peer.

Written from the schemas and the stylesheet of VUCEM, not from the add-on: nothing of
the add-on's code is imported, so that the two can disagree. Each service takes the
request element and the RFC that logged in, and returns the answer element; a
:class:`Refused` becomes a SOAP fault.
"""

import base64
import hashlib
import itertools
import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

FORMATS = Path(__file__).resolve().parents[2] / "addons/immex_compliance/formats"
COVE = "http://www.ventanillaunica.gob.mx/cove/ws/oxml/"
DIG = "http://www.ventanillaunica.gob.mx/aga/digitalizar/ws/oxml/DigitalizarDocumento"
COMMON = "http://www.ventanillaunica.gob.mx/common/ws/oxml/respuesta"
NS = {"c": COVE, "d": DIG, "r": COMMON}

DOMICILE = (
    "calle numeroExterior numeroInterior colonia localidad municipio entidadFederativa"
    " pais codigoPostal"
)
PERSON = "tipoIdentificador identificacion apellidoPaterno apellidoMaterno nombre"
FLAGS = "subdivision certificadoOrigen numeroExportadorAutorizado"
GOODS = (
    "descripcionGenerica claveUnidadMedida cantidad tipoMoneda valorUnitario valorTotal"
    " valorDolares"
)
SPECIFIC = "marca modelo subModelo numeroSerie"


class Refused(Exception):
    """The request is answered with a SOAP fault."""


def _values(node, names):
    for name in names.split():
        for child in node.findall(f"c:{name}", NS):
            if child.text:
                yield " ".join(child.text.split())


def _person(node):
    if node is None:
        return
    yield from _values(node, PERSON)
    yield from _values(node.find("c:domicilio", NS), DOMICILE)


def _goods(node):
    for goods in node.findall("c:mercancias", NS):
        yield from _values(goods, GOODS)
        for specific in goods.findall("c:descripcionesEspecificas", NS):
            yield from _values(specific, SPECIFIC)


def original_string(node):
    """Original string of a ``comprobantes`` element, as Cove02 makes it."""
    kind = etree.QName(node.getparent()).localname
    parts = list(
        _values(node, "tipoOperacion numeroFacturaOriginal numeroRelacionFacturas")
    )
    parts.append("0" if kind == "solicitarRecibirCoveServicio" else "1")
    parts += [
        date[:10] if name == "fechaExpedicion" else date
        for name in ("fechaExpedicion", "tipoFigura", "observaciones")
        for date in _values(node, name)
    ]
    parts += _values(node, "rfcConsulta patenteAduanal")
    if kind == "solicitarRecibirCoveServicio":
        parts += _values(node.find("c:factura", NS), FLAGS)
    parts += _person(node.find("c:emisor", NS))
    parts += _person(node.find("c:destinatario", NS))
    parts += _goods(node)
    for invoice in node.findall("c:facturas", NS):
        parts += _values(invoice, "numeroFactura " + FLAGS)
        parts += _person(invoice.find("c:emisor", NS))
        parts += _person(invoice.find("c:destinatario", NS))
        parts += _goods(invoice)
    return "".join(f"|{part}" for part in parts) + "|"


def signature_error(signed, expected, encoding, rfc, prefix="c"):
    """What is wrong with a firmaElectronica over ``expected``; None: nothing."""
    text = signed.findtext(f"{prefix}:cadenaOriginal", "", NS)
    if text != expected:
        return "Cadena original : La cadena original es inválida"
    raw = [
        base64.b64decode(signed.findtext(f"{prefix}:{name}", "", NS))
        for name in ("certificado", "firma")
    ]
    certificate = x509.load_der_x509_certificate(raw[0])
    subject = certificate.subject.get_attributes_for_oid(
        x509.ObjectIdentifier("2.5.4.45")
    )
    if not subject or subject[0].value.split(" /")[0] != rfc:
        return f"El RFC del solicitante {rfc} no tiene privilegios"
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return "Firma Electrónica : El certificado no está vigente"
    try:
        certificate.public_key().verify(
            raw[1], expected.encode(encoding), padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return "Firma Electrónica : Firma inválida"
    return None


class CoveServices:
    """State of the services: what was received, and what is still to be answered.

    ``patience``: how often an operation is asked for before it is answered.
    ``refusals``: texts with which the next documents are rejected, one each.
    ``received``: (operation number, request element) in the order of arrival.
    """

    def __init__(self):
        self.patience = 0
        self.refusals = []
        self.received = []
        self.operations = {}
        self._numbers = itertools.count(216068)
        self._issued = itertools.count(1)
        self.services = {
            "RecibirCoveService": self.receive,
            "ConsultarRespuestaCoveService": self.answer,
            "DigitalizarDocumentoService": self.digitize,
        }
        self._schemas = {}

    def _validate(self, root, file):
        if file not in self._schemas:
            self._schemas[file] = etree.XMLSchema(etree.parse(str(FORMATS / file)))
        schema = self._schemas[file]
        # of its own, so that the envelope's namespaces do not matter
        alone = etree.fromstring(etree.tostring(root))
        if not schema.validate(alone):
            raise Refused(f"soapenv:Client {schema.error_log[0].message}")
        return alone

    def _operation(self, root, rfc, names, errors, prefix):
        number = str(next(self._numbers))
        self.received.append((number, root))
        issued = []
        for name in names:
            error = errors.pop(0) if errors else None
            if error is None and self.refusals:
                error = self.refusals.pop(0)
            code = f"{next(self._issued):07d}"
            issued.append((name, error, error is None and f"{prefix}{code}"))
        self.operations[number] = {"rfc": rfc, "results": issued, "asked": 0}
        return number

    def receive(self, root, rfc):
        """RecibirCove and the lists of invoices."""
        root = self._validate(root, "cove/schema/RecibirCove.xsd")
        names, errors = [], []
        nodes = root.findall("c:comprobantes", NS)
        for node in nodes:
            names.append(
                node.findtext("c:numeroFacturaOriginal", None, NS)
                or node.findtext("c:numeroRelacionFacturas", None, NS)
            )
            error = signature_error(
                node.find("c:firmaElectronica", NS), original_string(node), "utf-8", rfc
            )
            errors.append(error or self._catalog_error(node))
        adenda = nodes[0].find("c:e-document", NS) is not None
        number = self._operation(
            root, rfc, names, errors, "ADEN26" if adenda else "COVE26"
        )
        answer = etree.Element(root.tag + "Response", nsmap={None: COVE})
        for name, text in (
            ("numeroDeOperacion", number),
            ("horaRecepcion", datetime.now(UTC).isoformat()),
            ("mensajeInformativo", "Se recibió correctamente la petición."),
        ):
            etree.SubElement(answer, f"{{{COVE}}}{name}").text = text
        return answer

    def _catalog_error(self, node):
        for country in node.iterfind(".//c:pais", NS):
            if not re.fullmatch("[A-Z]{3}", country.text):
                return "País : no existe el pais en el catálogo"
        return None

    def _asked(self, number, rfc):
        operation = self.operations.get(number)
        if operation is None or operation["rfc"] != rfc:
            return None
        operation["asked"] += 1
        operation["ready"] = operation["asked"] > self.patience
        return operation

    def answer(self, root, rfc):
        """ConsultarRespuestaCove."""
        root = self._validate(root, "cove/schema/ConsultarRespuestaCove.xsd")
        number = root.findtext("c:numeroOperacion", "", NS)
        error = signature_error(
            root.find("c:firmaElectronica", NS), f"|{number}|{rfc}|", "utf-8", rfc
        )
        operation = None if error else self._asked(number, rfc)
        answer = etree.Element(
            f"{{{COVE}}}solicitarConsultarRespuestaCoveServicioResponse",
            nsmap={None: COVE},
        )

        def add(parent, name, text=None):
            child = etree.SubElement(parent, f"{{{COVE}}}{name}")
            child.text = text
            return child

        add(answer, "numeroOperacion", number)
        add(answer, "horaRecepcion", datetime.now(UTC).isoformat())
        results = operation["results"] if operation else [("", None, False)]
        if not operation:
            error = error or "No existe el número de operación para este usuario."
        for name, reason, edocument in results:
            result = add(answer, "respuestasOperaciones")
            add(result, "numeroFacturaORelacionFacturas", name)
            ready = operation and operation["ready"]
            reason = error or (ready and reason)
            add(result, "contieneError", "true" if reason else "false")
            if reason:
                add(add(result, "errores"), "mensaje", reason)
            elif ready:
                add(result, "eDocument", edocument)
        add(answer, "leyenda", "Tiene 240 días para utilizar su Acuse de Valor.")
        return answer

    def digitize(self, root, rfc):
        """RegistroDigitalizarDocumento and ConsultaEDocumentDigitalizarDocumento."""
        root = self._validate(root, "digitization/schema/DigitalizarDocumento.xsd")
        if etree.QName(root).localname.startswith("consulta"):
            return self._digitized(root, rfc)
        document = root.find("d:documento", NS)
        pdf = base64.b64decode(document.findtext("d:archivo", "", NS))
        parts = [
            rfc,
            root.findtext("d:correoElectronico", "", NS),
            document.findtext("d:idTipoDocumento", "", NS),
            document.findtext("d:nombreDocumento", "", NS),
            document.findtext("d:rfcConsulta", "", NS),
            hashlib.sha1(pdf).hexdigest(),  # noqa: S324
        ]
        expected = "".join(f"|{part}" for part in parts if part) + "|"
        signed = root.find("d:peticionBase/r:firmaElectronica", NS)
        error = signature_error(signed, expected, "iso-8859-1", rfc, "r")
        if error is None and (len(pdf) > 3 * 1024 * 1024 or pdf[:5] != b"%PDF-"):
            error = "El archivo no cumple con las especificaciones de digitalización."
        answer = etree.Element(
            f"{{{DIG}}}registroDigitalizarDocumentoServiceResponse",
            nsmap={None: DIG, "r": COMMON},
        )
        self._base(answer, error)
        receipt = etree.SubElement(answer, f"{{{DIG}}}acuse")
        self._base(receipt, error)
        number = "0"
        if error is None:
            name = document.findtext("d:nombreDocumento", "", NS)
            number = self._operation(root, rfc, [name], [], "017226")
        for name, text in (
            ("numeroOperacion", number),
            ("horaRecepcion", datetime.now(UTC).isoformat()),
            ("mensaje", error or "Recibido"),
        ):
            etree.SubElement(receipt, f"{{{DIG}}}{name}").text = text
        return answer

    def _base(self, parent, error):
        base = etree.SubElement(parent, f"{{{DIG}}}respuestaBase")
        etree.SubElement(base, f"{{{COMMON}}}tieneError").text = (
            "true" if error else "false"
        )
        if error:
            errors = etree.SubElement(base, f"{{{COMMON}}}error")
            etree.SubElement(errors, f"{{{COMMON}}}mensaje").text = error

    def _digitized(self, root, rfc):
        number = root.findtext("d:numeroOperacion", "", NS)
        signed = root.find("d:peticionBase/r:firmaElectronica", NS)
        error = signature_error(signed, f"|{rfc}|{number}|", "iso-8859-1", rfc, "r")
        operation = None if error else self._asked(number, rfc)
        edocument = ""
        if operation is None:
            error = error or "No existe el número de operación para este usuario."
        elif operation["ready"]:
            ((_name, error, edocument),) = operation["results"]
        answer = etree.Element(
            f"{{{DIG}}}consultaDigitalizarDocumentoServiceResponse",
            nsmap={None: DIG, "r": COMMON},
        )
        for name, text in (
            ("numeroDeTramite", number),
            ("eDocument", edocument or ""),
            ("cadenaOriginal", f"|{rfc}|{number}|"),
        ):
            etree.SubElement(answer, f"{{{DIG}}}{name}").text = text
        self._base(answer, error)
        return answer
