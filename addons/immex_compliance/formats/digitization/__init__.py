# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Digitised documents (e-document) of VUCEM: the PDF, its original strings, its XML.

Contract: DigitalizarDocumento.xsd of VUCEM, kept in ``schema`` as published. What is
signed is ISO-8859-1 (respuesta.xsd).
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from lxml import etree

from ..cove.answer import EDOCUMENT, MAX_REASON, PENDING
from ..cove.original import join
from ..issues import ERROR, FormatError, Issue, _lt

NAMESPACE = (
    "http://www.ventanillaunica.gob.mx/aga/digitalizar/ws/oxml/DigitalizarDocumento"
)
COMMON = "http://www.ventanillaunica.gob.mx/common/ws/oxml/respuesta"
SCHEMA = Path(__file__).parent / "schema" / "DigitalizarDocumento.xsd"
ENCODING = "iso-8859-1"
MAX_PDF = 3 * 1024 * 1024  # bytes
MAX_NAME = 50
# Letters, digits and a few signs: names with others come back as "no cumple".
NAME = re.compile(r"[A-Za-z0-9_\-. ]+")


def check(pdf, name):
    """:raise FormatError: when VUCEM would refuse the file

    :param bytes pdf: the document
    :param str name: its name, without path
    """
    if len(pdf) > MAX_PDF:
        raise _error(
            "pdf_size",
            _lt(
                "The PDF has %(size)s KB, 3,072 KB are allowed: scan it in grey at 300 "
                "dots per inch, or split it."
            ),
            size=f"{-(-len(pdf) // 1024):,}",
        )
    if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
        raise _error("pdf_form", _lt("This is no whole PDF file."))
    if b"/Encrypt" in pdf:
        raise _error("pdf_locked", _lt("The PDF is protected: save it without."))
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise _error(
            "pdf_name",
            _lt(
                "The name %(name)s of the document does not fit: letters without "
                "accents, digits, spaces, hyphens and points, 50 at most."
            ),
            name=name,
        )


def _error(code, message, **params):
    return FormatError(Issue(ERROR, code, message, params))


def original(rfc, email, kind, name, pdf, query_rfc=""):
    """Original string of RegistroDigitalizarDocumento."""
    return join((rfc, email, str(kind), name, query_rfc, digest(pdf)))


def digest(pdf):
    """SHA-1 of the PDF, in hexadecimal: the service names the file by it; what is
    signed is signed with SHA-256."""
    return hashlib.sha1(pdf, usedforsecurity=False).hexdigest()


def read_receipt(root):
    """Return (operation number, "") of a receipt; ("", reason) where there is none.

    :raise FormatError: neither: whether the document was received is not known
    """
    number, failed, reasons = _read(root, "numeroOperacion")
    if failed and reasons:
        return "", reasons
    if not (number.isascii() and number.isdigit()) or not int(number):
        raise _error(
            "edocument_receipt", _lt("VUCEM answered something else than a receipt.")
        )
    return number, ""


def read_answer(root):
    """Return (e-document, reason of a rejection); empty both: not answered yet."""
    edocument, failed, reasons = _read(root, "eDocument")
    if failed:
        # still in the queue is told like an error
        pending = PENDING.search(reasons)
        return "", "" if pending else reasons or "tieneError"
    if edocument and not EDOCUMENT.fullmatch(edocument):
        raise _error(
            "edocument_answer",
            _lt("VUCEM answered an e-document of another form: %(value)s"),
            value=edocument[:50],
        )
    return edocument, ""


def _read(root, name):
    node = root.find(f".//{{*}}{name}")
    flags = [flag.text for flag in root.iter("{*}tieneError")]
    reasons = [" ".join((text.text or "").split()) for text in root.iter("{*}mensaje")]
    return (
        ((node.text or "").strip() if node is not None else ""),
        any(flag in ("true", "1") for flag in flags),
        "\n".join(dict.fromkeys(filter(None, reasons)))[:MAX_REASON],
    )


def query_original(operation_number, rfc):
    """Original string of ConsultaEDocumentDigitalizarDocumento: the RFC comes first,
    other than for a COVE."""
    return join((rfc, str(operation_number)))


def build(email, kind, name, pdf, signed, query_rfc=""):
    """Return the request element that registers a document.

    :param SignedPart signed: as of :mod:`..cove`
    """
    root = etree.Element(
        _tag("registroDigitalizarDocumentoServiceRequest"), nsmap={None: NAMESPACE}
    )
    _text(root, "correoElectronico", email)
    document = etree.SubElement(root, _tag("documento"))
    _text(document, "idTipoDocumento", str(kind))
    _text(document, "nombreDocumento", name)
    if query_rfc:
        _text(document, "rfcConsulta", query_rfc)
    _text(document, "archivo", base64.b64encode(pdf).decode())
    return _signed(root, signed)


def build_query(operation_number, signed):
    """Return the request element that asks for the number of a document."""
    root = etree.Element(
        _tag("consultaDigitalizarDocumentoServiceRequest"), nsmap={None: NAMESPACE}
    )
    _text(root, "numeroOperacion", str(operation_number))
    return _signed(root, signed)


def _signed(root, signed):
    base = etree.SubElement(root, _tag("peticionBase"))
    firma = etree.SubElement(base, _common("firmaElectronica"))
    for name, value in (
        ("certificado", base64.b64encode(signed.certificate).decode()),
        ("cadenaOriginal", signed.original),
        ("firma", base64.b64encode(signed.signature).decode()),
    ):
        etree.SubElement(firma, _common(name)).text = value
    schema = _schema()
    if not schema.validate(root):
        raise _error(
            "edocument_schema",
            _lt("The request does not follow the schema of VUCEM: %(reason)s"),
            reason=schema.error_log[0].message,
        )
    return root


@cache
def _schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def _tag(name):
    return f"{{{NAMESPACE}}}{name}"


def _common(name):
    return f"{{{COMMON}}}{name}"


def _text(node, name, value):
    etree.SubElement(node, _tag(name)).text = value
