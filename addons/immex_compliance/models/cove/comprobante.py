# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""From the record of a COVE to what the codec takes, and what is to be corrected."""

import re
from decimal import Decimal

from odoo.tools import SQL

from ...formats.cove import (
    EXPORT,
    EXPORTER,
    ID_CURP,
    ID_NONE,
    ID_RFC,
    ID_TAX,
    IMPORTER,
    Address,
    Comprobante,
    Goods,
    Invoice,
    Person,
    Specific,
    check,
)
from ...formats.cove.checks import CURP, PLACES, RFC
from ...formats.cove.document import clean

NO_TAX_ID = "SIN TAX ID"
GENERIC_RFC = ("XEXX010101000", "XAXX010101000")
_SEPARATORS = re.compile(r"[\s,;]+")

_GOODS = """
    SELECT COALESCE(line.invoice_number, ''), COALESCE(line.description, ''),
           COALESCE(line.unit_code, ''), COALESCE(line.quantity, 0)::text,
           COALESCE(line.unit_value, 0)::text, COALESCE(line.total, 0)::text,
           COALESCE(line.usd, 0)::text, COALESCE(line.brand, ''),
           COALESCE(line.model, ''), COALESCE(line.submodel, ''),
           COALESCE(line.serial, '')
      FROM immex_cove_line line
     WHERE line.cove_id = %s
     ORDER BY line.sequence, line.id
"""


def words(text):
    """The parts of a list typed with commas, semicolons or spaces."""
    return tuple(part for part in _SEPARATORS.split((text or "").upper()) if part)


def comprobante(cove):
    """Return the :class:`Comprobante` of a record, numbers as the database has them."""
    issuer = _person(cove.issuer_id) if cove.issuer_id else None
    recipient = _person(cove.recipient_id) if cove.recipient_id else None
    shared = not cove.is_list or cove.is_automotive
    parties = {} if shared else {"issuer": issuer, "recipient": recipient}
    number = clean(cove.number)
    return Comprobante(
        operation=cove.operation_type,
        date=cove.date,
        figure=EXPORTER if cove.operation_type == EXPORT else IMPORTER,
        email=clean(cove.email),
        invoices=tuple(
            Invoice(
                number=name,
                goods=tuple(goods),
                certificate_of_origin=cove.certificate_of_origin,
                subdivision=cove.subdivision,
                exporter_number=clean(cove.exporter_number),
                **parties,
            )
            for name, goods in _goods(cove, number)
        ),
        issuer=issuer if shared else None,
        recipient=recipient if shared else None,
        list_number=number if cove.is_list else "",
        automotive=cove.is_automotive,
        remarks=clean(cove.remarks),
        query_rfcs=words(cove.query_rfcs),
        patents=words(cove.patents),
        edocument=clean(cove.corrected_edocument),
    )


def _goods(cove, number):
    """(invoice number, goods) pairs, in the order in which the lines come."""
    cove.env.flush_all()
    currency = cove.currency_id.name or ""
    invoices = {} if cove.is_list else {number: []}
    for row in cove.env.execute_query(SQL(_GOODS, cove.id)):
        name = clean(row[0]) if cove.is_list else number
        specific = Specific(*(clean(text) for text in row[7:]))
        invoices.setdefault(name, []).append(
            Goods(
                description=clean(row[1]),
                unit=clean(row[2]),
                currency=currency,
                quantity=Decimal(row[3]),
                unit_value=Decimal(row[4]),
                total=Decimal(row[5]),
                usd=Decimal(row[6]),
                specifics=() if specific == Specific() else (specific,),
            )
        )
    return invoices.items()


def _person(partner):
    """Issuer or recipient as customs names them: the company of a contact."""
    partner = partner.commercial_partner_id if not partner.street else partner
    vat = re.sub(r"[\s\-.]", "", partner.commercial_partner_id.vat or "").upper()
    bare = vat.removeprefix("MX") if RFC.fullmatch(vat.removeprefix("MX")) else vat
    if CURP.fullmatch(vat):
        kind, number = ID_CURP, vat
    elif partner.country_id.code == "MX":
        kind, number = ID_RFC, bare
    elif vat and bare not in GENERIC_RFC and vat != "/":
        # as its country writes it, hyphens and all
        kind, number = ID_TAX, clean(partner.commercial_partner_id.vat)
    else:
        kind, number = ID_NONE, NO_TAX_ID
    return Person(
        id_type=kind,
        identification=number,
        name=clean(partner.commercial_partner_id.name),
        address=Address(
            street=clean(partner.street),
            colony=clean(partner.street2),
            locality=clean(partner.city),
            state=clean(partner.state_id.name),
            country=_country(partner),
            zip=clean(partner.zip),
        ),
    )


def _country(partner):
    """Key of three letters of customs (Anexo 22, Appendix 4)."""
    if not partner.country_id:
        return ""
    catalog = partner.env["immex.country"]
    entries = catalog.search_fetch(
        [("country_id", "=", partner.country_id.id)], ["code"], order="valid_from, id"
    )
    return entries[-1:].code or ""


def problems(cove):
    """What is to be corrected before the COVE can be sent, in the reader's language;
    empty when nothing is."""
    env = cove.env
    texts = []
    if not cove.date:
        texts.append(env._("The date of issue is missing."))
    if not cove.line_ids:
        texts.append(env._("There are no goods: add the lines of the invoice."))
    if cove.currency_id and not cove.usd_factor:
        texts.append(
            env._(
                "No exchange rate of %(currency)s to dollars is known for the day of "
                "issue: enter the dollars per unit, or load the rates of Odoo.",
                currency=cove.currency_id.name,
            )
        )
    for line in cove.line_ids.filtered(lambda line: not line.unit_code):
        texts.append(
            env._(
                "Line %(number)s, %(goods)s: the unit %(unit)s has no key in COVE. "
                "Enter it on the line, or on the unit of measure for all to come.",
                number=line.position,
                goods=line.description or "",
                unit=line.uom_id.name or "",
            )
        )
    if texts:
        return texts
    return [_described(cove, issue) for issue in check(comprobante(cove))]


def _described(cove, issue):
    params = dict(issue.params)
    env = cove.env
    # templates and words are marked where they are written, in formats/
    place = env._(PLACES[params["place"]])
    if params["place"] in ("issuer", "recipient"):
        partner = cove[f"{params['place']}_id"]
        place = f"{place} ({partner.display_name})" if partner else place
    elif issue.line:
        place = env._("Line %(number)s", number=issue.line)
    params["place"] = place
    if "label" in params:
        params["label"] = env._(params["label"])
    template = env._(issue.message)
    return template % params
