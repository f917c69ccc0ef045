# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What VUCEM answers about a COVE: the receipt, later the e-document or the reasons."""

import re
from typing import NamedTuple

from ..issues import ERROR, FormatError, Issue, _lt

EDOCUMENT = re.compile(r"[0-9A-Z]{13}")
MAX_REASON = 4000  # characters kept of what a service says
# Said of an operation that is still in the queue of VUCEM, in the place of an error.
PENDING = re.compile(r"en proceso|no ha sido procesad|pendiente de proces", re.I)


class Answer(NamedTuple):
    """An ``edocument``, or the ``reason`` of a rejection, or neither: not answered yet.
    ``remark``: what is wrong with the question rather than with the document."""

    edocument: str = ""
    reason: str = ""
    legend: str = ""
    remark: str = ""


def _find(node, name):
    """Text of the first descendant, whatever its namespace: answers vary in it."""
    found = node.find(f".//{{*}}{name}")
    return " ".join((found.text or "").split()) if found is not None else ""


def read_receipt(root):
    """Return (operation number, "") of a receipt; ("", reason) where there is none.

    :raise FormatError: neither: whether the document was received is not known
    """
    number = _find(root, "numeroDeOperacion")
    numeric = number.isascii() and number.isdigit()
    if numeric and int(number):
        return number, ""
    reason = _find(root, "mensajeInformativo")[:MAX_REASON] or _reasons(root)
    # a number that is none says that something was registered, and not what
    if not reason or (number and not numeric):
        raise FormatError(
            Issue(
                ERROR,
                "cove_receipt",
                _lt("VUCEM answered something else than a receipt."),
            )
        )
    return "", reason


def _reasons(root):
    texts = [" ".join((node.text or "").split()) for node in root.iter("{*}mensaje")]
    return "\n".join(filter(None, texts))[:MAX_REASON]


def read_answer(root, number):
    """Return the :class:`Answer` about the invoice or list ``number``.

    :param root: element of ConsultarRespuestaCove's answer
    :raise FormatError: an e-document of a form that none has
    """
    results = root.findall(".//{*}respuestasOperaciones")
    legend = _find(root, "leyenda")[:MAX_REASON]
    for result in results:
        named = _find(result, "numeroFacturaORelacionFacturas") == number
        failed = _find(result, "contieneError") in ("true", "1")
        reason = _reasons(result)
        if failed and not PENDING.search(reason):
            if not named:
                # of no document: the number, or the signature of the question
                return Answer(remark=reason, legend=legend)
            return Answer(reason=reason or "contieneError", legend=legend)
        # one document is sent at a time: the only result is its own
        if not named and len(results) > 1:
            continue
        edocument = _find(result, "eDocument")
        if edocument:
            if not EDOCUMENT.fullmatch(edocument):
                raise FormatError(
                    Issue(
                        ERROR,
                        "cove_answer",
                        _lt("VUCEM answered an e-document of another form: %(value)s"),
                        {"value": edocument[:50]},
                    )
                )
            return Answer(edocument, legend=legend)
    return Answer(legend=legend)
