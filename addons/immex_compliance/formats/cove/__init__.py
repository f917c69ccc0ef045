# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""COVE, the acuse de valor of VUCEM: what it says, its XML and its original string.

Contract: RecibirCove.xsd of VUCEM, kept in ``schema`` as published.
"""

from .answer import Answer, read_answer, read_receipt
from .checks import check
from .document import (
    EXPORT,
    EXPORTER,
    ID_CURP,
    ID_NONE,
    ID_RFC,
    ID_TAX,
    IMPORT,
    IMPORTER,
    Address,
    Comprobante,
    Goods,
    Invoice,
    Person,
    Specific,
)
from .original import original, query_original
from .writer import (
    NAMESPACE,
    OPERATIONS,
    SignedPart,
    build,
    build_query,
    operation,
    validate,
)

__all__ = [
    "EXPORT",
    "EXPORTER",
    "ID_CURP",
    "ID_NONE",
    "ID_RFC",
    "ID_TAX",
    "IMPORT",
    "IMPORTER",
    "NAMESPACE",
    "OPERATIONS",
    "Address",
    "Answer",
    "Comprobante",
    "Goods",
    "Invoice",
    "Person",
    "SignedPart",
    "Specific",
    "build",
    "build_query",
    "check",
    "operation",
    "original",
    "query_original",
    "read_answer",
    "read_receipt",
    "validate",
]
