# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Movements of manufacture and adjustments, consolidated by part: Anexo 24, apartado B,
II-c, with the opening and closing inventories of IV-c-1; and what disassembly gave
(A-II-b and B-II-c, last paragraphs).

Everything is what Odoo recorded, in the product's unit. Opening plus what came in less
what went out is closing, line by line.
"""

from .base import DATE, MONEY, QUANTITY, Column, Report
from .words import goods_class, translated

ZONE = "COALESCE(owner.tz, 'America/Mexico_City')"

# part, day, and the signed quantity in one of the columns
FLOWS = """
      SELECT m.product_id, m.date,
             CASE WHEN m.kind IN ('receipt', 'return_in') THEN m.quantity END AS came,
             CASE WHEN m.kind IN ('delivery', 'return_out', 'scrap')
                  THEN m.quantity END AS went,
             CASE m.kind WHEN 'count_surplus' THEN m.quantity END AS surplus,
             CASE m.kind WHEN 'count_loss' THEN m.quantity END AS missing,
             CASE m.kind WHEN 'unbuild' THEN m.quantity END AS apart,
             NULL::numeric AS recovered, NULL::numeric AS made,
             NULL::numeric AS drawn, NULL::numeric AS merma
        FROM immex_movement m
       WHERE m.company_id = %(company_id)s AND m.active AND m.date <= %(date_to)s
       UNION ALL
      SELECT o.product_id, o.date, NULL, NULL, NULL, NULL, NULL, NULL, o.quantity,
             NULL, NULL
        FROM immex_production_layer o
        JOIN product_product op ON op.id = o.product_id
        JOIN product_template ot ON ot.id = op.product_tmpl_id
       WHERE o.company_id = %(company_id)s AND o.active AND o.date <= %(date_to)s
         -- residue without a part number of its own was never put in stock
         AND (o.kind = 'product' OR ot.immex_class = 'waste')
       UNION ALL
      SELECT c.product_id, o.date, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             c.qty_drawn, c.qty_merma
        FROM immex_production_consumption c
        JOIN immex_production_layer o ON o.id = c.production_layer_id
       WHERE c.company_id = %(company_id)s AND c.active AND o.active
         -- rows of waste layers name what the product's rows hold already
         AND o.kind = 'product' AND o.date <= %(date_to)s
"""
RECOVERED = f"""
      SELECT sl.id AS move_line_id, sl.product_id, sl.quantity_product_uom::numeric
                 AS quantity,
             (sl.date AT TIME ZONE 'UTC' AT TIME ZONE {ZONE})::date AS date,
             u.id AS unbuild_id, u.name, u.product_id AS taken_id, u.lot_id
        FROM mrp_unbuild u
        JOIN res_company company ON company.id = u.company_id
        JOIN res_partner owner ON owner.id = company.partner_id
        JOIN stock_move sm ON sm.unbuild_id = u.id AND sm.state = 'done'
        JOIN stock_move_line sl ON sl.move_id = sm.id
        JOIN stock_location src ON src.id = sl.location_id
         AND src.usage = 'production'
       WHERE u.company_id = %(company_id)s
"""
SIGNED = (
    "COALESCE(f.came, 0) + COALESCE(f.surplus, 0) + COALESCE(f.made, 0)"
    " + COALESCE(f.recovered, 0) - COALESCE(f.went, 0) - COALESCE(f.missing, 0)"
    " - COALESCE(f.apart, 0) - COALESCE(f.drawn, 0)"
)


def _sum(name):
    return (
        f"COALESCE(sum(f.{name}) FILTER (WHERE f.date >= %(date_from)s), 0) AS {name}"
    )


def _quantity(name, label, english, source=""):
    return Column(name, label, english, QUANTITY, 6, "unidad", source)


INTERFASE_MANUFACTURA = Report(
    code="interfase_manufactura",
    title="Módulo de interfase de movimientos de manufactura y ajustes",
    english="Interface: manufacture and adjustments",
    source="RGCE Anexo 24, B-II-c y B-IV-c",
    period="period",
    group_by=("clase",),
    query=f"""
