# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Materials used: Anexo 24, apartado A, III-d and II-b: real consumption by period."""

from .base import DATE, QUANTITY, Column, Report
from .words import customs_status, goods_class

MATERIALES = Report(
    code="materiales",
    title="Reporte de materiales utilizados",
    english="Materials used",
    source="RGCE Anexo 24, A-III-d y A-II-b",
    period="period",
    group_by=("producto", "material"),
    query=f"""
SELECT o.date AS fecha,
       mo.name AS orden,
       mo.id AS orden_id,
       made.default_code AS producto,
       made.id AS producto_id,
       o.quantity AS cantidad_producida,
       COALESCE(mu.name ->> %(lang)s, mu.name ->> 'en_US') AS unidad_producto,
       used.default_code AS material,
       used.id AS material_id,
       COALESCE(ut.immex_customs_description,
                ut.name ->> %(lang)s, ut.name ->> 'en_US') AS descripcion,
       t.fraccion,
       c.qty_drawn AS consumido,
       c.qty_incorporated AS incorporado,
       c.qty_merma AS merma,
       c.qty_waste AS desperdicio,
       COALESCE(uu.name ->> %(lang)s, uu.name ->> 'en_US') AS unidad,
       round(c.qty_drawn * fx.factor, 5) AS consumido_umt,
       CASE WHEN fx.factor IS NOT NULL THEN umt.name END AS umt,
       {customs_status("c.customs_status")} AS estado_aduanero,
       {goods_class("ut.immex_class")} AS clase,
       sub.name AS submaquila
  FROM immex_production_consumption c
  JOIN immex_production_layer o ON o.id = c.production_layer_id
  JOIN mrp_production mo ON mo.id = o.production_id
  JOIN product_product made ON made.id = o.product_id
  JOIN product_template mt ON mt.id = made.product_tmpl_id
  JOIN uom_uom mu ON mu.id = mt.uom_id
  JOIN product_product used ON used.id = c.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uu ON uu.id = ut.uom_id
  LEFT JOIN immex_tariff_item t ON t.id = ut.immex_tariff_item_id
  LEFT JOIN immex_unit umt ON umt.id = t.unit_id
  -- tariff units in one unit of the part: stated by the company, or the same unit
  LEFT JOIN LATERAL (
      SELECT f.factor / f.part_quantity AS factor
        FROM immex_part_factor f
       WHERE f.product_tmpl_id = ut.id AND f.unit_id = t.unit_id
         AND (f.company_id IS NULL OR f.company_id = c.company_id)
         AND f.valid_from <= o.date
       ORDER BY f.company_id IS NULL, f.valid_from DESC
       LIMIT 1
  ) stated ON TRUE
  CROSS JOIN LATERAL (
      SELECT COALESCE(stated.factor, CASE WHEN umt.uom_id = ut.uom_id THEN 1 END)
                 AS factor
  ) fx
  LEFT JOIN res_partner sub ON sub.id = o.subcontractor_id
 WHERE c.company_id = %(company_id)s AND c.active AND o.active
   -- rows of waste layers name what the product's rows hold already
   AND o.kind = 'product'
   AND o.date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY o.date, mo.name, o.natural_key, c.natural_key
""",
    columns=(
        Column("fecha", "Fecha", "Date", DATE, width=12),
        Column(
            "orden", "Orden de producción", "Order", record="mrp.production", width=18
        ),
        Column("producto", "Producto", "Product", record="product.product", width=18),
        Column(
            "cantidad_producida",
            "Cantidad producida",
            "Produced",
            QUANTITY,
            6,
            "unidad_producto",
            "Anexo 24 A-II-b",
        ),
        Column("unidad_producto", "Unidad del producto", "Unit of Product", width=10),
        Column(
            "material",
            "Material",
            "Material",
            source="Anexo 24 A-II-b",
            record="product.product",
            width=18,
        ),
        Column("descripcion", "Descripción", "Description", width=40),
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column(
            "consumido",
            "Consumo real",
            "Drawn",
            QUANTITY,
            6,
            "unidad",
            "Anexo 24 A-II-b",
        ),
        Column("incorporado", "Incorporado", "Incorporated", QUANTITY, 6, "unidad"),
        Column(
            "merma", "Merma", "Merma", QUANTITY, 6, "unidad", "Anexo 24 A-II-b; LA 2-XI"
        ),
        Column(
            "desperdicio",
            "Desperdicio",
            "Waste",
            QUANTITY,
            6,
            "unidad",
            "Anexo 24 A-II-b; LA 2-XII",
        ),
        Column("unidad", "Unidad de medida", "Unit", width=10),
        Column(
            "consumido_umt",
            "Consumo real UMT",
            "Drawn UMT",
            QUANTITY,
            5,
            "umt",
            "Anexo 24 A-II-b",
        ),
        Column("umt", "UMT", "UMT", width=10),
        Column("estado_aduanero", "Estado aduanero", "Customs Status", width=12),
        Column("clase", "Clase de mercancía", "Class", width=14),
        Column(
            "submaquila",
            "Submaquila",
            "Sub-manufacturer",
            source="Decreto IMMEX art. 21",
            width=24,
        ),
    ),
)
