# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What VUCEM would refuse, said before it is sent: which field, and what to do.

Lengths and forms of RecibirCove.xsd and of its annotations.
"""

import re
from decimal import Decimal

from ..issues import ERROR, Issue, _lt
from .document import (
    DOLLARS,
    EXPORT,
    EXPORTER,
    ID_CURP,
    ID_NONE,
    ID_RFC,
    ID_TAX,
    IMPORT,
    IMPORTER,
    QUANTITY,
    VALUE,
    amount,
)

RFC = re.compile(r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}")
CURP = re.compile(r"[A-Z]{4}\d{6}[A-Z]{6}[A-Z0-9]\d")
# What a message carries and a signature covers: no separator, no control character.
FORBIDDEN = re.compile(r"[|\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COVE = re.compile(r"(COVE|ADEN)[0-9]{2}[0-9A-Z]{7}")

# attribute, name in the schema, required, longest, label
ADDRESS = (
    ("street", "calle", True, 100, _lt("street")),
    ("exterior", "numeroExterior", False, 55, _lt("exterior number")),
    ("interior", "numeroInterior", False, 55, _lt("interior number")),
    ("colony", "colonia", False, 120, _lt("neighbourhood")),
    ("locality", "localidad", False, 120, _lt("city")),
    ("municipality", "municipio", False, 120, _lt("municipality")),
    ("state", "entidadFederativa", False, 30, _lt("state")),
    ("country", "pais", True, 3, _lt("country")),
    ("zip", "codigoPostal", False, 12, _lt("postal code")),
)
PERSON = (
    ("identification", "identificacion", True, 50, _lt("tax identification")),
    ("name", "nombre", True, 200, _lt("name")),
    ("paternal", "apellidoPaterno", False, 200, _lt("first surname")),
    ("maternal", "apellidoMaterno", False, 200, _lt("second surname")),
)
GOODS = (
    ("description", "descripcionGenerica", True, 256, _lt("generic description")),
    ("unit", "claveUnidadMedida", True, 10, _lt("COVE unit")),
    ("currency", "tipoMoneda", True, 3, _lt("currency")),
)
NUMBERS = (
    ("quantity", "cantidad", QUANTITY, "999999999999.999", _lt("quantity")),
    ("unit_value", "valorUnitario", VALUE, "99999999999999999", _lt("unit value")),
    ("total", "valorTotal", VALUE, "99999999999999999", _lt("total value")),
    ("usd", "valorDolares", DOLLARS, "999999999999.9999", _lt("value in dollars")),
)
SPECIFIC = (
    ("brand", "marca", False, 100, _lt("brand")),
    ("model", "modelo", False, 50, _lt("model")),
    ("submodel", "subModelo", False, 50, _lt("submodel")),
    ("serial", "numeroSerie", False, 25, _lt("serial number")),
)
HEAD = (
    ("number", "numeroFacturaOriginal", True, 25, _lt("number of the invoice")),
    ("email", "correoElectronico", True, 70, _lt("e-mail")),
    ("remarks", "observaciones", False, 300, _lt("remarks")),
)
INVOICE = (
    ("number", "numeroFactura", True, 25, _lt("number of the invoice")),
    (
        "exporter_number",
        "numeroExportadorAutorizado",
        False,
        50,
        _lt("authorised exporter"),
    ),
)
PLACES = {
    "document": _lt("The document"),
    "issuer": _lt("The issuer"),
    "recipient": _lt("The recipient"),
    "goods": _lt("The goods"),
}


def check(comprobante):
    """Return the list of :class:`Issue` of a comprobante; empty: VUCEM's schema and
    forms have nothing against it. ``line`` counts the goods from 1, over all invoices;
    ``params`` holds ``place`` (key of PLACES) and ``label`` to be translated."""
    issues = []
    _head(issues, comprobante)
    single = not comprobante.list_number
    if single or comprobante.automotive:
        _person(issues, "issuer", comprobante.issuer, True)
        _person(issues, "recipient", comprobante.recipient, single)
    line = 0
    for invoice in comprobante.invoices:
        _texts(issues, "document", invoice, INVOICE if not single else INVOICE[1:])
        if not single and not comprobante.automotive:
            _person(issues, "issuer", invoice.issuer, True)
            _person(issues, "recipient", invoice.recipient, True)
        if not invoice.goods:
            _add(
                issues,
                "cove_no_goods",
                _lt("Invoice %(number)s has no goods: add its lines."),
                "mercancias",
                "goods",
                number=invoice.number,
            )
        for goods in invoice.goods:
            line += 1
            _goods(issues, line, goods)
    return issues


def _add(issues, code, message, field_name, place, line=0, **params):
    issues.append(
        Issue(ERROR, code, message, {"place": place, **params}, line, "", 0, field_name)
    )


def _head(issues, comprobante):
    _texts(issues, "document", comprobante, HEAD)
    if comprobante.email and not EMAIL.fullmatch(comprobante.email):
        _add(
            issues,
            "cove_email",
            _lt("%(value)s is no e-mail address: correct it in the company."),
            "correoElectronico",
            "document",
            value=comprobante.email,
        )
    figures = {IMPORT: IMPORTER, EXPORT: EXPORTER}
    if figures.get(comprobante.operation) != comprobante.figure:
        _add(
            issues,
            "cove_figure",
            _lt("An import is signed by the importer, an export by the exporter."),
            "tipoFigura",
            "document",
        )
    for patent in comprobante.patents:
        if not re.fullmatch(r"[0-9]{4}", patent):
            _add(
                issues,
                "cove_patent",
                _lt("%(value)s is no customs patent: 4 digits are needed."),
                "patenteAduanal",
                "document",
                value=patent,
            )
    for rfc in comprobante.query_rfcs:
        if not RFC.fullmatch(rfc):
            _add(
                issues,
                "cove_query_rfc",
                _lt("%(value)s is no RFC: correct who may consult this COVE."),
                "rfcConsulta",
                "document",
                value=rfc,
            )
    if comprobante.edocument and not COVE.fullmatch(comprobante.edocument):
        _add(
            issues,
            "cove_edocument",
            _lt("%(value)s is no e-document of a COVE (COVE26XXXXXXX)."),
            "e-document",
            "document",
            value=comprobante.edocument,
        )


def _texts(issues, place, record, table, line=0):
    for attribute, name, required, longest, label in table:
        value = getattr(record, attribute)
        if not value:
            if required:
                _add(
                    issues,
                    "cove_missing",
                    _lt("%(place)s: the %(label)s is missing."),
                    name,
                    place,
                    line,
                    label=label,
                )
        elif len(value) > longest:
            _add(
                issues,
                "cove_too_long",
                _lt(
                    "%(place)s: the %(label)s has %(length)s characters, %(longest)s "
                    "are allowed."
                ),
                name,
                place,
                line,
                label=label,
                length=len(value),
                longest=longest,
            )
        if FORBIDDEN.search(value):
            _add(
                issues,
                "cove_character",
                _lt(
                    "%(place)s: the %(label)s holds a character that cannot be signed "
                    "(| or a control character): remove it."
                ),
                name,
                place,
                line,
                label=label,
            )


def _person(issues, place, person, required):
    if person is None:
        if required:
            _add(
                issues,
                "cove_no_person",
                _lt("%(place)s is missing: choose the partner."),
                {"issuer": "emisor"}.get(place, "destinatario"),
                place,
            )
        return
    _texts(issues, place, person, PERSON)
    _texts(issues, place, person.address, ADDRESS)
    if person.address.country and not re.fullmatch("[A-Z]{3}", person.address.country):
        _add(
            issues,
            "cove_country",
            _lt("%(place)s: %(value)s is no country of three letters (Anexo 22)."),
            "pais",
            place,
            value=person.address.country,
        )
    forms = {ID_RFC: RFC, ID_CURP: CURP}
    form = forms.get(person.id_type)
    if person.id_type not in (ID_TAX, ID_RFC, ID_CURP, ID_NONE) or (
        form and person.identification and not form.fullmatch(person.identification)
    ):
        _add(
            issues,
            "cove_identification",
            _lt(
                "%(place)s: %(value)s does not fit the kind of identification: correct "
                "the tax ID of the partner."
            ),
            "identificacion",
            place,
            value=person.identification,
        )


def _goods(issues, line, goods):
    _texts(issues, "goods", goods, GOODS, line)
    fits = True
    for attribute, name, step, largest, label in NUMBERS:
        value = getattr(goods, attribute)
        least = max(step, Decimal("0.01")) if name == "valorDolares" else step
        # what is far beyond has more digits than can be rounded
        near = value.is_finite() and 0 <= value <= 10 * Decimal(largest)
        if not near or not least <= Decimal(amount(value, step)) <= Decimal(largest):
            fits = False
            _add(
                issues,
                "cove_number",
                _lt(
                    "%(place)s: the %(label)s is %(value)s; it must lie between "
                    "%(least)s and %(largest)s."
                ),
                name,
                "goods",
                line,
                label=label,
                value=str(value),
                least=format(least, "f"),
                largest=largest,
            )
    # one cent, and what rounding the unit value to six decimals can make
    if fits and abs(
        goods.quantity * goods.unit_value - goods.total
    ) > goods.quantity * VALUE + Decimal("0.01"):
        _add(
            issues,
            "cove_product",
            _lt("%(place)s: quantity times unit value is not the total value."),
            "valorTotal",
            "goods",
            line,
        )
    for specific in goods.specifics:
        _texts(issues, "goods", specific, SPECIFIC, line)
