#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the demo's customs files into data/demo: broker files and part files.

    python3 scripts/demo/make_files.py [directory]

The arithmetic is that of real pedimentos: partidas sum to their invoices, the customs
value carries the freight, IGI and IVA follow their rates within a peso.
"""

import base64
import csv
import hashlib
import io
import sys
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The codecs load alone, without Odoo and without the add-on's own __init__.
for folder in (ROOT / "addons" / "immex_compliance", Path(__file__).resolve().parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from formats.m3 import M3Writer

from scenario import company
from scenario.documents import FILES, IGI, PEDIMENTOS
from scenario.parts import ALL

FIXED_DTA = Decimal("461.61")  # per operation of goods in temporary import
PREVALIDATION = 330
COUNTRY = {"US": "USA", "DE": "DEU", "CN": "CHN", "JP": "JPN", "MX": "MEX"}
CHUNK = 120  # characters of an observation record
PART_COLUMNS = (
    "aduana_seccion patente pedimento partida secuencia numero_parte descripcion"
    " cantidad_umc umc cantidad_umt umt valor_usd pais_origen factura"
).split()


def rounded(value, digits=0):
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass
class Goods:
    """A line of a pedimento in customs' units."""

    line: object
    part: object
    umc: Decimal
    umt: Decimal
    usd: Decimal


class Item:
    """A partida: goods of one tariff item, unit, origin and supplier."""

    def __init__(self, goods):
        self.goods = goods
        self.part = goods[0].part
        self.supplier = goods[0].line.supplier
        self.umc = sum(entry.umc for entry in goods)
        self.umt = sum(entry.umt for entry in goods)
        self.usd = sum(entry.usd for entry in goods)

    @property
    def returnable(self):
        return self.part.immex_class == "container"


def goods_of(line):
    part = ALL[line.part]
    return Goods(
        line,
        part,
        rounded(line.quantity * part.umc_factor, 3),
        rounded(line.quantity * part.umt_factor, 5),
        rounded(line.quantity * part.usd, 2),
    )


def items_of(pedimento):
    """Goods grouped into partidas, in the order in which they are listed."""
    groups = {}
    for number, line in enumerate(pedimento.lines):
        goods = goods_of(line)
        part = goods.part
        key = (part.fraccion, part.nico, part.umc, part.origin, line.supplier)
        groups.setdefault((number,) if line.alone else key, []).append(goods)
    return [Item(goods) for goods in groups.values()]


def shares(total, weights):
    """Split a whole amount by weights, rounded at cumulative positions."""
    whole, upto, given = sum(weights), Decimal(0), Decimal(0)
    for weight in weights:
        upto += weight
        position = rounded(total * upto / whole)
        yield position - given
        given = position


