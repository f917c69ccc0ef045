# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Balances at a cut-off date: Anexo 24, apartado A, III-c, by tariff item.

A layer counts from its PEPS date; a discharge from the date of its document.
"""

from .base import DATE, FLAG, INTEGER, KNOWN, MONEY, QUANTITY, Column, Report
from .words import goods_class

SALDOS = Report(
    code="saldos",
    title="Reporte de saldos de mercancías de importación temporal",
    english="Balances of goods under temporary import",
    source="RGCE Anexo 24, A-III-c y B-V-c",
    period="cutoff",
    group_by=("fraccion",),
    query=f"""
SELECT l.fraccion,
       l.nico,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(g.description, a.description,
                pt.name ->> %(lang)s, pt.name ->> 'en_US') AS descripcion,
       p.number AS pedimento,
       p.id AS pedimento_id,
       a.sequence AS partida,
       a.id AS partida_id,
       l.peps_date AS fecha_entrada,
       l.qty_umt AS importado_umt,
       COALESCE(s.qty_umt, 0) AS descargado_umt,
       l.qty_umt - COALESCE(s.qty_umt, 0) AS saldo_umt,
       umt.name AS umt,
       l.qty_umc - COALESCE(s.qty_umc, 0) AS saldo_umc,
       umc.name AS umc,
       l.quantity - COALESCE(s.quantity, 0) AS saldo,
       COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US') AS unidad,
       l.value_usd - COALESCE(s.value_usd, 0) AS saldo_usd,
       l.customs_value - COALESCE(s.customs_value, 0) AS saldo_aduana,
       c.code AS pais_origen,
       {goods_class("l.goods_class")} AS clase,
       l.term_end AS vence,
       l.id AS vence_id,
       COALESCE(l.term_end < %(date_to)s, FALSE) AS vencido
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  -- remesas have none until their pedimento closes
  LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
  LEFT JOIN immex_pedimento_goods g ON g.id = l.goods_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_unit umt ON umt.id = l.umt_id
  LEFT JOIN immex_unit umc ON umc.id = l.umc_id
  LEFT JOIN res_country c ON c.id = l.origin_country_id
  LEFT JOIN (
      SELECT x.layer_id, sum(x.quantity) AS quantity, sum(x.qty_umt) AS qty_umt,
             sum(x.qty_umc) AS qty_umc, sum(x.value_usd) AS value_usd,
             sum(x.customs_value) AS customs_value
        FROM immex_discharge x
        JOIN immex_exit_line e ON e.id = x.exit_line_id
       WHERE x.company_id = %(company_id)s AND ({KNOWN})
         AND e.document_date <= %(date_to)s
       GROUP BY x.layer_id
  ) s ON s.layer_id = l.id
 WHERE l.company_id = %(company_id)s AND l.active
   AND l.customs_status = 'temporary'
   AND l.peps_date <= %(date_to)s
   AND l.quantity > COALESCE(s.quantity, 0)
 ORDER BY l.fraccion, pp.default_code, l.peps_date, l.peps_key
""",
    columns=(
        Column(
            "fraccion",
            "Fracción arancelaria",
            "Tariff Item",
            source="Anexo 24 A-III-c",
            width=11,
        ),
        Column("nico", "NICO", "NICO", width=6),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column("descripcion", "Descripción", "Description", width=40),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "partida", "Partida", "Partida", INTEGER, record="immex.pedimento.partida"
        ),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE, width=12),
        Column("importado_umt", "Importado UMT", "Imported UMT", QUANTITY, 5, "umt"),
        Column(
            "descargado_umt", "Descargado UMT", "Discharged UMT", QUANTITY, 5, "umt"
        ),
        Column("saldo_umt", "Saldo UMT", "Balance UMT", QUANTITY, 5, "umt"),
        Column("umt", "UMT", "UMT", width=10),
        Column("saldo_umc", "Saldo UMC", "Balance UMC", QUANTITY, 3, "umc"),
        Column("umc", "UMC", "UMC", width=10),
        Column("saldo", "Saldo", "Balance", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column(
            "saldo_usd",
            "Saldo en dólares",
            "Balance (USD)",
            MONEY,
            2,
            "USD",
            total=True,
        ),
        Column(
            "saldo_aduana",
            "Saldo en valor en aduana",
            "Balance, Customs Value (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
        Column("pais_origen", "País de origen", "Origin", width=8),
        Column("clase", "Clase de mercancía", "Class", source="LA 108", width=14),
        Column(
            "vence",
            "Vencimiento del plazo",
            "Expires",
            DATE,
            source="LA 108; Decreto IMMEX art. 4",
            record="immex.layer",
            width=12,
        ),
        Column("vencido", "Vencido al corte", "Expired at Cut-off", FLAG, width=9),
    ),
)
