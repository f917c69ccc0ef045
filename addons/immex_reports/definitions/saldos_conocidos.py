# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Balances at a past day, as they were known then and as they are known now, by
pedimento, part, tariff item, origin, plant, processor and month of expiry.
"""

from .base import DATE, INTEGER, MONEY, QUANTITY, Column, Report
from .known_sql import PLACED
from .words import goods_class, translated

SALDOS_CONOCIDOS = Report(
    code="saldos_conocidos",
    title="Saldos a una fecha: como se conocían entonces y como se conocen hoy",
    english="Balances at a day: as known then and as known now",
    source="RGCE Anexo 24, A-III-c; LA 59-I; Decreto IMMEX art. 21",
    period="cutoff",
    group_by=("planta",),
    official=False,
    query=f"""
SELECT CASE WHEN q.outside IS NULL THEN 'En proceso o sin ubicación'
            WHEN q.outside THEN 'En submaquila'
            ELSE COALESCE(site.name, w.name, 'Sin almacén') END AS planta,
       CASE WHEN q.outside THEN COALESCE(maker.name, 'Sin nombre') END AS maquilador,
       pp.default_code AS numero_parte, pp.id AS numero_parte_id,
       COALESCE(g.description, a.description, {translated("pt.name")}) AS descripcion,
       p.number AS pedimento, p.id AS pedimento_id, a.sequence AS partida,
       a.id AS partida_id, q.fraccion, c.code AS pais_origen,
       {goods_class("q.goods_class")} AS clase,
       to_char(q.term_end, 'YYYY-MM') AS mes, q.term_end AS vence, q.id AS vence_id,
       q.then_quantity AS saldo_entonces, q.now_quantity AS saldo,
       q.now_quantity - q.then_quantity AS diferencia,
       {translated("uom.name")} AS unidad, q.then_value AS valor_entonces,
       q.now_value AS valor,
       COALESCE(q.now_value, 0) - COALESCE(q.then_value, 0) AS diferencia_valor
  FROM ({PLACED}) q
  JOIN product_product pp ON pp.id = q.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_layer l ON l.id = q.id
  LEFT JOIN immex_pedimento_goods g ON g.id = l.goods_id
  LEFT JOIN immex_pedimento p ON p.id = q.pedimento_id
  LEFT JOIN immex_pedimento_partida a ON a.id = q.partida_id
  LEFT JOIN res_country c ON c.id = q.origin_country_id
  LEFT JOIN stock_warehouse w ON w.id = q.place_id AND NOT q.outside
  LEFT JOIN LATERAL (
      SELECT s.name FROM immex_program_site s
       WHERE s.warehouse_id = w.id AND s.company_id = %(company_id)s
       ORDER BY s.id LIMIT 1
  ) site ON TRUE
  LEFT JOIN res_partner maker ON maker.id = q.place_id AND q.outside
 ORDER BY 1, 2, pp.default_code, q.peps_date, q.peps_key COLLATE "C", q.id
""",
    columns=(
        Column(
            "planta", "Planta o bodega", "Plant", source="Anexo 24 A-I-a-4", width=24
        ),
        Column(
            "maquilador",
            "Submaquilador",
            "Processor",
            source="Decreto IMMEX art. 21",
            width=24,
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column("descripcion", "Descripción", "Description", width=30),
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
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column("pais_origen", "País de origen", "Origin", width=8),
        Column("clase", "Clase de mercancía", "Class", source="LA 108", width=14),
        Column("mes", "Mes de vencimiento", "Month of Expiry", width=9),
        Column(
            "vence",
            "Vencimiento del plazo",
            "Expires",
            DATE,
            source="LA 108; Decreto IMMEX art. 4",
            record="immex.layer",
            width=12,
        ),
        Column("saldo_entonces", "Saldo entonces", "Known Then", QUANTITY, 6, "unidad"),
        Column("saldo", "Saldo hoy", "Known Now", QUANTITY, 6, "unidad"),
        Column("diferencia", "Diferencia", "Difference", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column(
            "valor_entonces",
            "Valor en aduana entonces",
            "Customs Value Then (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
        Column(
            "valor",
            "Valor en aduana hoy",
            "Customs Value Now (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
        Column(
            "diferencia_valor",
            "Diferencia en valor",
            "Difference in Value (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
    ),
)