class PedimentoWriter:
    """Writes one pedimento, record by record, through the M3 writer."""

    def __init__(self, writer, pedimento):
        self.writer = writer
        self.pedimento = pedimento
        self.items = items_of(pedimento)
        self.imports = pedimento.effect != "exit"
        self.commercial = [rounded(item.usd * pedimento.rate) for item in self.items]
        extra = Decimal(pedimento.freight + pedimento.insurance)
        self.customs = [
            commercial + share
            for commercial, share in zip(
                self.commercial, shares(extra, self.commercial), strict=True
            )
        ]
        if not self.imports:
            self.customs = [Decimal(0)] * len(self.items)
        self.dta = self._dta()

    def _dta(self):
        if not self.imports:
            return Decimal(0)
        total = sum(self.customs)
        if self.pedimento.key == "AF":
            return rounded(total * Decimal("0.00176"))
        if self.pedimento.key == "F4":
            return rounded(total * Decimal("0.008"))
        return rounded(FIXED_DTA)

    def put(self, record_type, **values):
        values.setdefault("pedimento", self.pedimento.document)
        self.writer.record(record_type, **values)

    def write(self):
        self._opening()
        self._invoices()
        self._dates()
        self._general()
        for number, item in enumerate(self.items, 1):
            self._partida(number, item)
        self._closing()

    def _digest(self, *words):
        text = "|".join((self.pedimento.number15, *words))
        return hashlib.sha512(text.encode()).digest()

    def _code(self, size, *words):
        return base64.b32encode(self._digest(*words)).decode()[:size]

    def _opening(self):
        pedimento, own = self.pedimento, company.COMPANY
        identity = {
            "patente": pedimento.patente,
            "aduana_seccion": pedimento.office,
        }
        acuse = self._code(8, "acuse") if pedimento.signed else ""
        self.put("500", tipo_movimiento="1", acuse=acuse, **identity)
        weight = sum(
            entry.line.quantity * entry.part.umt_factor
            for item in self.items
            for entry in item.goods
            if entry.part.umt == "1"
        )
        virtual = pedimento.key in ("V1", "F4")
        transport = "98" if virtual else "7"
        self.put(
            "501",
            tipo_operacion="1" if self.imports else "2",
            clave=pedimento.key,
            aduana_seccion_es=pedimento.office,
            rfc=own["vat"],
            curp_agente=company.BROKER_CURP,
            tipo_cambio=pedimento.rate,
            fletes=pedimento.freight,
            seguros=pedimento.insurance,
            embalajes=0,
            otros_incrementables=0,
            peso_bruto=rounded(weight * Decimal("1.04"), 3),
            transporte_salida=transport,
            transporte_arribo=transport,
            transporte_es=transport,
            destino="9",
            nombre=own["name"].upper(),
            calle="AV. PARQUE INDUSTRIAL",
            exterior="1450",
            codigo_postal=own["zip"],
            municipio=own["city"].upper(),
            entidad=own["state"],
            pais="MEX",
            **identity,
        )

    def _suppliers(self):
        return list(dict.fromkeys(item.supplier for item in self.items))

    def _cove(self, supplier):
        return f"COVE26{self._code(7, 'cove', supplier)}"

    def _invoices(self):
        for supplier in self._suppliers():
            name, tax, country, state, city, code, street = company.PARTNERS[supplier]
            # what comes in returnable packaging is on no invoice (RGCE 4.3.20)
            value = sum(
                item.usd
                for item in self.items
                if item.supplier == supplier and not item.returnable
            )
            self.put(
                "505",
                fecha=self.pedimento.entry or self.pedimento.paid,
                numero=self._cove(supplier),
                termino="FCA" if self.pedimento.freight else "DAP",
                moneda="USD",
                valor_dolares=value,
                valor_moneda=value,
                pais=COUNTRY[country],
                entidad=state,
                identificacion=tax,
                nombre=name,
                calle=street,
                codigo_postal=code,
                municipio=city,
            )

    def _dates(self):
        pedimento = self.pedimento
        if pedimento.entry:
            self.put("506", tipo="1", fecha=pedimento.entry)
        self.put("506", tipo="2", fecha=pedimento.paid)

    def _general(self):
        pedimento = self.pedimento
        for code, *complements in pedimento.identifiers:
            self._identifier("507", code, complements)
        for supplier in self._suppliers():
            document = pedimento.office + self._code(10, "ed", supplier)
            self._identifier("507", "ED", [document])
        if self.imports:
            rate, kind = {
                "AF": (Decimal("1.76"), "7"),
                "F4": (Decimal(8), "7"),
            }.get(pedimento.key, (FIXED_DTA, "4"))
            self.put("509", contribucion="1", tasa=rate, tipo_tasa=kind)
        self.put("509", contribucion="15", tasa=Decimal(PREVALIDATION), tipo_tasa="2")
        if self.imports:
            self.put("510", contribucion="1", forma_pago="0", importe=self.dta)
        self.put("510", contribucion="15", forma_pago="0", importe=PREVALIDATION)
        tax = rounded(PREVALIDATION * Decimal("0.16"))
        self.put("510", contribucion="23", forma_pago="0", importe=tax)
        for number, text in enumerate(chunks(pedimento.observations), 1):
            self.put("511", secuencia=number, observaciones=text)
        for patente, document, office, key, paid, *goods in pedimento.descargos:
            fraccion, unit, quantity = goods
            self.put(
                "512",
                patente_original=patente,
                pedimento_original=document,
                aduana_original=office,
                clave_original=key,
                fecha_original=paid,
                fraccion=fraccion,
                unidad=unit,
                cantidad=quantity,
            )

    def _identifier(self, record_type, code, complements, **where):
        names = ("complemento1", "complemento2", "complemento3")
        values = dict(zip(names, complements, strict=False))
        self.put(record_type, clave=code, **values, **where)

    def _partida(self, number, item):
        part, where = item.part, {"fraccion": item.part.fraccion, "partida": number}
        commercial, customs = self.commercial[number - 1], self.customs[number - 1]
        seller = COUNTRY[company.PARTNERS[item.supplier][2]]
        single = item.goods[0].line.code if len(item.goods) == 1 else ""
        description = part.description if single else HEADINGS[part.fraccion]
        self.put(
            "551",
            nico=part.nico,
            descripcion=description.upper(),
            precio_unitario=rounded(commercial / item.umc, 5),
            valor_aduana=customs,
            valor_comercial=commercial,
            valor_dolares=item.usd,
            cantidad_umc=item.umc,
            umc=part.umc,
            cantidad_umt=item.umt,
            umt=part.umt,
            valor_agregado=0,
            vinculacion="1" if item.supplier == "principal" else "0",
            metodo_valoracion="1" if self.imports else "",
            codigo_producto=single,
            marca="TOKAI" if part.code == "Q-1401" else "",
            modelo="TK-8800A" if part.code == "Q-1401" else "",
            pais_origen=part.origin if self.imports else seller,
            pais_vendedor=seller,
            **where,
        )
        if part.code == "Q-1401":
            self.put(
                "553",
                clave="NM",
                numero="NOM-004-STPS-1999",
                valor_dolares=item.usd,
                cantidad=item.umt,
                **where,
            )
        if part.origin == "USA" and self.imports:
            self._identifier("554", "TL", ["USA"], **where)
        if item.returnable:
            self._identifier("554", "EB", ["1"], **where)
        if part.code.startswith("FG") and not self.imports:
            self._identifier("554", "PT", [], **where)
        if self.imports:
            self._contributions(customs, where)
        if len(item.goods) > 1:
            text = (
                f"SE AGRUPAN {len(item.goods)} NUMEROS DE PARTE DE LA FACTURA "
                f"{self._cove(item.supplier)}; SU DESGLOSE CONSTA EN EL ARCHIVO DE "
                "PARTES QUE ACOMPAÑA AL PEDIMENTO."
            )
            for chunk, words in enumerate(chunks(text), 1):
                self.put("558", secuencia=chunk, observaciones=words, **where)

    def _contributions(self, customs, where):
        key = self.pedimento.key
        rate = Decimal(IGI[where["fraccion"]])
        duty = rounded(customs * rate / 100)
        share = self.dta * customs / sum(self.customs)
        tax = rounded((customs + duty + share) * Decimal("0.16"))
        duty_form = "0" if key in ("AF", "F4") else "5"
        tax_form = "0" if key == "F4" else "21"
        for contribution, percent in (("6", rate), ("3", Decimal(16))):
            self.put(
                "556", contribucion=contribution, tasa=percent, tipo_tasa="1", **where
            )
        for contribution, form, amount in (
            ("6", duty_form, duty),
            ("3", tax_form, tax),
        ):
            self.put(
                "557", contribucion=contribution, forma_pago=form, importe=amount, **where
            )

    def _closing(self):
        pedimento = self.pedimento
        if not pedimento.signed:
            identity = {"patente": pedimento.patente, "aduana_seccion": pedimento.office}
            self.put("999", **identity)
            return
        signature = base64.b64encode(self._digest("firma") * 4).decode()
        serial = str(int.from_bytes(self._digest("certificado")[:8]))[:12]
        self.put(
            "800", tipo_figura="1", firma=signature, certificado="00001000" + serial
        )

    def part_rows(self):
        """Rows of the part file: the parts of every partida that groups several."""
        pedimento = self.pedimento
        for number, item in enumerate(self.items, 1):
            if len(item.goods) == 1:
                continue
            for sequence, entry in enumerate(item.goods, 1):
                yield (
                    pedimento.office,
                    pedimento.patente,
                    pedimento.document,
                    number,
                    sequence,
                    entry.line.code,
                    entry.part.description,
                    f"{entry.umc:.3f}",
                    entry.part.umc,
                    f"{entry.umt:.5f}",
                    entry.part.umt,
                    f"{entry.usd:.2f}",
                    entry.part.origin,
                    self._cove(item.supplier),
                )


