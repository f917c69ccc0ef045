# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Exits without customs document: shown apart, never in an official report."""

from .base import DATE, QUANTITY, Column, Report

SIN_DOCUMENTO = Report(
    code="sin_documento",
    title="Salidas sin documento aduanero",
    english="Exits without customs document",
    source="LA 108; RLA 170",
    period="period",
    official=False,
    query="""
SELECT e.date AS fecha,
       e.id AS fecha_id,
       t.name AS entrega,
       t.id AS entrega_id,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       e.quantity AS cantidad,
       COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US') AS unidad,
       partner.name AS destinatario,
       c.code AS pais_destino
  FROM immex_exit_line e
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_movement m ON m.id = e.movement_id
  LEFT JOIN stock_picking t ON t.id = m.picking_id
  LEFT JOIN res_partner partner ON partner.id = e.partner_id
  LEFT JOIN res_country c ON c.id = e.country_id
 WHERE e.company_id = %(company_id)s AND e.active AND NOT e.official
   AND e.date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY e.date, e.natural_key
""",
    columns=(
        Column("fecha", "Fecha", "Date", DATE, record="immex.exit.line", width=12),
        Column("entrega", "Entrega", "Delivery", record="stock.picking", width=18),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column("cantidad", "Cantidad", "Quantity", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column("destinatario", "Destinatario", "Recipient", width=30),
        Column("pais_destino", "País de destino", "Destination", width=8),
    ),
)
