# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Waste that waits for its destination: residue that orders put out by a date, less
what its own exits took by then (Anexo 24 A-II-b; RLA 171). It is in the temporary
inventory and belongs to no layer until it leaves."""

from .base import DATE, KNOWN, QUANTITY, Column, Report
from .words import customs_status, goods_class

DESPERDICIO = Report(
    code="desperdicio",
    title="Desperdicios pendientes de destino",
    english="Waste without destination yet",
    source="RGCE Anexo 24, A-II-b",
    period="cutoff",
    official=False,
    group_by=("material",),
    query=f"""
SELECT o.date AS fecha,
       mo.name AS orden,
       mo.id AS orden_id,
       residue.default_code AS desperdicio,
       residue.id AS desperdicio_id,
       used.default_code AS material,
       used.id AS material_id,
       c.qty_waste AS generado,
       COALESCE(s.quantity, 0) AS salido,
       c.qty_waste - COALESCE(s.quantity, 0) AS pendiente,
       COALESCE(uu.name ->> %(lang)s, uu.name ->> 'en_US') AS unidad,
       {customs_status("c.customs_status")} AS estado_aduanero,
       {goods_class("ut.immex_class")} AS clase
  FROM immex_production_consumption c
  JOIN immex_production_layer o ON o.id = c.production_layer_id
  JOIN mrp_production mo ON mo.id = o.production_id
  JOIN product_product residue ON residue.id = o.product_id
  JOIN product_product used ON used.id = c.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uu ON uu.id = ut.uom_id
  LEFT JOIN (
      SELECT x.consumption_id, sum(x.quantity) AS quantity
        FROM immex_requirement x
        JOIN immex_exit_line e ON e.id = x.exit_line_id
       WHERE x.company_id = %(company_id)s AND ({KNOWN})
         AND x.kind = 'waste' AND e.official AND e.document_date <= %(date_to)s
       GROUP BY x.consumption_id
  ) s ON s.consumption_id = c.id
 WHERE c.company_id = %(company_id)s AND c.active AND o.active
   AND o.kind = 'waste' AND o.date <= %(date_to)s
   AND c.qty_waste > COALESCE(s.quantity, 0)
 ORDER BY o.date, mo.name, o.natural_key, c.natural_key
""",
    columns=(
        Column("fecha", "Fecha de producción", "Date", DATE, width=12),
        Column(
            "orden", "Orden de producción", "Order", record="mrp.production", width=18
        ),
        Column(
            "desperdicio",
            "Desperdicio",
            "Waste Part",
            record="product.product",
            width=18,
        ),
        Column(
            "material",
            "Material de origen",
            "Source Material",
            record="product.product",
            width=18,
        ),
        Column("generado", "Generado", "Generated", QUANTITY, 6, "unidad", "LA 2-XII"),
        Column("salido", "Salido al corte", "Left by Cut-off", QUANTITY, 6, "unidad"),
        Column("pendiente", "Pendiente", "Pending", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad de medida", "Unit", width=10),
        Column("estado_aduanero", "Estado aduanero", "Customs Status", width=12),
        Column("clase", "Clase de mercancía", "Class", width=14),
    ),
)