HEADINGS = {
    "85369099": "Terminales eléctricas para arnés automotriz",
    "85366999": "Conectores eléctricos para arnés automotriz",
    "85444999": "Cable eléctrico de cobre aislado para arnés automotriz",
    "40169304": "Sellos de caucho vulcanizado",
    "39173291": "Tubo de plástico para arnés",
    "39191001": "Cinta de plástico autoadhesiva",
    "85361099": "Fusibles",
    "85364199": "Relevadores",
    "39269099": "Manufacturas de plástico para arnés",
    "85443099": "Arneses automotrices",
}


def chunks(text):
    return [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]


def build(file):
    """Return ``{name: bytes}`` of a broker file and, where it has one, its part file."""
    stream = io.BytesIO()
    writer = M3Writer(
        stream,
        file.name,
        eol=file.eol,
        trailing_pipe=file.trailing_pipe,
        encoding=file.encoding,
        date_layout=file.date_layout,
    )
    rows = []
    for ref in file.pedimentos:
        pedimento = PedimentoWriter(writer, PEDIMENTOS[ref])
        pedimento.write()
        rows += pedimento.part_rows()
    writer.close(prevalidador="PRV01")
    built = {file.name: stream.getvalue()}
    if file.parts:
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\r\n")
        table.writerow(PART_COLUMNS)
        table.writerows(rows)
        built[file.parts] = text.getvalue().encode("utf-8")
    elif rows:
        raise ValueError(f"{file.name} groups parts and has no part file")
    return built


def build_all():
    """Return ``{name: bytes}`` of every file of the demo."""
    built = {}
    for file in FILES:
        built |= build(file)
    return built


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "demo"
    target.mkdir(parents=True, exist_ok=True)
    for name, content in build_all().items():
        (target / name).write_bytes(content)
        print(f"{name}  {len(content)} bytes")


if __name__ == "__main__":
    main()
