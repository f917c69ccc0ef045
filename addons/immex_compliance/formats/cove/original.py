# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Original strings (cadenas originales): ``|a|b|...|``, empty fields skipped.

Order of the stylesheet Cove02 of VUCEM. It is not the order of the XML: subdivision
comes before the certificate of origin, and the currency after the quantity.
"""

from .document import DOLLARS, QUANTITY, VALUE, amount


def join(values):
    """``|a|b|`` of the values that are not empty."""
    return "|" + "".join(f"{value}|" for value in values if value)


def original(comprobante):
    """Return the original string of a comprobante."""
    return join(_values(comprobante))


def query_original(operation_number, rfc):
    """Original string of ConsultarRespuestaCove."""
    return join((str(operation_number), rfc))


def _values(comprobante):
    yield comprobante.operation
    yield comprobante.number
    yield "1" if comprobante.list_number else "0"
    yield comprobante.date.isoformat()
    yield comprobante.figure
    yield comprobante.remarks
    yield from comprobante.query_rfcs
    yield from comprobante.patents
    if not comprobante.list_number:
        (invoice,) = comprobante.invoices
        yield from _flags(invoice)
        yield from _person(comprobante.issuer)
        yield from _person(comprobante.recipient)
        yield from _goods(invoice)
        return
    yield from _person(comprobante.issuer)
    yield from _person(comprobante.recipient)
    for invoice in comprobante.invoices:
        yield invoice.number
        yield from _flags(invoice)
        yield from _person(invoice.issuer)
        yield from _person(invoice.recipient)
        yield from _goods(invoice)


def _flags(invoice):
    yield "1" if invoice.subdivision else "0"
    yield "1" if invoice.certificate_of_origin else "0"
    yield invoice.exporter_number


def _person(person):
    if person is None:
        return
    yield person.id_type
    yield person.identification
    yield person.paternal
    yield person.maternal
    yield person.name
    address = person.address
    yield address.street
    yield address.exterior
    yield address.interior
    yield address.colony
    yield address.locality
    yield address.municipality
    yield address.state
    yield address.country
    yield address.zip


def _goods(invoice):
    for goods in invoice.goods:
        yield goods.description
        yield goods.unit
        yield amount(goods.quantity, QUANTITY)
        yield goods.currency
        yield amount(goods.unit_value, VALUE)
        yield amount(goods.total, VALUE)
        yield amount(goods.usd, DOLLARS)
        for specific in goods.specifics:
            yield specific.brand
            yield specific.model
            yield specific.submodel
            yield specific.serial
