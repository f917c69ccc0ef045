# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A pedimento of a broker file as rows of our tables, every field kept.

Rows are tuples in the order of the columns below, without the ids: those are known
when a batch is written.
"""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from ...formats.number import year_of

IGI = "6"  # Appendix 12: general duty of import or export
PERCENT = "1"  # Appendix 18: ad valorem
PACKAGING = "EB"  # Appendix 8: packaging that comes back, out of every sum

# Tables that hang from a pedimento, and from one of its partidas where True.
CHILDREN = {
    "immex.pedimento.date": (False, ("kind", "date")),
    "immex.pedimento.invoice": (
        False,
        (
            "sequence",
            "number",
            "date",
            "incoterm",
            "currency",
            "value_usd",
            "value_currency",
            "country_code",
            "state_code",
            "tax_id",
            "partner_name",
            "street",
            "interior",
            "exterior",
            "zip",
            "city",
        ),
    ),
    "immex.pedimento.identifier": (
        True,
        ("code", "identifier_id", "complement1", "complement2", "complement3"),
    ),
    "immex.pedimento.contribution": (
        True,
        (
            "kind",
            "code",
            "contribution_id",
            "rate",
            "rate_type",
            "payment_form",
            "amount",
        ),
    ),
    "immex.pedimento.reference": (
        False,
        (
            "kind",
            "patente",
            "document",
            "office_section",
            "key_code",
            "date",
            "fraccion",
            "unit_code",
            "quantity",
        ),
    ),
    "immex.pedimento.observation": (True, ("text",)),
    "immex.pedimento.permit": (
        True,
        ("code", "signature", "number", "value_usd", "quantity"),
    ),
    "immex.pedimento.record": (False, ("line", "record_type", "text")),
}
PARTIDA = (
    "sequence",
    "fraccion",
    "nico",
    "tariff_item_id",
    "description",
    "unit_price",
    "customs_value",
    "commercial_value",
    "value_usd",
    "added_value",
    "qty_umc",
    "umc_id",
    "qty_umt",
    "umt_id",
    "linkage",
    "valuation_method",
    "product_code",
    "brand",
    "model",
    "origin_country_id",
    "origin_code",
    "seller_country_id",
    "seller_code",
    "returnable_packaging",
    "igi_rate",
    "detail_state",
)


class Verbatim:
    """Rows of all records as they stand: made when they are written, since there may be
    one for every few bytes of a file."""

    def __init__(self, records):
        self.records = records

    def __len__(self):
        return len(self.records)

    def __iter__(self):
        for record in self.records:
            yield None, (record.line, record.type, record.text)


@dataclass
class PedimentoRows:
    """One pedimento, ready to be written."""

    header: dict
    identity: tuple
    content_sha256: str
    line: int
    partidas: list = field(default_factory=list)
    # (fraccion, nico, line) of the partidas, for what the law blocks
    items: list = field(default_factory=list)
    # model -> [(index of the partida or None, values)]
    children: dict = field(default_factory=lambda: {name: [] for name in CHILDREN})

    def add(self, model, values, partida=None):
        self.children[model].append((partida, values))


def content_hash(document) -> str:
    """Hash of the records without their line ends and trailing separators."""
    digest = hashlib.sha256()
    for record in document.records:
        digest.update("|".join(record.fields).encode() + b"\n")
    return digest.hexdigest()


def make_rows(document, catalogs, company, origin="m3") -> PedimentoRows:
    """Rows of a document that passed its checks; ``origin`` says where it came from."""
    paid = document.fecha_pago or document.fecha_entrada
    office = document.aduana_seccion[:2]
    year = year_of(document.pedimento, paid)
    rows = PedimentoRows(
        header=_header(document, catalogs, company, year, paid, origin),
        identity=(year, office, document.patente, document.pedimento),
        content_sha256=content_hash(document),
        line=document.line,
    )
    rows.header["content_sha256"] = rows.content_sha256
    _add_general(rows, document, catalogs, paid)
    for index, partida in enumerate(document.partidas):
        _add_partida(rows, index, partida, catalogs, paid)
    rows.children["immex.pedimento.record"] = Verbatim(document.records)
    return rows


def _header(document, catalogs, company, year, paid, origin):
    header = document.header

    def total(name):
        return sum(
            (p.record[name] or Decimal(0) for p in document.partidas), Decimal(0)
        )

    return {
        "company_id": company.id,
        "year": year,
        "office": document.aduana_seccion[:2],
        "office_section": document.aduana_seccion,
        "customs_office_id": catalogs.office_id(document.aduana_seccion, paid),
        "patente": document.patente,
        "document": document.pedimento,
        "movement_type": document.tipo_movimiento,
        "operation_type": header["tipo_operacion"],
        "key_id": catalogs.keys.find(header["clave"], paid)[0],
        "rfc": header["rfc"],
        "curp": header["curp"],
        "agent_curp": header["curp_agente"],
        "trader_name": header["nombre"],
        "entry_date": document.fecha_entrada,
        "payment_date": document.fecha_pago,
        "extraction_date": document.fecha_extraccion,
        "exchange_rate": header["tipo_cambio"],
        "freight": header["fletes"],
        "insurance": header["seguros"],
        "packing": header["embalajes"],
        "other_increments": header["otros_incrementables"],
        "gross_weight": header["peso_bruto"],
        "transport_exit": header["transporte_salida"],
        "transport_arrival": header["transporte_arribo"],
        "transport_crossing": header["transporte_es"],
        "destination_zone": header["destino"],
        "total_usd": total("valor_dolares"),
        "total_customs_value": total("valor_aduana"),
        "total_commercial_value": total("valor_comercial"),
        "acknowledgement": document.opening["acuse"],
        "signed": document.signed,
        "origin": origin,
        "source_line": document.line,
    }


def _add_general(rows, document, catalogs, paid):
    """What hangs from the pedimento itself."""
    for kind, day in document.dates.items():
        rows.add("immex.pedimento.date", (kind, day))
    for sequence, record in enumerate(document.of("505"), 1):
        rows.add("immex.pedimento.invoice", _invoice(sequence, record))
    for record in document.identifiers:
        rows.add("immex.pedimento.identifier", _identifier(record, "G", catalogs, paid))
    for record in (*document.of("509"), *document.of("510")):
        rows.add("immex.pedimento.contribution", _contribution(record, catalogs, paid))
    for record in document.of("512"):
        rows.add(
            "immex.pedimento.reference",
            (
                "discharge",
                record["patente_original"],
                record["pedimento_original"],
                record["aduana_original"],
                record["clave_original"],
                record["fecha_original"],
                record["fraccion"],
                record["unidad"],
                record["cantidad"],
            ),
        )
    for record in document.of("701"):
        rows.add(
            "immex.pedimento.reference",
            (
                "rectified",
                record["patente_original"],
                record["pedimento_original"],
                record["aduana_original"],
                # the key under which the rectified pedimento acts
                record["clave"]
                if record["clave"] != "R1"
                else record["clave_original"],
                record["fecha_original"],
                None,
                None,
                None,
            ),
        )
    if document.observations:
        rows.add("immex.pedimento.observation", (document.observations,))


def _add_partida(rows, index, partida, catalogs, paid):
    record = partida.record
    identifiers = partida.identifiers
    rates = [r for r in partida.of("556") if r["contribucion"].lstrip("0") == IGI]
    rates.sort(key=lambda r: r["tipo_tasa"].lstrip("0") != PERCENT)
    nico = (record["nico"] or "").zfill(2) if record["nico"] else None
    rows.items.append((partida.fraccion, nico, partida.line))
    rows.partidas.append(
        (
            partida.sequence,
            partida.fraccion,
            nico,
            catalogs.tariff_items.find(f"{partida.fraccion}{nico or '00'}", paid)[0],
            record["descripcion"],
            record["precio_unitario"],
            record["valor_aduana"],
            record["valor_comercial"],
            record["valor_dolares"],
            record["valor_agregado"],
            record["cantidad_umc"],
            catalogs.units.find(record["umc"], paid)[0],
            record["cantidad_umt"],
            catalogs.units.find(record["umt"], paid)[0],
            record["vinculacion"],
            record["metodo_valoracion"],
            record["codigo_producto"],
            record["marca"],
            record["modelo"],
            catalogs.countries.find(record["pais_origen"], paid)[1],
            record["pais_origen"],
            catalogs.countries.find(record["pais_vendedor"], paid)[1],
            record["pais_vendedor"],
            any(line["clave"] == PACKAGING for line in identifiers),
            rates[0]["tasa"] if rates else None,
            "missing",
        )
    )
    for line in identifiers:
        rows.add(
            "immex.pedimento.identifier", _identifier(line, "P", catalogs, paid), index
        )
    for line in (*partida.of("556"), *partida.of("557")):
        rows.add(
            "immex.pedimento.contribution", _contribution(line, catalogs, paid), index
        )
    for line in partida.of("553"):
        rows.add(
            "immex.pedimento.permit",
            (
                line["clave"],
                line["firma"],
                line["numero"],
                line["valor_dolares"],
                line["cantidad"],
            ),
            index,
        )
    if partida.observations:
        rows.add("immex.pedimento.observation", (partida.observations,), index)


def _invoice(sequence, record):
    return (
        sequence,
        record["numero"],
        record["fecha"],
        record["termino"],
        record["moneda"],
        record["valor_dolares"],
        record["valor_moneda"],
        record["pais"],
        record["entidad"],
        record["identificacion"],
        record["nombre"],
        record["calle"],
        record["interior"],
        record["exterior"],
        record["codigo_postal"],
        record["municipio"],
    )


def _identifier(record, level, catalogs, paid):
    return (
        record["clave"],
        catalogs.identifiers[level].find(record["clave"], paid)[0],
        record["complemento1"],
        record["complemento2"],
        record["complemento3"],
    )


def _contribution(record, catalogs, paid):
    """509 and 556 give a rate, 510 and 557 an amount."""
    rate = record.type in ("509", "556")
    code = record["contribucion"].lstrip("0") or "0"
    return (
        "rate" if rate else "amount",
        code,
        catalogs.contributions.find(code, paid)[0],
        record["tasa"] if rate else None,
        record["tipo_tasa"] if rate else None,
        None if rate else record["forma_pago"],
        None if rate else record["importe"],
    )
