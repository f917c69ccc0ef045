# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Namespaces and operations of the service."""

NAMESPACE = "urn:immex-compliance:broker:1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
# operation -> its elements
OPERATIONS = {
    "deliverPedimento": (
        "companyRfc",
        "kind",
        "fileName",
        "deliveryId",
        "content",
    ),
    "deliverDocument": (
        "companyRfc",
        "pedimentoNumber",
        "fileName",
        "deliveryId",
        "content",
    ),
    "getState": ("deliveryId", "companyRfc", "pedimentoNumber"),
}
CONTENT = "content"
