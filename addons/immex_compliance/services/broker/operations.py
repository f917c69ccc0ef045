# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the operations do, for a broker that was let in."""

import os
import re

from ...formats.number import parse_number, split
from ...models.pedimento.m3_catalog_checks import plain_rfc
from ...models.pedimento.source_file import SourceFile, SourceTooLarge
from . import faults
from .envelope import too_large
from .scan import scan

KINDS = ("m3", "xml", "parts")
KEY = re.compile(r"[A-Za-z0-9._:\-]{1,64}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_NAME = 128
MAX_STATES = 100


def run(broker, user, request):
    """Run an operation; return the dicts that :func:`answers.response` takes.

    :param broker: record, in an environment that may do everything
    :param user: who calls
    :raise SoapFault: it was refused
    """
    return OPERATIONS[request.operation](broker, user, request)


def deliver_pedimento(broker, user, request):
    kind = request.values.get("kind")
    if kind not in KINDS:
        raise faults.about("kind", "The kind is one of m3, xml, parts.")
    company = _company(broker, request)
    name, key = _name(request), _key(request)
    with _source(broker, request) as source:
        delivery, repeated = take_file(broker, user, company, kind, name, key, source)
    return _answer(delivery, repeated)


def take_file(broker, user, company, kind, name, key, source):
    """Take a file of a broker, by whatever way it came.

    :param company: one that has appointed the broker
    :param source: :class:`SourceFile`
    :return: ``(delivery, whether it was delivered before)``; it may be refused
    :raise SoapFault: it holds another's patent: nothing is stored
    """
    patents, numbers = scan(kind, source.file, name, source.size + 1)
    _check_patents(broker, patents)
    return broker.env["immex.broker.delivery"]._deliver_file(
        broker, user, company, kind, name, key, source, numbers
    )


def deliver_document(broker, user, request):
    company = _company(broker, request)
    number = _number(request, required=True)
    _check_patents(broker, {split(number).patente})
    name, key = _name(request), _key(request)
    with _source(broker, request) as source:
        delivery, repeated = broker.env["immex.broker.delivery"]._deliver_document(
            broker, user, company, name, key, source, number
        )
    return _answer(delivery, repeated)


def get_state(broker, _user, request):
    key, number = _key(request), _number(request)
    if not key and not number:
        raise faults.about("deliveryId", "Give a delivery id or a pedimento number.")
    company = _company(broker, request) if request.values.get("companyRfc") else None
    found = broker._find_deliveries(key, number, company, MAX_STATES)
    return [delivery._describe(repeated=False) for delivery in found]


OPERATIONS = {
    "deliverPedimento": deliver_pedimento,
    "deliverDocument": deliver_document,
    "getState": get_state,
}


def _answer(delivery, repeated):
    described = delivery._describe(repeated)
    if described["state"] == "refused":
        raise faults.SoapFault(
            faults.VALIDATION,
            f"{described['fileName']} was refused; nothing of it was recorded.",
            described["issues"],
            described["deliveryId"],
        )
    return [described]


# what a request holds ---------------------------------------------------------------
def _company(broker, request):
    rfc = plain_rfc(request.values.get("companyRfc"))
    company = broker._appointing_companies().filtered(
        lambda company: rfc and plain_rfc(company.vat) == rfc
    )
    if not company:
        # one answer for a company that is not here and one that appointed another
        raise faults.about(
            "companyRfc", "The company has not appointed you, or no longer."
        )
    return company[:1]


def _name(request):
    # only the last part of a path, and only as a name
    name = os.path.basename(request.values.get("fileName", "").replace("\\", "/"))
    if not name or len(name) > MAX_NAME or CONTROL.search(name):
        raise faults.about("fileName", "The file has no name, or one that is too long.")
    return name


def _key(request):
    key = request.values.get("deliveryId")
    if key and not KEY.fullmatch(key):
        raise faults.about(
            "deliveryId", "The delivery id has at most 64 letters, digits or ._:-."
        )
    return key or None


def _number(request, required=False):
    text = request.values.get("pedimentoNumber")
    if not text and not required:
        return None
    try:
        return parse_number(text)
    except ValueError:
        raise faults.about(
            "pedimentoNumber", "The pedimento number has 15 digits."
        ) from None


def _check_patents(broker, patents):
    other = sorted(patents - set(broker.patent_ids.mapped("name")))
    if other:
        raise faults.about(
            "content", f"Patent {other[0][:10]} is not yours; nothing was stored."
        )


def _source(broker, request):
    if request.content is None or not request.content_size:
        raise faults.about("content", "There is no content.")
    limit = broker._max_bytes()
    request.content.seek(0)
    try:
        return SourceFile(request.content, limit)
    except SourceTooLarge:
        raise too_large(limit) from None
