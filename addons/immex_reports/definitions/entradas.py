# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Entries: Anexo 24, apartado A, III-a, with the fields of II-a; and apartado B, V-a,
with those of III-a."""

from . import customs
from .base import DATE, INTEGER, MONEY, QUANTITY, Column, Report
from .words import goods_class

ENTRADAS = Report(
    code="entradas",
    title="Reporte de entrada de mercancías de importación temporal",
    english="Entries under temporary import",
    source="RGCE Anexo 24, A-II-a, A-III-a, B-III-a y B-V-a",
    period="period",
    group_by=("pedimento",),
    query=f"""
SELECT p.office_section AS aduana_seccion,
       p.patente,
       p.document AS documento,
       p.number AS pedimento,
       p.id AS pedimento_id,
       k.code AS clave,
       COALESCE(o.entry_date, o.payment_date) AS fecha_entrada,
       p.payment_date AS fecha_pago,
       a.sequence AS partida,
       a.id AS partida_id,
       a.fraccion,
       a.nico,
       COALESCE(pp.default_code, g.part_number) AS numero_parte,
       g.product_id AS numero_parte_id,
       COALESCE(g.description, a.description) AS descripcion,
       CASE WHEN g.id IS NULL THEN a.qty_umc ELSE g.qty_umc END AS cantidad_umc,
       umc.name AS umc,
       CASE WHEN g.id IS NULL THEN a.qty_umt ELSE g.qty_umt END AS cantidad_umt,
       umt.name AS umt,
       CASE WHEN g.id IS NULL THEN a.value_usd ELSE g.value_usd END AS valor_usd,
       CASE WHEN g.id IS NULL THEN a.customs_value ELSE g.customs_value END
           AS valor_aduana,
       COALESCE(c.code, a.origin_code) AS pais_origen,
       {goods_class("COALESCE(l.goods_class, r.goods_class, pt.immex_class)")} AS clase,
       l.term_end AS vence,
       l.id AS vence_id,{customs.DUTY_FIELDS},{customs.INVOICE_FIELDS},
       {customs.REMESA_FIELDS}
  FROM immex_pedimento_partida a
  JOIN immex_pedimento p ON p.id = a.pedimento_id
  -- a rectification has its own figures, and entered when its first version did
  JOIN immex_pedimento o ON o.id = COALESCE(p.root_id, p.id)
  JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN immex_pedimento_key k ON k.id = p.key_id
  -- parts that do not sum to the partida are not shown: the partida is
  LEFT JOIN immex_pedimento_goods g
    ON g.partida_id = a.id AND a.detail_state <> 'mismatch'
  LEFT JOIN product_product pp ON pp.id = g.product_id
  LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
  -- a line that came in several remesas has a layer for each: the first one
  LEFT JOIN LATERAL (
      SELECT x.id, x.goods_class, x.term_end FROM immex_layer x
       WHERE x.goods_id = g.id AND x.source = 'import' AND x.active
       ORDER BY x.available_date, x.peps_key LIMIT 1
  ) l ON TRUE
  LEFT JOIN immex_unit umc ON umc.id = a.umc_id
  LEFT JOIN immex_unit umt ON umt.id = a.umt_id
  LEFT JOIN res_country c ON c.id = COALESCE(g.origin_country_id, a.origin_country_id)
  {customs.duty("a.id")}{customs.invoices("p.id")}{customs.remesas("p.id")}
 WHERE a.company_id = %(company_id)s
   AND r.effect = 'entry' AND r.customs_status = 'temporary'
   AND p.state <> 'cancelled' AND p.current_id IS NULL
   AND COALESCE(o.entry_date, o.payment_date) BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY fecha_entrada, p.number15, a.sequence, g.sequence
""",
    columns=(
        customs.office_column("Anexo 24 A-II-a-1, B-III-a-1"),
        Column(
            "patente",
            "Patente",
            "Patent",
            source="Anexo 24 A-II-a-1, B-III-a-1",
            width=8,
        ),
        Column(
            "documento",
            "Número de documento",
            "Document",
            source="Anexo 24 A-II-a-1, B-III-a-1",
            width=11,
        ),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            source="Anexo 24 A-II-a-1, B-III-a-1",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "clave",
            "Clave del pedimento",
            "Key",
            source="Anexo 24 A-II-a-2, B-III-a-2",
            width=8,
        ),
        Column(
            "fecha_entrada",
            "Fecha de entrada declarada en el pedimento",
            "Declared Date of Entry",
            DATE,
            source="Anexo 24 A-II-a-3, B-III-a-3",
            width=12,
        ),
        Column("fecha_pago", "Fecha de pago", "Payment Date", DATE, width=12),
        Column(
            "partida", "Partida", "Partida", INTEGER, record="immex.pedimento.partida"
        ),
        Column(
            "fraccion",
            "Fracción arancelaria",
            "Tariff Item",
            source="Anexo 24 A-I-b-1",
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
        Column(
            "descripcion",
            "Descripción comercial",
            "Description",
            source="Anexo 24 A-I-b-2",
            width=40,
        ),
        Column("cantidad_umc", "Cantidad UMC", "Quantity UMC", QUANTITY, 3, "umc"),
        Column("umc", "UMC", "UMC", width=10),
        Column("cantidad_umt", "Cantidad UMT", "Quantity UMT", QUANTITY, 5, "umt"),
        Column("umt", "UMT", "UMT", source="Anexo 24 A-I-b-3", width=10),
        Column(
            "valor_usd", "Valor en dólares", "Value (USD)", MONEY, 2, "USD", total=True
        ),
        Column(
            "valor_aduana",
            "Valor en aduana",
            "Customs Value (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
        Column(
            "pais_origen",
            "País de origen de la mercancía",
            "Origin",
            source="Anexo 24 B-III-a-4",
            width=8,
        ),
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
        *customs.duty_columns("Anexo 24 B-III-a-5"),
        *customs.invoice_columns("Anexo 24 B-III-a-6"),
        *customs.remesa_columns("Anexo 24 B-III-a-7"),
    ),
)