SELECT pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(pt.immex_customs_description, {translated("pt.name")}) AS descripcion,
       {goods_class("pt.immex_class")} AS clase,
       t.opening AS inventario_inicial,
       t.came AS entradas,
       t.made AS producido,
       t.recovered AS recuperado,
       t.surplus AS sobrantes,
       t.drawn AS consumido,
       t.apart AS desensamblado,
       t.went AS salidas,
       t.missing AS faltantes,
       t.closing AS inventario_final,
       t.merma AS mermas,
       {translated("uom.name")} AS unidad
  FROM (
      SELECT f.product_id,
             COALESCE(sum({SIGNED}) FILTER (WHERE f.date < %(date_from)s), 0)
                 AS opening,
             COALESCE(sum({SIGNED}), 0) AS closing,
             {
        ", ".join(
            map(
                _sum,
                (
                    "came",
                    "made",
                    "recovered",
                    "surplus",
                    "drawn",
                    "apart",
                    "went",
                    "missing",
                    "merma",
                ),
            )
        )
    }
        FROM (
      {FLOWS}
       UNION ALL
      SELECT r.product_id, r.date, NULL, NULL, NULL, NULL, NULL, r.quantity, NULL,
             NULL, NULL
        FROM ({RECOVERED}) r
       WHERE r.date <= %(date_to)s
        ) f
       GROUP BY f.product_id
      HAVING sum({SIGNED}) <> 0 OR bool_or(f.date >= %(date_from)s)
  ) t
  JOIN product_product pp ON pp.id = t.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
 WHERE pt.immex_class IS NOT NULL
 ORDER BY pp.default_code, pp.id
""",
    columns=(
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            source="Anexo 24 B-II-c-1",
            record="product.product",
            width=18,
        ),
        Column("descripcion", "Descripción", "Description", width=36),
        Column("clase", "Clase de mercancía", "Class", source="LA 108", width=14),
        _quantity(
            "inventario_inicial", "Inventario inicial", "Opening", "Anexo 24 B-IV-c-1"
        ),
        _quantity("entradas", "Entradas", "Come In", "Anexo 24 B-II-c-1"),
        _quantity("producido", "Producido", "Produced", "Anexo 24 B-IV-c-2"),
        _quantity("recuperado", "Recuperado por desensamble", "Recovered"),
        _quantity("sobrantes", "Sobrantes", "Surplus", "Anexo 24 B-II-c-2"),
        _quantity("consumido", "Consumo real", "Consumed", "Anexo 24 B-II-c-1"),
        _quantity("desensamblado", "Desensamblado", "Taken Apart"),
        _quantity("salidas", "Salidas", "Gone Out", "Anexo 24 B-II-c-1"),
        _quantity("faltantes", "Faltantes", "Missing", "Anexo 24 B-II-c-2"),
        _quantity(
            "inventario_final", "Inventario final", "Closing", "Anexo 24 B-IV-c-1"
        ),
        _quantity(
            "mermas", "Mermas (dentro del consumo)", "Mermas", "Anexo 24 B-II-c-2"
        ),
        Column(
            "unidad",
            "Unidad de medida de comercialización",
            "Unit",
            source="Anexo 24 B-I-b-4",
            width=12,
        ),
    ),
)

DESENSAMBLE = Report(
    code="desensamble",
    title="Mercancías obtenidas en el proceso de desensamble",
    english="Goods recovered by disassembly",
    source="RGCE Anexo 24, A-II-b y B-II-c",
    period="period",
    group_by=("desensamblada",),
    query=f"""
