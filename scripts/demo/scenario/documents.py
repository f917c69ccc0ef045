# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pedimentos of October 2026 and the files that the brokers send."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Duty rates that the demo declares, in percent, by tariff item.
IGI = {
    "85369099": 0,
    "85366999": 0,
    "85444999": 5,
    "40169304": 25,
    "39173291": 7,
    "39191001": 7,
    "85361099": 0,
    "85364199": 0,
    "85389001": 0,
    "39269099": 7,
    "48211001": 25,
    "48191001": 25,
    "39232101": 7,
    "39231003": 25,
    "84624999": 0,
    "85443099": 25,
}


@dataclass(frozen=True)
class Line:
    """Goods of a pedimento: ``quantity`` in the part's own unit; ``code`` is what the
    papers call the part; ``alone`` gives it a partida of its own with product code."""

    part: str
    quantity: Decimal
    supplier: str
    code: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Pedimento:
    """A pedimento; ``effect`` is entry, exit or regime (change of regime)."""

    ref: str
    effect: str
    key: str
    office: str
    patente: str
    document: str
    entry: date | None
    paid: date
    rate: Decimal
    lines: tuple
    freight: int = 0
    insurance: int = 0
    identifiers: tuple = ()
    descargos: tuple = ()  # (ref or outside number, part or fraccion, quantity)
    observations: str = ""
    signed: bool = True

    @property
    def number15(self):
        return f"{self.paid.year % 100:02d}{self.office[:2]}{self.patente}{self.document}"


@dataclass(frozen=True)
class File:
    """A broker file, with the way its broker writes."""

    name: str
    pedimentos: tuple
    arrives: date
    encoding: str = "cp1252"
    date_layout: str = "DDMMAAAA"
    eol: str = "\r\n"
    trailing_pipe: bool = True
    parts: str = field(default="")  # name of the part file, if there is one


def _day(day):
    return date(2026, 10, day)


def _lines(supplier, text, alone="", **codes):
    codes = {key.replace("_", "-"): value for key, value in codes.items()}
    result = []
    for entry in text.split():
        part, quantity = entry.split(":")
        single = part in alone.split()
        result.append(
            Line(part, Decimal(quantity), supplier, codes.get(part, part), single)
        )
    return tuple(result)


_IM = ("IM", "2417-2019", "", "")
_CI = ("CI", "A", "", "")

