# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Adjustments: Anexo 24, apartado B, V-e, with what II-c-2 lists: shortages and
surpluses of counts, and losses of the process (mermas); in value too, for who
discharges by value: the average of the part's temporary imports up to the last day."""

from .base import DATE, MONEY, QUANTITY, Column, Report
from .words import adjustment, customs_status, goods_class, translated

AJUSTES = Report(
    code="ajustes",
    title="Reporte de ajustes",
    english="Adjustments",
    source="RGCE Anexo 24, B-V-e",
    period="period",
    group_by=("tipo",),
    query=f"""
SELECT j.fecha AS fecha,
       j.tipo AS tipo,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(pt.immex_customs_description, {translated("pt.name")}) AS descripcion,
       t.fraccion AS fraccion,
       j.cantidad AS cantidad,
       {translated("uom.name")} AS unidad,
       {customs_status("j.customs_status")} AS estado_aduanero,
       {goods_class("pt.immex_class")} AS clase,
       j.documento AS documento,
       mo.name AS orden,
       mo.id AS orden_id,
       j.explicacion AS explicacion,
       round(price.usd * j.cantidad, 2) AS valor_usd
  FROM (
      SELECT m.date AS fecha, {adjustment("m.kind")} AS tipo, m.product_id,
             CASE m.kind WHEN 'count_loss' THEN -m.quantity ELSE m.quantity END
                 AS cantidad,
             m.customs_status, sm.reference AS documento, NULL::integer AS order_id,
             f.note AS explicacion, lpad(m.move_line_id::text, 12, '0') AS place
        FROM immex_movement m
        JOIN stock_move_line sl ON sl.id = m.move_line_id
        JOIN stock_move sm ON sm.id = sl.move_id
        LEFT JOIN LATERAL (
            SELECT x.note FROM immex_finding x
             WHERE x.movement_id = m.id AND x.note IS NOT NULL
             ORDER BY x.id DESC LIMIT 1
        ) f ON TRUE
       WHERE m.company_id = %(company_id)s AND m.active
         AND m.kind IN ('count_loss', 'count_surplus')
         AND m.date BETWEEN %(date_from)s AND %(date_to)s
       UNION ALL
      SELECT o.date, 'Merma', c.product_id, -c.qty_merma, c.customs_status, NULL,
             o.production_id, NULL, o.natural_key || '/' || c.natural_key
        FROM immex_production_consumption c
        JOIN immex_production_layer o ON o.id = c.production_layer_id
       WHERE c.company_id = %(company_id)s AND c.active AND o.active
         AND o.kind = 'product' AND c.qty_merma <> 0
         AND o.date BETWEEN %(date_from)s AND %(date_to)s
  ) j
  JOIN product_product pp ON pp.id = j.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_tariff_item t ON t.id = pt.immex_tariff_item_id
  LEFT JOIN mrp_production mo ON mo.id = j.order_id
  LEFT JOIN LATERAL (
      -- what declares no value says nothing of it
      SELECT sum(l.value_usd)
                 / NULLIF(sum(l.quantity) FILTER (WHERE l.value_usd IS NOT NULL), 0)
                 AS usd
        FROM immex_layer l
       WHERE l.company_id = %(company_id)s AND l.product_id = j.product_id
         AND l.active AND l.customs_status = 'temporary' AND l.peps_date <= %(date_to)s
  ) price ON TRUE
 WHERE pt.immex_class IS NOT NULL
 ORDER BY j.fecha, j.tipo, pp.default_code, j.place COLLATE "C"
""",
    columns=(
        Column("fecha", "Fecha", "Date", DATE, width=12),
        Column(
            "tipo",
            "Tipo de ajuste",
            "Kind",
            source="Anexo 24 B-II-c-2",
            width=12,
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column("descripcion", "Descripción", "Description", width=40),
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column(
            "cantidad",
            "Cantidad",
            "Quantity",
            QUANTITY,
            6,
            "unidad",
            "Anexo 24 B-II-c-2",
        ),
        Column("unidad", "Unidad de medida", "Unit", width=10),
        Column("estado_aduanero", "Estado aduanero", "Customs Status", width=12),
        Column("clase", "Clase de mercancía", "Class", source="LA 108", width=14),
        Column("documento", "Documento del ajuste", "Document", width=20),
        Column(
            "orden", "Orden de producción", "Order", record="mrp.production", width=18
        ),
        Column("explicacion", "Explicación", "Explanation", width=30),
        Column(
            "valor_usd",
            "Valor en dólares",
            "Value (USD)",
            MONEY,
            2,
            "USD",
            "Anexo 24 B-V, último párrafo",
            total=True,
        ),
    ),
)
