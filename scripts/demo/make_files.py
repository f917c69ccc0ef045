#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the customs files of the demo month into data/demo: broker files (SAAI M3) and
part files (CSV), as the scenario tells them.

    python scripts/demo/make_files.py [DIRECTORY]
"""

import csv
import datetime
import importlib.util
import io
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import october

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "data" / "demo"
FORMATS = ROOT / "addons" / "immex_compliance" / "formats"

IGI = {"85369099": "5", "85366999": "5", "85444999": "5", "40169304": "5"}
VAT = Decimal("0.16")
DTA, PRV = 462, 330


def _codec():
    """Load the codec from its own folder, without the add-on."""
    if "immex_formats" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "immex_formats",
            FORMATS / "__init__.py",
            submodule_search_locations=[str(FORMATS)],
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules["immex_formats"] = module
        spec.loader.exec_module(module)
    from immex_formats.m3 import M3Writer

    return M3Writer


def whole(value):
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


def cents(value):
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Line:
    """A part of a document: quantities in customs units and its value."""

    def __init__(self, document, code, quantity):
        self.code, self.number = code, document.part_numbers.get(code, code)
        if code in october.PARTS:
            part = october.PARTS[code]
            self.name = part.name
            self.tariff = (part.fraccion, part.nico)
            self.origin, price = part.origin, part.price
            self.umc, self.umt = part.umc, part.umt
            self.qty_umc = Decimal(quantity) * part.umc_factor
            factor = part.factor
        else:
            name, weight, price, _bom = october.PRODUCTS[code]
            self.name, self.tariff = name, october.HARNESS
            self.origin, factor = "USA", Decimal(weight)
            self.umc, self.umt = october.PIECE, october.KILO
            self.qty_umc = Decimal(quantity)
        if document.operation == "2":
            country = october.PARTNERS[document.partner][1]
            self.origin = october.SAAI[country]
        self.qty_umt = (Decimal(quantity) * factor).quantize(Decimal("0.00001"))
        self.value = cents(Decimal(quantity) * Decimal(price))


class Item:
    """A partida: the lines of one tariff item, origin and pair of units."""

    def __init__(self, lines):
        self.lines = lines
        first = lines[0]
        self.tariff, self.origin = first.tariff, first.origin
        self.umc, self.umt = first.umc, first.umt
        self.qty_umc = sum(line.qty_umc for line in lines)
        self.qty_umt = sum(line.qty_umt for line in lines)
        self.value = sum(line.value for line in lines)
        names = {line.name.split(",")[0] for line in lines}
        self.description = " / ".join(sorted(names)).upper()[:250]


def items_of(document):
    groups = {}
    for code, quantity in document.lines:
        line = Line(document, code, quantity)
        key = (line.tariff, line.origin, line.umc, line.umt)
        # without a part file a partida holds one part, told by its product code
        if document.split == "code":
            key += (line.code,)
        groups.setdefault(key, []).append(line)
    return [Item(lines) for lines in groups.values()]


def write_document(writer, document, items):
    number = document.number
    rate = Decimal(document.rate)
    partner = october.PARTNERS[document.partner]
    country = october.SAAI[partner[1]]
    temporary = document.key in ("IN", "AF", "V1")
    total = sum(item.value for item in items)
    weight = sum(item.qty_umt for item in items if item.umt == october.KILO)
    company = october.COMPANY
    writer.record(
        "500",
        tipo_movimiento="1",
        patente=document.patente,
        pedimento=number,
        aduana_seccion=document.office,
        acuse=f"{document.patente[:2]}X{number[-4:]}Z" if document.signed else "",
    )
    writer.record(
        "501",
        patente=document.patente,
        pedimento=number,
        aduana_seccion=document.office,
        tipo_operacion=document.operation,
        clave=document.key,
        aduana_seccion_es=document.office,
        rfc=company["rfc"],
        curp_agente=company["curp_agente"],
        tipo_cambio=rate,
        fletes=document.freight,
        seguros=0,
        embalajes=0,
        otros_incrementables=0,
        peso_bruto=max(weight, Decimal(1)),
        transporte_salida="7",
        transporte_arribo="7",
        transporte_es="7",
        destino="9",
        nombre=company["name"].upper(),
        calle=company["street"].upper(),
        codigo_postal=company["zip"],
        municipio=company["city"].upper(),
        entidad=company["state"],
        pais="MEX",
        decrementables_fletes=0,
        decrementables_seguros=0,
        decrementables_carga=0,
        decrementables_descarga=0,
        otros_decrementables=0,
    )
    writer.record(
        "505",
        pedimento=number,
        fecha=document.paid - datetime.timedelta(days=4),
        numero=document.invoice,
        termino="DAP" if document.freight == 0 else "FCA",
        moneda="USD",
        valor_dolares=total,
        valor_moneda=total,
        pais=country,
        identificacion=partner[2],
        nombre=partner[0].upper(),
    )
    if document.entry:
        writer.record("506", pedimento=number, tipo="1", fecha=document.entry)
    writer.record("506", pedimento=number, tipo="2", fecha=document.paid)
    for code, *complements in document.identifiers:
        writer.record(
            "507",
            pedimento=number,
            clave=code,
            complemento1=complements[0],
            complemento2=complements[1],
            complemento3=complements[2],
        )
    writer.record("509", pedimento=number, contribucion="1", tasa=DTA, tipo_tasa="4")
    writer.record("509", pedimento=number, contribucion="15", tasa=PRV, tipo_tasa="4")
    for key, amount in (("1", DTA), ("15", PRV), ("23", whole(PRV * VAT))):
        writer.record(
            "510", pedimento=number, contribucion=key, forma_pago="0", importe=amount
        )
    # what the partidas owe, summed by contribution and form of payment
    owed, customs = Counter(), customs_values(document, items, rate)
    for item, value in zip(items, customs, strict=True):
        if document.operation == "1":
            share = Decimal(DTA) * value / sum(customs)
            for key, form, amount in taxes(document, item, value, share, temporary)[1]:
                owed[key, form] += amount
    for (key, form), amount in sorted(owed.items()):
        writer.record(
            "510", pedimento=number, contribucion=key, forma_pago=form, importe=amount
        )
    for index in range(0, len(document.observation), 120):
        writer.record(
            "511",
            pedimento=number,
            secuencia=str(index // 120 + 1),
            observaciones=document.observation[index : index + 120],
        )
    for patente, other, office, key, paid in document.references:
        writer.record(
            "512",
            pedimento=number,
            patente_original=patente,
            pedimento_original=other,
            aduana_original=office,
            clave_original=key,
            fecha_original=paid,
            fraccion=items[0].tariff[0],
            unidad=items[0].umt,
            cantidad=items[0].qty_umt,
        )
    _write_items(writer, document, items, rate, country, temporary)
    if document.signed:
        writer.record(
            "800",
            pedimento=number,
            tipo_figura="1",
            firma="U0lOIFZBTE9SOiBBUkNISVZPIERFIERFTU9TVFJBQ0lPTg==",
            certificado="00001000000500000000",
        )
    else:
        writer.record(
            "999",
            patente=document.patente,
            pedimento=number,
            aduana_seccion=document.office,
        )


def customs_values(document, items, rate):
    """Customs value of each item: its price, and its part of the freight."""
    running, total = Decimal(0), sum(item.value for item in items)
    values = []
    for item in items:
        before = whole(document.freight * running / total)
        running += item.value
        increment = whole(document.freight * running / total) - before
        values.append(whole(item.value * rate) + increment)
    return values


def taxes(document, item, value, dta, temporary):
    """Duty rate of an item, and what it owes: [(contribution, form, amount)]."""
    duty = Decimal(IGI.get(item.tariff[0], "0"))
    if item.origin == "USA":
        duty = Decimal(0)
    igi = whole(value * duty / 100)
    iva = whole((value + igi + dta) * VAT)
    asset = document.key == "AF"
    return duty, (
        ("6", "5" if temporary and not asset else "0", igi),
        ("3", "21" if temporary else "0", iva),
    )


def _write_items(writer, document, items, rate, country, temporary):
    number = document.number
    customs = customs_values(document, items, rate)
    for sequence, (item, value) in enumerate(zip(items, customs, strict=True), 1):
        paid = whole(item.value * rate)
        own = {
            "pedimento": number,
            "fraccion": item.tariff[0],
            "partida": str(sequence),
        }
        single = item.lines[0] if len(item.lines) == 1 else None
        tells = single and document.split == "code"
        writer.record(
            "551",
            **own,
            nico=item.tariff[1],
            descripcion=item.description,
            precio_unitario=(Decimal(paid) / item.qty_umc).quantize(Decimal("0.00001")),
            valor_aduana=value,
            valor_comercial=paid,
            valor_dolares=item.value,
            cantidad_umc=item.qty_umc,
            umc=item.umc,
            cantidad_umt=item.qty_umt,
            umt=item.umt,
            valor_agregado=whole(Decimal(paid) / 5) if document.operation == "2" else 0,
            vinculacion="1" if document.partner == "principal" else "0",
            metodo_valoracion="1" if document.operation == "1" else "0",
            codigo_producto=single.number if tells else "",
            marca="HIRATA" if document.key == "AF" else "",
            modelo="HX-40" if document.key == "AF" else "",
            pais_origen=item.origin,
            pais_vendedor=country,
        )
        if document.key == "IN" and item.tariff[0] == "85444999":
            writer.record(
                "553",
                **own,
                clave="NM",
                firma="",
                numero="NOM-063-SCFI-2001",
                valor_dolares=item.value,
                cantidad=item.qty_umt,
            )
        if temporary and item.origin == "USA":
            writer.record("554", **own, clave="TL", complemento1="USA")
        for code, *complements in document.partida_identifiers:
            writer.record("554", **own, clave=code, complemento1=complements[0])
        if document.operation == "1":
            share = Decimal(DTA) * value / sum(customs)
            duty, amounts = taxes(document, item, value, share, temporary)
            _write_contributions(writer, own, duty, amounts)
        if sequence == 1 and document.operation == "1":
            writer.record(
                "558",
                **own,
                secuencia="1",
                observaciones="DETALLE DE NUMEROS DE PARTE EN LA FACTURA",
            )


def _write_contributions(writer, own, duty, amounts):
    writer.record("556", **own, contribucion="6", tasa=duty, tipo_tasa="1")
    writer.record("556", **own, contribucion="3", tasa=VAT * 100, tipo_tasa="1")
    for key, form, amount in amounts:
        writer.record("557", **own, contribucion=key, forma_pago=form, importe=amount)


PART_HEADER = (
    "aduana_seccion",
    "patente",
    "pedimento",
    "partida",
    "secuencia",
    "numero_parte",
    "descripcion",
    "cantidad_umc",
    "umc",
    "cantidad_umt",
    "umt",
    "valor_usd",
    "pais_origen",
    "factura",
    "lote",
)


def write_parts(stream, document, items):
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(PART_HEADER)
    for sequence, item in enumerate(items, 1):
        for position, line in enumerate(item.lines, 1):
            writer.writerow(
                (
                    document.office,
                    document.patente,
                    document.number,
                    sequence,
                    position,
                    line.number,
                    line.name,
                    f"{line.qty_umc:.3f}",
                    line.umc,
                    f"{line.qty_umt:.5f}",
                    line.umt,
                    f"{line.value:.2f}",
                    line.origin,
                    document.invoice,
                    document.serial,
                )
            )


def make(target):
    """Write every file and return their names in the order of the documents."""
    writer_class = _codec()
    target.mkdir(parents=True, exist_ok=True)
    names = []
    for document in october.DOCUMENTS:
        items = items_of(document)
        buffer = io.BytesIO()
        writer = writer_class(
            buffer,
            document.file,
            trailing_pipe=document.trailing,
            encoding=document.encoding,
            date_layout=document.dates,
        )
        write_document(writer, document, items)
        writer.close("PRV01")
        (target / document.file).write_bytes(buffer.getvalue())
        names.append(document.file)
        if document.split == "file":
            text = io.StringIO(newline="")
            write_parts(text, document, items)
            name = document.file.replace(".", "_") + "_partes.csv"
            (target / name).write_bytes(text.getvalue().encode("utf-8"))
            names.append(name)
    return names


if __name__ == "__main__":
    for name in make(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET):
        print(name)