PEDIMENTOS = {
    pedimento.ref: pedimento
    for pedimento in (
        Pedimento(
            "P1",
            "entry",
            "IN",
            "240",
            "3456",
            "6000411",
            _day(1),
            _day(1),
            Decimal("18.33500"),
            _lines(
                "principal",
                "T-0101:1500 T-0102:1200 T-0103:1100 T-0104:400 T-0105:400 C-0204:130"
                " C-0205:60 W-0305:400 W-0306:300 W-0307:300 H-0503:250 B-0901:70"
                " G-1001:700 G-1003:60 L-1101:200 N-1203:40",
                alone="N-1203 B-0901 W-0305",
            )
            + _lines("distributor", "E-1201:40 E-1202:200 H-0502:220", alone="E-1202"),
            freight=14500,
            insurance=2100,
            identifiers=(_IM, _CI, ("RC", "1", "", "")),
            observations=(
                "MERCANCIA PROPIEDAD DE RIO GRANDE HARNESS SYSTEMS INC. BAJO CONTRATO "
                "DE MAQUILA DE FECHA 12 DE MARZO DE 2019. SE ANEXA LISTA DE EMPAQUE Y "
                "DESGLOSE DE NUMEROS DE PARTE POR PARTIDA EN ARCHIVO ELECTRONICO."
            ),
        ),
        Pedimento(
            "P5",
            "entry",
            "IN",
            "240",
            "3456",
            "6000412",
            _day(2),
            _day(2),
            Decimal("18.33500"),
            _lines(
                "chinese",
                "A-0601:100 F-0701:500 F-0702:480 G-1002:1700",
                alone="A-0601 G-1002",
                A_0601="HL-PVC19B",
                G_1002="CT-200-BK",
            ),
            freight=3200,
            insurance=410,
            identifiers=(_IM, _CI),
        ),
        Pedimento(
            "P7",
            "entry",
            "AF",
            "240",
            "3456",
            "6000421",
            _day(5),
            _day(5),
            Decimal("18.36120"),
            _lines("maker", "Q-1401:1", alone="Q-1401"),
            freight=21800,
            insurance=4450,
            identifiers=(_IM, _CI),
            observations="ACTIVO FIJO: PRENSA ENGARZADORA PARA LINEA 3.",
        ),
        Pedimento(
            "P2",
            "entry",
            "IN",
            "430",
            "1702",
            "6000088",
            _day(5),
            _day(6),
            Decimal("18.36120"),
            _lines(
                "principal",
                "T-0106:2500 T-0107:2500 C-0206:120 W-0301:2200 W-0302:1200"
                " W-0303:1200 W-0304:1000 H-0501:100",
                alone="C-0206 H-0501",
            ),
            freight=38600,
            insurance=5210,
            identifiers=(_IM, _CI),
            observations="CONTENEDOR DE 40 PIES; ORIGEN NINGBO, PAÍS DE ORIGEN CHINA.",
        ),
        Pedimento(
            "P6",
            "entry",
            "V1",
            "240",
            "1702",
            "6000093",
            _day(6),
            _day(13),
            Decimal("18.37050"),
            _lines("relay", "R-0801:260 R-0802:130"),
            identifiers=(_IM, _CI, ("V1", "1188-2012", "IM", "")),
        ),
        Pedimento(
            "P3",
            "entry",
            "IN",
            "520",
            "3871",
            "6000207",
            _day(7),
            _day(7),
            Decimal("18.35400"),
            _lines(
                "german",
                "C-0201:760 C-0202:400 C-0203:200 S-0401:4400 S-0402:1000 S-0403:300"
                " A-0602:60",
                alone="A-0602",
                C_0201="KF-2W-F-SEAL",
                C_0202="KF-4W-F-SEAL",
                C_0203="KF-8W-M-SEAL",
            ),
            freight=16900,
            insurance=1800,
            identifiers=(_IM, _CI),
            observations="GUÍA AÉREA 020-55120984; PROVEEDOR EN NÜRNBERG, ALEMANIA.",
        ),
        Pedimento(
            "P4",
            "entry",
            "IN",
            "240",
            "3456",
            "6000433",
            _day(14),
            _day(14),
            Decimal("18.39210"),
            _lines(
                "principal",
                "T-0101:1500 T-0102:1600 T-0103:1000 T-0104:100 T-0105:400 C-0204:120"
                " C-0205:70 W-0302:700 W-0305:300 W-0306:200 B-0901:60 G-1001:700"
                " G-1003:60 L-1101:200",
                alone="B-0901",
            )
            + _lines("distributor", "E-1202:80 H-0502:100", alone="E-1202 H-0502")
            + _lines("chinese", "F-0701:300", alone="F-0701"),
            freight=15100,
            insurance=2050,
            identifiers=(_IM, _CI),
        ),
        Pedimento(
            "P9",
            "entry",
            "IN",
            "240",
            "3456",
            "6000460",
            _day(29),
            _day(29),
            Decimal("18.41200"),
            _lines("principal", "W-0302:800", alone="W-0302"),
            freight=2600,
            identifiers=(_IM, _CI),
            signed=False,
        ),
        Pedimento(
            "X1",
            "exit",
            "RT",
            "240",
            "3456",
            "6000441",
            None,
            _day(15),
            Decimal("18.39210"),
            _lines(
                "principal",
                "FG-100:55 FG-200:45 FG-300:6",
                alone="FG-100 FG-200 FG-300",
            ),
            identifiers=(_IM,),
        ),
        Pedimento(
            "X2",
            "exit",
            "RT",
            "800",
            "3456",
            "6000112",
            None,
            _day(24),
            Decimal("18.40150"),
            _lines("principal", "FG-100:45 FG-300:100 T-0102:500", alone="T-0102"),
            identifiers=(_IM,),
            observations=(
                "PARTIDA DE TERMINALES: RETORNO EN EL MISMO ESTADO POR DEFECTO DE "
                "CALIDAD DEL LOTE (ART. 108 LA, 176 RLA)."
            ),
        ),
        Pedimento(
            "X3",
            "exit",
            "V1",
            "240",
            "1702",
            "6000101",
            None,
            _day(28),
            Decimal("18.41000"),
            _lines("tier1", "FG-200:60", alone="FG-200"),
            identifiers=(_IM, ("V1", "3052-2015", "IM", "")),
            descargos=(
                ("1702", "6000100", "240", "V1", _day(27), "85443099", "1", "31.20000"),
            ),
        ),
        Pedimento(
            "X4",
            "regime",
            "F4",
            "240",
            "3456",
            "6000452",
            _day(28),
            _day(28),
            Decimal("18.41000"),
            _lines("principal", "T-0101:200", alone="T-0101")
            + _lines("german", "C-0203:50", alone="C-0203"),
            identifiers=(_IM,),
            descargos=(
                ("3456", "6000433", "240", "IN", _day(14), "85369099", "1", "0.16000"),
                ("3871", "6000207", "520", "IN", _day(7), "85366999", "1", "0.62500"),
            ),
        ),
    )
}

FILES = (
    File("m3456041.275", ("P1", "P5"), _day(2), parts="m3456041_partes.csv"),
    File("m3456042.278", ("P7",), _day(5)),
    File(
        "m1702118.279",
        ("P2",),
        _day(6),
        encoding="utf-8",
        date_layout="AAAAMMDD",
        eol="\n",
        trailing_pipe=False,
        parts="m1702118_partes.csv",
    ),
    File("m3871007.280", ("P3",), _day(7), parts="m3871007_partes.csv"),
    File("m1702121.286", ("P6",), _day(13), parts="m1702121_partes.csv"),
    File("m3456043.287", ("P4",), _day(14), parts="m3456043_partes.csv"),
    File("m3456044.288", ("X1",), _day(15)),
    File("m3456045.297", ("X2",), _day(24), parts="m3456045_partes.csv"),
    File("m1702124.301", ("X3",), _day(28)),
    File("m3456046.301", ("X4",), _day(28)),
    File("m3456047.302", ("P9",), _day(29)),
)
