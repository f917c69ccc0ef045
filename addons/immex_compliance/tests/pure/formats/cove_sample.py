# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A comprobante of two parts, alone and as lists of invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from immex_formats import cove

MEXICAN = cove.Person(
    cove.ID_RFC,
    "ADN150203AB1",
    "ARNESES DEL NORTE SA DE CV",
    cove.Address(
        street="AV. WASHINGTON",
        exterior="3701",
        interior="EDIFICIO 18",
        colony="PANAMERICANA",
        locality="CHIHUAHUA",
        municipality="CHIHUAHUA",
        state="CHIHUAHUA",
        country="MEX",
        zip="31210",
    ),
)
FOREIGN = cove.Person(
    cove.ID_TAX,
    "06-0858386",
    "ACME AEROSPACE CORPORATION",
    cove.Address(
        street="GUN CLUB ROAD",
        exterior="227",
        locality="JACKSONVILLE",
        state="FL",
        country="USA",
        zip="32218",
    ),
)
PLATE = cove.Goods(
    "PLACA A TIERRA",
    "C62_1",
    "USD",
    Decimal(5),
    Decimal("14.12"),
    Decimal("70.6"),
    Decimal("70.6"),
)
CHANNEL = cove.Goods(
    "CANAL",
    "KGM",
    "USD",
    Decimal(3),
    Decimal(34),
    Decimal(102),
    Decimal(102),
    (cove.Specific("MARCA", "M-1", "S-1", "0001"),),
)
EXPORT = cove.Comprobante(
    operation=cove.EXPORT,
    date=date(2026, 11, 27),
    figure=cove.EXPORTER,
    email="customs@example.com",
    invoices=(cove.Invoice("KM2026FE0005", (PLATE, CHANNEL)),),
    issuer=MEXICAN,
    recipient=FOREIGN,
    remarks="PARTE 1 DE 2",
    query_rfcs=("OAQ030623UL8", "GATR730803K93"),
    patents=("3589", "0973"),
)
SIGNED = cove.SignedPart(b"cer", "|x|", b"firma")


def as_list(automotive):
    """The same goods as two invoices of a list."""
    parties = {} if automotive else {"issuer": MEXICAN, "recipient": FOREIGN}
    shared = {"issuer": MEXICAN, "recipient": FOREIGN} if automotive else {}
    return replace(
        EXPORT,
        invoices=(
            cove.Invoice("F-1", (PLATE,), **parties),
            cove.Invoice("F-2", (CHANNEL,), certificate_of_origin=True, **parties),
        ),
        **({"issuer": None, "recipient": None} | shared),
        list_number="REL-7",
        automotive=automotive,
    )
