# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Discharges: Anexo 24, apartado B: every exit against its imports, by part number."""

from .base import DATE, FLAG, INTEGER, KNOWN, MONEY, QUANTITY, Column, Report
from .words import discharge_kind

DESCARGOS = Report(
    code="descargos",
    title="Reporte de descargos de materiales",
    english="Discharges of materials",
    source="RGCE Anexo 24, B-V-d y B-IV-d",
    period="period",
    group_by=("documento_salida",),
    query=f"""
SELECT COALESCE(xp.number, d.act_number) AS documento_salida,
       xp.id AS documento_salida_id,
       COALESCE(xk.code, 'ACTA') AS clave_salida,
       e.document_date AS fecha_salida,
       e.id AS fecha_salida_id,
       out.default_code AS producto,
       out.id AS producto_id,
       mo.name AS orden,
       mo.id AS orden_id,
       used.default_code AS material,
       used.id AS material_id,
       {discharge_kind("x.kind")} AS tipo,
       ip.number AS pedimento_entrada,
       ip.id AS pedimento_entrada_id,
       ik.code AS clave_entrada,
       l.peps_date AS fecha_entrada,
       a.sequence AS partida,
       a.id AS partida_id,
       l.fraccion,
       x.quantity AS cantidad,
       COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US') AS unidad,
       x.qty_umc AS cantidad_umc,
       umc.name AS umc,
       x.qty_umt AS cantidad_umt,
       umt.name AS umt,
       x.value_usd AS valor_usd,
       x.customs_value AS valor_aduana,
       c.code AS pais_origen,
       x.late AS extemporaneo,
       x.id AS extemporaneo_id
  FROM immex_discharge x
  JOIN immex_exit_line e ON e.id = x.exit_line_id
  JOIN immex_layer l ON l.id = x.layer_id
  JOIN immex_requirement r ON r.id = x.requirement_id
  JOIN product_product out ON out.id = e.product_id
  JOIN product_product used ON used.id = x.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uom ON uom.id = ut.uom_id
  JOIN immex_pedimento ip ON ip.id = l.pedimento_id
  JOIN immex_pedimento_key ik ON ik.id = ip.key_id
  -- remesas have none until their pedimento closes
  LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
  LEFT JOIN immex_production_layer o ON o.id = r.production_layer_id
  LEFT JOIN mrp_production mo ON mo.id = o.production_id
  LEFT JOIN immex_pedimento xp ON xp.id = e.pedimento_id
  LEFT JOIN immex_pedimento_key xk ON xk.id = xp.key_id
  LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
  LEFT JOIN immex_unit umc ON umc.id = l.umc_id
  LEFT JOIN immex_unit umt ON umt.id = l.umt_id
  LEFT JOIN res_country c ON c.id = l.origin_country_id
 WHERE x.company_id = %(company_id)s AND ({KNOWN})
   AND e.official AND l.customs_status = 'temporary'
   AND e.document_date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY e.document_date, e.natural_key, used.default_code, l.peps_date, l.peps_key,
          x.layer_from
""",
    columns=(
        Column(
            "documento_salida",
            "Pedimento o acta de salida",
            "Exit Pedimento or Act",
            record="immex.pedimento",
            width=23,
        ),
        Column("clave_salida", "Clave de salida", "Exit Key", width=8),
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
        Column(
            "orden", "Orden de producción", "Order", record="mrp.production", width=18
        ),
        Column("material", "Material", "Material", record="product.product", width=18),
        Column("tipo", "Tipo de descargo", "Kind", width=13),
        Column(
            "pedimento_entrada",
            "Pedimento de importación",
            "Import Pedimento",
            source="Anexo 24 A-II-c, B-IV-d-1",
            record="immex.pedimento",
            width=23,
        ),
        Column("clave_entrada", "Clave de entrada", "Import Key", width=8),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE, width=12),
        Column(
            "partida", "Partida", "Partida", INTEGER, record="immex.pedimento.partida"
        ),
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column("cantidad", "Cantidad descargada", "Quantity", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column("cantidad_umc", "Cantidad UMC", "Quantity UMC", QUANTITY, 3, "umc"),
        Column("umc", "UMC", "UMC", width=10),
        Column("cantidad_umt", "Cantidad UMT", "Quantity UMT", QUANTITY, 5, "umt"),
        Column("umt", "UMT", "UMT", width=10),
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
        Column("pais_origen", "País de origen", "Origin", width=8),
        Column(
            "extemporaneo",
            "Retorno extemporáneo",
            "Late",
            FLAG,
            source="LA 183-II",
            record="immex.discharge",
            width=9,
        ),
    ),
)
