# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Real consumption against bills of materials: what an auditor asks first of a company
whose standard says one thing and whose orders another (Anexo 24 A-II-b).

Expected is what the order's bill asks for what was made; a component that is in a kit
of the bill, or in no bill, has none. By-products share it as they share what was drawn.
Money is the average value of the material's temporary imports up to the last day.
"""

from .base import MONEY, QUANTITY, Column, Report
from .words import translated

CONSUMO = Report(
    code="consumo",
    title="Consumo real contra lista de materiales",
    english="Real consumption against bills of materials",
    source="RGCE Anexo 24, A-II-b",
    period="period",
    group_by=("producto",),
    official=False,
    query=f"""
WITH made AS (
    SELECT o.id, o.production_id, o.product_id, o.quantity
      FROM immex_production_layer o
     WHERE o.company_id = %(company_id)s AND o.active AND o.kind = 'product'
       AND o.date BETWEEN %(date_from)s AND %(date_to)s
), produced AS (
    SELECT product_id, sum(quantity) AS quantity FROM made GROUP BY product_id
), used AS (
    SELECT made.production_id, made.product_id AS made_id, c.product_id,
           sum(c.qty_drawn) AS drawn, sum(c.qty_incorporated) AS incorporated,
           sum(c.qty_merma) AS merma, sum(c.qty_waste) AS waste
      FROM made
      JOIN immex_production_consumption c
        ON c.production_layer_id = made.id AND c.active
     GROUP BY 1, 2, 3
), real AS (
    SELECT made_id, product_id, sum(drawn) AS drawn, sum(incorporated) AS incorporated,
           sum(merma) AS merma, sum(waste) AS waste
      FROM used
     GROUP BY 1, 2
), asked AS (
    -- a bill is of the order's own product
    SELECT mo.id AS production_id, made.product_id AS made_id, line.product_id,
           sum(made.quantity * line.product_qty / NULLIF(bom.product_qty, 0)
               -- units of the line and of the bill in those of the two products
               * lu.factor / NULLIF(mu.factor, 0) * pu.factor / NULLIF(bu.factor, 0))
               AS quantity
      FROM made
      JOIN mrp_production mo
        ON mo.id = made.production_id AND mo.product_id = made.product_id
      JOIN mrp_bom bom ON bom.id = mo.bom_id
      JOIN mrp_bom_line line ON line.bom_id = bom.id
      JOIN product_product pp ON pp.id = line.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN product_product op ON op.id = made.product_id
      JOIN product_template ot ON ot.id = op.product_tmpl_id
      JOIN uom_uom lu ON lu.id = line.product_uom_id
      JOIN uom_uom mu ON mu.id = pt.uom_id
      JOIN uom_uom bu ON bu.id = bom.product_uom_id
      JOIN uom_uom pu ON pu.id = ot.uom_id
     -- lines of variants that were not made, and kits, have no move of their own
     WHERE EXISTS (SELECT FROM stock_move sm
                    WHERE sm.raw_material_production_id = mo.id
                      AND sm.bom_line_id = line.id)
     GROUP BY 1, 2, 3
), expected AS (
    SELECT COALESCE(s.made_id, a.made_id) AS made_id, a.product_id,
           sum(CASE WHEN s.whole > 0 THEN a.quantity * s.drawn / s.whole
                    ELSE a.quantity END) AS quantity
      FROM asked a
      LEFT JOIN (
          SELECT u.*, sum(u.drawn) OVER (PARTITION BY u.production_id, u.product_id)
                     AS whole
            FROM used u
      ) s ON s.production_id = a.production_id AND s.product_id = a.product_id
         AND (s.whole > 0 OR s.made_id = a.made_id)
     GROUP BY 1, 2
), compared AS (
    SELECT COALESCE(r.made_id, x.made_id) AS made_id,
           COALESCE(r.product_id, x.product_id) AS product_id,
           x.quantity AS expected, COALESCE(r.drawn, 0) AS drawn,
           COALESCE(r.incorporated, 0) AS incorporated, COALESCE(r.merma, 0) AS merma,
           COALESCE(r.waste, 0) AS waste
      FROM real r
      FULL JOIN expected x ON x.made_id = r.made_id AND x.product_id = r.product_id
)
SELECT made.default_code AS producto,
       made.id AS producto_id,
       produced.quantity AS cantidad_producida,
       {translated("mu.name")} AS unidad_producto,
       used.default_code AS material,
       used.id AS material_id,
       COALESCE(ut.immex_customs_description, {translated("ut.name")}) AS descripcion,
       round(c.expected, 6) AS esperado,
       c.drawn AS consumido,
       c.incorporated AS incorporado,
       c.merma AS merma,
       c.waste AS desperdicio,
       round(c.drawn - c.expected, 6) AS diferencia,
       {translated("uu.name")} AS unidad,
       round(100 * (c.drawn - c.expected) / NULLIF(c.expected, 0), 2) AS porcentaje,
       round(price.usd * c.drawn, 2) AS valor_usd,
       round(price.usd * (c.drawn - c.expected), 2) AS diferencia_usd
  FROM compared c
  JOIN produced ON produced.product_id = c.made_id
  JOIN product_product made ON made.id = c.made_id
  JOIN product_template mt ON mt.id = made.product_tmpl_id
  JOIN uom_uom mu ON mu.id = mt.uom_id
  JOIN product_product used ON used.id = c.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uu ON uu.id = ut.uom_id
  LEFT JOIN LATERAL (
      -- what declares no value says nothing of it
      SELECT sum(l.value_usd)
                 / NULLIF(sum(l.quantity) FILTER (WHERE l.value_usd IS NOT NULL), 0)
                 AS usd
        FROM immex_layer l
       WHERE l.company_id = %(company_id)s AND l.product_id = c.product_id
         AND l.active AND l.customs_status = 'temporary' AND l.peps_date <= %(date_to)s
  ) price ON TRUE
 ORDER BY made.default_code, made.id, used.default_code, used.id
""",
    columns=(
        Column("producto", "Producto", "Product", record="product.product", width=18),
        Column(
            "cantidad_producida",
            "Cantidad producida",
            "Produced",
            QUANTITY,
            6,
            "unidad_producto",
        ),
        Column("unidad_producto", "Unidad del producto", "Unit of Product", width=10),
        Column("material", "Material", "Material", record="product.product", width=18),
        Column("descripcion", "Descripción", "Description", width=40),
        Column("esperado", "Según lista", "By the Bill", QUANTITY, 6, "unidad"),
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
        Column("merma", "Merma", "Merma", QUANTITY, 6, "unidad", "LA 2-XI"),
        Column(
            "desperdicio", "Desperdicio", "Waste", QUANTITY, 6, "unidad", "LA 2-XII"
        ),
        Column("diferencia", "Diferencia", "Difference", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad de medida", "Unit", width=10),
        Column("porcentaje", "Diferencia (%)", "Difference (%)", QUANTITY, 2),
        Column(
            "valor_usd",
            "Valor del consumo en dólares",
            "Value (USD)",
            MONEY,
            2,
            "USD",
            total=True,
        ),
        Column(
            "diferencia_usd",
            "Valor de la diferencia en dólares",
            "Difference (USD)",
            MONEY,
            2,
            "USD",
            total=True,
        ),
    ),
)
