# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the authority sees behind a cell: one page a document, each of some tables.

Every query takes ``company_id``, ``record_id``, ``lang`` and ``known_run_id``, and
gives nothing of another company.
"""

from dataclasses import dataclass

from .base import DATE, FLAG, INTEGER, MONEY, QUANTITY, Column, Table
from .details_sql import (
    CONSUMPTION,
    DESTRUCTION,
    DESTRUCTION_EXITS,
    DISCHARGES,
    EXIT,
    EXIT_DELIVERIES,
    LAYER,
    LAYER_RECEIPTS,
    ORDER,
    PEDIMENTO,
    PEDIMENTO_GOODS,
    PEDIMENTO_RECORDS,
)

# documents that have a page; anything else is shown without a link
PAGES = {
    "immex.pedimento": "pedimento",
    "immex.exit.line": "salida",
    "immex.layer": "capa",
    "immex.destruction": "destruccion",
    "mrp.production": "orden",
}


@dataclass(frozen=True)
class Page:
    """A page of the authority: ``head`` has one row and proves whose it is."""

    code: str
    title: str
    head: Table
    tables: tuple


def _quantity(name, label, decimals=6):
    return Column(name, label, label, QUANTITY, decimals)


def _money(name, label):
    return Column(name, label, label, MONEY, 2)


def _text(name, label, record=""):
    return Column(name, label, label, record=record)


def _date(name, label):
    return Column(name, label, label, DATE)


DISCHARGE_COLUMNS = (
    _text("salida", "Salida", "immex.exit.line"),
    _date("fecha_salida", "Fecha de salida"),
    _text("producto", "Mercancía que salió"),
    _text("orden", "Orden de producción", "mrp.production"),
    _text("material", "Material"),
    _text("tipo", "Tipo de descargo"),
    _quantity("cantidad", "Cantidad"),
    _text("unidad", "Unidad"),
    _quantity("cantidad_umc", "Cantidad UMC", 3),
    _quantity("cantidad_umt", "Cantidad UMT", 5),
    _money("valor_usd", "Valor en dólares"),
    _money("valor_aduana", "Valor en aduana"),
    _text("capa", "Importación y partida", "immex.layer"),
    Column("extemporaneo", "Extemporáneo", "Late", FLAG),
    _text("corrida", "Corrida"),
)


def _discharges(code, title, column):
    query = DISCHARGES.replace("@condition@", column)
    return Table(code, title, query, DISCHARGE_COLUMNS)


DETAILS = {
    page.code: page
    for page in (
        Page(
            "pedimento",
            "Pedimento",
            Table(
                "pedimento",
                "Pedimento",
                PEDIMENTO,
                (
                    _text("numero", "Número de pedimento"),
                    _text("aduana_seccion", "Aduana/sección"),
                    _text("clave", "Clave"),
                    _text("operacion", "Operación"),
                    _date("fecha_entrada", "Fecha de entrada"),
                    _date("fecha_pago", "Fecha de pago"),
                    _money("valor_usd", "Valor en dólares"),
                    _money("valor_aduana", "Valor en aduana"),
                    _text("archivo", "Archivo de origen"),
                    Column("renglon", "Renglón del archivo", "Line", INTEGER),
                    _text("huella", "SHA-256 del archivo"),
                ),
            ),
            (
                Table(
                    "mercancias",
                    "Mercancías",
                    PEDIMENTO_GOODS,
                    (
                        Column("partida", "Partida", "Partida", INTEGER),
                        _text("fraccion", "Fracción"),
                        _text("numero_parte", "Número de parte"),
                        _text("descripcion", "Descripción"),
                        _quantity("cantidad_umc", "Cantidad UMC", 3),
                        _text("umc", "UMC"),
                        _quantity("cantidad_umt", "Cantidad UMT", 5),
                        _text("umt", "UMT"),
                        _money("valor_usd", "Valor en dólares"),
                        _money("valor_aduana", "Valor en aduana"),
                        _text("pais", "País"),
                        _text("capa", "Capa", "immex.layer"),
                        _text("salida", "Salida", "immex.exit.line"),
                    ),
                ),
                _discharges(
                    "descargado_por", "Salidas que lo descargaron", "l.pedimento_id"
                ),
                _discharges(
                    "descargo_de", "Importaciones que descargó", "e.pedimento_id"
                ),
                Table(
                    "registros",
                    "Renglones del archivo",
                    PEDIMENTO_RECORDS,
                    (
                        Column("renglon", "Renglón", "Line", INTEGER),
                        _text("registro", "Registro"),
                        _text("texto", "Texto"),
                    ),
                ),
            ),
        ),
        Page(
            "salida",
            "Salida",
            Table(
                "salida",
                "Salida",
                EXIT,
                (
                    _text("documento", "Pedimento de salida", "immex.pedimento"),
                    _text("acta", "Acta", "immex.destruction"),
                    _text("tipo", "Tipo de salida"),
                    _date("fecha_documento", "Fecha del documento"),
                    _date("fecha_fisica", "Fecha física"),
                    Column("partida", "Partida", "Partida", INTEGER),
                    _text("producto", "Número de parte"),
                    _quantity("cantidad", "Cantidad"),
                    _text("unidad", "Unidad"),
                    _text("destinatario", "Destinatario"),
                ),
            ),
            (
                Table(
                    "entregas",
                    "Entregas",
                    EXIT_DELIVERIES,
                    (
                        _text("entrega", "Entrega"),
                        _date("fecha", "Fecha"),
                        _quantity("cantidad", "Cantidad"),
                    ),
                ),
                _discharges("descargos", "Descargos", "e.id"),
            ),
        ),
        Page(
            "capa",
            "Importación que ampara el material",
            Table(
                "capa",
                "Capa",
                LAYER,
                (
                    _text("pedimento", "Pedimento", "immex.pedimento"),
                    Column("partida", "Partida", "Partida", INTEGER),
                    _text("fraccion", "Fracción"),
                    _text("material", "Número de parte"),
                    _date("fecha_entrada", "Fecha PEPS"),
                    _quantity("cantidad", "Cantidad"),
                    _quantity("descargado", "Descargado"),
                    _quantity("saldo", "Saldo"),
                    _text("unidad", "Unidad"),
                    _text("pais", "País de origen"),
                    _date("vence", "Vencimiento"),
                    _text("regla", "Regla del plazo"),
                ),
            ),
            (
                Table(
                    "recibos",
                    "Recibos",
                    LAYER_RECEIPTS,
                    (
                        _text("recibo", "Recibo"),
                        _date("fecha", "Fecha"),
                        _quantity("cantidad", "Cantidad"),
                    ),
                ),
                _discharges("descargos", "Salidas que la descargaron", "l.id"),
            ),
        ),
        Page(
            "orden",
            "Orden de producción",
            Table(
                "orden",
                "Orden",
                ORDER,
                (_text("numero", "Orden"), _text("submaquila", "Submaquila")),
            ),
            (
                Table(
                    "consumo",
                    "Consumo real",
                    CONSUMPTION,
                    (
                        _date("fecha", "Fecha"),
                        _text("producto", "Producto"),
                        _quantity("producido", "Cantidad producida"),
                        _text("material", "Material"),
                        _quantity("consumido", "Consumo real"),
                        _quantity("incorporado", "Incorporado"),
                        _quantity("merma", "Merma"),
                        _quantity("desperdicio", "Desperdicio"),
                        _text("unidad", "Unidad"),
                        _text("estado_aduanero", "Estado aduanero"),
                    ),
                ),
                _discharges("descargos", "Descargos de la orden", "o.production_id"),
            ),
        ),
        Page(
            "destruccion",
            "Destrucción",
            Table(
                "destruccion",
                "Destrucción",
                DESTRUCTION,
                (
                    _text("aviso", "Aviso"),
                    _date("fecha_aviso", "Acuse del aviso"),
                    _text("acta", "Acta"),
                    _date("fecha_acta", "Fecha del acta"),
                    _text("lugar", "Lugar"),
                ),
            ),
            (
                Table(
                    "salidas",
                    "Mercancías",
                    DESTRUCTION_EXITS,
                    (
                        _text("parte", "Número de parte", "immex.exit.line"),
                        _quantity("cantidad", "Cantidad"),
                        _text("unidad", "Unidad"),
                    ),
                ),
                _discharges("descargos", "Descargos", "dl.destruction_id"),
            ),
        ),
    )
}
