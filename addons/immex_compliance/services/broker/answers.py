# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Answers and faults, as envelopes."""

from lxml import etree

from .names import NAMESPACE, SOAP

MAX_ISSUES = 200
NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


def response(operation, deliveries):
    """The answer of an operation: bytes.

    :param deliveries: dicts with the elements of type Delivery
    """
    envelope, body = _envelope()
    answer = _add(body, f"{operation}Response")
    for delivery in deliveries:
        _delivery(_add(answer, "delivery"), delivery)
    return _bytes(envelope)


def fault(problem):
    """A :class:`SoapFault` as an envelope: bytes."""
    envelope, body = _envelope()
    element = etree.SubElement(body, f"{{{SOAP}}}Fault")
    # faultcode and its siblings have no namespace (SOAP 1.1, 4.4)
    code = etree.SubElement(element, "faultcode")
    code.text = f"soapenv:{problem.code}"
    etree.SubElement(element, "faultstring").text = _clean(problem.text)
    # headers have no detail
    if problem.code != "MustUnderstand":
        detail = etree.SubElement(element, "detail")
        described = _add(detail, "problem")
        if problem.delivery_id:
            _add(described, "deliveryId", problem.delivery_id)
        for issue in problem.issues[:MAX_ISSUES]:
            _issue(described, issue)
    return _bytes(envelope)


def _envelope():
    envelope = etree.Element(
        f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "b": NAMESPACE}
    )
    return envelope, etree.SubElement(envelope, f"{{{SOAP}}}Body")


def _delivery(element, values):
    for name in ("deliveryId", "companyRfc", "kind", "fileName", "sha256", "size"):
        _add(element, name, values[name])
    _add(element, "receivedAt", values["receivedAt"])
    _add(element, "state", values["state"])
    _add(element, "repeated", "true" if values["repeated"] else "false")
    for number in values["pedimentos"]:
        _add(element, "pedimentoNumber", number)
    for issue in values["issues"][:MAX_ISSUES]:
        _issue(element, issue)


def _issue(parent, issue):
    element = _add(parent, "issue")
    _add(element, "severity", issue.get("severity") or "error")
    _add(element, "code", issue.get("code") or "")
    _add(element, "message", issue.get("message") or "")
    for name, key in (
        ("file", "file"),
        ("line", "line"),
        ("record", "record"),
        ("fieldNumber", "field_number"),
        ("field", "field"),
    ):
        if issue.get(key):
            _add(element, name, issue[key])


def _add(parent, name, text=None):
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text is not None:
        element.text = _clean(text)
    return element


def _clean(text):
    text = str(text).translate(NOT_XML)
    return "".join(mark for mark in text if mark not in "\ufffe\uffff")


def _bytes(envelope):
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
