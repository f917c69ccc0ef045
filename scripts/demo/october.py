# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo company and its October 2026: a wire-harness maquiladora.

Everything is invented but the tariff items, the customs offices and the layouts.
Quantities are in the part's unit (pieces, metres for cable); dates are days of October
unless a month is given.
"""

import csv
import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

YEAR, MONTH = 2026, 10
COMPANY = {
    "name": "Arneses Río Bravo, S.A. de C.V.",
    "rfc": "ARB150612KM4",
    "curp_agente": "GOMC800101HNLMRR04",
    "street": "Av. Industrial 1200",
    "city": "Apodaca",
    "zip": "66600",
    "state": "NLE",
    "program": "2187-2015",
}
PIECE, METRE, THOUSAND, KILO = "6", "3", "11", "1"
HARNESS = ("85443099", "01")  # made for motor vehicles, tariff unit: kilogram
SCRAP_TARIFF = ("74040003", "99")


def day(number, month=MONTH):
    return datetime.date(YEAR, month, number)


@dataclass(frozen=True)
class Part:
    code: str
    name: str
    fraccion: str
    nico: str
    factor: Decimal  # tariff units in one unit of the part
    price: Decimal  # USD
    origin: str
    source: str

    @property
    def umc(self):
        if self.code.startswith("W-"):
            return METRE
        return THOUSAND if self.code == "S-0403" else PIECE

    @property
    def umc_factor(self):
        """Units of commercialisation in one unit of the part."""
        return Decimal("0.001") if self.umc == THOUSAND else Decimal(1)

    @property
    def umt(self):
        if self.code in ("B-0901", "Q-1401"):
            return PIECE
        return KILO


def _parts():
    """Materials by code. ``source`` tells who owns or sells a part: P principal
    (owner), K and S bought abroad, V virtual transfer, B bought abroad and in Mexico,
    M in Mexico only, X packaging, A fixed asset."""
    path = Path(__file__).with_name("october_parts.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            row["code"]: Part(
                **row
                | {"factor": Decimal(row["factor"]), "price": Decimal(row["price"])}
            )
            for row in csv.DictReader(stream)
        }


PARTS = _parts()

# Products: code, name, kilograms a piece, price USD, bill of materials.
PRODUCTS = {
    "SUB-BAT": (
        "Subensamble cable de batería",
        "0.62",
        "3.90",
        {"W-0307": 1.8, "W-0306": 1.4, "T-0104": 2, "T-0105": 2, "H-0501": 0.4},
    ),
    "SUB-SEN": (
        "Subensamble ramal de sensores",
        "0.11",
        "2.35",
        {"W-0301": 4, "W-0302": 4, "T-0106": 8, "T-0107": 8, "S-0401": 16, "C-0201": 2},
    ),
    "SUB-REL": (
        "Subensamble caja de relevadores",
        "0.48",
        "14.20",
        {"B-0901": 1, "R-0801": 4, "R-0802": 1, "F-0701": 6, "F-0702": 4, "G-1002": 3},
    ),
    "ARN-100": (
        "Arnés de motor",
        "2.95",
        "46.50",
        {
            "SUB-BAT": 1,
            "SUB-SEN": 2,
            "W-0303": 12,
            "W-0305": 6,
            "T-0101": 24,
            "T-0102": 24,
            "C-0202": 3,
            "C-0203": 2,
            "S-0402": 20,
            "H-0502": 2.5,
            "A-0601": 0.5,
            "G-1001": 9,
            "G-1003": 1,
            "L-1101": 2,
        },
    ),
    "ARN-200": (
        "Arnés de tablero",
        "3.40",
        "61.80",
        {
            "SUB-REL": 1,
            "SUB-SEN": 1,
            "W-0304": 14,
            "W-0303": 9,
            "T-0103": 30,
            "T-0101": 12,
            "C-0204": 2,
            "C-0205": 2,
            "C-0206": 1,
            "A-0602": 0.25,
            "G-1001": 7,
            "G-1002": 12,
            "L-1101": 2,
        },
    ),
    "ARN-300": (
        "Arnés de puerta",
        "0.82",
        "15.90",
        {
            "W-0301": 6,
            "W-0304": 3,
            "T-0102": 10,
            "T-0106": 6,
            "C-0202": 1,
            "S-0402": 6,
            "S-0403": 2,
            "H-0503": 1.2,
            "A-0601": 0.2,
            "L-1101": 1,
        },
    ),
}
SCRAP = ("DESP-CU", "Desperdicio de cable de cobre")

PARTNERS = {
    "principal": ("Northgate Harness Systems LLC", "US", "47-1180231"),
    "kobold": ("Kobold Steckverbinder GmbH", "DE", "DE811924671"),
    "lianhe": ("Shenzhen Lianhe Electric Co., Ltd.", "CN", "91440300MA5X"),
    "bajio": ("Relevadores del Bajío, S.A. de C.V.", "MX", "RBA090318TQ1"),
    "cintas": ("Plásticos y Sellos Monterrey, S.A. de C.V.", "MX", "PSM010905H52"),
    "riberas": ("Ensambles Ribereños, S.A. de C.V.", "MX", "ERI120427LB3"),
    "coahuila": (
        "Tableros Automotrices de Coahuila, S.A. de C.V.",
        "MX",
        "TAC080214RX9",
    ),
    "refa": ("Refaccionaria La Central, S.A. de C.V.", "MX", "RLC960822QA6"),
    "hirata": ("Hirata Crimping Systems K.K.", "JP", "JP3010401089"),
}
# SAAI keys of the countries of the partners.
SAAI = {"US": "USA", "DE": "DEU", "CN": "CHN", "MX": "MEX", "JP": "JPN"}


@dataclass(frozen=True)
class Document:
    """A pedimento of the month and how its file is written."""

    key: str
    operation: str  # 1 import, 2 export
    office: str  # customs office and section
    patente: str
    number: str  # 7 digits
    paid: datetime.date
    partner: str
    invoice: str
    lines: tuple  # (part or product code, quantity)
    entry: datetime.date | None = None
    rate: str = "18.2450"
    freight: int = 0
    identifiers: tuple = ()
    partida_identifiers: tuple = ()
    references: tuple = ()
    observation: str = ""
    split: str = "file"  # how parts of a partida are told: part file, product code
    part_numbers: dict = field(default_factory=dict)  # the supplier's own numbers
    serial: str = ""
    signed: bool = True
    encoding: str = "cp1252"
    dates: str = "DDMMAAAA"
    trailing: bool = True
    file: str = ""


IMPORTS = (
    Document(
        key="IN",
        operation="1",
        office="240",
        patente="3456",
        number="6001204",
        entry=day(1),
        paid=day(30, 9),
        partner="principal",
        invoice="COVE26NHS0411",
        freight=9800,
        identifiers=(("IM", COMPANY["program"], "", ""),),
        observation="MERCANCIA DESTINADA A UN PROCESO DE ELABORACION, TRANSFORMACION "
        "O REPARACION AL AMPARO DEL PROGRAMA IMMEX. MATERIAL PROPIEDAD DEL RESIDENTE "
        "EN EL EXTRANJERO.",
        lines=(
            ("T-0101", 60000),
            ("T-0102", 60000),
            ("T-0103", 40000),
            ("T-0104", 3000),
            ("T-0105", 3000),
            ("T-0106", 30000),
            ("T-0107", 24000),
            ("C-0204", 1500),
            ("C-0205", 1500),
            ("C-0206", 700),
            ("B-0901", 600),
            ("G-1001", 18000),
            ("G-1003", 900),
            ("L-1101", 6000),
            ("H-0503", 1500),
            ("E-1201", 800),
            ("E-1202", 2000),
        ),
        file="m3456001.274",
    ),
    Document(
        key="AF",
        operation="1",
        office="240",
        patente="3456",
        number="6001205",
        entry=day(2),
        paid=day(2),
        partner="hirata",
        invoice="HCS-88120",
        identifiers=(("IM", COMPANY["program"], "", ""), ("AF", "", "", "")),
        observation="PRENSA ENGARZADORA MARCA HIRATA MODELO HX-40",
        lines=(("Q-1401", 1),),
        serial="HX40-26-00317",
        split="file",
        file="m3456002.275",
    ),
    Document(
        key="IN",
        operation="1",
        office="240",
        patente="1653",
        number="6003310",
        entry=day(3),
        paid=day(2),
        partner="principal",
        invoice="COVE26NHS0412",
        freight=22400,
        identifiers=(("IM", COMPANY["program"], "", ""),),
        lines=(
            ("W-0301", 20000),
            ("W-0302", 9000),
            ("W-0303", 16000),
            ("W-0304", 14000),
            ("W-0305", 5000),
            ("W-0306", 1300),
            ("W-0307", 1600),
            ("H-0501", 500),
            ("H-0502", 1200),
        ),
        file="m1653014.275",
    ),
    Document(
        key="IN",
        operation="1",
        office="070",
        patente="3872",
        number="6000871",
        entry=day(5),
        paid=day(5),
        partner="kobold",
        invoice="KS-2026-7741",
        rate="18.3120",
        freight=6100,
        identifiers=(("IM", COMPANY["program"], "", ""),),
        lines=(
            ("C-0201", 1800),
            ("C-0202", 1900),
            ("C-0203", 900),
            ("S-0401", 15000),
            ("S-0402", 12000),
            ("S-0403", 2000),
            ("A-0602", 120),
        ),
        part_numbers={
            "C-0201": "KSB-22-0021",
            "C-0202": "KSB-22-0044",
            "C-0203": "KSB-22-0083",
            "S-0401": "KSB-70-1500",
            "S-0402": "KSB-70-2800",
            "S-0403": "KSB-70-0000",
            "A-0602": "KSB-95-TUCH",
        },
        signed=False,
        encoding="utf-8",
        trailing=False,
        file="m3872003.278",
    ),
    Document(
        key="IN",
        operation="1",
        office="160",
        patente="1653",
        number="6003344",
        entry=day(8),
        paid=day(7),
        partner="lianhe",
        invoice="LH20261003",
        rate="18.3120",
        freight=15300,
        identifiers=(("IM", COMPANY["program"], "", ""),),
        lines=(
            ("A-0601", 420),
            ("F-0701", 3600),
            ("F-0702", 2400),
            ("G-1002", 9000),
        ),
        file="m1653015.281",
    ),
    Document(
        key="V1",
        operation="1",
        office="240",
        patente="3456",
        number="6001260",
        entry=day(9),
        paid=day(9),
        partner="bajio",
        invoice="RB-F-30418",
        rate="18.2980",
        identifiers=(
            ("IM", COMPANY["program"], "", ""),
            ("V1", "1033-2009", "IM", ""),
        ),
        lines=(("R-0801", 2000), ("R-0802", 500)),
        split="code",
        dates="AAAAMMDD",
        file="m3456003.282",
    ),
    Document(
        key="IN",
        operation="1",
        office="240",
        patente="3456",
        number="6001288",
        entry=day(14),
        paid=day(13),
        partner="principal",
        invoice="COVE26NHS0427",
        rate="18.4010",
        freight=5200,
        identifiers=(("IM", COMPANY["program"], "", ""),),
        lines=(
            ("T-0101", 20000),
            ("T-0102", 15000),
            ("C-0204", 400),
            ("W-0303", 8000),
            ("H-0502", 600),
        ),
        file="m3456004.287",
    ),
)

EXPORTS = (
    Document(
        key="RT",
        operation="2",
        office="240",
        patente="3456",
        number="6001301",
        paid=day(16),
        partner="principal",
        invoice="ARB-E-0181",
        rate="18.3870",
        identifiers=(("IM", COMPANY["program"], "", ""), ("ST", "22", "", "")),
        lines=(("ARN-100", 180), ("ARN-300", 240)),
        file="m3456005.289",
    ),
    Document(
        key="V1",
        operation="2",
        office="240",
        patente="1653",
        number="6003391",
        paid=day(22),
        partner="coahuila",
        invoice="ARB-V-0044",
        rate="18.4410",
        identifiers=(
            ("IM", COMPANY["program"], "", ""),
            ("V1", "0457-2008", "IM", ""),
        ),
        references=(("1653", "6003390", "240", "V1", day(22)),),
        lines=(("ARN-200", 90),),
        split="code",
        file="m1653016.295",
    ),
    Document(
        key="RT",
        operation="2",
        office="240",
        patente="3456",
        number="6001347",
        paid=day(27),
        partner="principal",
        invoice="ARB-E-0188",
        rate="18.5020",
        identifiers=(("IM", COMPANY["program"], "", ""), ("ST", "22", "", "")),
        lines=(("ARN-100", 130), ("ARN-200", 110), ("C-0206", 60)),
        file="m3456006.300",
    ),
    Document(
        key="F4",
        operation="1",
        office="240",
        patente="3456",
        number="6001352",
        entry=day(28),
        paid=day(28),
        partner="principal",
        invoice="ARB-F4-0003",
        rate="18.5020",
        identifiers=(("IM", COMPANY["program"], "", ""),),
        references=(("3456", "6001204", "240", "IN", day(30, 9)),),
        lines=(("C-0205", 150),),
        split="code",
        file="m3456007.301",
    ),
)
DOCUMENTS = IMPORTS + EXPORTS

# What came, where it differs from the papers (faltante, sobrante).
RECEIVED = {("6003310", "W-0305"): 4960, ("6003344", "G-1002"): 9100}
# Received two days before its pedimento was loaded.
RECEIVED_BEFORE_PAPER = "6001288"

# Bought in Mexico with a CFDI: the same part that is also imported, and one more.
DOMESTIC = (("H-0502", 300, "0.1600", 6), ("M-1301", 4000, "0.0150", 6))


@dataclass(frozen=True)
class Order:
    """A production order: what it made and how it left the bill of materials.

    ``drawn`` replaces the quantity of a component; ``merma`` and ``waste`` are parts of
    what was drawn; ``scrap`` is the weight of copper residue put out.
    """

    product: str
    quantity: int
    day: int
    drawn: dict = field(default_factory=dict)
    merma: dict = field(default_factory=dict)
    waste: dict = field(default_factory=dict)
    scrap: str = ""
    plant: int = 1


ORDERS = (
    Order(
        "SUB-BAT",
        340,
        7,
        drawn={"W-0307": 641.5, "W-0306": 497},
        waste={"W-0307": 22.5, "W-0306": 14},
        merma={"T-0104": 6},
        scrap="4.85",
    ),
    Order(
        "SUB-SEN",
        890,
        8,
        drawn={"W-0301": 3668, "T-0106": 7160},
        waste={"W-0301": 60, "W-0302": 38},
        merma={"T-0106": 30, "S-0401": 45},
        scrap="0.51",
    ),
    Order(
        "ARN-100",
        200,
        12,
        drawn={"W-0303": 2460, "T-0101": 4836, "A-0601": 97},
        waste={"W-0303": 48, "W-0305": 21},
        merma={"T-0101": 36, "A-0601": 1.5},
        scrap="0.69",
    ),
    Order(
        "ARN-300",
        250,
        13,
        drawn={"W-0301": 1532, "S-0403": 507},
        waste={"W-0301": 25, "W-0304": 9},
        merma={"S-0403": 7, "T-0102": 12},
        scrap="0.21",
        plant=2,
    ),
    Order(
        "ARN-200",
        210,
        20,
        drawn={"W-0304": 2990, "G-1002": 2555, "C-0206": 212},
        waste={"W-0304": 41, "W-0303": 30},
        merma={"G-1002": 35, "C-0206": 2},
        scrap="0.59",
    ),
    Order(
        "ARN-100",
        130,
        23,
        drawn={"W-0303": 1590, "T-0102": 3141},
        waste={"W-0303": 27},
        merma={"T-0102": 21},
        scrap="0.18",
    ),
)
# Made by the sub-manufacturer: product, quantity, day of receipt.
SUBMAQUILA = ("SUB-REL", 230, 17, "riberas")
# Left without a customs document.
DOMESTIC_SALE = ("ARN-200", 4, 29, "refa")
DELIVERED = {}
DESTRUCTION = {
    "notice": "102LA-2026-55810",
    "notice_date": day(22, 9),
    "act": "ACTA-2026-031",
    "act_date": day(30),
    "quantity": "6.50",
    "place": "Planta 1, patio de residuos",
}
# A part number that no product bears until a user tells which one it is.
UNKNOWN_PART = ("A-0602", "KSB-95-TUCH")