SELECT pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(pt.immex_customs_description, {translated("pt.name")}) AS descripcion,
       {translated("uom.name")} AS unidad,
       r.quantity AS cantidad,
       round(price.usd, 6) AS valor_unitario_usd,
       round(price.usd * r.quantity, 2) AS monto_usd,
       r.date AS fecha,
       r.move_line_id::text AS identificador,
       r.name AS orden,
       taken.default_code AS desensamblada,
       taken.id AS desensamblada_id,
       lot.name AS serie,
       import.numbers AS pedimentos
  FROM ({RECOVERED}) r
  JOIN product_product pp ON pp.id = r.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  JOIN product_product taken ON taken.id = r.taken_id
  LEFT JOIN stock_lot lot ON lot.id = r.lot_id
  -- the imports of what was taken apart: of its serial where it has one
  LEFT JOIN LATERAL (
      SELECT string_agg(DISTINCT p.number, ', ') AS numbers
        FROM immex_layer l
        JOIN immex_pedimento p ON p.id = l.pedimento_id
       WHERE l.company_id = %(company_id)s AND l.product_id = r.taken_id
         AND l.active AND l.customs_status = 'temporary' AND l.peps_date <= r.date
         AND (lot.id IS NULL OR l.lot_name = lot.name)
  ) import ON TRUE
  -- average of the part's own temporary imports
  LEFT JOIN LATERAL (
      -- what declares no value says nothing of it
      SELECT sum(l.value_usd)
                 / NULLIF(sum(l.quantity) FILTER (WHERE l.value_usd IS NOT NULL), 0)
                 AS usd
        FROM immex_layer l
       WHERE l.company_id = %(company_id)s AND l.product_id = r.product_id
         AND l.active AND l.customs_status = 'temporary' AND l.peps_date <= %(date_to)s
  ) price ON TRUE
 WHERE r.date BETWEEN %(date_from)s AND %(date_to)s AND pt.immex_class IS NOT NULL
 ORDER BY r.date, r.name, pp.default_code, r.move_line_id
""",
    columns=(
        Column(
            "numero_parte",
            "Número o clave de identificación",
            "Part Number",
            source="Anexo 24 A-II-b-1, B-II-c-d1",
            record="product.product",
            width=18,
        ),
        Column(
            "descripcion",
            "Descripción",
            "Description",
            source="Anexo 24 A-II-b-2, B-II-c-d2",
            width=40,
        ),
        Column(
            "unidad",
            "Unidad de medida",
            "Unit",
            source="Anexo 24 A-II-b-3, B-II-c-d3",
            width=12,
        ),
        Column(
            "cantidad",
            "Cantidad de mercancía",
            "Quantity",
            QUANTITY,
            6,
            "unidad",
            "Anexo 24 A-II-b-4, B-II-c-d4",
        ),
        Column(
            "valor_unitario_usd",
            "Valor unitario en dólares",
            "Unit Value (USD)",
            MONEY,
            6,
            "USD",
            "Anexo 24 B-II-c-d5",
        ),
        Column(
            "monto_usd",
            "Monto total en dólares",
            "Amount (USD)",
            MONEY,
            2,
            "USD",
            "Anexo 24 B-II-c-d6",
            total=True,
        ),
        Column(
            "fecha",
            "Fecha de recuperación de la mercancía",
            "Recovered On",
            DATE,
            source="Anexo 24 B-II-c-d7",
            width=12,
        ),
        Column(
            "identificador",
            "Identificador del sistema corporativo",
            "Id in Odoo",
            source="Anexo 24 B-II-c-d8",
            width=12,
        ),
        Column("orden", "Orden de desensamble", "Unbuild Order", width=16),
        Column(
            "desensamblada",
            "Mercancía objeto del desensamble",
            "Goods Taken Apart",
            source="Anexo 24 A-II-b-1",
            record="product.product",
            width=18,
        ),
        Column("serie", "Lote o serie", "Lot or Serial", width=14),
        Column(
            "pedimentos",
            "Pedimento de importación de la mercancía objeto del desensamble",
            "Its Imports",
            source="Anexo 24 A-II-b-1",
            width=26,
        ),
    ),
)
