# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reports in value, for years that are discharged by value (Anexo 24, A-II, B-IV-d-4).

A year that goes by part has no rows here: its reports are those by part.
"""

from .base import DATE, FLAG, KNOWN, MONEY, QUANTITY, Column, Report
from .words import discharge_kind

CURRENCY = "CASE m.currency WHEN 'usd' THEN 'USD' ELSE 'MXN' END"

SALDOS_VALOR = Report(
    code="saldos_valor",
    title="Reporte de saldos de mercancías de importación temporal, por valor",
    english="Balances of goods under temporary import, by value",
    source="RGCE Anexo 24, A-III-c; B-V-c; B-IV-d-4",
    period="cutoff",
    group_by=("fraccion",),
    query=f"""
SELECT l.fraccion,
       p.number AS pedimento,
       p.id AS pedimento_id,
       min(l.peps_date) AS fecha_entrada,
       max(l.igi_rate) AS tasa,
       sum(l.value) AS importado,
       sum(l.value) - sum(GREATEST(l.value - COALESCE(s.value, 0), 0)) AS descargado,
       sum(GREATEST(l.value - COALESCE(s.value, 0), 0)) AS saldo,
       {CURRENCY} AS moneda,
       -- of what has value left: remesas of one pedimento end on days of their own
       min(l.term_end) FILTER (WHERE l.value > COALESCE(s.value, 0)) AS vence,
       COALESCE(min(l.term_end) FILTER (WHERE l.value > COALESCE(s.value, 0))
                    < %(date_to)s, FALSE) AS vencido
  FROM immex_discharge_method m
  JOIN (
      SELECT k.*, COALESCE(CASE c.currency WHEN 'usd' THEN k.value_usd
                           ELSE k.customs_value END, 0) AS value
        FROM immex_layer k
        JOIN immex_discharge_method c
          ON c.company_id = k.company_id
         AND c.year = date_part('year', %(date_to)s::date)
       WHERE k.company_id = %(company_id)s
  ) l ON l.active AND l.customs_status = 'temporary' AND l.peps_date <= %(date_to)s
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  LEFT JOIN (
      SELECT t.layer_id, sum(t.value) AS value
        FROM (
          SELECT x.layer_id, x.value
            FROM immex_value_discharge x
            JOIN immex_exit_line e ON e.id = x.exit_line_id
           WHERE x.company_id = %(company_id)s AND ({KNOWN})
             AND x.layer_id IS NOT NULL AND e.document_date <= %(date_to)s
          UNION ALL
          -- years by part took theirs by part
          SELECT x.layer_id, CASE c.currency WHEN 'usd' THEN x.value_usd
                             ELSE x.customs_value END
            FROM immex_discharge x
            JOIN immex_exit_line e ON e.id = x.exit_line_id
            JOIN immex_discharge_method c
              ON c.company_id = x.company_id
             AND c.year = date_part('year', %(date_to)s::date)
           WHERE x.company_id = %(company_id)s AND ({KNOWN})
             AND e.document_date <= %(date_to)s
             AND NOT EXISTS (
                 SELECT FROM immex_discharge_method y
                  WHERE y.company_id = x.company_id AND y.method <> 'part'
                    AND y.year = date_part('year', x.exit_date))
        ) t
       GROUP BY t.layer_id
  ) s ON s.layer_id = l.id
 WHERE m.company_id = %(company_id)s AND m.method <> 'part'
   AND m.year = date_part('year', %(date_to)s::date)
 GROUP BY l.fraccion, p.id, p.number, m.currency
HAVING sum(GREATEST(l.value - COALESCE(s.value, 0), 0)) > 0
 ORDER BY l.fraccion, min(l.peps_date), min(l.peps_key)
""",
    columns=(
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE, width=12),
        Column(
            "tasa",
            "Tasa mayor (%)",
            "Highest Duty Rate (%)",
            QUANTITY,
            2,
            source="Anexo 24 B-IV-d-4",
            width=9,
        ),
        Column("importado", "Valor importado", "Imported", MONEY, 2, "moneda"),
        Column("descargado", "Valor descargado", "Discharged", MONEY, 2, "moneda"),
        Column(
            "saldo",
            "Saldo en valor",
            "Balance in Value",
            MONEY,
            2,
            "moneda",
            source="Anexo 24 A-III-c",
            total=True,
        ),
        Column("moneda", "Moneda", "Currency", width=8),
        Column("vence", "Vencimiento más próximo", "First Expiry", DATE, width=12),
        Column("vencido", "Vencido al corte", "Expired at Cut-off", FLAG, width=9),
    ),
)

DESCARGOS_VALOR = Report(
    code="descargos_valor",
    title="Reporte de descargos de materiales, por valor",
    english="Discharges of materials, by value",
    source="RGCE Anexo 24, B-V-d; B-IV-d-4",
    period="period",
    group_by=("documento_salida",),
    query=f"""
SELECT COALESCE(xp.number, d.act_number) AS documento_salida,
       xp.id AS documento_salida_id,
       e.document_date AS fecha_salida,
       e.id AS fecha_salida_id,
       out.default_code AS producto,
       out.id AS producto_id,
       used.default_code AS material,
       used.id AS material_id,
       {discharge_kind("x.kind")} AS tipo,
       ip.number AS pedimento_entrada,
       ip.id AS pedimento_entrada_id,
       l.peps_date AS fecha_entrada,
       x.fraccion,
       x.value AS valor,
       CASE x.currency WHEN 'usd' THEN 'USD' ELSE 'MXN' END AS moneda,
       x.late AS extemporaneo
  FROM immex_value_discharge x
  JOIN immex_exit_line e ON e.id = x.exit_line_id
  JOIN immex_layer l ON l.id = x.layer_id
  JOIN immex_requirement r ON r.id = x.requirement_id
  JOIN product_product out ON out.id = e.product_id
  JOIN product_product used ON used.id = r.product_id
  JOIN immex_pedimento ip ON ip.id = l.pedimento_id
  LEFT JOIN immex_pedimento xp ON xp.id = e.pedimento_id
  LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
 WHERE x.company_id = %(company_id)s AND ({KNOWN}) AND e.official
   AND e.document_date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY e.document_date, e.natural_key, used.default_code, l.peps_date, l.peps_key
""",
    columns=(
        Column(
            "documento_salida",
            "Pedimento o acta de salida",
            "Exit Pedimento or Act",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha_salida",
            "Fecha de salida",
            "Exit Date",
            DATE,
            record="immex.exit.line",
            width=12,
        ),
        Column(
            "producto",
            "Mercancía que salió",
            "Goods",
            record="product.product",
            width=18,
        ),
        Column("material", "Material", "Material", record="product.product", width=18),
        Column("tipo", "Tipo de descargo", "Kind", width=13),
        Column(
            "pedimento_entrada",
            "Pedimento de importación",
            "Import Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE, width=12),
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column(
            "valor",
            "Valor descargado",
            "Value Discharged",
            MONEY,
            2,
            "moneda",
            source="Anexo 24 B-IV-d-4",
            total=True,
        ),
        Column("moneda", "Moneda", "Currency", width=8),
        Column("extemporaneo", "Extemporáneo", "Late", FLAG, width=11),
    ),
)
