# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Exits: Anexo 24, apartado A, III-b, with the fields of II-c; and apartado B, V-b,
with those of III-b."""

from . import customs
from .base import DATE, INTEGER, KNOWN, MONEY, QUANTITY, Column, Report
from .words import exit_kind, goods_class


def _part(column, digits):
    """A figure of the goods line as far as the exit goes: one that left in several
    remesas is an exit for each, rounded where they add up."""
    figure = f"g.{column}"
    return (
        f"CASE WHEN g.quantity = e.quantity THEN {figure} ELSE"
        f" round({figure} * left_by.upto / g.quantity, {digits})"
        f" - round({figure} * (left_by.upto - e.quantity) / g.quantity, {digits}) END"
    )


SALIDAS = Report(
    code="salidas",
    title="Reporte de salida de mercancías de importación temporal",
    english="Exits of goods under temporary import",
    source="RGCE Anexo 24, A-II-c, A-III-b, B-III-b y B-V-b",
    period="period",
    group_by=("documento",),
    query=f"""
SELECT COALESCE(p.number, d.act_number) AS documento,
       p.id AS documento_id,
       e.document_date AS fecha,
       COALESCE(k.code, 'ACTA') AS clave,
       {exit_kind("e.kind")} AS tipo,
       d.notice_folio AS aviso,
       d.id AS aviso_id,
       CASE WHEN e.is_waste THEN 'Desperdicio' ELSE 'Mercancía' END AS naturaleza,
       a.sequence AS partida,
       a.fraccion,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(g.description, a.description,
                pt.name ->> %(lang)s, pt.name ->> 'en_US') AS descripcion,
       e.quantity AS cantidad,
       COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US') AS unidad,
       {_part("qty_umc", 3)} AS cantidad_umc,
       umc.name AS umc,
       {_part("qty_umt", 5)} AS cantidad_umt,
       umt.name AS umt,
       {_part("value_usd", 2)} AS valor_usd,
       partner.name AS destinatario,
       COALESCE(c.code, a.origin_code) AS pais_destino,
       e.date AS fecha_fisica,
       e.id AS fecha_fisica_id,
       p.office_section AS aduana_seccion,
       {goods_class("pt.immex_class")} AS clase,
       transport.numbers AS guia,{customs.INVOICE_FIELDS},{customs.REMESA_FIELDS}
  FROM immex_exit_line e
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_pedimento p ON p.id = e.pedimento_id
  LEFT JOIN immex_pedimento_key k ON k.id = p.key_id
  LEFT JOIN immex_pedimento_partida a ON a.id = e.partida_id
  LEFT JOIN immex_pedimento_goods g ON g.id = e.goods_id
  LEFT JOIN LATERAL (
      SELECT sum(y.quantity)::numeric AS upto FROM immex_exit_line y
       WHERE y.goods_id = g.id AND y.active AND g.quantity <> e.quantity
         AND y.natural_key COLLATE "C" <= e.natural_key COLLATE "C"
  ) left_by ON TRUE
  LEFT JOIN immex_unit umt ON umt.id = a.umt_id
  LEFT JOIN immex_unit umc ON umc.id = a.umc_id
  LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
  LEFT JOIN res_partner partner ON partner.id = e.partner_id
  LEFT JOIN res_country c ON c.id = e.country_id
  {customs.transport("p.id")}{customs.invoices("p.id")}{customs.remesas("p.id")}
 WHERE e.company_id = %(company_id)s AND e.active AND e.official
   -- a definitive export counts when it took temporary goods with it
   AND (e.kind <> 'export' OR EXISTS (
       SELECT 1
         FROM immex_discharge x
         JOIN immex_layer l ON l.id = x.layer_id AND l.customs_status = 'temporary'
        WHERE x.exit_line_id = e.id AND ({KNOWN})))
   AND e.document_date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY e.document_date, e.natural_key
""",
    columns=(
        Column(
            "documento",
            "Número de pedimento o acta",
            "Pedimento or Act",
            source="Anexo 24 A-II-c-1, B-III-b-1",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha",
            "Fecha del pedimento o acta",
            "Document Date",
            DATE,
            source="Anexo 24 A-II-c-2, B-III-b-2",
            width=12,
        ),
        Column(
            "clave",
            "Clave del pedimento",
            "Key",
            source="Anexo 24 A-II-c-3, B-III-b-3",
            width=8,
        ),
        Column("tipo", "Tipo de salida", "Kind of Exit", width=22),
        Column(
            "aviso",
            "Aviso",
            "Notice",
            source="RLA 142",
            record="immex.destruction",
        ),
        Column("naturaleza", "Mercancía o desperdicio", "Goods or Waste", width=13),
        Column("partida", "Partida", "Partida", INTEGER, width=8),
        Column(
            "fraccion",
            "Fracción arancelaria",
            "Tariff Item",
            source="Anexo 24 B-III-b-5",
            width=11,
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            source="Anexo 24 B-III-b-5",
            record="product.product",
            width=18,
        ),
        Column(
            "descripcion",
            "Descripción comercial",
            "Description",
            source="Anexo 24 B-III-b-5",
            width=40,
        ),
        Column("cantidad", "Cantidad", "Quantity", QUANTITY, 6, "unidad"),
        Column(
            "unidad",
            "Unidad de medida de comercialización",
            "Unit",
            source="Anexo 24 B-III-b-5",
            width=10,
        ),
        Column("cantidad_umc", "Cantidad UMC", "Quantity UMC", QUANTITY, 3, "umc"),
        Column("umc", "UMC", "UMC", width=10),
        Column("cantidad_umt", "Cantidad UMT", "Quantity UMT", QUANTITY, 5, "umt"),
        Column("umt", "UMT", "UMT", source="Anexo 24 B-III-b-5", width=10),
        Column(
            "valor_usd", "Valor en dólares", "Value (USD)", MONEY, 2, "USD", total=True
        ),
        Column("destinatario", "Destinatario", "Recipient", width=30),
        Column(
            "pais_destino",
            "País de destino de la mercancía",
            "Destination",
            source="Anexo 24 B-III-b-4",
            width=8,
        ),
        Column(
            "fecha_fisica",
            "Fecha física de salida",
            "Physical Date",
            DATE,
            record="immex.exit.line",
            width=12,
        ),
        customs.office_column("Anexo 24 A-II-c-1, B-III-b-1"),
        Column(
            "clase",
            "Clase de mercancía",
            "Class",
            source="Anexo 24 B-III-b-5",
            width=14,
        ),
        *customs.transport_columns("Anexo 24 B-III-b-6"),
        # certified auto-parts companies: number and date of the CFDI (A-II-c)
        *customs.invoice_columns(
            "Anexo 24 B-III-b-7, A-II-c", "Factura comercial o comprobante fiscal"
        ),
        *customs.remesa_columns("Anexo 24 B-III-b-8"),
    ),
)
