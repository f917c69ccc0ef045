# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Catalogue of fixed assets: Anexo 24, apartado B, I-h: every asset that came under
temporary import by a day, with what is left of it."""

from .activo_fijo import PURCHASE
from .base import DATE, KNOWN, QUANTITY, Column, Report
from .words import translated

ACTIVO_CATALOGO = Report(
    code="catalogo_activo_fijo",
    title="Catálogo de activo fijo",
    english="Catalogue of fixed assets",
    source="RGCE Anexo 24, B-I-h",
    period="cutoff",
    query=f"""
SELECT buy.name AS orden_compra,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(g.description, a.description, pt.immex_customs_description,
                {translated("pt.name")}) AS descripcion,
       a.brand AS marca,
       a.model AS modelo,
       l.lot_name AS serie,
       l.fraccion AS fraccion,
       p.number AS pedimento,
       p.id AS pedimento_id,
       l.peps_date AS fecha_entrada,
       l.quantity AS cantidad,
       l.quantity - COALESCE(s.quantity, 0) AS saldo,
       {translated("uom.name")} AS unidad
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
  LEFT JOIN immex_pedimento_goods g ON g.id = l.goods_id
  LEFT JOIN LATERAL (
      SELECT sum(x.quantity) AS quantity
        FROM immex_discharge x
        JOIN immex_exit_line e ON e.id = x.exit_line_id
       WHERE x.layer_id = l.id AND ({KNOWN}) AND e.document_date <= %(date_to)s
  ) s ON TRUE
  {PURCHASE}
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
   AND l.goods_class = 'fixed_asset' AND l.peps_date <= %(date_to)s
 ORDER BY pp.default_code, l.peps_date, l.peps_key
""",
    columns=(
        Column(
            "orden_compra",
            "Orden de compra",
            "Purchase Order",
            source="Anexo 24 B-I-h-1",
            width=14,
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column(
            "descripcion",
            "Descripción de la mercancía",
            "Description",
            source="Anexo 24 B-I-h-2",
            width=40,
        ),
        Column("marca", "Marca", "Brand", source="Anexo 24 B-I-h-3", width=14),
        Column("modelo", "Modelo", "Model", source="Anexo 24 B-I-h-3", width=14),
        Column(
            "serie", "Número de serie", "Serial", source="Anexo 24 B-I-h-3", width=14
        ),
        Column(
            "fraccion",
            "Fracción arancelaria",
            "Tariff Item",
            source="Anexo 24 B-I-h-4",
            width=11,
        ),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE, width=12),
        Column("cantidad", "Cantidad importada", "Imported", QUANTITY, 6, "unidad"),
        Column("saldo", "Saldo al corte", "Left at Cut-off", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad de medida", "Unit", width=10),
    ),
)
