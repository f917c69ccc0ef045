# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the errors of VUCEM and of the way to it mean, for who has to act on them.

VUCEM answers in Spanish, its server in English, the network in the words of a library:
the original stays, and this stands beside it.
"""


def _lt(template):
    """Mark a template for translation: whoever shows it translates it."""
    return template


# Part of the original, without regard to case -> what it means and what to do.
REASONS = (
    (
        "failedauthentication",
        _lt(
            "VUCEM does not accept the RFC with this web service key: make a new key "
            "on its pages and enter it in Access to VUCEM."
        ),
    ),
    (
        "more than one security header",
        _lt("The login was sent twice: whatever lies between must not add one."),
    ),
    (
        "messageexpired",
        _lt("VUCEM took the message for an old one: set the clock of the server."),
    ),
    (
        "cadena original",
        _lt("VUCEM reads another original string than was signed."),
    ),
    ("firma inv", _lt("VUCEM does not accept the signature.")),
    (
        "no está vigente",
        _lt("The certificate of the e.firma is not in force: renew it at the SAT."),
    ),
    ("catálogo", _lt("A key is not in the catalogues of VUCEM: see its words.")),
    (
        "no tiene privilegios",
        _lt("The RFC has no right to this service: ask for it on VUCEM's pages."),
    ),
    ("no hay informaci", _lt("VUCEM knows nothing under what was asked for.")),
    (
        "no existe el número de operación",
        _lt("VUCEM knows no such operation of this RFC."),
    ),
    (
        "especificaciones de digitalizaci",
        _lt("The file is not as VUCEM wants it: PDF, 300 dpi, grey, up to 3 MB."),
    ),
    ("after sending", _lt("The connection broke before the answer had come.")),
    (
        "sslerror",
        _lt(
            "No secure connection came about: the certificate of the address is not "
            "valid, or its encryption is old (see Old Encryption in Access to VUCEM)."
        ),
    ),
    ("connecttimeout", _lt("VUCEM cannot be reached; it is tried again by itself.")),
    (
        "newconnectionerror",
        _lt("VUCEM cannot be reached; it is tried again by itself."),
    ),
    (
        "timeout",
        _lt("VUCEM took the message and was silent for too long."),
    ),
    (
        "timed out",
        _lt("VUCEM took the message and was silent for too long."),
    ),
    (
        "too large",
        _lt("The answer was larger than is read."),
    ),
    (
        "no soap answer",
        _lt("VUCEM answered with a page of its own: it is out of service."),
    ),
    ("connectionerror", _lt("The connection broke before the answer had come.")),
    ("chunkedencodingerror", _lt("The connection broke before the answer had come.")),
    ("servicio no disponible", _lt("VUCEM is out of service.")),
    ("http 5", _lt("VUCEM is out of service.")),
)


def explain(reason):
    """Template of what ``reason`` means, to be translated; "" for an unknown one."""
    said = (reason or "").lower()
    return next((meaning for mark, meaning in REASONS if mark in said), "")
